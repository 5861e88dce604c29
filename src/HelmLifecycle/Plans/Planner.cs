using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Makes plans of what actions have prepared.</summary>
internal sealed class Planner(ReleaseClient client)
{
    public async Task<Plan> InstallAsync(InstallOptions options, CancellationToken ct)
    {
        var context = new ActionContext(client, options);
        PreparedRelease prepared = await new InstallAction(context, options).PrepareAsync(ct).ConfigureAwait(false);
        return await PlanAsync("install", prepared, options, (p, o) => new InstallAction(p.Context, o).PerformAsync, ct).ConfigureAwait(false);
    }

    public async Task<Plan> UpgradeAsync(UpgradeOptions options, CancellationToken ct)
    {
        var context = new ActionContext(client, options);
        PreparedRelease prepared = await new UpgradeAction(context, options).PrepareAsync(ct).ConfigureAwait(false);
        string verb = prepared.Kind == RolloutKind.Install ? "install" : "upgrade";
        return await PlanAsync(verb, prepared, options, (p, o) => new UpgradeAction(p.Context, o).PerformAsync, ct).ConfigureAwait(false);
    }

    public async Task<Plan> RollbackAsync(RollbackOptions options, CancellationToken ct)
    {
        var context = new ActionContext(client, options);
        PreparedRelease prepared = await new RollbackAction(context, options).PrepareAsync(ct).ConfigureAwait(false);
        return await PlanAsync("rollback", prepared, options, (p, o) => new RollbackAction(p.Context, o).PerformAsync, ct).ConfigureAwait(false);
    }

    public async Task<Plan> UninstallAsync(UninstallOptions options, CancellationToken ct)
    {
        var context = new ActionContext(client, options);
        await context.ReachAsync(ct).ConfigureAwait(false);
        Release last = await context.Records.LastAsync(ct).ConfigureAwait(false);
        IReadOnlyList<PlanDocument> documents = PlanDocument.Read(last.Manifest);
        ManifestDiff diff = ManifestDiff.Between(documents, [], showSecrets: false);
        return new Plan
        {
            Action = "uninstall",
            ReleaseName = last.Name,
            Namespace = last.Namespace,
            FromRevision = last.Revision,
            Diff = diff,
            Hooks = Hooks(last.Hooks, options.DisableHooks, HookEvent.PreDelete, HookEvent.PostDelete),
            Impact = new ResourceImpact(ResourceTotals.Of(last.Manifest), ResourceTotals.Zero),
            Warnings = [.. documents.SelectMany(d => PlanRules.For(d, null, [], null, false))],
            Apply = options.DryRun != DryRun.None ? null : async (progress, token) =>
            {
                await CheckRevisionAsync(context, last, token).ConfigureAwait(false);
                return (await client.RunUninstallAsync(options with { Progress = progress ?? options.Progress }, token).ConfigureAwait(false)).Release;
            },
        };
    }

    private async Task<Plan> PlanAsync<TOptions>(
        string verb,
        PreparedRelease prepared,
        TOptions options,
        Func<PreparedRelease, TOptions, Func<PreparedRelease, CancellationToken, Task<Release>>> perform,
        CancellationToken ct)
        where TOptions : DeployOptions
    {
        Release target = prepared.Target;
        Release? from = prepared.Base ?? prepared.Last;
        IReadOnlyList<PlanDocument> before = PlanDocument.Read(from?.Manifest ?? ""), after = PlanDocument.Read(target.Manifest);
        LiveChanges? live = null;
        ManifestDiff diff;
        if (client.Cluster is { } cluster && options.DryRun != DryRun.Client)
        {
            live = new LiveChanges(cluster, prepared.Settings, showSecrets: false);
            diff = await live.CompareAsync(prepared.BaseObjects, prepared.TargetObjects, Sources(prepared, before, after), ct).ConfigureAwait(false);
        }
        else
        {
            diff = ManifestDiff.Between(before, after, showSecrets: false);
        }

        HookEvent[] events = verb switch
        {
            "install" => [HookEvent.PreInstall, HookEvent.PostInstall],
            "rollback" => [HookEvent.PreRollback, HookEvent.PostRollback],
            _ => [HookEvent.PreUpgrade, HookEvent.PostUpgrade],
        };
        var plan = new Plan
        {
            Action = verb,
            ReleaseName = target.Name,
            Namespace = target.Namespace,
            FromRevision = from?.Revision ?? 0,
            ToRevision = target.Revision,
            Values = Values(from, target),
            Diff = diff,
            Hooks = Hooks(target.Hooks, options.DisableHooks, events),
            Impact = new ResourceImpact(ResourceTotals.Of(from?.Manifest ?? ""), ResourceTotals.Of(target.Manifest)),
            Warnings = await WarningsAsync(diff, before, after, prepared.Settings.Recreate, ct).ConfigureAwait(false),
            Notes = target.Notes,
            IsExact = live is not null,
            Apply = options.DryRun != DryRun.None ? null : ApplyAsync,
        };
        return PlanSecrets.Hide(plan, prepared.Context.Secrets);

        async Task<Release?> ApplyAsync(IProgress<ReleaseEvent>? progress, CancellationToken token)
        {
            TOptions current = progress is null ? options : options with { Progress = progress };
            var context = new ActionContext(client, current) { Name = prepared.Context.Name, Revision = target.Revision };
            Release release = await client.LeasedAsync(context, async held =>
            {
                await CheckRevisionAsync(context, prepared.Last, held).ConfigureAwait(false);
                if (live is not null)
                    await CheckObjectsAsync(prepared, live.Fingerprints, held).ConfigureAwait(false);
                PreparedRelease again = prepared with { Context = context, Target = target with { Info = target.Info with { LastDeployed = context.Now } } };
                return await perform(again, current)(again, held).ConfigureAwait(false);
            }, token).ConfigureAwait(false);
            context.Report(new ReleaseCompleted(release));
            return release;
        }
    }

    private async Task CheckObjectsAsync(PreparedRelease prepared, IReadOnlyDictionary<string, string> fingerprints, CancellationToken ct)
    {
        foreach (KubernetesObject o in prepared.TargetObjects.Concat(prepared.BaseObjects).DistinctBy(LiveChanges.Key))
        {
            if (!fingerprints.TryGetValue(LiveChanges.Key(o), out string? seen))
                continue;
            KubernetesObject? live;
            try
            {
                live = await client.Cluster!.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
            }
            catch (NoMatchException)
            {
                live = null;
            }

            if (LiveChanges.Fingerprint(live) != seen)
                throw new PlanOutdatedException($"{o.Kind}/{o.Name} has changed since the plan was made: make a new plan") { ReleaseName = prepared.Target.Name };
        }
    }

    private static async Task CheckRevisionAsync(ActionContext context, Release? last, CancellationToken ct)
    {
        Release? now;
        try
        {
            now = await context.Records.LastAsync(ct).ConfigureAwait(false);
        }
        catch (ReleaseNotFoundException)
        {
            now = null;
        }

        if (now?.Revision != last?.Revision || now?.Status != last?.Status)
        {
            throw new PlanOutdatedException(
                $"{context.Name} has changed since the plan was made: it was at revision {last?.Revision ?? 0} and is at {now?.Revision ?? 0}: make a new plan")
            {
                ReleaseName = context.Name,
            };
        }
    }

    private async Task<IReadOnlyList<PlanWarning>> WarningsAsync(
        ManifestDiff diff, IReadOnlyList<PlanDocument> before, IReadOnlyList<PlanDocument> after, RecreatePolicy recreate, CancellationToken ct)
    {
        KubeVersion? version = null;
        if (client.Cluster is { } cluster)
        {
            ServerVersion server = await cluster.VersionAsync(ct).ConfigureAwait(false);
            version = new KubeVersion(server.GitVersion, server.Major, server.Minor);
        }

        var warnings = new List<PlanWarning>(diff.Resources.SelectMany(r => r.Warnings));
        foreach (PlanDocument document in after)
        {
            PlanDocument? old = before.FirstOrDefault(b => b.Key == document.Key);
            bool recreated = diff.Resources.Any(r => r.Action == ResourceAction.Recreated && r.Title == $"{document.Object.Kind}/{document.Object.Name}");
            bool told = warnings.Exists(w => w.Kind == PlanWarningKind.Refused && w.Object == $"{document.Object.Kind}/{document.Object.Name}");
            bool allowed = recreated || recreate.Allows(document.Object.Kind, document.Object.Name);
            warnings.AddRange(PlanRules.For(old, document, after, version, allowed && recreated).Where(w => !told || w.Kind != PlanWarningKind.ImmutableField));
        }

        foreach (PlanDocument gone in before.Where(b => after.All(a => a.Key != b.Key)))
            warnings.AddRange(PlanRules.For(gone, null, after, version, false));
        return warnings;
    }

    private static Dictionary<string, string> Sources(PreparedRelease prepared, IReadOnlyList<PlanDocument> before, IReadOnlyList<PlanDocument> after)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (KubernetesObject o in prepared.TargetObjects.Concat(prepared.BaseObjects))
        {
            PlanDocument? document = after.Concat(before).FirstOrDefault(d => d.Object.Kind == o.Kind && d.Object.Name == o.Name && d.Object.Gvk == o.Gvk);
            if (document is not null)
                sources[LiveChanges.Key(o)] = document.Path;
        }

        return sources;
    }

    internal static IReadOnlyList<FieldChange> Values(Release? from, Release? to)
    {
        (JsonNode? before, JsonNode? after) = SecretMask.Values(Effective(from), Effective(to));
        return FieldDiff.Compare(before ?? new JsonObject(), after ?? new JsonObject());
    }

    private static JsonNode? Effective(Release? release) =>
        release is null ? null : JsonNode.Parse(HelmJson.Write(ChartValues.Coalesce(release.Chart, release.Config)));

    private static IReadOnlyList<PlannedHook> Hooks(IReadOnlyList<ReleaseHook> hooks, bool disabled, params IReadOnlyList<HookEvent> events) =>
        disabled ? [] : [.. events.SelectMany(e => hooks.Where(h => h.Events.Contains(e)).OrderBy(h => h.Weight).ThenBy(h => h.Name, StringComparer.Ordinal)
            .Select(h => new PlannedHook(e.ToWord(), h.Kind, h.Name, h.Weight)))];
}
