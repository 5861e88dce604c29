using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HelmLifecycle;

/// <summary>Turns an action that reports into a stream of what it reports.</summary>
internal static class EventStream
{
    public static async IAsyncEnumerable<ReleaseEvent> RunAsync(
        Func<IProgress<ReleaseEvent>, CancellationToken, Task> action,
        IProgress<ReleaseEvent>? also,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var channel = Channel.CreateUnbounded<ReleaseEvent>(new UnboundedChannelOptions { SingleReader = true });
        // A reader who leaves the loop early cancels the action, which then stores a truthful status before it ends.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var run = RunToEndAsync(action, new ChannelProgress(channel.Writer, also), channel.Writer, stop.Token);
        try
        {
            await foreach (var e in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return e;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await run.ConfigureAwait(false);
    }

    private static async Task RunToEndAsync(
        Func<IProgress<ReleaseEvent>, CancellationToken, Task> action,
        IProgress<ReleaseEvent> progress,
        ChannelWriter<ReleaseEvent> writer,
        CancellationToken ct)
    {
        try
        {
            await Task.Run(() => action(progress, ct), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            writer.TryComplete();
        }
    }

    private sealed class ChannelProgress(ChannelWriter<ReleaseEvent> writer, IProgress<ReleaseEvent>? also) : IProgress<ReleaseEvent>
    {
        public void Report(ReleaseEvent value)
        {
            writer.TryWrite(value);
            also?.Report(value);
        }
    }
}
