using System.Text;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Runs the hooks of an event, one after the other, and keeps their runs in the record.</summary>
internal sealed class HookRunner(ActionContext context, ObjectWaiter waiter, bool serverSide)
{
    /// <summary>Whether objects of succeeded hooks stay until <see cref="DeleteSucceededAsync"/> is called (Helm 4's tests keep them for their logs).</summary>
    public bool KeepSucceeded { get; init; }

    /// <summary>Runs all hooks of an event.</summary>
    /// <param name="release">The revision they belong to; its record is written on the way.</param>
    /// <param name="hookEvent">The event.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">Which hooks run; null: all of the event.</param>
    /// <exception cref="HookFailedException">One failed; the later ones did not run.</exception>
    public async Task RunAsync(TrackedRelease release, HookEvent hookEvent, CancellationToken ct, Func<ReleaseHook, bool>? only = null)
    {
        var hooks = Of(release.Value, hookEvent, only);
        for (int i = 0; i < hooks.Count; i++)
        {
            hooks[i] = await RunOneAsync(release, hooks[i], hookEvent, hooks.Take(i), ct).ConfigureAwait(false);
        }

        await ShowLogsAsync(hooks, HookWords.HookSucceeded, hookEvent, ct).ConfigureAwait(false);
        if (!KeepSucceeded) await DeleteSucceededAsync(hooks, ct).ConfigureAwait(false);
    }

    /// <summary>The hooks of an event in the order in which they run.</summary>
    public static List<ReleaseHook> Of(Release release, HookEvent hookEvent, Func<ReleaseHook, bool>? only = null) =>
    [
        .. release.Hooks.Where(h => h.Events.Contains(hookEvent) && (only is null || only(h)))
            .OrderBy(h => h.Weight).ThenBy(h => h.Name, HelmLifecycle.Templates.GoString.Comparer),
    ];

    /// <summary>Deletes the objects of hooks with the policy hook-succeeded.</summary>
    public async Task DeleteSucceededAsync(IEnumerable<ReleaseHook> hooks, CancellationToken ct)
    {
        // Helm 3.15 goes forward, later versions go back.
        foreach (var hook in context.Helm3 ? hooks : hooks.Reverse()) await DeleteByPolicyAsync(hook, HookWords.HookSucceeded, ct).ConfigureAwait(false);
    }

    private async Task<ReleaseHook> RunOneAsync(
        TrackedRelease release, ReleaseHook hook, HookEvent hookEvent, IEnumerable<ReleaseHook> earlier, CancellationToken ct)
    {
        string word = hookEvent.ToWord();
        if (hook.DeletePolicies.Count == 0) hook = Change(release, hook, hook with { DeletePolicies = [HookWords.BeforeHookCreation] });
        await DeleteByPolicyAsync(hook, HookWords.BeforeHookCreation, ct).ConfigureAwait(false);
        IReadOnlyList<KubernetesObject> objects;
        try
        {
            objects = await ManifestObjects.BuildAsync(context.Cluster, hook.Manifest, release.Value.Namespace, validate: true, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            throw new HookFailedException($"unable to build kubernetes object for {word} hook {hook.Path}: {e.Message}", word, hook.Name, e);
        }

        context.Report(new HookStarted(word, hook.Name, hook.Kind, hook.Path));
        hook = Change(release, hook, hook with { LastRun = new HookRun(context.Now, default, HookPhase.Running) });
        await context.Records.RecordAsync(release, ct).ConfigureAwait(false);
        try
        {
            await new ObjectApplier(context, new ApplySettings(serverSide, false, false)).CreateAsync(objects, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            Ended(release, hook, HookPhase.Failed);
            context.Report(new HookEnded(word, hook.Name, hook.Kind, HookPhase.Failed, "", e.Message));
            throw new HookFailedException($"warning: Hook {word} {hook.Path} failed: {e.Message}", word, hook.Name, e);
        }

        try
        {
            await waiter.DoneAsync(objects, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Ended(release, hook, HookPhase.Failed);
            throw;
        }
        catch (KubernetesException e)
        {
            hook = Ended(release, hook, HookPhase.Failed);
            string logs = hook.OutputLogPolicies.Contains(HookWords.HookFailed) ? await LogsAsync(hook, ct).ConfigureAwait(false) : "";
            context.Report(new HookEnded(word, hook.Name, hook.Kind, HookPhase.Failed, logs, e.Message));
            var evidence = await context.DiagnoseAsync(objects).ConfigureAwait(false);
            await AfterFailureAsync(hook, earlier, ct).ConfigureAwait(false);
            throw new HookFailedException(context.Helm3 ? ObjectApplier.MultiError([e.Message]) : e.Message, word, hook.Name, e) { Diagnosis = evidence };
        }

        hook = Ended(release, hook, HookPhase.Succeeded);
        context.Report(new HookEnded(word, hook.Name, hook.Kind, HookPhase.Succeeded, "", null));
        return hook;
    }

    // A failure to clean up must not hide why the hook failed.
    private async Task AfterFailureAsync(ReleaseHook failed, IEnumerable<ReleaseHook> earlier, CancellationToken ct)
    {
        try
        {
            await DeleteByPolicyAsync(failed, HookWords.HookFailed, ct).ConfigureAwait(false);
            if (context.Helm3) return;
            foreach (var hook in earlier) await DeleteByPolicyAsync(hook, HookWords.HookSucceeded, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ReleaseException or KubernetesException)
        {
            context.Warn(e.Message);
        }
    }

    private async Task DeleteByPolicyAsync(ReleaseHook hook, string policy, CancellationToken ct)
    {
        if (hook.Kind == "CustomResourceDefinition" || !hook.DeletePolicies.Contains(policy)) return;
        IReadOnlyList<KubernetesObject> objects;
        try
        {
            objects = await ManifestObjects.BuildAsync(context.Cluster, hook.Manifest, context.Namespace, validate: false, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException($"unable to build kubernetes object for deleting hook {hook.Path}: {e.Message}", e);
        }

        var applier = new ObjectApplier(context, new ApplySettings(false, false, false));
        var errors = await applier.DeleteAsync(objects, DeletePropagation.Background, ct).ConfigureAwait(false);
        if (errors.Count > 0) throw new ReleaseException(string.Join("; ", errors.Select(e => e.Message)), errors[0]);
        await waiter.DeletedAsync(objects, ct).ConfigureAwait(false);
    }

    private ReleaseHook Ended(TrackedRelease release, ReleaseHook hook, HookPhase phase) =>
        Change(release, hook, hook with { LastRun = hook.LastRun with { CompletedAt = context.Now, Phase = phase } });

    private static ReleaseHook Change(TrackedRelease release, ReleaseHook old, ReleaseHook hook)
    {
        release.SetHook(old, hook);
        return hook;
    }

    private async Task ShowLogsAsync(IEnumerable<ReleaseHook> hooks, string policy, HookEvent hookEvent, CancellationToken ct)
    {
        foreach (var hook in hooks.Where(h => h.OutputLogPolicies.Contains(policy)))
        {
            string logs = await LogsAsync(hook, ct).ConfigureAwait(false);
            if (logs.Length > 0) context.Report(new HookEnded(hookEvent.ToWord(), hook.Name, hook.Kind, HookPhase.Succeeded, logs, null));
        }
    }

    private async Task<string> LogsAsync(ReleaseHook hook, CancellationToken ct)
    {
        var text = new StringBuilder();
        foreach (var log in await HookLogs.TryReadAsync(context, hook, ct).ConfigureAwait(false)) text.Append(log.Text);
        return text.ToString();
    }
}
