using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Who writes: the user for rights and audit, the field manager for <c>managedFields</c>.</summary>
internal sealed record Caller(string User, string FieldManager)
{
    /// <summary>Groups of the user; <c>system:masters</c> may do everything.</summary>
    public IReadOnlyList<string> Groups { get; init; } = ["system:masters", "system:authenticated"];

    public static Caller Controller(string name) => new("system:serviceaccount:kube-system:" + name, "kube-controller-manager");

    public static Caller Kubelet(string node) => new("system:node:" + node, "kubelet");

    public static Caller Scheduler { get; } = new("system:kube-scheduler", "kube-scheduler");
}

/// <summary>How to delete.</summary>
/// <param name="Propagation"><c>Background</c>, <c>Foreground</c>, <c>Orphan</c> or null for the kind's default.</param>
/// <param name="GraceSeconds">Grace period of a pod, or null for its own.</param>
/// <param name="Uid">Only if the object has this uid.</param>
/// <param name="ResourceVersion">Only if the object has this resourceVersion.</param>
internal sealed record DeleteSettings(string? Propagation = null, long? GraceSeconds = null, string? Uid = null, string? ResourceVersion = null);

/// <summary>
/// The API for those inside the process (controllers, kubelet, scheduler): the same admission, defaulting and validation as an HTTP request. Objects are in the storage
/// version (<c>apps/v1</c>, <c>v1</c>, ...). Refusals are thrown as <see cref="ApiError"/>. Every call is synchronous, in memory and thread-safe.
/// </summary>
internal interface IClusterApi
{
    ObjectStore Store { get; }

    /// <summary>A fresh copy, or null.</summary>
    JsonObject? TryGet(ResourceKey resource, string? ns, string name);

    JsonObject Create(ResourceKey resource, string? ns, JsonObject body, Caller caller);

    /// <summary>PUT: with a resourceVersion in the body a conflict is refused. <paramref name="subresource"/> is null, <c>status</c>, <c>scale</c>, ...</summary>
    JsonObject Update(ResourceKey resource, string? ns, string name, JsonObject body, Caller caller, string? subresource = null);

    /// <summary>Reads, lets <paramref name="change"/> edit (return false for nothing to do), writes, and repeats on conflict. Null when the object is missing.</summary>
    JsonObject? Modify(ResourceKey resource, string? ns, string name, Func<JsonObject, bool> change, Caller caller, string? subresource = null);

    /// <summary>Returns the object as it now is (with a deletionTimestamp) or null when it is gone at once. A missing object is an <see cref="ApiError"/>.</summary>
    JsonObject? Delete(ResourceKey resource, string? ns, string name, DeleteSettings settings, Caller caller);
}
