using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Installs a chart as the first revision of a release.</summary>
internal sealed class InstallAction
{
    private readonly ActionContext _context;
    private readonly InstallOptions _options;

    public InstallAction(ActionContext context, InstallOptions options)
    {
        _context = context;
        _options = options with { Wait = options.WaitOr(context.Client.DefaultWait) };
    }

    private bool IsDryRun => _options.DryRun != DryRun.None;

    // Helm 4 needs no cluster for a client-side dry run.
    private bool ClientOnly => !_context.Helm3 && _options.DryRun == DryRun.Client;

    public async Task<Release> RunAsync(CancellationToken ct)
    {
        _context.Stage(ReleaseStage.Preparing);
        var input = await StartAsync(ct).ConfigureAwait(false);
        if (!IsDryRun) await CrdsAsync(input, ct).ConfigureAwait(false);
        var prepared = await PrepareAsync(input, ct).ConfigureAwait(false);
        if (IsDryRun) return DryRunResult(prepared);
        return await PerformAsync(prepared, ct).ConfigureAwait(false);
    }

    /// <summary>Works everything out and writes nothing.</summary>
    public async Task<PreparedRelease> PrepareAsync(CancellationToken ct) =>
        await PrepareAsync(await StartAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false);

    private async Task<Input> StartAsync(CancellationToken ct)
    {
        NameRules();
        var (chart, values) = await ChartInput.LoadAsync(_context, _options, ct).ConfigureAwait(false);
        if (_context.Name.Length == 0) _context.Name = GeneratedName(chart);
        if (!ClientOnly) await PhaseAsync("cluster reachability check failed: ", () => _context.ReachAsync(ct)).ConfigureAwait(false);
        if (_options.HideSecrets && !IsDryRun) throw new ReleaseException(_context.Sentence("Hiding Kubernetes secrets requires a dry-run mode"));
        await PhaseAsync("release name check failed: ", () => CheckNameAsync(ct)).ConfigureAwait(false);
        Chart enabled;
        try
        {
            enabled = DependencyResolver.Resolve(chart, values, _context.Warn);
        }
        catch (ValuesException e) when (!_context.Helm3)
        {
            throw new ReleaseException("chart dependencies processing failed: " + e.Message, e);
        }

        return new Input(chart, values, enabled.Crds);
    }

    private void NameRules()
    {
        bool hasName = _context.Name.Length > 0;
        if (_options.GenerateName && hasName) throw new ReleaseException("cannot set --generate-name and also specify a name");
        if (_options.NameTemplate is not null && hasName) throw new ReleaseException("cannot set --name-template and also specify a name");
        if (_options.NameTemplate is { } template)
        {
            _context.Name = GoTemplate.Parse(template, "name-template").WithFunctions(FunctionTable.Sprig).Render();
            return;
        }

        if (!hasName && !_options.GenerateName) throw new ReleaseException("must either provide a name or specify --generate-name");
    }

    private string GeneratedName(Chart chart)
    {
        string from = _options.Chart is ChartSource.Reference reference ? Path.GetFileName(reference.Path.TrimEnd('/', '\\')) : chart.Name;
        if (from is "." or "") from = "chart";
        int dot = from.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0) from = from[..dot];
        return $"{from}-{_context.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
    }

    private async Task CheckNameAsync(CancellationToken ct)
    {
        string name = _context.Name;
        if (!ActionContext.IsValidName(name))
        {
            throw new InvalidReleaseNameException(name,
                $"release name {Go.Quote(name)}: invalid release name, must match regex {ActionContext.NamePattern} and the length must not be longer than 53");
        }

        if (IsDryRun) return;
        Release? last;
        try
        {
            last = await _context.Records.LastAsync(ct).ConfigureAwait(false);
        }
        catch (ReleaseException)
        {
            // Helm takes any error for "no such release"; creating the record will tell.
            return;
        }

        if (_options.Replace && last.Status is (ReleaseStatus.Uninstalled or ReleaseStatus.Failed)) return;
        throw new NameInUseException(name, _context.Helm3 ? "cannot re-use a name that is still in use" : "cannot reuse a name that is still in use");
    }

    private async Task CrdsAsync(Input input, CancellationToken ct)
    {
        if (_options.Crds == CrdPolicy.Skip || input.Crds.Count == 0) return;
        _context.Stage(ReleaseStage.Crds);
        var settings = ApplySettings.For(_context, _options, null) with { ForceConflicts = false, ForceReplace = false };
        await new CrdInstaller(_context, settings).InstallAsync(input.Crds, _options.Crds, ct).ConfigureAwait(false);
    }

    private async Task<PreparedRelease> PrepareAsync(Input input, CancellationToken ct)
    {
        _context.Stage(ReleaseStage.Rendering);
        _context.Revision = 1;
        if (IsDryRun && input.Crds.Count > 0 && _options.Crds != CrdPolicy.Skip)
        {
            _context.Warn("This chart or one of its subcharts contains CRDs. Rendering may fail or contain inaccuracies.");
        }

        string ns = _context.Namespace;
        var capabilities = ClientOnly ? _context.BuiltInCapabilities : await _context.CapabilitiesAsync(ct).ConfigureAwait(false);
        ChartRendering.CheckLabels(_context, _options.Labels);
        var settings = ApplySettings.For(_context, _options, null) with { ThreeWayForCustomResources = _options.TakeOwnership };
        var request = ChartRendering.Request(_context, _options, input.Chart, input.Values, ns, 1, false, capabilities);
        var rendered = await ChartRendering.RenderAsync(_context, request, ct).ConfigureAwait(false);
        var now = _context.Now;
        var target = new Release
        {
            Name = _context.Name,
            Namespace = ns,
            Revision = 1,
            Chart = rendered.Chart,
            Config = input.Values,
            Manifest = rendered.Manifest,
            Hooks = [.. rendered.Hooks.Select(ReleaseHook.From)],
            Labels = _options.Labels,
            ApplyMethod = _context.Helm3 ? ApplyMethod.Unspecified : settings.Method,
            Info = new ReleaseInfo
            {
                FirstDeployed = now,
                LastDeployed = now,
                Status = ReleaseStatus.PendingInstall,
                Description = "Initial install underway",
                Notes = rendered.Notes,
            },
        };
        IReadOnlyList<KubernetesObject> objects = [], adopted = [];
        if (!ClientOnly)
        {
            try
            {
                objects = await ManifestObjects.BuildAsync(_context.Cluster, target.Manifest, ns, !_options.DisableOpenApiValidation, ct).ConfigureAwait(false);
            }
            catch (ReleaseException e)
            {
                throw new ReleaseException("unable to build kubernetes objects from release manifest: " + e.Message, e);
            }

            foreach (var o in objects) Ownership.Stamp(o, target.Name, ns);
            try
            {
                adopted = await Ownership.ExistingAsync(_context.Cluster, objects, target.Name, ns, _options.TakeOwnership, _context.Helm3, ct).ConfigureAwait(false);
            }
            catch (OwnershipException e)
            {
                throw new OwnershipException(_context.Sentence("Unable to continue with install: ") + e.Message);
            }
        }

        return new PreparedRelease
        {
            Context = _context,
            Kind = RolloutKind.Install,
            Options = _options,
            Target = target,
            Rendered = rendered,
            TargetObjects = objects,
            BaseObjects = adopted,
            Adopted = adopted,
            Settings = settings,
            MaxHistory = _options.MaxHistory ?? 0,
        };
    }

    private Release DryRunResult(PreparedRelease prepared) => ChartRendering.Shown(
        prepared.Target with { Info = prepared.Target.Info with { Description = "Dry run complete" } }, _options.HideSecrets);

    /// <summary>Does what was prepared.</summary>
    public async Task<Release> PerformAsync(PreparedRelease prepared, CancellationToken ct)
    {
        if (_options.CreateNamespace) await CreateNamespaceAsync(ct).ConfigureAwait(false);
        var target = prepared.Target;
        if (_options.Replace) target = await ReplaceAsync(target, ct).ConfigureAwait(false);
        _context.Revision = target.Revision;
        var release = await _context.Records.CreateAsync(target, prepared.MaxHistory, ct).ConfigureAwait(false);
        var failure = await DeployAsync(prepared with { Target = release.Value }, release, ct).ConfigureAwait(false);
        if (failure is not null) throw await FailAsync(release, failure).ConfigureAwait(false);

        release.Set(ReleaseStatus.Deployed, string.IsNullOrEmpty(_options.Description) ? "Install complete" : _options.Description);
        using var grace = _context.Grace();
        await _context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
        return release.Value;
    }

    private async Task<DeployFailure?> DeployAsync(PreparedRelease prepared, TrackedRelease release, CancellationToken ct)
    {
        var applier = new ObjectApplier(_context, prepared.Settings);
        var hooks = new HookRunner(_context, ObjectWaiter.For(_context, _options), prepared.Settings.ServerSide);
        string lead = "";
        try
        {
            if (!_options.DisableHooks)
            {
                _context.Stage(ReleaseStage.PreHooks);
                lead = "failed pre-install: ";
                await hooks.RunAsync(release, HookEvent.PreInstall, ct).ConfigureAwait(false);
                lead = "";
            }

            var rollout = _options.Rollout ?? _context.Client.Rollout;
            await rollout.RolloutAsync(new DeployContext(prepared, applier, ObjectWaiter.For(_context, _options)), ct).ConfigureAwait(false);
            if (!_options.DisableHooks)
            {
                _context.Stage(ReleaseStage.PostHooks);
                lead = "failed post-install: ";
                await hooks.RunAsync(release, HookEvent.PostInstall, ct).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception e)
        {
            return await DeployFailure.FromAsync(_context, e, lead, prepared.TargetObjects).ConfigureAwait(false);
        }
    }

    private async Task<Exception> FailAsync(TrackedRelease release, DeployFailure failure)
    {
        release.Set(ReleaseStatus.Failed, $"Release {Go.Quote(release.Value.Name)} failed: {failure.Described}");
        using var grace = _context.Grace(_options.RollbackOnFailure ? _options.Timeout : null);
        if (!_options.RollbackOnFailure)
        {
            await _context.Records.RecordAsync(release, grace.Token).ConfigureAwait(false);
            return failure.ToException(failure.Message, release.Value);
        }

        _context.Stage(ReleaseStage.RollingBack);
        var undo = new UninstallOptions
        {
            Name = _context.Name,
            Namespace = _context.Namespace,
            DisableHooks = _options.DisableHooks,
            Timeout = _options.Timeout,
            Wait = _context.Helm3 ? null : _options.Wait,
            Progress = _options.Progress,
        };
        try
        {
            await new UninstallAction(new ActionContext(_context.Client, undo), undo).RunAsync(grace.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ReleaseException or KubernetesException or OperationCanceledException)
        {
            return failure.ToException(
                $"an error occurred while uninstalling the release. original install error: {failure.Message}: {e.Message}", release.Value);
        }

        string why = _context.Helm3 ? "atomic" : "rollback-on-failure";
        return failure.ToException($"release {_context.Name} failed, and has been uninstalled due to {why} being set: {failure.Message}", release.Value);
    }

    private async Task CreateNamespaceAsync(CancellationToken ct)
    {
        var ns = new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = _context.Namespace, ["labels"] = new JsonObject { ["name"] = _context.Namespace } },
            ["spec"] = new JsonObject(),
            ["status"] = new JsonObject(),
        });
        try
        {
            var settings = ApplySettings.For(_context, _options, null) with { ForceConflicts = false, ForceReplace = false };
            await new ObjectApplier(_context, settings).CreateAsync([ns], ct).ConfigureAwait(false);
        }
        catch (ReleaseException e) when (e.InnerException is KubernetesApiException { IsAlreadyExists: true })
        {
            // There already.
        }
    }

    private async Task<Release> ReplaceAsync(Release target, CancellationToken ct)
    {
        Release last;
        try
        {
            last = await _context.Records.LastAsync(ct).ConfigureAwait(false);
        }
        catch (ReleaseNotFoundException)
        {
            return target;
        }

        // A failed release stays failed; any other is superseded.
        if (last.Status != ReleaseStatus.Failed)
        {
            var old = new TrackedRelease(last);
            old.Set(ReleaseStatus.Superseded, "superseded by new release");
            await _context.Records.UpdateAsync(old, ct).ConfigureAwait(false);
        }

        return target with { Revision = last.Revision + 1 };
    }

    private async Task PhaseAsync(string lead, Func<Task> deed)
    {
        if (_context.Helm3)
        {
            await deed().ConfigureAwait(false);
            return;
        }

        try
        {
            await deed().ConfigureAwait(false);
        }
        catch (NameInUseException e)
        {
            throw new NameInUseException(e.ReleaseName!, lead + e.Message);
        }
        catch (InvalidReleaseNameException e)
        {
            throw new InvalidReleaseNameException(e.ReleaseName!, lead + e.Message);
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException(lead + e.Message, e);
        }
    }

    private sealed record Input(Chart Chart, GoMap Values, IReadOnlyList<CrdFile> Crds);
}
