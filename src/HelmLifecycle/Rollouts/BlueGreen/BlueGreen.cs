using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Runs the new version beside the old under its own names and labels, checks it through a preview Service, and then switches the selector of the active Service to it in one patch. When the
/// old version is given up, the release's own workloads are rolled to the new version while nobody uses them, the Service goes back to what the manifest says, and the helpers are removed: at the
/// end the cluster holds the release's manifest and nothing else.
/// </summary>
/// <remarks>An install and a rollback are applied and waited for at once. So is an upgrade that changes no pod template behind a Service.</remarks>
public sealed class BlueGreen : IRolloutStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="options">How it goes; null for the defaults.</param>
    public BlueGreen(BlueGreenOptions? options = null) => Options = options ?? new BlueGreenOptions();

    /// <summary>How it goes.</summary>
    public BlueGreenOptions Options { get; }

    /// <inheritdoc/>
    public string Name => "blue-green";

    /// <inheritdoc/>
    /// <exception cref="RolloutAbortedException">It was taken back.</exception>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shadows = context.Kind == RolloutKind.Upgrade ? ShadowSet.Of(context, "-green", "-preview", shared: false, Options.ActiveService) : null;
        if (shadows is null)
        {
            await Progressive.AtOnceAsync(context, Name, ct).ConfigureAwait(false);
            return;
        }

        await RolloutRun.RunAsync(
            context, () => BeginAsync(context, shadows, ct), run => ForwardAsync(context, shadows, run), [.. shadows.Workloads.Select(w => w.Double)], ct).ConfigureAwait(false);
    }

    private async Task<RolloutState> BeginAsync(RolloutContext context, ShadowSet shadows, CancellationToken ct) => new()
    {
        Strategy = Name,
        Revision = context.Target.Revision,
        BaseRevision = context.Base!.Revision,
        RemovalDelay = Options.RemovalDelay,
        Replicas = await Progressive.ReplicasAsync(context, shadows, ct).ConfigureAwait(false),
        Restore = [.. shadows.Services.Select(s => new RestoredObject(s.Base, true, Progressive.ExtraKeys(s.Base, s.Switched)))],
        Remove = [.. shadows.All.Reverse().Select(o => o.Reference)],
    };

    private async Task ForwardAsync(RolloutContext context, ShadowSet shadows, RolloutRun run)
    {
        int from = run.State.Step;
        if (from <= (int)Stage.Settle) await PreviewAsync(context, shadows, run, from).ConfigureAwait(false);
        if (from <= (int)Stage.Switch)
        {
            await run.StepAsync((int)Stage.Switch, 100, "switch", string.Join(", ", shadows.Services.Select(s => s.Target.Name)) + " selects the new version").ConfigureAwait(false);
            foreach (var s in shadows.Services)
            {
                await run.Writer.WriteAsync(new RestoredObject(s.Switched, true, Progressive.ExtraKeys(s.Switched, s.Base)), run.Token).ConfigureAwait(false);
            }
        }

        if (from <= (int)Stage.PostPromotion && Options.PostPromotion.Count > 0)
        {
            await run.StepAsync((int)Stage.PostPromotion, 100, "post-promotion analysis").ConfigureAwait(false);
            await run.AnalyzeAsync(Options.PostPromotion, Options.Analysis, Progressive.Analysis(context, shadows, 100)).ConfigureAwait(false);
        }

        if (from <= (int)Stage.Delay)
        {
            await run.StepAsync((int)Stage.Delay, 100, "keep the old version").ConfigureAwait(false);
            await run.PauseAsync(Options.ScaleDownDelay, "the old version is kept").ConfigureAwait(false);
        }

        if (from <= (int)Stage.Settle)
        {
            await run.PromoteAsync((int)Stage.Settle).ConfigureAwait(false);
            var objects = context.TargetObjects.Select(o => shadows.Services.FirstOrDefault(s => s.Target.Reference == o.Reference)?.Switched ?? o).ToList();
            await context.ApplyAsync(objects, false, run.Token).ConfigureAwait(false);
            await context.WaitAsync(objects, run.Token).ConfigureAwait(false);
        }

        await run.StepAsync((int)Stage.Finish, 100, "finish", "the Service selects the release's own workloads").ConfigureAwait(false);
        await context.ApplyAsync(run.Token).ConfigureAwait(false);
        await context.WaitAsync(context.TargetObjects, run.Token).ConfigureAwait(false);
    }

    private async Task PreviewAsync(RolloutContext context, ShadowSet shadows, RolloutRun run, int from)
    {
        if (from == 0) await run.StepAsync((int)Stage.Preview, 0, "preview", "the new version is started beside the old").ConfigureAwait(false);
        bool small = Options.PreviewReplicas is not null && from <= (int)Stage.PrePromotion;
        await Progressive.PrepareAsync(context, shadows, w => small ? Options.PreviewReplicas!.Value : run.Replicas(w), run).ConfigureAwait(false);
        if (from <= (int)Stage.PrePromotion)
        {
            await run.StepAsync((int)Stage.PrePromotion, 0, "pre-promotion analysis").ConfigureAwait(false);
            await run.AnalyzeAsync(Options.PrePromotion, Options.Analysis, Progressive.Analysis(context, shadows, 0)).ConfigureAwait(false);
            if (Options.AwaitApproval) await run.PauseAsync(null, "approval is awaited").ConfigureAwait(false);
            if (small) await Progressive.ScaleAsync(context, shadows, run, run.Replicas).ConfigureAwait(false);
        }
    }

    // Their numbers are stored.
    private enum Stage
    {
        Preview = 0,
        PrePromotion = 1,
        Switch = 2,
        PostPromotion = 3,
        Delay = 4,
        Settle = 5,
        Finish = 6,
    }
}
