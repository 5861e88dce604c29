using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

/// <summary>The flags that install, upgrade and rollback share.</summary>
internal sealed class DeployFlags
{
    private readonly TextFlag _wait, _dryRun;
    private readonly BoolFlag _waitForJobs, _noHooks, _forceReplace, _force, _forceConflicts, _cleanup;
    private readonly TextFlag _serverSide;
    private readonly DurationFlag _timeout;

    public DeployFlags(Func<Flag, Flag> add, string serverSideDefault)
    {
        T Add<T>(T flag)
            where T : Flag => (T)add(flag);
        _wait = Add(new TextFlag("wait", "wait until resources are ready (up to --timeout). Use '--wait' alone for 'watcher' strategy, or specify one of: 'watcher', 'legacy'", "", typeName: "WaitStrategy", check: CheckWait) { Alone = "watcher" });
        _waitForJobs = Add(BoolFlag.Make("wait-for-jobs", "if set and --wait enabled, will wait until all Jobs have been completed before marking the release as successful. It will wait for as long as --timeout"));
        _timeout = Add(new DurationFlag("timeout", "time to wait for any individual Kubernetes operation (like Jobs for hooks)", TimeSpan.FromMinutes(5)));
        _noHooks = Add(BoolFlag.Make("no-hooks", "prevent hooks from running during the operation"));
        _dryRun = Add(new TextFlag("dry-run", "simulates the operation without persisting changes. Must be one of: \"none\" (default), \"client\", or \"server\"", "none") { Alone = "client" });
        _forceReplace = Add(BoolFlag.Make("force-replace", "force resource updates by replacement"));
        _force = Add(new BoolFlag("force", "force resource updates by replacement") { Alone = "true", IsHidden = true, Deprecated = "use --force-replace instead" });
        _forceConflicts = Add(BoolFlag.Make("force-conflicts", "if set server-side apply will force changes against conflicts"));
        _cleanup = Add(BoolFlag.Make("cleanup-on-fail", "allow deletion of new resources created in this operation when it fails"));
        _serverSide = Add(new TextFlag("server-side", "must be \"true\", \"false\" or \"auto\". Object updates run in the server instead of the client", serverSideDefault, check: t => t is "true" or "false" or "auto" ? null : "must be true, false or auto") { Alone = "true" });
    }

    public DryRun DryRun => DryRunOf(_dryRun);

    public T Apply<T>(T options)
        where T : DeployOptions
    {
        if ((_forceReplace || _force) && _forceConflicts)
            throw new UsageException("if any flags in the group [force-replace force-conflicts] are set none of the others can be; [force-conflicts force-replace] were all set");
        return options with
        {
            Wait = WaitOf(_wait),
            WaitForJobs = _waitForJobs,
            Timeout = _timeout.Value,
            DisableHooks = _noHooks,
            DryRun = DryRun,
            ForceReplace = _forceReplace || _force,
            ForceConflicts = _forceConflicts,
            CleanupOnFail = _cleanup,
            ServerSide = _serverSide.Value switch { "true" => ServerSideApply.True, "false" => ServerSideApply.False, _ => ServerSideApply.Auto },
        };
    }

    public static DryRun DryRunOf(TextFlag flag) => flag.Value switch
    {
        "client" or "true" => DryRun.Client,
        "server" => DryRun.Server,
        "" or "none" or "false" => DryRun.None,
        _ => throw new UsageException($"invalid dry-run value (\"{flag.Value}\"). Must be \"none\", \"server\", or \"client\""),
    };

    public static WaitMode? WaitOf(TextFlag flag) => flag.Value switch
    {
        "watcher" or "true" => WaitMode.Watcher,
        "legacy" => WaitMode.Legacy,
        "false" => WaitMode.HookOnly,
        _ => null,
    };

    public static string? CheckWait(string text) => text is "watcher" or "legacy" or "true" or "false"
        ? null
        : $"invalid wait input \"{text}\". Valid inputs are watcher, and legacy";
}

/// <summary>The flags that install, upgrade and template share about a chart's release.</summary>
internal sealed class ChartActionFlags
{
    private readonly BoolFlag _createNamespace, _atomic, _rollback, _skipCrds, _takeOwnership, _hideSecret, _skipSchema, _noValidation, _subNotes, _dns, _dependencies;
    private readonly TextFlag _description, _postRenderer;
    private readonly ListFlag _labels, _postRendererArgs;

    public ChartActionFlags(Func<Flag, Flag> add)
    {
        T Add<T>(T flag)
            where T : Flag => (T)add(flag);
        _createNamespace = Add(BoolFlag.Make("create-namespace", "create the release namespace if not present"));
        _rollback = Add(BoolFlag.Make("rollback-on-failure", "if set, Helm will rollback (uninstall) the release upon failure. The --wait flag will be defaulted to \"watcher\" if --rollback-on-failure is set"));
        _atomic = Add(new BoolFlag("atomic", "roll back on failure") { Alone = "true", IsHidden = true, Deprecated = "use --rollback-on-failure instead" });
        _skipCrds = Add(BoolFlag.Make("skip-crds", "if set, no CRDs will be installed. By default, CRDs are installed if not already present"));
        _takeOwnership = Add(BoolFlag.Make("take-ownership", "if set, install will ignore the check for helm annotations and take ownership of the resources"));
        _hideSecret = Add(BoolFlag.Make("hide-secret", "hide Kubernetes Secrets when also using the --dry-run flag"));
        _skipSchema = Add(BoolFlag.Make("skip-schema-validation", "if set, disables JSON schema validation"));
        _noValidation = Add(BoolFlag.Make("disable-openapi-validation", "if set, the installation process will not validate rendered templates against the Kubernetes OpenAPI Schema"));
        _subNotes = Add(BoolFlag.Make("render-subchart-notes", "if set, render subchart notes along with the parent"));
        _dns = Add(BoolFlag.Make("enable-dns", "enable DNS lookups when rendering templates"));
        _dependencies = Add(BoolFlag.Make("dependency-update", "update dependencies if they are missing before installing the chart"));
        _description = Add(new TextFlag("description", "add a custom description"));
        _labels = Add(new ListFlag("labels", "Labels that would be added to release metadata. Should be divided by comma.", 'l', splits: true, typeName: "stringToString"));
        _postRenderer = Add(new TextFlag("post-renderer", "the path to an executable to be used for post rendering. If it exists in $PATH, the binary will be used, otherwise it will try to look for the executable at the given path"));
        _postRendererArgs = Add(new ListFlag("post-renderer-args", "an argument to the post-renderer (can specify multiple)"));
    }

    public bool DependencyUpdate => _dependencies;

    public T Apply<T>(T options)
        where T : ChartActionOptions
    {
        var labels = new Dictionary<string, string>();
        foreach (string label in _labels.Values)
        {
            int equals = label.IndexOf('=');
            if (equals < 0)
                throw new UsageException($"invalid argument \"{label}\" for \"-l, --labels\" flag: {label} must be formatted as key=value");
            labels[label[..equals]] = label[(equals + 1)..];
        }

        return options with
        {
            CreateNamespace = _createNamespace,
            RollbackOnFailure = _rollback || _atomic,
            Crds = _skipCrds ? CrdPolicy.Skip : options.Crds,
            TakeOwnership = _takeOwnership,
            HideSecrets = _hideSecret,
            SkipSchemaValidation = _skipSchema,
            DisableOpenApiValidation = _noValidation,
            SubchartNotes = _subNotes,
            EnableDns = _dns,
            DependencyUpdate = _dependencies,
            Description = _description.Value.Length > 0 ? _description.Value : null,
            Labels = labels,
            PostRenderers = _postRenderer.Value.Length > 0 ? [PostRenderer.Program(_postRenderer.Value, [.. _postRendererArgs.Values])] : [],
        };
    }
}
