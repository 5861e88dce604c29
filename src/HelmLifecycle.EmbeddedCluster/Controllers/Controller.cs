using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Brings objects of one kind into the state they ask for. Runs on the cluster's loop only.</summary>
internal abstract class Controller(ClusterLoop loop, string name)
{
    protected ClusterLoop Loop => loop;

    protected IClusterApi Api => loop.Api;

    protected ObjectStore Store => loop.Api.Store;

    protected ClusterClock Clock => loop.Clock;

    /// <summary>The name under which the controller writes events: <c>deployment-controller</c>.</summary>
    public string Name => name;

    protected Caller Caller { get; init; } = Caller.Controller(name);

    /// <summary>The resources whose changes it wants to see; null for all.</summary>
    public abstract IReadOnlyList<ResourceKey>? Watches { get; }

    /// <summary>Turns a change of anything but a pod into keys.</summary>
    public virtual void OnChange(StoreEvent change) => Enqueue(change.Object.Namespace, change.Object.Name);

    /// <summary>Turns a change of a pod into keys.</summary>
    public virtual void OnPod(StoreEventType type, PodView pod)
    {
    }

    public abstract void Reconcile(string ns, string name);

    protected void Enqueue(string ns, string objectName) => loop.Enqueue(new WorkKey(this, ns, objectName));

    protected void Again(TimeSpan after, bool background = false) => loop.Again(after, background);

    /// <summary>The stored state for reading only, or null.</summary>
    protected JsonObject? Read(ResourceKey resource, string ns, string objectName) => Store.Get(resource, ns, objectName)?.View;

    protected void Event(JsonNode about, string reason, string message, bool warning = false) => loop.Events.Record(about, reason, message, warning, name);

    /// <summary>Writes <c>status</c> if it differs from what is stored.</summary>
    protected bool WriteStatus(ResourceKey resource, JsonNode current, JsonObject status)
    {
        if (JsonNode.DeepEquals(current.At("status"), status))
        {
            return false;
        }

        return Api.Modify(
            resource,
            current.Namespace(),
            current.Name(),
            o =>
            {
                o["status"] = status.Copy();
                return true;
            },
            Caller,
            "status") is not null;
    }

    /// <summary>Deletes, and does not mind if it is gone already.</summary>
    protected void Delete(ResourceKey resource, string ns, string objectName, DeleteSettings? settings = null)
    {
        try
        {
            Api.Delete(resource, ns, objectName, settings ?? new DeleteSettings("Background"), Caller);
        }
        catch (ApiError e) when (e.IsNotFound)
        {
        }
    }
}
