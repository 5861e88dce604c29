using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>
/// Asks the API server, object by object, what applying would make of the live one (a dry run), so that defaults, admission and
/// edits by hand are in the difference.
/// </summary>
internal sealed class LiveChanges(KubernetesClient cluster, ApplySettings settings, bool showSecrets)
{
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);

    /// <summary>What every object looked like that was asked for; to see later whether it still does.</summary>
    public IReadOnlyDictionary<string, string> Fingerprints => _fingerprints;

    public async Task<ManifestDiff> CompareAsync(
        IReadOnlyList<KubernetesObject> before, IReadOnlyList<KubernetesObject> target, IReadOnlyDictionary<string, string> sources, CancellationToken ct)
    {
        var changes = new List<ResourceChange>();
        foreach (KubernetesObject o in target)
        {
            KubernetesObject? live = await LiveAsync(o, ct).ConfigureAwait(false);
            KubernetesObject? old = before.FirstOrDefault(b => IsSame(b, o));
            changes.Add(await ChangeAsync(old, o, live, ct).ConfigureAwait(false) with { Source = sources.GetValueOrDefault(Key(o), "") });
        }

        foreach (KubernetesObject o in before.Where(b => !target.Any(t => IsSame(t, b))))
        {
            if (await LiveAsync(o, ct).ConfigureAwait(false) is not { } live)
                continue;
            ResourceChange gone = ManifestDiff.Compare(Document(live), null, showSecrets);
            bool kept = live.GetAnnotation("helm.sh/resource-policy") == "keep";
            changes.Add(gone with { Action = kept ? ResourceAction.Kept : ResourceAction.Deleted, UnifiedText = kept ? "" : gone.UnifiedText, Source = sources.GetValueOrDefault(Key(o), "") });
        }

        return new ManifestDiff { Resources = changes };
    }

    public static string Key(KubernetesObject o) => $"{o.ApiVersion} {o.Kind} {o.Namespace}/{o.Name}";

    /// <summary>A hash of what a person or another program may have changed: neither status nor what the server keeps for itself.</summary>
    public static string Fingerprint(KubernetesObject? o) =>
        o is null ? "" : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Clean(o).ToJsonString())), 0, 16);

    private async Task<KubernetesObject?> LiveAsync(KubernetesObject o, CancellationToken ct)
    {
        KubernetesObject? live;
        try
        {
            live = await cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
        }
        catch (NoMatchException)
        {
            // Its kind comes with a CRD of the same plan, or is gone from the cluster.
            live = null;
        }

        _fingerprints[Key(o)] = Fingerprint(live);
        return live;
    }

    private async Task<ResourceChange> ChangeAsync(KubernetesObject? old, KubernetesObject o, KubernetesObject? live, CancellationToken ct)
    {
        try
        {
            KubernetesObject result = await DryRunAsync(old, o, live, ct).ConfigureAwait(false);
            return ManifestDiff.Compare(live is null ? null : Document(live), Document(result), showSecrets);
        }
        catch (KubernetesException e) when (e is not ClusterUnreachableException)
        {
            bool recreated = live is not null && e is KubernetesApiException { IsInvalid: true } && settings.Recreate.Allows(o.Kind, o.Name);
            // An object in a namespace, or of a kind, that the same plan creates cannot be tried out yet.
            bool early = live is null && e is NoMatchException or KubernetesApiException { IsNotFound: true };
            ResourceChange change = ManifestDiff.Compare(live is null ? null : Document(live), Document(o), showSecrets);
            if (early)
                return change;
            return change with
            {
                Action = recreated ? ResourceAction.Recreated : ResourceAction.Failed,
                Warnings = [new PlanWarning(recreated ? PlanWarningKind.Downtime : PlanWarningKind.Refused, change.Title, e.Message)],
            };
        }
    }

    private async Task<KubernetesObject> DryRunAsync(KubernetesObject? old, KubernetesObject o, KubernetesObject? live, CancellationToken ct)
    {
        if (settings.ServerSide)
            return await cluster.ApplyAsync(o, new ApplyOptions { DryRun = true, Force = settings.ForceConflicts, FieldValidation = FieldValidation.Strict }, ct).ConfigureAwait(false);
        var dryRun = new WriteOptions { DryRun = true };
        if (live is null)
            return await cluster.CreateAsync(o, dryRun, ct).ConfigureAwait(false);
        if (settings.ForceReplace)
        {
            KubernetesObject replacement = o.DeepClone();
            replacement.ResourceVersion = live.ResourceVersion;
            return await cluster.ReplaceAsync(replacement, dryRun, ct).ConfigureAwait(false);
        }

        JsonObject original = (old ?? o).Json;
        PatchBody patch = StrategicMergePatch.IsSupported(o)
            ? new PatchBody(PatchType.Strategic, StrategicMergePatch.ThreeWay(original, o.Json, live.Json, o.Gvk))
            : new PatchBody(PatchType.Merge, settings.ThreeWayForCustomResources ? JsonMergePatch.ThreeWay(original, o.Json, live.Json) : JsonMergePatch.Create(original, o.Json));
        return patch.Json is JsonObject { Count: 0 } ? live : await cluster.PatchAsync(o.Gvk, o.Namespace, o.Name, patch, dryRun, ct).ConfigureAwait(false);
    }

    private static PlanDocument Document(KubernetesObject o)
    {
        JsonObject clean = Clean(o);
        return new PlanDocument("", HelmYaml.WriteJson(clean), new KubernetesObject(clean));
    }

    private static JsonObject Clean(KubernetesObject o)
    {
        JsonObject json = o.Json.DeepClone().AsObject();
        json.Remove("status");
        if (json["metadata"] is JsonObject metadata)
        {
            foreach (string key in (ReadOnlySpan<string>)["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"])
                metadata.Remove(key);
            // The Deployment controller counts its revisions there.
            if (metadata["annotations"] is JsonObject annotations && annotations.Remove("deployment.kubernetes.io/revision") && annotations.Count == 0)
                metadata.Remove("annotations");
        }

        return json;
    }

    private static bool IsSame(KubernetesObject a, KubernetesObject b) =>
        a.Kind == b.Kind && a.Gvk.Group == b.Gvk.Group && a.Name == b.Name && a.Namespace == b.Namespace;
}
