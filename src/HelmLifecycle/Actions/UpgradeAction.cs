using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Upgrades a release to a new revision.</summary>
internal sealed class UpgradeAction
{
    private readonly ActionContext _context;
    private readonly UpgradeOptions _options;

    public UpgradeAction(ActionContext context, UpgradeOptions options)
    {
        _context = context;
        _options = options with { Wait = options.WaitOr(context.Client.DefaultWait) };
    }

    private bool IsDryRun => _options.DryRun != DryRun.None;

    public async Task<Release> RunAsync(CancellationToken ct)
    {
        _context.Stage(ReleaseStage.Preparing);
        if (_options.Install && await InsteadAsync(ct).ConfigureAwait(false) is { } install) return await install.RunAsync(ct).ConfigureAwait(false);
        var prepared = await PrepareCoreAsync(ct, withCrds: !IsDryRun).ConfigureAwait(false);
        if (IsDryRun)
        {
            string description = string.IsNullOrEmpty(_options.Description) ? "Dry run complete" : _options.Description;
            return ChartRendering.Shown(prepared.Target with { Info = prepared.Target.Info with { Description = description } }, _options.HideSecrets);
        }

        return await PerformAsync(prepared, ct).ConfigureAwait(false);
    }

    /// <summary>Works everything out and writes nothing; for a release that does not exist, with <c>--install</c>, the install.</summary>
    public async Task<PreparedRelease> PrepareAsync(CancellationToken ct) =>
        _options.Install && await InsteadAsync(ct).ConfigureAwait(false) is { } install
            ? await install.PrepareAsync(ct).ConfigureAwait(false)
            : await PrepareCoreAsync(ct).ConfigureAwait(false);

    /// <summary>The install that takes this upgrade's place; null when there is a release to upgrade.</summary>
    private async Task<InstallAction?> InsteadAsync(CancellationToken ct)
    {
        await _context.ReachAsync(ct).ConfigureAwait(false);
        if (!ActionContext.IsValidName(_context.Name)) throw new InvalidReleaseNameException(_context.Name, $"release name is invalid: {_context.Name}");
        bool replace = false;
        try
        {
            var history = await _context.Records.HistoryAsync(ct).ConfigureAwait(false);
            var last = _context.Records.Last(history);
            if (last?.Status != ReleaseStatus.Uninstalled) return null;
            replace = true;
        }
        catch (ReleaseNotFoundException)
        {
            // The common case: the first revision is to be made.
        }

        var install = new InstallOptions
        {
            Name = _options.Name,
            Namespace = _options.Namespace,
            Timeout = _options.Timeout,
            DryRun = _options.DryRun,
            DisableHooks = _options.DisableHooks,
            Description = _options.Description,
            Progress = _options.Progress,
            Wait = _options.Wait,
            WaitForJobs = _options.WaitForJobs,
            ServerSide = _options.ServerSide == ServerSideApply.False ? ServerSideApply.False : ServerSideApply.Auto,
            ForceConflicts = _options.ForceConflicts,
            Rollout = _options.Rollout,
            Recreate = _options.Recreate,
            Chart = _options.Chart,
            Values = _options.Values,
            Labels = _options.Labels,
            PostRenderers = _options.PostRenderers,
            Crds = _options.Crds,
            TakeOwnership = _options.TakeOwnership,
            CreateNamespace = _options.CreateNamespace,
            RollbackOnFailure = _options.RollbackOnFailure,
            HideSecrets = _options.HideSecrets,
            DisableOpenApiValidation = _options.DisableOpenApiValidation,
            SkipSchemaValidation = _options.SkipSchemaValidation,
            SubchartNotes = _options.SubchartNotes,
            EnableDns = _options.EnableDns,
            DependencyUpdate = _options.DependencyUpdate,
            Replace = replace,
        };
        return new InstallAction(new ActionContext(_context.Client, install), install);
    }

    // Objects of a kind that the chart brings along can be prepared only when the kind is there.
    private async Task<PreparedRelease> PrepareCoreAsync(CancellationToken ct, bool withCrds = false)
    {
        var input = _options.CorrectDrift && _options.Chart is null ? default : await ChartInput.LoadAsync(_context, _options, ct).ConfigureAwait(false);
        await _context.ReachAsync(ct).ConfigureAwait(false);
        if (!ActionContext.IsValidName(_context.Name)) throw new InvalidReleaseNameException(_context.Name, $"release name is invalid: {_context.Name}");
        if (_options.HideSecrets && !IsDryRun) throw new ReleaseException(_context.Sentence("Hiding Kubernetes secrets requires a dry-run mode"));
        var (last, origin) = await BaseAsync(ct).ConfigureAwait(false);
        _context.Revision = last.Revision + 1;
        var settings = ApplySettings.For(_context, _options, last.ApplyMethod);
        settings = settings with
        {
            MigrateManagers = settings.ServerSide && origin.ApplyMethod != ApplyMethod.ServerSide,
            ThreeWayForCustomResources = _options.TakeOwnership,
        };
        RenderedChart? rendered = null;
        Release target;
        if (input.Chart is null) target = Next(last, origin, settings) with { StoredChart = origin.StoredChart, Config = origin.Config, Manifest = origin.Manifest, Hooks = origin.Hooks };
        else
        {
            _context.Stage(ReleaseStage.Rendering);
            var (chart, values) = Reuse(input.Chart, input.Values, origin);
            if (withCrds) await CrdsAsync(DependencyResolver.Resolve(chart, values, _context.Warn).Crds, settings, ct).ConfigureAwait(false);
            var capabilities = await _context.CapabilitiesAsync(ct).ConfigureAwait(false);
            var request = ChartRendering.Request(_context, _options, chart, values, origin.Namespace, last.Revision + 1, true, capabilities);
            if (!_context.Helm3 && _options.ReuseValues is (ValuesReuse.Reuse or ValuesReuse.ResetThenReuse)) origin = WithNulls(origin, input.Values);
            rendered = await ChartRendering.RenderAsync(_context, request, ct).ConfigureAwait(false);
            target = Next(last, origin, settings) with
            {
                Chart = rendered.Chart,
                Config = values,
                Manifest = rendered.Manifest,
                Hooks = [.. rendered.Hooks.Select(ReleaseHook.From)],
            };
            target = target with { Info = target.Info with { Notes = rendered.Notes } };
        }

        ChartRendering.CheckLabels(_context, _options.Labels);
        var objects = await ManifestObjects.BuildAsync(
            _context.Cluster, target.Manifest, _context.Namespace, !_options.DisableOpenApiValidation, ct).ConfigureAwait(false);
        var before = await CurrentObjects.OfBaseAsync(_context, origin, ct).ConfigureAwait(false);
        foreach (var o in objects) Ownership.Stamp(o, target.Name, target.Namespace);
        var known = before.Select(Key).ToHashSet();
        IReadOnlyList<KubernetesObject> adopted;
        try
        {
            adopted = await Ownership.ExistingAsync(
                _context.Cluster, objects.Where(o => !known.Contains(Key(o))), target.Name, target.Namespace, _options.TakeOwnership, _context.Helm3, ct)
                .ConfigureAwait(false);
        }
        catch (OwnershipException e)
        {
            throw new OwnershipException(_context.Sentence("Unable to continue with update: ") + e.Message);
        }

        return new PreparedRelease
        {
            Context = _context,
            Kind = RolloutKind.Upgrade,
            Options = _options,
            Last = last,
            Base = origin,
            Target = target,
            Rendered = rendered,
            BaseObjects = [.. before, .. adopted],
            TargetObjects = objects,
            Adopted = adopted,
            Settings = settings,
            MaxHistory = _options.MaxHistory ?? _context.Client.MaxHistory,
            CrdsAreThere = withCrds,
        };
    }

    private async Task CrdsAsync(IReadOnlyList<CrdFile> crds, ApplySettings settings, CancellationToken ct)
    {
        if (_options.Crds != CrdPolicy.CreateReplace || crds.Count == 0) return;
        _context.Stage(ReleaseStage.Crds);
        await new CrdInstaller(_context, settings).InstallAsync(crds, CrdPolicy.CreateReplace, ct).ConfigureAwait(false);
    }

    private static (string, string, string?, string) Key(KubernetesObject o) => (o.ApiVersion, o.Kind, o.Namespace, o.Name);

    private async Task<(Release Last, Release Base)> BaseAsync(CancellationToken ct)
    {
        Release last;
        try
        {
            last = await _context.Records.LastAsync(ct).ConfigureAwait(false);
        }
        catch (ReleaseNotFoundException)
        {
            throw new NoDeployedReleaseException(_context.Name);
        }

        if (last.Status.IsPending()) throw new ReleaseInProgressException(_context.Name, last.Status);
        if (last.Status == ReleaseStatus.Deployed) return (last, last);
        var deployed = await _context.Records.DeployedAsync(ct).ConfigureAwait(false);
        if (deployed.Count > 0) return (last, deployed[^1]);
        return last.Status is ReleaseStatus.Failed or ReleaseStatus.Superseded ? (last, last) : throw new NoDeployedReleaseException(_context.Name);
    }

    private (Chart Chart, GoMap Values) Reuse(Chart chart, GoMap values, Release origin)
    {
        switch (_options.ReuseValues)
        {
            case ValuesReuse.Reset:
                return (chart, values);
            case ValuesReuse.Reuse:
                GoMap old;
                try
                {
                    old = ChartValues.Coalesce(origin.Chart, origin.Config, _context.Warn);
                }
                catch (ValuesException e)
                {
                    throw new ReleaseException("failed to rebuild old values: " + e.Message, e);
                }

                return (WithValues(chart, old), ChartValues.CoalesceTables(values, origin.Config, _context.Warn));
            case ValuesReuse.ResetThenReuse:
                return (chart, ChartValues.CoalesceTables(values, origin.Config, _context.Warn));
            default:
                return (chart, values.Count == 0 && origin.Config.Count > 0 ? origin.Config : values);
        }
    }

    // Helm 4.0 merges into the base's own values: a null given now stands in the base's record when it is written again.
    private static Release WithNulls(Release origin, GoMap given)
    {
        var config = origin.Config.DeepCopy();
        return Mark(given, config, 0) ? origin with { Config = config } : origin;

        static bool Mark(GoMap given, GoMap old, int depth)
        {
            bool marked = false;
            foreach (var (key, value) in given)
            {
                if (value.IsNil)
                {
                    old[key] = GoValue.Nil;
                    marked = true;
                }
                else if (depth < 256 && value.AsMap is { } table && old.TryGetMap(key, out var oldTable))
                {
                    marked |= Mark(table, oldTable, depth + 1);
                }
            }

            return marked;
        }
    }

    private static Chart WithValues(Chart chart, GoMap values) => new()
    {
        Metadata = chart.Metadata,
        Lock = chart.Lock,
        Templates = chart.Templates,
        Files = chart.Files,
        Raw = chart.Raw,
        Values = values,
        Schema = chart.Schema,
        Dependencies = chart.Dependencies,
    };

    private Release Next(Release last, Release origin, ApplySettings settings) => new()
    {
        Name = _context.Name,
        Namespace = origin.Namespace,
        Revision = last.Revision + 1,
        // The labels of the last revision go on, Helm's own time stamps among them.
        Labels = Merge(last.Labels, _options.Labels),
        SystemLabels = last.SystemLabels,
        ApplyMethod = _context.Helm3 ? ApplyMethod.Unspecified : settings.Method,
        Info = new ReleaseInfo
        {
            FirstDeployed = origin.Info.FirstDeployed,
            LastDeployed = _context.Now,
            Status = ReleaseStatus.PendingUpgrade,
            Description = "Preparing upgrade",
        },
    };

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> given)
    {
        var labels = new Dictionary<string, string>(old, StringComparer.Ordinal);
        foreach (var (key, value) in given) labels[key] = value;
        foreach (string key in labels.Where(l => l.Value == "null").Select(l => l.Key).ToList()) labels.Remove(key);
        return labels;
    }

    /// <summary>Does what was prepared.</summary>
    public async Task<Release> PerformAsync(PreparedRelease prepared, CancellationToken ct)
    {
        if (prepared.Kind == RolloutKind.Install && prepared.Options is InstallOptions install)
        {
            return await new InstallAction(prepared.Context, install).PerformAsync(prepared, ct).ConfigureAwait(false);
        }

        _context.Revision = prepared.Target.Revision;
        var release = await _context.Records.CreateAsync(prepared.Target, prepared.MaxHistory, ct).ConfigureAwait(false);
        return await FinishAsync(prepared with { Target = release.Value }, release, resumed: false, ct).ConfigureAwait(false);
    }

    /// <summary>Goes on with an upgrade whose record is pending since its process died during the rollout. The hooks before it have run.</summary>
    public Task<Release> ResumeAsync(PreparedRelease prepared, CancellationToken ct)
    {
        _context.Revision = prepared.Target.Revision;
        return FinishAsync(prepared, new TrackedRelease(prepared.Target), resumed: true, ct);
    }

    private async Task<Release> FinishAsync(PreparedRelease prepared, TrackedRelease release, bool resumed, CancellationToken ct)
    {
        var origin = new TrackedRelease(prepared.Base!);
        var applier = new ObjectApplier(_context, prepared.Settings);
        var (failure, applied) = await DeployAsync(prepared, release, applier, resumed, ct).ConfigureAwait(false);
        using var grace = _context.Grace();
        if (failure is not null)
        {
            // Records and objects are the other process's now.
            if (failure.Cause is RolloutTakenOverException) throw failure.ToException(failure.Message, release.Value);
            if (applied && !failure.IsCancelled) await _context.Records.RecordAsync(origin, grace.Token).ConfigureAwait(false);
            throw await FailAsync(release, applier, failure).ConfigureAwait(false);
        }

        origin.Set(ReleaseStatus.Superseded);
        await _context.Records.RecordAsync(origin, grace.Token).ConfigureAwait(false);
        release.Set(ReleaseStatus.Deployed, string.IsNullOrEmpty(_options.Description) ? "Upgrade complete" : _options.Description);
        await _context.Records.UpdateAsync(release, grace.Token).ConfigureAwait(false);
        return release.Value;
    }

    // Tells besides the failure whether it came from applying or waiting, after which Helm writes the base once more.
    private async Task<(DeployFailure? Failure, bool Applied)> DeployAsync(
        PreparedRelease prepared, TrackedRelease release, ObjectApplier applier, bool resumed, CancellationToken ct)
    {
        var hooks = new HookRunner(_context, ObjectWaiter.For(_context, _options), prepared.Settings.ServerSide);
        string lead = "";
        try
        {
            if (!_options.DisableHooks && !resumed)
            {
                _context.Stage(ReleaseStage.PreHooks);
                lead = "pre-upgrade hooks failed: ";
                await hooks.RunAsync(release, HookEvent.PreUpgrade, ct).ConfigureAwait(false);
                lead = "";
            }

            if (!prepared.CrdsAreThere) await CrdsAsync(prepared.Rendered?.Crds ?? [], prepared.Settings, ct).ConfigureAwait(false);
            var rollout = _options.Rollout ?? _context.Client.Rollout;
            var recreate = _options.RecreatePods ? new PodRecreator(_context, applier) : null;
            await rollout.RolloutAsync(new DeployContext(prepared, applier, ObjectWaiter.For(_context, _options)) { AfterApply = recreate }, ct).ConfigureAwait(false);
            if (!_options.DisableHooks)
            {
                _context.Stage(ReleaseStage.PostHooks);
                lead = "post-upgrade hooks failed: ";
                await hooks.RunAsync(release, HookEvent.PostUpgrade, ct).ConfigureAwait(false);
            }

            return (null, true);
        }
        catch (Exception e)
        {
            return (await DeployFailure.FromAsync(_context, e, lead, prepared.TargetObjects).ConfigureAwait(false), lead.Length == 0);
        }
    }

    private async Task<Exception> FailAsync(TrackedRelease release, ObjectApplier applier, DeployFailure failure)
    {
        using var grace = _context.Grace(_options.RollbackOnFailure ? 2 * _options.Timeout : null);
        release.Set(ReleaseStatus.Failed, $"Upgrade {Go.Quote(release.Value.Name)} failed: {failure.Described}");
        await _context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
        if (_options.CleanupOnFail && applier.Created.Count > 0)
        {
            var errors = await applier.DeleteAsync(applier.Created, DeletePropagation.Background, grace.Token).ConfigureAwait(false);
            if (errors.Count > 0)
            {
                return failure.ToException(
                    $"an error occurred while cleaning up resources. original upgrade error: {failure.Message}: unable to cleanup resources: "
                    + string.Join(", ", errors.Select(e => e.Message)),
                    release.Value);
            }
        }

        return _options.RollbackOnFailure
            ? await RollBackAsync(release.Value, failure, grace.Token).ConfigureAwait(false)
            : failure.ToException(failure.Message, release.Value);
    }

    private async Task<Exception> RollBackAsync(Release release, DeployFailure failure, CancellationToken ct)
    {
        _context.Stage(ReleaseStage.RollingBack);
        try
        {
            var history = await _context.Records.HistoryAsync(ct).ConfigureAwait(false);
            var good = history.Reverse().Select(_context.Records.TryRead).FirstOrDefault(r => r?.Status is ReleaseStatus.Superseded or ReleaseStatus.Deployed);
            if (good is null)
            {
                return failure.ToException(
                    $"unable to find a previously successful release when attempting to rollback. original upgrade error: {failure.Message}", release);
            }

            var options = new RollbackOptions
            {
                Name = _context.Name,
                Namespace = _context.Namespace,
                Revision = good.Revision,
                Wait = _options.Wait is null or WaitMode.HookOnly ? _context.Client.DefaultWait : _options.Wait,
                WaitForJobs = _options.WaitForJobs,
                DisableHooks = _options.DisableHooks,
                RecreatePods = _options.RecreatePods,
                ForceReplace = _options.ForceReplace,
                ForceConflicts = _options.ForceConflicts,
                ServerSide = _options.ServerSide,
                Timeout = _options.Timeout,
                Progress = _options.Progress,
                MaxHistory = 0,
                // Helm knows no such failure; what led back is told where it is looked for.
                Description = failure.Cause is AnalysisFailedException or RolloutAbortedException ? $"Rollback to {good.Revision}: {failure.Message}" : null,
            };
            var back = await new RollbackAction(new ActionContext(_context.Client, options), options).RunAsync(ct).ConfigureAwait(false);
            string why = _context.Helm3 ? "atomic" : "rollback-on-failure";
            return failure.ToException($"release {release.Name} failed, and has been rolled back due to {why} being set: {failure.Message}", release, back);
        }
        catch (Exception e) when (e is ReleaseException or KubernetesException or OperationCanceledException)
        {
            return failure.ToException(
                $"an error occurred while rolling back the release. original upgrade error: {failure.Message}: {e.Message}", release);
        }
    }
}
