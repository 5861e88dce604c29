using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Brings the CRDs of a chart's <c>crds/</c> folders into the cluster.</summary>
internal sealed class CrdInstaller(ActionContext context, ApplySettings settings)
{
    private static readonly TimeSpan EstablishTime = TimeSpan.FromMinutes(1);

    // The API server serves a new schema a moment after it has stored it, and tells nobody when.
    private static readonly TimeSpan SchemaTime = TimeSpan.FromSeconds(1);
    private bool _replaced;

    /// <summary>Creates (or by policy replaces) them and waits until they are established.</summary>
    public async Task InstallAsync(IReadOnlyList<CrdFile> files, CrdPolicy policy, CancellationToken ct)
    {
        var created = new List<KubernetesObject>();
        foreach (var file in files)
        {
            string name = file.File.Name;
            try
            {
                var objects = await ManifestObjects.BuildAsync(context.Cluster, file.File.Text, context.Namespace, validate: false, ct).ConfigureAwait(false);
                if (objects.Count == 0)
                {
                    if (!context.Helm3) throw new ReleaseException("resources are empty");
                    continue;
                }

                if (policy == CrdPolicy.CreateReplace) await ReplaceAsync(objects, ct).ConfigureAwait(false);
                else await new ObjectApplier(context, settings).CreateAsync(objects, ct).ConfigureAwait(false);
                created.AddRange(objects);
            }
            catch (ReleaseException e) when (e.InnerException is KubernetesApiException { IsAlreadyExists: true })
            {
                context.Warn($"CRD {name} is already present. Skipping.");
            }
            catch (Exception e) when (e is ReleaseException or KubernetesException)
            {
                throw new ReleaseException($"failed to install CRD {name}: {e.Message}", e);
            }
        }

        if (created.Count == 0) return;
        try
        {
            // Only that they are established counts; the legacy rules know just that.
            await new ReadinessWaiter(context.Cluster).WaitUntilReadyAsync(
                created,
                new WaitOptions { Strategy = context.Helm3 ? WaitStrategy.Legacy : WaitStrategy.Watcher, Timeout = EstablishTime },
                ct).ConfigureAwait(false);
        }
        catch (NotReadyException e)
        {
            throw new ReleaseException(e.Message, e);
        }

        if (_replaced) await Task.Delay(SchemaTime, context.Time, ct).ConfigureAwait(false);
        context.Cluster.Discovery.Invalidate();
    }

    private async Task ReplaceAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct)
    {
        foreach (var o in objects)
        {
            var live = await context.Cluster.TryGetAsync(o.Gvk, null, o.Name, ct).ConfigureAwait(false);
            if (live is null)
            {
                await context.Cluster.CreateAsync(o, null, ct).ConfigureAwait(false);
                context.Report(new ResourceApplied(o.Gvk, null, o.Name, ResourceAction.Created));
                continue;
            }

            if (CrdCompatibility.Breaks(live, o) is { Count: > 0 } breaks)
            {
                throw new ReleaseException($"CRD {o.Name} cannot be replaced: {string.Join("; ", breaks)}");
            }

            var body = o.DeepClone();
            body.ResourceVersion = live.ResourceVersion;
            await context.Cluster.ReplaceAsync(body, null, ct).ConfigureAwait(false);
            _replaced = true;
            context.Report(new ResourceApplied(o.Gvk, null, o.Name, ResourceAction.Replaced));
        }
    }
}
