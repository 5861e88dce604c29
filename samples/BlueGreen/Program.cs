using HelmLifecycle;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using RolloutSamples;

const string Name = "my-nginx", Namespace = "helm-scenarios";
Arguments arguments;
try
{
    arguments = Arguments.Read(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    cancel.Cancel();
};
CancellationToken ct = cancel.Token;
var facts = new Facts();

await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { PodStartDelay = TimeSpan.FromSeconds(3) }, ct);
ReleaseClient releases = ReleaseClient.Create(o => o.UseCluster(cluster.Client).InNamespace(Namespace));
string File(string name) => Path.Combine(AppContext.BaseDirectory, name);

Console.WriteLine("Installing v1");
await releases.Install(Name).Chart(File("charts/my-nginx")).Values(File("values-v1.yaml")).CreateNamespace().Wait(TimeSpan.FromMinutes(5)).RunAsync(ct);

// Green is asked through the preview Service before anybody uses it, and through the active one when all do.
var strategy = new BlueGreen(new BlueGreenOptions
{
    ScaleDownDelay = TimeSpan.FromSeconds(60),
    PrePromotion = [HttpAnalysis.OfService("/version") with { Contains = "Version 2" }, new PodAnalysis().With(new AnalysisOptions { Count = 3, Interval = TimeSpan.FromSeconds(10) })],
    PostPromotion = [HttpAnalysis.OfService("/api/health").With(new AnalysisOptions { Count = 3, Interval = TimeSpan.FromSeconds(10), FailureLimit = 1 })],
});
var timeline = new Timeline(arguments.Fail ? "Blue-green: v2 fails after the switch and v1 takes over again" : "Blue-green: v1 to v2", "v1", "v2");
ReleaseFailedException? failure = null;
Console.WriteLine($"Upgrading to v2, blue-green{(arguments.Fail ? ", with a mistake" : "")}");
await using (var watch = new TrafficWatch(cluster, releases, Name, TrafficTarget.Service(Namespace, Name), timeline))
{
    await Task.Delay(TimeSpan.FromSeconds(10), cluster.Time, ct);
    try
    {
        UpgradeBuilder upgrade = releases.Upgrade(Name).Chart(File("charts/my-nginx")).Values(File("values-v2.yaml"));
        if (arguments.Fail)
            upgrade = upgrade.Values(File("values-broken.yaml"));
        await upgrade.Rollout(strategy).RollbackOnFailure().Wait(TimeSpan.FromMinutes(5)).ReportTo(watch).RunAsync(ct);
    }
    catch (ReleaseFailedException e)
    {
        failure = e;
        Console.WriteLine($"\n{e.Message}");
    }

    await watch.LingerAsync(TimeSpan.FromSeconds(60), ct);
}

Console.WriteLine($"\n{TimelineText.Draw(timeline)}\n{TimelineText.Shares(timeline)}");

IReadOnlyList<Moment> moments = timeline.Moments;
long requests = moments.Sum(m => m.Requests);
facts.Check(requests >= 100_000, $"{requests} requests were sent");
facts.Equal(moments.Sum(m => m.Failed), 0L, "the number of failed requests");
facts.Equal(moments.Count(m => m.Answers.Count > 1), 0, "the number of moments in which both versions answered");
facts.Check(moments.Any(m => m.Answers.ContainsKey("v1")) && moments.Any(m => m.Answers.ContainsKey("v2")), "v1 answered, and v2");
facts.Equal(string.Join(", ", moments[^1].Answers.Keys), arguments.Fail ? "v1" : "v2", "the version that answers in the end");
facts.Equal(failure is null, !arguments.Fail, "whether the upgrade ended well");

IReadOnlyList<HistoryEntry> history = await releases.HistoryAsync(Name, ct: ct);
foreach (HistoryEntry entry in history)
    Console.WriteLine($"revision {entry.Revision}  {entry.Status.ToText(),-10}  {entry.Description}");
Console.WriteLine();
facts.Equal(string.Join(", ", history.Select(h => h.Status.ToText())), arguments.Fail ? "superseded, failed, deployed" : "superseded, deployed", "the history");
if (arguments.Fail)
    facts.Check(history[1].Description.Contains("/api/health", StringComparison.Ordinal), "the failed revision's description names what was measured");
KubernetesList left = await cluster.Client.ListAsync(GroupVersionKind.From("apps/v1", "Deployment"), Namespace, null, ct);
KubernetesList services = await cluster.Client.ListAsync(GroupVersionKind.From("v1", "Service"), Namespace, null, ct);
facts.Equal(string.Join(", ", left.Items.Concat(services.Items).Select(o => $"{o.Kind}/{o.Name}")), $"Deployment/{Name}, Service/{Name}", "what is left");

string page = arguments.Page ?? (arguments.Fail ? "blue-green-fail.html" : "blue-green.html");
await System.IO.File.WriteAllTextAsync(page, TimelinePage.Write(timeline, facts.Lines), ct);
Console.WriteLine($"The timeline is drawn in {page}\n");
return facts.Report();
