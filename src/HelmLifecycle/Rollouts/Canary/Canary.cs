namespace HelmLifecycle;

/// <summary>
/// Gives the new version its traffic step by step: by the number of replicas behind the release's own Service, or by the weights of a router. After the last step the release's own workloads
/// are rolled to the new version and the canary is removed: at the end the cluster holds the release's manifest and nothing else. On failure the traffic goes back first.
/// </summary>
/// <remarks>An install and a rollback are applied and waited for at once. So is an upgrade that changes no pod template behind a Service. Immutable: each call gives a new one.</remarks>
public sealed class Canary : IRolloutStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="options">How it goes; null for the defaults: 10, 50, 100 percent.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public Canary(CanaryOptions? options = null)
    {
        Options = options ?? new CanaryOptions();
        if (Options.Steps.Count == 0) throw new ArgumentException("A canary needs a step.", nameof(options));
        if (Options.Steps.Any(s => s.Weight is < 0 or > 100)) throw new ArgumentException("A weight is a percentage, 0 to 100.", nameof(options));
        if (Options.MaxSurge < 0 || Options.MaxUnavailable < 0) throw new ArgumentException("Numbers of pods are not negative.", nameof(options));
    }

    /// <summary>How it goes.</summary>
    public CanaryOptions Options { get; }

    /// <inheritdoc/>
    public string Name => "canary";

    /// <summary>A canary with a step for each weight.</summary>
    /// <param name="weights">Percent: 0 to 100.</param>
    public static Canary Steps(params int[] weights) => new(new CanaryOptions { Steps = [.. weights.Select(w => new CanaryStep(w))] });

    /// <summary>Holds each step below 100 percent for a time.</summary>
    public Canary Pause(TimeSpan duration) => Each(s => s.Weight < 100 ? s with { Pause = duration } : s);

    /// <summary>Runs analyses at the end of each step, besides those there are.</summary>
    public Canary Analyze(params IRolloutAnalysis[] analyses) => Each(s => s with { Analyses = [.. s.Analyses, .. analyses] });

    /// <summary>Has somebody promote (<see cref="RolloutControl.PromoteAsync"/>) after the last step.</summary>
    public Canary AwaitApproval() => new(Options with { Steps = [.. Options.Steps.SkipLast(1), .. Options.Steps.TakeLast(1).Select(s => s with { AwaitApproval = true })] });

    /// <summary>Puts a step before all others, in which only the requests that match go to the new version. Needs a router.</summary>
    public Canary Match(params TrafficMatch[] matches) => new(Options with { Steps = [new CanaryStep(0) { Matches = matches }, .. Options.Steps] });

    /// <summary>Splits the traffic by a router, not by replicas.</summary>
    public Canary Through(ITrafficRouter router) => new(Options with { Router = router });

    /// <inheritdoc/>
    /// <exception cref="RolloutAbortedException">It was taken back.</exception>
    /// <exception cref="NotSupportedException">A step matches headers or cookies and there is no router; or an autoscaler sets the replicas that the canary is to set.</exception>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Options.Router is null && Options.Steps.Any(s => s.Matches.Count > 0)) throw new NotSupportedException("a canary by replicas cannot match headers or cookies: it needs a router");
        var shadows = context.Kind == RolloutKind.Upgrade ? ShadowSet.Of(context, "-canary", "-canary", shared: Options.Router is null, Options.Service) : null;
        if (shadows is null)
        {
            await Progressive.AtOnceAsync(context, Name, ct).ConfigureAwait(false);
            return;
        }

        if (Options.Router is null) ReplicaRatio.Check(context, shadows);
        RouterPlan? plan = null;
        await RolloutRun.RunAsync(
            context,
            async () =>
            {
                plan = Options.Router is null ? null : await RouterPlan.MakeAsync(context, Options.Router, shadows, null, ct).ConfigureAwait(false);
                return await BeginAsync(context, shadows, plan, ct).ConfigureAwait(false);
            },
            async run =>
            {
                if (Options.Router is not null) plan ??= await RouterPlan.MakeAsync(context, Options.Router, shadows, run.State, run.Token).ConfigureAwait(false);
                await ForwardAsync(context, shadows, plan, run).ConfigureAwait(false);
            },
            [.. shadows.Workloads.Select(w => w.Double)],
            ct).ConfigureAwait(false);
    }

    private async Task<RolloutState> BeginAsync(RolloutContext context, ShadowSet shadows, RouterPlan? plan, CancellationToken ct)
    {
        var restore = new List<RestoredObject>(plan?.Restore ?? []);
        if (plan is null)
        {
            foreach (var w in shadows.Workloads)
            {
                var live = await context.Cluster.TryGetAsync(w.Base.Gvk, w.Base.Namespace, w.Base.Name, ct).ConfigureAwait(false);
                restore.Add(new RestoredObject(ShadowSet.Scaled(w.Base, Progressive.Replicas(live) ?? Progressive.Replicas(w.Base) ?? 1), true, []));
            }
        }

        return new RolloutState
        {
            Strategy = Name,
            Revision = context.Target.Revision,
            BaseRevision = context.Base!.Revision,
            RemovalDelay = Options.RemovalDelay,
            Replicas = await Progressive.ReplicasAsync(context, shadows, ct).ConfigureAwait(false),
            Restore = restore,
            Routes = plan?.Made ?? [],
            Remove = [.. shadows.All.Reverse().Select(o => o.Reference)],
        };
    }

    private async Task ForwardAsync(RolloutContext context, ShadowSet shadows, RouterPlan? plan, RolloutRun run)
    {
        int count = Options.Steps.Count, from = run.State.Step;
        if (from <= count)
        {
            // A resumed canary has pods already, which must not become fewer.
            if (!run.State.PromotionBegan)
            {
                await Progressive.PrepareAsync(context, shadows, plan is null ? null : w => Math.Max(1, Part(run.Replicas(w), run.State.Weight)), run).ConfigureAwait(false);
            }

            for (int i = from; i < count && !run.State.Skips; i++) await StepAsync(context, shadows, plan, run, i).ConfigureAwait(false);
            if (!run.State.PromotionBegan)
            {
                await run.StepAsync(count, 100, "all traffic to the new version").ConfigureAwait(false);
                await ShiftAsync(context, shadows, plan, run, 100, []).ConfigureAwait(false);
            }

            await run.PromoteAsync(count).ConfigureAwait(false);
            var objects = plan is null ? context.TargetObjects : [.. context.TargetObjects.Where(o => !plan.Restore.Any(r => ShadowSet.Same([r.Object], o) is not null))];
            await context.ApplyAsync(objects, false, run.Token).ConfigureAwait(false);
            await context.WaitAsync(objects, run.Token).ConfigureAwait(false);
        }

        await run.StepAsync(count + 1, 100, "finish", "the release's own workloads get the traffic").ConfigureAwait(false);
        await context.ApplyAsync(run.Token).ConfigureAwait(false);
        if (plan is null) return;
        foreach (var o in plan.Restore.Where(r => !r.Owned)) await run.Writer.WriteAsync(o, run.Token).ConfigureAwait(false);
        await RolloutUndo.DeleteAsync(context, plan.Made, run.Token).ConfigureAwait(false);
    }

    private async Task StepAsync(RolloutContext context, ShadowSet shadows, RouterPlan? plan, RolloutRun run, int index)
    {
        var step = Options.Steps[index];
        string match = step.Matches.Count == 0 ? "" : "requests with " + string.Join(" or ", step.Matches.Select(m => $"{(m.IsCookie ? "cookie" : "header")} {m.Name}={m.Value}"));
        await run.StepAsync(index, step.Weight, $"step {index + 1} of {Options.Steps.Count}, weight {step.Weight}", match).ConfigureAwait(false);
        await ShiftAsync(context, shadows, plan, run, step.Weight, step.Matches).ConfigureAwait(false);
        await run.PauseAsync(step.Pause, $"step {index + 1} of {Options.Steps.Count}, weight {step.Weight}").ConfigureAwait(false);
        await run.AnalyzeAsync(step.Analyses, Options.Analysis, Progressive.Analysis(context, shadows, step.Weight)).ConfigureAwait(false);
        if (step.AwaitApproval) await run.PauseAsync(null, $"step {index + 1} of {Options.Steps.Count}, weight {step.Weight}, approval is awaited").ConfigureAwait(false);
    }

    // A router's weight is written only when the pods for it are ready; pods that are too many go after it.
    private async Task ShiftAsync(RolloutContext context, ShadowSet shadows, RouterPlan? plan, RolloutRun run, int weight, IReadOnlyList<TrafficMatch> matches)
    {
        if (plan is null)
        {
            foreach (var w in shadows.Workloads) await ReplicaRatio.MoveAsync(context, w, run, weight, Options).ConfigureAwait(false);
            context.Report(new RolloutProgress(Name, $"weight {weight}", string.Join(", ", shadows.Workloads.Select(w =>
            {
                var (stable, canary) = ReplicaRatio.Split(run.Replicas(w.Target), weight, Options.MaxSurge > 0 || Options.MaxUnavailable == 0);
                return $"{w.Target.Name} {stable} old, {canary} new";
            }))));
            return;
        }

        int ready = run.Ready;
        await Progressive.ScaleAsync(context, shadows, run, w => Math.Max(1, Part(run.Replicas(w), Math.Max(weight, ready)))).ConfigureAwait(false);
        await plan.SetAsync(run, weight, matches).ConfigureAwait(false);
        if (weight < ready) await Progressive.ScaleAsync(context, shadows, run, w => Math.Max(1, Part(run.Replicas(w), weight))).ConfigureAwait(false);
        run.Ready = weight;
        context.Report(new RolloutProgress(Name, $"weight {weight}", $"{Options.Router!.Name} has it"));
    }

    private static int Part(int replicas, int weight) => (replicas * weight + 99) / 100;

    private Canary Each(Func<CanaryStep, CanaryStep> change) => new(Options with { Steps = [.. Options.Steps.Select(change)] });
}
