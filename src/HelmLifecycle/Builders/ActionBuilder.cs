using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>The calls all verbs share. A builder is immutable: each call returns a new one, so a half-built one may be kept and used again, from many threads.</summary>
/// <typeparam name="TSelf">The builder.</typeparam>
/// <typeparam name="TOptions">What it builds.</typeparam>
public abstract class ActionBuilder<TSelf, TOptions>
    where TSelf : ActionBuilder<TSelf, TOptions>
    where TOptions : ActionOptions
{
    private protected ActionBuilder(ReleaseClient client, TOptions options)
    {
        Client = client;
        Options = options;
    }

    /// <summary>What was built so far.</summary>
    public TOptions Options { get; }

    private protected ReleaseClient Client { get; }

    /// <summary>The same builder with other options.</summary>
    /// <param name="change">Makes new options from the present ones, as <c>o => o with { ... }</c>.</param>
    public TSelf With(Func<TOptions, TOptions> change) => Make(change(Options));

    /// <summary>The release's namespace in place of the client's.</summary>
    public TSelf InNamespace(string ns) => Make(Options with { Namespace = ns });

    /// <summary>The time each wait or hook may take.</summary>
    public TSelf Timeout(TimeSpan timeout) => Make(Options with { Timeout = timeout });

    /// <summary>Only pretends.</summary>
    public TSelf DryRun(DryRun mode = HelmLifecycle.DryRun.Server) => Make(Options with { DryRun = mode });

    /// <summary>Leaves hooks out.</summary>
    public TSelf NoHooks(bool disable = true) => Make(Options with { DisableHooks = disable });

    /// <summary>The description to store.</summary>
    public TSelf Description(string text) => Make(Options with { Description = text });

    /// <summary>Where events go as they happen.</summary>
    public TSelf ReportTo(IProgress<ReleaseEvent> progress) => Make(Options with { Progress = progress });

    private protected abstract TSelf Make(TOptions options);
}

/// <summary>The calls install, upgrade and rollback share.</summary>
public abstract class DeployBuilder<TSelf, TOptions> : ActionBuilder<TSelf, TOptions>
    where TSelf : DeployBuilder<TSelf, TOptions>
    where TOptions : DeployOptions
{
    private protected DeployBuilder(ReleaseClient client, TOptions options)
        : base(client, options)
    {
    }

    /// <summary>Waits until everything is ready, the way of the client's generation of Helm.</summary>
    /// <param name="timeout">The longest wait; null keeps the present one (five minutes).</param>
    public TSelf Wait(TimeSpan? timeout = null) =>
        Make(Options with { Wait = Client.DefaultWait, Timeout = timeout ?? Options.Timeout });

    /// <summary>Waits in a given way.</summary>
    public TSelf Wait(WaitMode strategy) => Make(Options with { Wait = strategy });

    /// <summary>Waits for Jobs to complete as well.</summary>
    public TSelf WaitForJobs(bool wait = true) => Make(Options with { WaitForJobs = wait });

    /// <summary>Server-side apply or client-side patches.</summary>
    public TSelf ServerSide(ServerSideApply mode = ServerSideApply.True) => Make(Options with { ServerSide = mode });

    /// <summary>Takes fields that other managers own.</summary>
    public TSelf ForceConflicts(bool force = true) => Make(Options with { ForceConflicts = force });

    /// <summary>Replaces objects with PUT.</summary>
    public TSelf ForceReplace(bool force = true) => Make(Options with { ForceReplace = force });

    /// <summary>Deletes what this action created when it fails.</summary>
    public TSelf CleanupOnFail(bool cleanup = true) => Make(Options with { CleanupOnFail = cleanup });

    /// <summary>How many revisions are kept; 0 keeps all.</summary>
    public TSelf MaxHistory(int revisions) => Make(Options with { MaxHistory = revisions });

    /// <summary>Objects that may be deleted and created again when an immutable field changed.</summary>
    public TSelf Recreate(RecreatePolicy policy) => Make(Options with { Recreate = policy });

    /// <summary>Objects that may be recreated: kinds (<c>Job</c>) or objects (<c>Service/web</c>), never PersistentVolumeClaims.</summary>
    public TSelf Recreate(params string[] kindsOrObjects) => Make(Options with { Recreate = new RecreatePolicy(kindsOrObjects) });

    /// <summary>How the new revision is brought in.</summary>
    public TSelf Rollout(IRolloutStrategy strategy) => Make(Options with { Rollout = strategy });
}

/// <summary>The calls install, upgrade and template share.</summary>
public abstract class ChartActionBuilder<TSelf, TOptions> : DeployBuilder<TSelf, TOptions>
    where TSelf : ChartActionBuilder<TSelf, TOptions>
    where TOptions : ChartActionOptions
{
    private protected ChartActionBuilder(ReleaseClient client, TOptions options)
        : base(client, options)
    {
    }

    /// <summary>The chart: a folder, an archive or a reference.</summary>
    public TSelf Chart(string path) => Make(Options with { Chart = new ChartSource.Reference(path) });

    /// <summary>The chart, loaded already.</summary>
    public TSelf Chart(Chart chart) => Make(Options with { Chart = new ChartSource.Loaded(chart) });

    /// <summary>The chart from a source.</summary>
    public TSelf Chart(ChartSource source) => Make(Options with { Chart = source });

    /// <summary>Values files, in this order after what was given before.</summary>
    public TSelf Values(params string[] paths) => Add([.. paths.Select(ValuesSource.File)]);

    /// <summary>Values as YAML text.</summary>
    public TSelf ValuesYaml(string yaml) => Add(ValuesSource.Yaml(yaml));

    /// <summary>Values as a map.</summary>
    public TSelf Values(GoMap values) => Add(ValuesSource.Map(values));

    /// <summary>Values as JSON.</summary>
    public TSelf Values(JsonNode values) => Add(ValuesSource.Json(values));

    /// <summary>Values as any object that System.Text.Json can write.</summary>
    public TSelf Values<T>(T values, JsonTypeInfo<T> type) => Add(ValuesSource.Object(values, type));

    /// <summary>Values from any source.</summary>
    public TSelf Values(params ValuesSource[] sources) => Add(sources);

    /// <summary>Helm's <c>--set a.b=c,d[0]=e</c>.</summary>
    public TSelf Set(params string[] expressions) => Add([.. expressions.Select(ValuesSource.Set)]);

    /// <summary>Helm's <c>--set-string</c>: every value a text.</summary>
    public TSelf SetString(params string[] expressions) => Add([.. expressions.Select(ValuesSource.SetString)]);

    /// <summary>Helm's <c>--set-json</c>.</summary>
    public TSelf SetJson(params string[] expressions) => Add([.. expressions.Select(ValuesSource.SetJson)]);

    /// <summary>Helm's <c>--set-file key=path</c>.</summary>
    public TSelf SetFile(params string[] expressions) => Add([.. expressions.Select(ValuesSource.SetFile)]);

    /// <summary>Helm's <c>--set-literal</c>.</summary>
    public TSelf SetLiteral(params string[] expressions) => Add([.. expressions.Select(ValuesSource.SetLiteral)]);

    /// <summary>Adds a label to the record.</summary>
    public TSelf Label(string key, string value) =>
        Make(Options with { Labels = new Dictionary<string, string>(Options.Labels) { [key] = value } });

    /// <summary>Adds a post-renderer.</summary>
    public TSelf PostRender(IPostRenderer renderer) => Make(Options with { PostRenderers = [.. Options.PostRenderers, renderer] });

    /// <summary>What happens to the chart's <c>crds/</c>.</summary>
    public TSelf Crds(CrdPolicy policy) => Make(Options with { Crds = policy });

    /// <summary>Adopts objects of others.</summary>
    public TSelf TakeOwnership(bool take = true) => Make(Options with { TakeOwnership = take });

    /// <summary>Creates the namespace when missing.</summary>
    public TSelf CreateNamespace(bool create = true) => Make(Options with { CreateNamespace = create });

    /// <summary>A failure undoes what was done.</summary>
    public TSelf RollbackOnFailure(bool rollback = true) => Make(Options with { RollbackOnFailure = rollback });

    /// <summary>Leaves Secrets out of what a dry run shows.</summary>
    public TSelf HideSecrets(bool hide = true) => Make(Options with { HideSecrets = hide });

    /// <summary>Does not validate manifests before they are sent.</summary>
    public TSelf DisableOpenApiValidation(bool disable = true) => Make(Options with { DisableOpenApiValidation = disable });

    /// <summary>Does not look at <c>values.schema.json</c>.</summary>
    public TSelf SkipSchemaValidation(bool skip = true) => Make(Options with { SkipSchemaValidation = skip });

    /// <summary>Keeps the notes of subcharts too.</summary>
    public TSelf SubchartNotes(bool keep = true) => Make(Options with { SubchartNotes = keep });

    /// <summary>Lets <c>getHostByName</c> ask DNS.</summary>
    public TSelf EnableDns(bool enable = true) => Make(Options with { EnableDns = enable });

    /// <summary>Fetches missing dependencies before the chart is loaded.</summary>
    public TSelf DependencyUpdate(bool update = true) => Make(Options with { DependencyUpdate = update });

    private TSelf Add(params ValuesSource[] sources) => Make(Options with { Values = [.. Options.Values, .. sources] });
}
