using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Who an object belongs to: a label and two annotations, put on what is sent and looked for on what exists.</summary>
internal static class Ownership
{
    private const string ManagedBy = "app.kubernetes.io/managed-by";
    private const string ReleaseName = "meta.helm.sh/release-name";
    private const string ReleaseNamespace = "meta.helm.sh/release-namespace";

    /// <summary>Marks an object as belonging to a release, whatever the chart says.</summary>
    public static void Stamp(KubernetesObject o, string release, string ns)
    {
        o.SetLabel(ManagedBy, "Helm");
        o.SetAnnotation(ReleaseName, release);
        o.SetAnnotation(ReleaseNamespace, ns);
    }

    /// <summary>Finds which objects exist already.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="objects">What is to be created.</param>
    /// <param name="release">The release.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="take">Whether objects of others are taken.</param>
    /// <param name="helm3">Whether an object with a generated name is an error, as in Helm 3.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Those that exist and may be changed.</returns>
    /// <exception cref="OwnershipException">One exists and belongs to somebody else, or cannot be read. The first is named.</exception>
    public static async Task<IReadOnlyList<KubernetesObject>> ExistingAsync(
        KubernetesClient cluster, IEnumerable<KubernetesObject> objects, string release, string ns, bool take, bool helm3, CancellationToken ct)
    {
        var existing = new List<KubernetesObject>();
        foreach (var o in objects)
        {
            if (o.GenerateName is not null && !helm3)
            {
                if (o.Name.Length > 0) throw new OwnershipException("metadata.name and metadata.generateName cannot both be set");
                continue;
            }

            string text = $"{o.Kind} {Go.Quote(o.Name)} in namespace {Go.Quote(o.Namespace ?? "")}";
            KubernetesObject? live;
            try
            {
                if (o.Name.Length == 0) throw new KubernetesException("resource name may not be empty");
                live = await cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
            }
            catch (KubernetesException e)
            {
                throw new OwnershipException($"could not get information about the resource {text}: {e.Message}");
            }

            if (live is null) continue;
            if (!take && Faults(live, release, ns) is { Count: > 0 } faults)
            {
                throw new OwnershipException(
                    $"{text} exists and cannot be imported into the current release: invalid ownership metadata; {string.Join("; ", faults)}");
            }

            existing.Add(o);
        }

        return existing;
    }

    private static List<string> Faults(KubernetesObject live, string release, string ns)
    {
        var faults = new List<string>();
        Require("label", ManagedBy, "Helm", live.GetLabel(ManagedBy));
        Require("annotation", ReleaseName, release, live.GetAnnotation(ReleaseName));
        Require("annotation", ReleaseNamespace, ns, live.GetAnnotation(ReleaseNamespace));
        return faults;

        void Require(string what, string key, string wanted, string? actual)
        {
            if (actual is null) faults.Add($"{what} validation error: missing key {Go.Quote(key)}: must be set to {Go.Quote(wanted)}");
            else if (actual != wanted) faults.Add($"{what} validation error: key {Go.Quote(key)} must equal {Go.Quote(wanted)}: current value is {Go.Quote(actual)}");
        }
    }
}
