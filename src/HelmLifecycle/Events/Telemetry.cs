using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace HelmLifecycle;

/// <summary>
/// The names under which OpenTelemetry finds the library: an <see cref="ActivitySource"/> and a <see cref="Meter"/>, both called <c>HelmLifecycle</c>.
/// </summary>
public static class ReleaseTelemetry
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "HelmLifecycle";

    internal static ActivitySource Source { get; } = new(Name);

    private static readonly Meter s_meter = new(Name);

    /// <summary>Actions by verb and outcome.</summary>
    internal static Counter<long> Actions { get; } = s_meter.CreateCounter<long>("helmlifecycle.actions", "{action}", "Actions done, by verb and outcome.");

    /// <summary>Seconds an action took.</summary>
    internal static Histogram<double> Duration { get; } = s_meter.CreateHistogram<double>("helmlifecycle.action.duration", "s", "Time an action took, by verb and outcome.");

    /// <summary>Objects written, by what was done.</summary>
    internal static Counter<long> Resources { get; } = s_meter.CreateCounter<long>("helmlifecycle.resources", "{object}", "Objects created, changed, deleted or refused.");

    /// <summary>Hooks run, by event and phase.</summary>
    internal static Counter<long> Hooks { get; } = s_meter.CreateCounter<long>("helmlifecycle.hooks", "{hook}", "Hooks run, by event and phase.");

    /// <summary>Records written, by status.</summary>
    internal static Counter<long> Records { get; } = s_meter.CreateCounter<long>("helmlifecycle.records", "{record}", "Records written, by status.");

    /// <summary>Runs an action in a span and counts it.</summary>
    internal static async Task<T> RunAsync<T>(string verb, string name, string ns, TimeProvider time, Func<Task<T>> action)
    {
        using var activity = Source.StartActivity("helm." + verb);
        activity?.SetTag("helm.release.name", name);
        activity?.SetTag("helm.release.namespace", ns);
        long start = time.GetTimestamp();
        string outcome = "failed";
        try
        {
            var result = await action().ConfigureAwait(false);
            outcome = "succeeded";
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            activity?.SetStatus(ActivityStatusCode.Error, "cancelled");
            throw;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            var tags = new TagList { { "verb", verb }, { "outcome", outcome } };
            Actions.Add(1, tags);
            Duration.Record(time.GetElapsedTime(start).TotalSeconds, tags);
        }
    }
}
