using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What controllers want to know of a pod, read once per stored state.</summary>
internal sealed class PodView
{
    public PodView(StoredObject stored)
    {
        JsonObject json = stored.View;
        Json = json;
        Namespace = stored.Namespace;
        Name = stored.Name;
        Uid = stored.Uid;
        Labels = json.Labels();
        JsonObject? owner = json.ControllerRef();
        OwnerUid = owner.Text("uid");
        OwnerKind = owner.Text("kind");
        OwnerName = owner.Text("name");
        Phase = json.Text("status", "phase") ?? "";
        NodeName = json.Text("spec", "nodeName") is { Length: > 0 } node ? node : null;
        Ip = json.Text("status", "podIP");
        IsDeleting = json.IsDeleting();
        Created = json.Created();
        JsonObject? ready = Conditions.Find(json.Map("status"), "Ready");
        IsReady = ready.Text("status") == "True";
        ReadySince = IsReady ? ClusterClock.Parse(ready.Text("lastTransitionTime")) ?? Created : DateTimeOffset.MaxValue;
        Restarts = json.Items("status", "containerStatuses").Sum(c => c.Int(0, "restartCount"));
    }

    public JsonObject Json { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public JsonObject? Labels { get; }

    public string? OwnerUid { get; }

    public string? OwnerKind { get; }

    public string? OwnerName { get; }

    public string Phase { get; }

    public string? NodeName { get; }

    public string? Ip { get; }

    public bool IsDeleting { get; }

    public bool IsReady { get; }

    public DateTimeOffset ReadySince { get; }

    public DateTimeOffset Created { get; }

    public int Restarts { get; }

    public bool IsFinished => Phase is "Succeeded" or "Failed";

    /// <summary>Neither ended nor being deleted.</summary>
    public bool IsActive => !IsFinished && !IsDeleting;

    public bool IsRunningAndReady => Phase == "Running" && IsReady;

    /// <summary>Ready for at least <paramref name="minReadySeconds"/>.</summary>
    public bool IsAvailable(int minReadySeconds, DateTimeOffset now) => IsReady && (minReadySeconds == 0 || ReadySince.AddSeconds(minReadySeconds) <= now);
}
