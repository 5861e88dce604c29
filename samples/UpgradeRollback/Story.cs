using HelmLifecycle;
using HelmLifecycle.Kubernetes;

namespace UpgradeRollback;

/// <summary>The story: v1, a plan, v2, a little more of it, back to v1, a mishap, the end.</summary>
internal sealed class Story
{
    private const string Name = "my-nginx";
    private const string Namespace = "helm-scenarios";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly KubernetesClient _cluster;
    private readonly ReleaseClient _releases;
    private readonly Facts _facts;
    private readonly Screen _screen = new();

    public Story(KubernetesClient cluster, Facts facts)
    {
        _cluster = cluster;
        _facts = facts;
        _releases = ReleaseClient.Create(o => o.UseCluster(cluster).InNamespace(Namespace));
    }

    public async Task TellAsync(CancellationToken ct)
    {
        _screen.Title("1. Install v1");
        Release v1 = await _screen.ShowAsync(_releases.Install(Name).Chart(Files.Chart).Values(Files.V1).CreateNamespace().Wait(s_patience).StreamAsync(ct));
        _screen.Text(v1.Notes.Trim());
        _facts.Equal(v1.Revision, 1, "revision after install");
        _facts.Equal(v1.Status, ReleaseStatus.Deployed, "status after install");

        await PlanAsync(ct);
        Release v2 = await UpgradeAsync(ct);
        Release five = await SetOverFileAsync(ct);
        Release back = await RollBackAsync(ct);
        await HistoryAsync(ct);
        Compare(v1, back);
        Summary(v1, v2, back);
        await BreakAsync(back, ct);
        await UninstallAsync(five, ct);
    }

    private async Task PlanAsync(CancellationToken ct)
    {
        _screen.Title("2. Plan the upgrade to v2");
        Plan plan = await _releases.Upgrade(Name).Chart(Files.Chart).Values(Files.V2).PlanAsync(ct);
        _screen.Text(plan.ToText(_screen.HasColor).TrimEnd());
        _facts.Check(plan.Values.Any(v => v is { Path: "replicaCount", Old: "1", New: "3" }), "the plan shows replicaCount 1 -> 3");
        _facts.Check(plan.Diff.Changes.Any(c => c.Title == $"Service/{Name}" && c.Fields.Any(f => f.Path == "spec.type" && f.New == "NodePort")), "the plan shows the Service becoming a NodePort");
        _facts.Equal(plan.Impact.Before.Pods, 1, "pods before, in the plan");
        _facts.Equal(plan.Impact.After.Pods, 3, "pods after, in the plan");
        _facts.Equal((await _releases.GetAsync(Name, ct: ct)).Revision, 1, "revision after planning");
    }

    private async Task<Release> UpgradeAsync(CancellationToken ct)
    {
        _screen.Title("3. Upgrade to v2");
        Release v2 = await ObserveAsync(() => _releases.Upgrade(Name).Chart(Files.Chart).Values(Files.V2).Wait(s_patience).RunAsync(ct), "v2", 3, ct);
        _facts.Equal(v2.Revision, 2, "revision after the upgrade");
        return v2;
    }

    private async Task<Release> SetOverFileAsync(CancellationToken ct)
    {
        _screen.Title("4. Upgrade with --set replicaCount=5 over the same file");
        Release five = await _screen.ShowAsync(_releases.Upgrade(Name).Chart(Files.Chart).Values(Files.V2).Set("replicaCount=5").Wait(s_patience).StreamAsync(ct));
        _facts.Equal(Facets.Of(five).Replicas, 5, "replicas with --set over the file");
        KubernetesObject live = await _cluster.GetAsync(GroupVersionKind.From("apps/v1", "Deployment"), Namespace, Name, ct);
        _facts.Equal((long?)live.Status?["readyReplicas"] ?? 0, 5L, "ready replicas in the cluster");
        return five;
    }

    private async Task<Release> RollBackAsync(CancellationToken ct)
    {
        _screen.Title("5. Roll back to revision 1");
        Release back = await ObserveAsync(() => _releases.Rollback(Name).To(1).Wait(s_patience).RunAsync(ct), "v1", 1, ct);
        _facts.Equal(back.Revision, 4, "revision of the rollback");
        _facts.Equal(back.Description, "Rollback to 1", "description of the rollback");
        return back;
    }

    private async Task HistoryAsync(CancellationToken ct)
    {
        _screen.Title("6. History");
        IReadOnlyList<HistoryEntry> history = await _releases.HistoryAsync(Name, ct: ct);
        _screen.Text(HistoryTable.Write(history));
        _facts.Equal(string.Join(", ", history.Select(h => h.Description)), "Install complete, Upgrade complete, Upgrade complete, Rollback to 1", "descriptions");
        _facts.Equal(history.Count(h => h.Status == ReleaseStatus.Deployed), 1, "deployed revisions");
    }

    private void Compare(Release v1, Release back)
    {
        _screen.Title("7. Revision 1 and the rollback compared");
        bool values = Templates(v1) == Templates(back), manifests = v1.Manifest == back.Manifest;
        _screen.Text($"values    {(values ? "identical" : "DIFFERENT")}\nmanifests {(manifests ? "identical" : "DIFFERENT")}");
        _facts.Check(values, "the rollback has the values of revision 1");
        _facts.Check(manifests, "the rollback has the manifest of revision 1");

        static string Templates(Release release) => HelmLifecycle.Templates.HelmYaml.Write(release.Config);
    }

    private void Summary(Release v1, Release v2, Release back)
    {
        _screen.Title("8. v1, v2 and after the rollback, from the stored manifests");
        Facets a = Facets.Of(v1), b = Facets.Of(v2), c = Facets.Of(back);
        _screen.Text(Facets.Table(("v1", a), ("v2", b), ("after rollback", c)));
        _facts.Equal(a.Totals.CpuRequests, 0.05m, "CPU requested by v1");
        _facts.Equal(ResourceTotals.Bytes(a.Totals.MemoryRequests), "64Mi", "memory requested by v1");
        _facts.Equal(ResourceTotals.Cpu(b.Totals.CpuRequests), "300m", "CPU requested by v2");
        _facts.Equal(ResourceTotals.Bytes(b.Totals.MemoryRequests), "384Mi", "memory requested by v2");
        _facts.Equal(b.Totals.CpuRequests / a.Totals.CpuRequests, 6m, "factor of CPU requests");
        _facts.Equal(b.NodePort, "30080", "node port of v2");
        _facts.Check(b.Endpoints.Contains("/api/health") && !a.Endpoints.Contains("/api/health"), "v2 has /api/health, v1 has not");
        _facts.Check(a == c with { Revision = a.Revision }, "after the rollback everything is as in v1");
    }

    private async Task BreakAsync(Release good, CancellationToken ct)
    {
        _screen.Title("9. A broken upgrade, rolled back on failure");
        int ready = await ReadyAsync(ct);
        try
        {
            await _releases.Upgrade(Name).Chart(Files.Chart).Values(Files.V2, Files.Broken).RollbackOnFailure().Wait(TimeSpan.FromMinutes(1)).RunAsync(ct);
            _facts.Check(false, "the broken upgrade fails");
        }
        catch (ReleaseFailedException e)
        {
            string diagnosis = e.Diagnosis?.Summary ?? "";
            _screen.Text($"{e.Message}\n\n{diagnosis}\n{e.Diagnosis?.ToText().TrimEnd()}");
            _facts.Check(diagnosis.Contains("pod " + Name, StringComparison.OrdinalIgnoreCase), "the diagnosis names the pod");
            _facts.Check(diagnosis.Contains("nginx", StringComparison.Ordinal) && diagnosis.Contains("container", StringComparison.Ordinal), "the diagnosis names the container");
            _facts.Check(diagnosis.Contains("CrashLoopBackOff", StringComparison.Ordinal) || diagnosis.Contains("exit", StringComparison.Ordinal), "the diagnosis names the reason");
        }

        IReadOnlyList<HistoryEntry> history = await _releases.HistoryAsync(Name, ct: ct);
        _screen.Text("\n" + HistoryTable.Write(history));
        _facts.Equal(history[^2].Status, ReleaseStatus.Failed, "status of the broken revision");
        _facts.Equal(history[^1].Description, $"Rollback to {good.Revision}", "description of the way back");
        _facts.Equal(history.Count(h => h.Status == ReleaseStatus.Deployed), 1, "deployed revisions after the mishap");
        _facts.Check(ready > 0 && await ReadyAsync(ct) == ready, "the Service has the endpoints it had before the mishap");
    }

    private async Task UninstallAsync(Release five, CancellationToken ct)
    {
        _screen.Title("10. Uninstall, keeping the history");
        await _releases.Uninstall(Name).KeepHistory().Wait(s_patience).RunAsync(ct);
        IReadOnlyList<HistoryEntry> history = await _releases.HistoryAsync(Name, ct: ct);
        _screen.Text(HistoryTable.Write(history));
        _facts.Equal(history[^1].Status, ReleaseStatus.Uninstalled, "status after uninstall");
        _facts.Check(history.Any(h => h.Revision == five.Revision), "revisions of before are still in the history");
        _facts.Check(await _cluster.TryGetAsync(GroupVersionKind.From("apps/v1", "Deployment"), Namespace, Name, ct) is null, "the Deployment is gone");
    }

    private async Task<Release> ObserveAsync(Func<Task<Release>> action, string version, int replicas, CancellationToken ct)
    {
        await using var observer = await RolloutObserver.StartAsync(_cluster, Namespace, Name, _screen.Text, ct);
        Release release = await action();
        await observer.SettleAsync(version, replicas, ct);
        _facts.Check(observer.FewestEndpoints > 0, $"there is always a ready endpoint while rolling to {version}: fewest was {observer.FewestEndpoints}");
        _facts.Equal(observer.Endpoints, replicas, $"ready endpoints after rolling to {version}");
        _facts.Check(observer.Lines > 0, "the rolling update was seen");
        return release;
    }

    private async Task<int> ReadyAsync(CancellationToken ct)
    {
        await using var observer = await RolloutObserver.StartAsync(_cluster, Namespace, Name, _ => { }, ct);
        return observer.Endpoints;
    }
}
