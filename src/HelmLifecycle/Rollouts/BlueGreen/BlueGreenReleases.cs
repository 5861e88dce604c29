using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Blue-green with two releases of one chart and one Service in front of them, which belongs to neither: the idle release takes the new version and is checked, then the Service's selector is
/// switched to it in one patch. The other release stays as it was, for the way back. Holds no state: which colour is active stands in the Service.
/// </summary>
public sealed class BlueGreenReleases
{
    private static readonly GroupVersionKind s_service = new("", "v1", "Service");
    private readonly ReleaseClient _client;
    private readonly KubernetesClient _cluster;
    private readonly string _service;

    /// <summary>Makes it.</summary>
    /// <param name="client">The client, in the namespace of releases and Service.</param>
    /// <param name="service">The Service users ask.</param>
    /// <param name="blue">One release.</param>
    /// <param name="green">The other.</param>
    /// <exception cref="ReleaseException">The client has no cluster.</exception>
    public BlueGreenReleases(ReleaseClient client, string service, string blue, string green)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(service);
        _client = client;
        _cluster = client.Cluster ?? throw new ReleaseException("the client has no cluster: give it one with UseCluster");
        _service = service;
        Blue = blue;
        Green = green;
    }

    /// <summary>One release.</summary>
    public string Blue { get; }

    /// <summary>The other.</summary>
    public string Green { get; }

    /// <summary>The label in the Service's selector whose value is the active release's name. Default: <c>app.kubernetes.io/instance</c>.</summary>
    public string SelectorLabel { get; init; } = "app.kubernetes.io/instance";

    /// <summary>Run in order against the idle release before the switch.</summary>
    public IReadOnlyList<IRolloutAnalysis> Checks { get; init; } = [];

    /// <summary>The Service that only the idle release answers, for the checks; null takes a Service of the release's own name.</summary>
    public Func<string, string>? PreviewService { get; init; }

    /// <summary>The release that gets the requests.</summary>
    /// <exception cref="ReleaseException">The Service selects neither.</exception>
    public async Task<string> ActiveAsync(CancellationToken ct = default)
    {
        var service = await _cluster.GetAsync(s_service, _client.Namespace, _service, ct).ConfigureAwait(false);
        string? active = service.Spec?["selector"]?[SelectorLabel]?.ToString();
        return active == Blue || active == Green ? active
            : throw new ReleaseException($"Service {Go.Quote(_service)} selects neither {Blue} nor {Green} by the label {SelectorLabel}");
    }

    /// <summary>Installs or upgrades the idle release, waits for it, checks it, and switches the Service to it.</summary>
    /// <param name="configure">Sets chart and values.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The revision that gets the requests now.</returns>
    /// <exception cref="RolloutAbortedException">A check did not succeed; the Service was not touched.</exception>
    public async Task<Release> DeployAsync(Func<UpgradeBuilder, UpgradeBuilder> configure, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        string active = await ActiveAsync(ct).ConfigureAwait(false), idle = Other(active);
        var release = await configure(_client.Upgrade(idle)).With(o => o with { Install = true, Wait = o.Wait is null or WaitMode.HookOnly ? _client.DefaultWait : o.Wait })
            .RunAsync(ct).ConfigureAwait(false);
        var context = new AnalysisContext
        {
            Cluster = _cluster,
            Namespace = _client.Namespace,
            Target = release,
            StableService = _service,
            CanaryService = PreviewService?.Invoke(idle) ?? idle,
            Time = _client.Time,
        };
        foreach (var check in Checks)
        {
            var result = await AnalysisRun.RunAsync([check], AnalysisOptions.Default, context, null, ct).ConfigureAwait(false);
            if (result.Outcome != AnalysisOutcome.Successful) throw new RolloutAbortedException($"{idle} was not made active: {result.Message}");
        }

        await SwitchAsync(idle, ct).ConfigureAwait(false);
        return release;
    }

    /// <summary>Switches the Service to the other release, in one patch.</summary>
    /// <returns>The release that gets the requests now.</returns>
    /// <exception cref="ReleaseException">The Service selects neither, or the other release was never installed.</exception>
    public async Task<string> SwitchBackAsync(CancellationToken ct = default)
    {
        string other = Other(await ActiveAsync(ct).ConfigureAwait(false));
        await _client.GetAsync(other, ct: ct).ConfigureAwait(false);
        await SwitchAsync(other, ct).ConfigureAwait(false);
        return other;
    }

    private string Other(string active) => active == Blue ? Green : Blue;

    private Task SwitchAsync(string release, CancellationToken ct) => _cluster.PatchAsync(
        s_service,
        _client.Namespace,
        _service,
        new PatchBody(PatchType.Merge, new JsonObject { ["spec"] = new JsonObject { ["selector"] = new JsonObject { [SelectorLabel] = release } } }),
        null,
        ct);
}
