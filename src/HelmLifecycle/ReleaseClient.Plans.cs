using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

public sealed partial class ReleaseClient
{
    /// <summary>Compares two revisions.</summary>
    /// <param name="name">The release.</param>
    /// <param name="from">The one revision; 0 is the newest.</param>
    /// <param name="to">The other; 0 is the newest.</param>
    /// <param name="showSecrets">Show the values of Secrets. Default: they are masked.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is no such release or revision.</exception>
    public async Task<RevisionDiff> DiffAsync(string name, int from, int to = 0, bool showSecrets = false, CancellationToken ct = default)
    {
        Release a = await GetAsync(name, from, ct).ConfigureAwait(false), b = await GetAsync(name, to, ct).ConfigureAwait(false);
        return new RevisionDiff(a, b, Planner.Values(a, b), ManifestDiff.Between(a.Manifest, b.Manifest, showSecrets));
    }

    /// <summary>
    /// Compares a revision with the live cluster, by dry runs of the API server: nothing is changed. To put a drift right, upgrade with
    /// <see cref="UpgradeBuilder.CorrectDrift"/>.
    /// </summary>
    /// <param name="name">The release.</param>
    /// <param name="revision">The revision; 0 is the newest that is deployed.</param>
    /// <param name="showSecrets">Show the values of Secrets. Default: they are masked.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ReleaseNotFoundException">There is no such release or revision.</exception>
    public async Task<DriftReport> DriftAsync(string name, int revision = 0, bool showSecrets = false, CancellationToken ct = default)
    {
        var options = new RollbackOptions { Name = name };
        var context = new ActionContext(this, options);
        await context.ReachAsync(ct).ConfigureAwait(false);
        Release release = revision > 0
            ? await context.Records.GetAsync(revision, ct).ConfigureAwait(false)
            : (await context.Records.DeployedAsync(ct).ConfigureAwait(false)).LastOrDefault() ?? await context.Records.LastAsync(ct).ConfigureAwait(false);
        IReadOnlyList<KubernetesObject> before = await CurrentObjects.OfBaseAsync(context, release, ct).ConfigureAwait(false);
        IReadOnlyList<KubernetesObject> target = [.. before.Select(o => o.DeepClone())];
        foreach (KubernetesObject o in target)
            Ownership.Stamp(o, release.Name, release.Namespace);
        ApplySettings settings = ApplySettings.For(context, options with { ForceConflicts = true }, release.ApplyMethod);
        if (!settings.ServerSide)
            settings = settings with { ForceConflicts = false, ThreeWayForCustomResources = true };
        var live = new LiveChanges(context.Cluster, settings, showSecrets);
        ManifestDiff diff = await live.CompareAsync(before, target, new Dictionary<string, string>(), ct).ConfigureAwait(false);
        return new DriftReport(release, diff);
    }

    internal Task<Plan> PlanInstallAsync(InstallOptions options, CancellationToken ct) => new Planner(this).InstallAsync(options, ct);

    internal Task<Plan> PlanUpgradeAsync(UpgradeOptions options, CancellationToken ct) => new Planner(this).UpgradeAsync(options, ct);

    internal Task<Plan> PlanRollbackAsync(RollbackOptions options, CancellationToken ct) => new Planner(this).RollbackAsync(options, ct);

    internal Task<Plan> PlanUninstallAsync(UninstallOptions options, CancellationToken ct) => new Planner(this).UninstallAsync(options, ct);
}
