using Spectre.Console;

namespace HelmLifecycle.Cli;

/// <summary>What is happening, on the error stream: a spinner on a terminal, lines with <c>--debug</c>, else nothing, as helm does.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> RunAsync<T>(Session session, OutputFormat format, Func<IProgress<ReleaseEvent>, Task<T>> action)
    {
        if (session.Flags.Debug)
            return await action(new Lines(session.Error)).ConfigureAwait(false);
        if (!session.IsTerminal || format != OutputFormat.Table)
            return await action(new Lines(TextWriter.Null)).ConfigureAwait(false);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(session.Error) });
        return await console.Status().StartAsync("preparing", context =>
            action(new Each(e => context.Status(Markup.Escape(e.Message))))).ConfigureAwait(false);
    }

    private sealed class Lines(TextWriter writer) : IProgress<ReleaseEvent>
    {
        public void Report(ReleaseEvent value)
        {
            lock (writer)
                writer.Write(value.Message + "\n");
        }
    }

    private sealed class Each(Action<ReleaseEvent> show) : IProgress<ReleaseEvent>
    {
        public void Report(ReleaseEvent value) => show(value);
    }
}
