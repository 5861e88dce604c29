using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>How and when a container ends again and again.</summary>
/// <param name="Ran">From each start to each end.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Reason"><c>Error</c> or <c>OOMKilled</c>.</param>
/// <param name="Container">Its name; null for the first.</param>
/// <param name="IsSettled">Shown from the start as having crashed some times already, and left so.</param>
internal sealed record PodCrash(TimeSpan Ran, int ExitCode, string Reason, string? Container, bool IsSettled)
{
    /// <summary>Does not crash, whatever was said before.</summary>
    public static readonly PodCrash None = new(TimeSpan.MaxValue, 0, "", null, false);
}

/// <summary>What is to become of a pod. Null means: nothing said.</summary>
internal sealed record PodBehavior
{
    private const string Prefix = "fake-kubelet/";

    public TimeSpan? StartDelay { get; init; }

    public TimeSpan? ReadyDelay { get; init; }

    public TimeSpan? StopDelay { get; init; }

    public TimeSpan? RunTime { get; init; }

    public bool? IsNeverReady { get; init; }

    public string? ProbeMessage { get; init; }

    public bool? FailsToPull { get; init; }

    public string? PullMessage { get; init; }

    public PodCrash? Crash { get; init; }

    public int? EndCode { get; init; }

    public string? Cpu { get; init; }

    public string? Memory { get; init; }

    public ImmutableDictionary<string, string> Logs { get; init; } = ImmutableDictionary<string, string>.Empty;

    public Func<VirtualRequest, SimulatedPod, VirtualResponse>? Respond { get; init; }

    public bool Crashes => Crash is not null && Crash != PodCrash.None;

    public static PodBehavior FromAnnotations(JsonNode pod)
    {
        var behavior = new PodBehavior();
        if (pod.Map("metadata", "annotations") is not { } annotations)
        {
            return behavior;
        }

        if (PodTimes.ParseDuration(annotations.Text(Prefix + "ready-delay")) is { } ready)
        {
            behavior = behavior with { ReadyDelay = ready };
        }

        if (PodTimes.ParseDuration(annotations.Text(Prefix + "terminate-delay")) is { } stop)
        {
            behavior = behavior with { StopDelay = stop };
        }

        if (annotations.Text(Prefix + "logs") is { } logs)
        {
            behavior = behavior with { Logs = behavior.Logs.SetItem("", logs.EndsWith('\n') ? logs : logs + "\n") };
        }

        return annotations.Text(Prefix + "fail") switch
        {
            "image" => behavior with { FailsToPull = true },
            "crash" => behavior with { Crash = new PodCrash(TimeSpan.Zero, 1, "Error", null, true) },
            "unready" => behavior with { IsNeverReady = true },
            "true" => behavior with { EndCode = 1 },
            _ => behavior,
        };
    }

    /// <summary>This behaviour, completed by another where it says nothing.</summary>
    public PodBehavior Over(PodBehavior other) => new()
    {
        StartDelay = StartDelay ?? other.StartDelay,
        ReadyDelay = ReadyDelay ?? other.ReadyDelay,
        StopDelay = StopDelay ?? other.StopDelay,
        RunTime = RunTime ?? other.RunTime,
        IsNeverReady = IsNeverReady ?? other.IsNeverReady,
        ProbeMessage = ProbeMessage ?? other.ProbeMessage,
        FailsToPull = FailsToPull ?? other.FailsToPull,
        PullMessage = PullMessage ?? other.PullMessage,
        Crash = Crash ?? other.Crash,
        EndCode = EndCode ?? other.EndCode,
        Cpu = Cpu ?? other.Cpu,
        Memory = Memory ?? other.Memory,
        Logs = other.Logs.SetItems(Logs),
        Respond = Respond ?? other.Respond,
    };
}
