using HelmLifecycle.Charts;

namespace HelmLifecycle;

/// <summary>What all verbs have in common. Options are immutable; builders make them, <c>with</c> changes them.</summary>
public abstract record ActionOptions
{
    /// <summary>The release's name. May be empty only where an install makes one up.</summary>
    public required string Name { get; init; }

    /// <summary>The release's namespace; null takes the client's.</summary>
    public string? Namespace { get; init; }

    /// <summary>The time each single wait or hook may take (default five minutes), not the whole action, as Helm counts it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether nothing shall be written.</summary>
    public DryRun DryRun { get; init; }

    /// <summary>Whether hooks are left out (<c>--no-hooks</c>).</summary>
    public bool DisableHooks { get; init; }

    /// <summary>The description stored in place of "Install complete" and its like; ignored when the action fails, as in Helm.</summary>
    public string? Description { get; init; }

    /// <summary>Where events go besides <c>StreamAsync</c>.</summary>
    public IProgress<ReleaseEvent>? Progress { get; init; }
}

/// <summary>What install, upgrade and rollback have in common: how objects are written and waited for.</summary>
public abstract record DeployOptions : ActionOptions
{
    /// <summary>What is waited for after the objects are written; null is the default of the action (hooks only).</summary>
    public WaitMode? Wait { get; init; }

    /// <summary>Whether waiting includes the completion of Jobs (<c>--wait-for-jobs</c>); without a wait it does nothing, as in Helm.</summary>
    public bool WaitForJobs { get; init; }

    /// <summary>Server-side apply, client-side patches, or as the record says.</summary>
    public ServerSideApply ServerSide { get; init; }

    /// <summary>Whether fields that other managers own are taken (<c>--force-conflicts</c>); server-side apply only.</summary>
    public bool ForceConflicts { get; init; }

    /// <summary>Whether objects are replaced with PUT (<c>--force</c>, <c>--force-replace</c>); client-side only. Nothing is deleted and recreated by it.</summary>
    public bool ForceReplace { get; init; }

    /// <summary>Whether objects that this action created are deleted when it fails (<c>--cleanup-on-fail</c>); upgrade and rollback.</summary>
    public bool CleanupOnFail { get; init; }

    /// <summary>How many revisions are kept; 0 keeps all. Null: 10 for upgrade and rollback, all for install, as in Helm.</summary>
    public int? MaxHistory { get; init; }

    /// <summary>Objects that may be deleted and created again when an immutable field changed; none by default. Helm never does it.</summary>
    public RecreatePolicy Recreate { get; init; } = RecreatePolicy.Never;

    /// <summary>How the objects of the new revision are brought in; null takes the client's, by default <see cref="RollingApply"/>.</summary>
    public IRolloutStrategy? Rollout { get; init; }
}

/// <summary>What install, upgrade and template have in common: the chart, the values, the rendering.</summary>
public abstract record ChartActionOptions : DeployOptions
{
    /// <summary>The chart: a folder, an archive, a reference to a repository, or one loaded already.</summary>
    public ChartSource? Chart { get; init; }

    /// <summary>The values in the order they were given.</summary>
    public IReadOnlyList<ValuesSource> Values { get; init; } = [];

    /// <summary>Custom labels of the record (<c>--labels</c>); in an upgrade the value "null" removes one.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Programs or code that change the rendered manifests, in order.</summary>
    public IReadOnlyList<IPostRenderer> PostRenderers { get; init; } = [];

    /// <summary>What happens to the chart's <c>crds/</c>.</summary>
    public CrdPolicy Crds { get; init; }

    /// <summary>Whether objects of others are adopted without a look at their ownership (<c>--take-ownership</c>).</summary>
    public bool TakeOwnership { get; init; }

    /// <summary>Whether the namespace is created when missing (<c>--create-namespace</c>).</summary>
    public bool CreateNamespace { get; init; }

    /// <summary>Whether a failure undoes what was done (<c>--atomic</c>, <c>--rollback-on-failure</c>): an install is uninstalled, an upgrade rolled back. Implies waiting.</summary>
    public bool RollbackOnFailure { get; init; }

    /// <summary>Whether Secrets are left out of what a dry run shows (<c>--hide-secret</c>); an error without a dry run.</summary>
    public bool HideSecrets { get; init; }

    /// <summary>Whether manifests are not validated against the API's schema before they are sent.</summary>
    public bool DisableOpenApiValidation { get; init; }

    /// <summary>Whether <c>values.schema.json</c> is not looked at.</summary>
    public bool SkipSchemaValidation { get; init; }

    /// <summary>Whether the notes of subcharts are kept too (<c>--render-subchart-notes</c>).</summary>
    public bool SubchartNotes { get; init; }

    /// <summary>Whether <c>getHostByName</c> may ask DNS.</summary>
    public bool EnableDns { get; init; }

    /// <summary>Whether missing dependencies are fetched before the chart is loaded.</summary>
    public bool DependencyUpdate { get; init; }

    /// <summary>What is waited for, where undoing a failure implies waiting.</summary>
    internal WaitMode? WaitOr(WaitMode implied) => RollbackOnFailure && Wait is (null or WaitMode.HookOnly) ? implied : Wait;
}

/// <summary>Options of an install.</summary>
public sealed record InstallOptions : ChartActionOptions
{
    /// <summary>Whether a name whose last revision is uninstalled or failed is used again (<c>--replace</c>).</summary>
    public bool Replace { get; init; }

    /// <summary>Whether a name is made from the chart's (<c>--generate-name</c>).</summary>
    public bool GenerateName { get; init; }

    /// <summary>A Go template that makes the name (<c>--name-template</c>).</summary>
    public string? NameTemplate { get; init; }
}

/// <summary>Options of an upgrade.</summary>
public sealed record UpgradeOptions : ChartActionOptions
{
    /// <summary>Whether a release that does not exist is installed (<c>--install</c>).</summary>
    public bool Install { get; init; }

    /// <summary>How earlier values count.</summary>
    public ValuesReuse ReuseValues { get; init; }

    /// <summary>Whether pods of changed workloads are deleted (Helm 3's deprecated <c>--recreate-pods</c>).</summary>
    public bool RecreatePods { get; init; }

    /// <summary>Whether the chart and values of the base revision are taken when no chart is given and live objects brought back to it, on the server's side by taking edited fields back.</summary>
    public bool CorrectDrift { get; init; }
}

/// <summary>Options of a rollback.</summary>
public sealed record RollbackOptions : DeployOptions
{
    /// <summary>The revision to go back to; 0 is the one before the last, whatever its status, as in Helm.</summary>
    public int Revision { get; init; }

    /// <summary>Whether, when <see cref="Revision"/> is 0, the newest earlier revision that was once deployed is taken, not just the one before.</summary>
    public bool ToPreviousGood { get; init; }

    /// <summary>Whether pods of changed workloads are deleted (Helm 3's deprecated <c>--recreate-pods</c>).</summary>
    public bool RecreatePods { get; init; }
}

/// <summary>Options of an uninstall.</summary>
public sealed record UninstallOptions : ActionOptions
{
    /// <summary>Whether the records are kept, the last as uninstalled (<c>--keep-history</c>).</summary>
    public bool KeepHistory { get; init; }

    /// <summary>Whether an unknown release is no error (<c>--ignore-not-found</c>).</summary>
    public bool IgnoreNotFound { get; init; }

    /// <summary>How dependents go.</summary>
    public Cascade Cascade { get; init; }

    /// <summary>Whether to wait until the objects are gone; null or <see cref="WaitMode.HookOnly"/>: not.</summary>
    public WaitMode? Wait { get; init; }
}

/// <summary>Options of a test.</summary>
public sealed record TestOptions : ActionOptions
{
    /// <summary>The test hooks to run by name; empty: all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The test hooks not to run by name.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether the logs of the test pods are part of the result.</summary>
    public bool Logs { get; init; }
}

/// <summary>Options of a template: rendering without a release.</summary>
public sealed record TemplateOptions : ChartActionOptions
{
    /// <summary>Whether the CRDs come first in the output (<c>--include-crds</c>).</summary>
    public bool IncludeCrds { get; init; }

    /// <summary>Whether <c>.Release.IsUpgrade</c> is set.</summary>
    public bool IsUpgrade { get; init; }

    /// <summary>Whether the manifests are checked against the cluster (<c>--validate</c>).</summary>
    public bool Validate { get; init; }

    /// <summary>Whether test hooks are left out.</summary>
    public bool SkipTests { get; init; }

    /// <summary>The Kubernetes version to render for; null is Helm's built-in one.</summary>
    public string? KubeVersion { get; init; }

    /// <summary>API versions the cluster is said to have besides the built-in ones.</summary>
    public IReadOnlyList<string> ApiVersions { get; init; } = [];

    /// <summary>Patterns of template paths to show (<c>--show-only</c>); empty: all.</summary>
    public IReadOnlyList<string> ShowOnly { get; init; } = [];
}

/// <summary>Which objects may be deleted and created again when an immutable field changed.</summary>
/// <param name="Allowed">Kinds (<c>Job</c>) or objects (<c>Service/web</c>).</param>
/// <param name="IncludingVolumeClaims">Whether PersistentVolumeClaims may be among them; their data may be lost.</param>
public sealed record RecreatePolicy(IReadOnlyList<string> Allowed, bool IncludingVolumeClaims = false)
{
    /// <summary>No object (Helm's way, default): the error of the API stands.</summary>
    public static RecreatePolicy Never { get; } = new([]);

    /// <summary>Whether an object may be recreated.</summary>
    public bool Allows(string kind, string name) =>
        (kind != "PersistentVolumeClaim" || IncludingVolumeClaims)
        && Allowed.Any(a => a == kind || a == $"{kind}/{name}");
}

/// <summary>Where a chart comes from.</summary>
public abstract record ChartSource
{
    private ChartSource()
    {
    }

    /// <summary>A folder, a <c>.tgz</c>, or a reference that the client's chart resolver understands (<c>oci://…</c>, <c>repo/name</c>).</summary>
    public sealed record Reference(string Path) : ChartSource
    {
        /// <summary>The version or range wanted from a repository; null is the newest stable one.</summary>
        public string? Version { get; init; }

        /// <summary>The address of the repository (<c>--repo</c>).</summary>
        public string? Repository { get; init; }
    }

    /// <summary>A chart loaded already.</summary>
    public sealed record Loaded(Chart Chart) : ChartSource;
}
