using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What is stored of a rollout.</summary>
internal sealed record StoredRollout(RolloutState State, string Holder, string? Command, string ResourceVersion);

/// <summary>Keeps the state of a release's rollout, and the commands to it, in a ConfigMap. Writers are kept apart by its resourceVersion.</summary>
internal sealed class RolloutStateStore(KubernetesClient cluster, string ns, string release)
{
    private static readonly GroupVersionKind s_kind = new("", "v1", "ConfigMap");
    private readonly string _name = "hlc.rollout." + release;

    /// <summary>What is stored; null when no rollout has begun.</summary>
    public async Task<StoredRollout?> LoadAsync(CancellationToken ct) => await cluster.TryGetAsync(s_kind, ns, _name, ct).ConfigureAwait(false) is { } found ? Read(found) : null;

    public async Task<StoredRollout> CreateAsync(RolloutState state, string holder, CancellationToken ct)
    {
        var o = new KubernetesObject(s_kind, _name, ns);
        o.SetLabel(ShadowSet.ReleaseLabel, release);
        o.Json["data"] = new JsonObject { ["state"] = state.ToJson(), ["holder"] = holder };
        return Read(await cluster.CreateAsync(o, null, ct).ConfigureAwait(false));
    }

    /// <summary>Writes the state.</summary>
    /// <param name="before">What was last seen; it must still stand there, commands aside.</param>
    /// <param name="state">The new state.</param>
    /// <param name="holder">Who works on it from now on.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="RolloutTakenOverException">Somebody else works on it.</exception>
    public async Task<StoredRollout> SaveAsync(StoredRollout before, RolloutState state, string holder, CancellationToken ct)
    {
        var seen = before;
        while (true)
        {
            try
            {
                return await PatchAsync(new JsonObject { ["state"] = state.ToJson(), ["holder"] = holder }, seen.ResourceVersion, ct).ConfigureAwait(false);
            }
            catch (KubernetesApiException e) when (e.IsConflict || e.IsNotFound)
            {
                seen = await LoadAsync(ct).ConfigureAwait(false);
                if (seen is null || seen.Holder != before.Holder) throw new RolloutTakenOverException();
            }
        }
    }

    /// <summary>Leaves a command; it stands until the process that holds the rollout has taken it.</summary>
    /// <exception cref="ReleaseException">No rollout has begun.</exception>
    public async Task CommandAsync(string? command, CancellationToken ct)
    {
        try
        {
            await PatchAsync(new JsonObject { ["command"] = command }, null, ct).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            throw new ReleaseException($"no rollout of release {Go.Quote(release)} runs", e) { ReleaseName = release };
        }
    }

    public Task DeleteAsync(CancellationToken ct) => cluster.TryDeleteAsync(s_kind, ns, _name, null, ct);

    private async Task<StoredRollout> PatchAsync(JsonObject data, string? version, CancellationToken ct)
    {
        var patch = new JsonObject { ["data"] = data };
        if (version is not null) patch["metadata"] = new JsonObject { ["resourceVersion"] = version };
        return Read(await cluster.PatchAsync(s_kind, ns, _name, new PatchBody(PatchType.Merge, patch), null, ct).ConfigureAwait(false));
    }

    private static StoredRollout Read(KubernetesObject o)
    {
        var data = o.Json["data"] as JsonObject;
        return new StoredRollout(
            RolloutState.FromJson(Text("state") ?? ""), Text("holder") ?? "", Text("command"), o.ResourceVersion ?? "");

        string? Text(string key) => data?[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
    }
}

/// <summary>Another process has taken the rollout over: this one must not touch anything any more.</summary>
internal sealed class RolloutTakenOverException() : ReleaseException("the rollout was taken over by another process");
