using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What the kubelet remembers of a pod it runs.</summary>
internal sealed class PodRun(string uid, DateTimeOffset seen)
{
    public string Uid => uid;

    /// <summary>When the pod came to its node.</summary>
    public DateTimeOffset Seen => seen;

    /// <summary>Name, namespace and uid as the kubelet's messages write them.</summary>
    public string PodId { get; init; } = "";

    public string Ip { get; set; } = "";

    public PodStage Stage { get; set; }

    /// <summary>When the containers started for the first time.</summary>
    public DateTimeOffset? Started { get; set; }

    /// <summary>When the pulling of the image is tried next.</summary>
    public DateTimeOffset? PullAgain { get; set; }

    public int Pulls { get; set; }

    /// <summary>The container that crashes, if one does.</summary>
    public string? CrashedContainer { get; set; }

    /// <summary>When the crashing container was last started.</summary>
    public DateTimeOffset? CrashStarted { get; set; }

    /// <summary>When it is started again.</summary>
    public DateTimeOffset? RestartAt { get; set; }

    public int Restarts { get; set; }

    /// <summary>How its last run ended.</summary>
    public JsonObject? LastEnd { get; set; }

    /// <summary>When a pod that is being deleted will be gone.</summary>
    public DateTimeOffset? StopAt { get; set; }

    public bool ToldUnhealthy { get; set; }

    /// <summary>The pause before a restart: 10, 20, 40, ... 300 seconds.</summary>
    public static TimeSpan BackOff(int restarts) => TimeSpan.FromSeconds(Math.Min(300, 10 * Math.Pow(2, Math.Clamp(restarts - 1, 0, 6))));
}

/// <summary>How far a pod has come.</summary>
internal enum PodStage
{
    New,
    Creating,
    PullFailed,
    PullBackOff,
    Running,
    CrashBackOff,
    Ended,
}
