using CanarySample;
using HelmLifecycle;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;
using RolloutSamples;

const string Name = "my-nginx", Namespace = "helm-scenarios";
int[] weights = [10, 30, 50];
Arguments arguments;
try
{
    arguments = Arguments.Read(args, Split.Names);
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
string router = arguments.Router ?? "replicas";
Split split = Split.Of(router, Namespace, Name);

await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { PodStartDelay = TimeSpan.FromSeconds(3) }, ct);
ReleaseClient releases = ReleaseClient.Create(o => o.UseCluster(cluster.Client).InNamespace(Namespace));
string File(string name) => Path.Combine(AppContext.BaseDirectory, name);

Console.WriteLine("Installing v1");
await releases.Install(Name).Chart(File("charts/my-nginx")).Values(File("values-v1.yaml")).CreateNamespace().Wait(TimeSpan.FromMinutes(5)).RunAsync(ct);
await split.InstallAsync(cluster.Client, ct);

// Each weight is held for 30 seconds; then the canary's own Service is asked three times, and its pods must not have restarted.
var often = new AnalysisOptions { Count = 3, Interval = TimeSpan.FromSeconds(5) };
Canary strategy = Canary.Steps(weights).Pause(TimeSpan.FromSeconds(30))
    .Analyze((HttpAnalysis.OfService("/api/health") with { Contains = "v2" }).With(often), new PodAnalysis());
if (split.Router is not null)
    strategy = strategy.Through(split.Router);
var timeline = new Timeline($"Canary by {router}: {(arguments.Fail ? "v2 fails at 30 % and v1 takes over again" : "v1 to v2")}", "v1", "v2");
ReleaseFailedException? failure = null;
Console.WriteLine($"Upgrading to v2, canary by {router}{(arguments.Fail ? ", with a mistake that shows under load" : "")}");
await using (var watch = new TrafficWatch(cluster, releases, Name, split.Target, timeline))
{
    await Task.Delay(TimeSpan.FromSeconds(10), cluster.Time, ct);
    if (arguments.Fail)
        cluster.Pods.WithLabel("version", "v2").Answers((request, _) => request.Path == "/api/health" && watch.HighestWeight >= 30
            ? new VirtualResponse(500, "{\"status\":\"out of memory\",\"version\":\"v2\"}")
            : new VirtualResponse(200, "{\"status\":\"ok\",\"version\":\"v2\"}"));
    try
    {
        await releases.Upgrade(Name).Chart(File("charts/my-nginx")).Values(File("values-v2.yaml"))
            .Rollout(strategy).RollbackOnFailure().Wait(TimeSpan.FromMinutes(5)).ReportTo(watch).RunAsync(ct);
    }
    catch (ReleaseFailedException e)
    {
        failure = e;
        Console.WriteLine($"\n{e.Message}");
    }

    await watch.LingerAsync(TimeSpan.FromSeconds(20), ct);
}

Console.WriteLine($"\n{TimelineText.Draw(timeline)}\n{TimelineText.Shares(timeline)}");

IReadOnlyList<Moment> moments = timeline.Moments;
long requests = moments.Sum(m => m.Requests);
facts.Check(requests >= 100_000, $"{requests} requests were sent");
facts.Equal(moments.Sum(m => m.Failed), 0L, "the number of failed requests");
foreach (int weight in arguments.Fail ? weights[..2] : weights)
{
    List<Moment> held = [.. moments.Where(m => m.Held && m.Weight == weight)];
    double share = held.Count == 0 ? 0 : 100.0 * held.Sum(m => m.Answers.GetValueOrDefault("v2")) / held.Sum(m => m.Requests);
    facts.Check(Math.Abs(share - weight) < 1, $"while {weight} % was held, v2 answered {share.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)} %");
}

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

string page = arguments.Page ?? $"canary-{router}{(arguments.Fail ? "-fail" : "")}.html";
await System.IO.File.WriteAllTextAsync(page, TimelinePage.Write(timeline, facts.Lines), ct);
Console.WriteLine($"The timeline is drawn in {page}\n");
return facts.Report();
