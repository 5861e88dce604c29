using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>The objects of stored manifests, which are not validated: what Helm stored once is taken as it is.</summary>
internal static class CurrentObjects
{
    public static async Task<IReadOnlyList<KubernetesObject>> OfBaseAsync(ActionContext context, Release origin, CancellationToken ct)
    {
        try
        {
            return await ManifestObjects.BuildAsync(context.Cluster, origin.Manifest, context.Namespace, validate: false, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            string lead = e.Message.Contains("unable to recognize \"\": no matches for kind", StringComparison.Ordinal)
                ? "current release manifest contains removed kubernetes api(s) for this kubernetes version and it is therefore unable to build the kubernetes objects for performing the diff. error from kubernetes: "
                : "unable to build kubernetes objects from current release manifest: ";
            throw new ReleaseException(lead + e.Message, e);
        }
    }

    public static async Task<IReadOnlyList<KubernetesObject>> OfTargetAsync(ActionContext context, Release target, CancellationToken ct)
    {
        try
        {
            return await ManifestObjects.BuildAsync(context.Cluster, target.Manifest, context.Namespace, validate: false, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException("unable to build kubernetes objects from new release manifest: " + e.Message, e);
        }
    }
}
