using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Waits in the way of the action, and tells how far it is.</summary>
internal sealed class ObjectWaiter(ActionContext context, WaitMode mode, bool waitForJobs)
{
    public static ObjectWaiter For(ActionContext context, DeployOptions options) =>
        new(context, options.Wait is null or WaitMode.HookOnly ? context.Client.DefaultWait : options.Wait.Value, options.WaitForJobs);

    /// <summary>Until all are ready.</summary>
    /// <exception cref="NotReadyException">They were not in time.</exception>
    public async Task ReadyAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct)
    {
        if (objects.Count == 0) return;
        context.Stage(ReleaseStage.Waiting);
        await new ReadinessWaiter(context.Cluster).WaitUntilReadyAsync(objects, Options() with { Progress = new Relay(context) }, ct).ConfigureAwait(false);
    }

    /// <summary>Until all are gone.</summary>
    /// <exception cref="NotReadyException">They were not in time.</exception>
    public Task DeletedAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct) =>
        objects.Count == 0 ? Task.CompletedTask : new ReadinessWaiter(context.Cluster).WaitUntilDeletedAsync(objects, Options(), ct);

    /// <summary>Until a hook is done.</summary>
    /// <exception cref="NotReadyException">It failed or was not in time.</exception>
    public Task DoneAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct) =>
        new ReadinessWaiter(context.Cluster).WaitUntilDoneAsync(objects, Options(), ct);

    private WaitOptions Options() => new()
    {
        Strategy = mode == WaitMode.Legacy ? WaitStrategy.Legacy : WaitStrategy.Watcher,
        Timeout = context.Options.Timeout,
        WaitForJobs = waitForJobs,
    };

    private sealed class Relay(ActionContext context) : IProgress<ReadinessProgress>
    {
        public void Report(ReadinessProgress value) => context.Report(new WaitingForReady(value.Done, value.Total,
        [
            .. value.Objects.Where(o => !o.Status.IsCurrent).Select(o => new ResourceProgress(
                o.Object.Gvk.Kind, o.Object.Namespace, o.Object.Name, o.Status.Status.ToString(),
                o.Status.Message.Length > 0 ? o.Status.Message : o.Status.Reason)),
        ]));
    }
}
