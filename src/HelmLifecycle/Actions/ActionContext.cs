using System.Text.RegularExpressions;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>What one call of an action works with. Made for the call, gone with it.</summary>
internal sealed partial class ActionContext
{
    public ActionContext(ReleaseClient client, ActionOptions options)
    {
        Client = client;
        Options = options;
        Name = options.Name;
        Namespace = options.Namespace ?? client.Namespace;
        Records = new ReleaseRecords(this);
    }

    public ReleaseClient Client { get; }

    public ActionOptions Options { get; }

    /// <summary>The release's name; an install may make one up.</summary>
    public string Name { get; set; }

    public string Namespace { get; }

    /// <summary>The revision worked on, for events.</summary>
    public int Revision { get; set; }

    public ReleaseRecords Records { get; }

    /// <summary>Texts that came out of encrypted values files, and are not shown.</summary>
    public IReadOnlySet<string> Secrets { get; set; } = new HashSet<string>();

    public TimeProvider Time => Client.Time;

    public bool Helm3 => Client.Generation == HelmGeneration.Helm3;

    /// <summary>Now, with the offset of this machine, as Helm writes it.</summary>
    public ReleaseTime Now => new(Client.Time.GetLocalNow());

    public KubernetesClient Cluster => Client.Cluster ?? throw new ReleaseException("the client has no cluster: give it one with UseCluster");

    public static string NamePattern => @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    public static bool IsValidName(string name) => name.Length is > 0 and <= 53 && NameExpression().IsMatch(name);

    /// <summary>A sentence whose first letter Helm 4 writes small.</summary>
    public string Sentence(string helm3) => Helm3 ? helm3 : char.ToLowerInvariant(helm3[0]) + helm3[1..];

    /// <summary>Asks the cluster for its version, as Helm does before anything else.</summary>
    public async Task ReachAsync(CancellationToken ct)
    {
        if (Client.Cluster is null && Client.Store is not KubernetesRevisionStore) return;
        try
        {
            await Cluster.VersionAsync(ct).ConfigureAwait(false);
        }
        catch (KubernetesException e)
        {
            throw new ReleaseException(Sentence("Kubernetes cluster unreachable: ") + e.Message, e);
        }
    }

    public async Task<Capabilities> CapabilitiesAsync(CancellationToken ct)
    {
        var version = await Cluster.VersionAsync(ct).ConfigureAwait(false);
        return BuiltInCapabilities with
        {
            KubeVersion = new KubeVersion(version.GitVersion, version.Major, version.Minor),
            ApiVersions = await Cluster.Discovery.ApiVersionsAsync(ct).ConfigureAwait(false),
        };
    }

    public Capabilities BuiltInCapabilities => Helm3
        ? Capabilities.Default with { HelmVersion = new HelmVersion("v3.15.4", "", "", "go1.22.6"), KubeVersion = new KubeVersion("v1.30.0", "1", "30") }
        : Capabilities.Default;

    public void Stage(ReleaseStage stage) => Report(new StageStarted(stage));

    public void Warn(string text) => Report(new ReleaseWarning(text));

    public void Report(ReleaseEvent e)
    {
        e = e with { Time = Time.GetUtcNow(), ReleaseName = Name, Namespace = Namespace, Revision = e.Revision == 0 ? Revision : e.Revision };
        EventLog.Write(Client.Logger, e);
        Options.Progress?.Report(e);
    }

    /// <summary>
    /// A token for what must still be done after the caller cancelled. It runs by real time: a virtual clock may jump over the period while the last write is on its way.
    /// </summary>
    public CancellationTokenSource Grace(TimeSpan? more = null) => new(Client.GracePeriod + (more ?? TimeSpan.Zero));

    /// <summary>What the cluster tells about objects that are not ready; null when it tells nothing.</summary>
    public async Task<Diagnosis?> DiagnoseAsync(IEnumerable<KubernetesObject> objects)
    {
        using var grace = Grace();
        try
        {
            var diagnosis = await new Diagnostics(Cluster).ExplainAsync(objects, grace.Token).ConfigureAwait(false);
            return diagnosis.IsHealthy ? null : diagnosis;
        }
        catch (Exception e) when (e is KubernetesException or OperationCanceledException)
        {
            // The evidence is a help, not a duty: the failure itself must be told in any case.
            return null;
        }
    }

    // Only names of 53 characters at most come here, so that going back costs nothing; the engine that never goes back takes long to build.
    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameExpression();
}
