using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Creates, changes and deletes objects as Helm does.</summary>
internal sealed class ObjectApplier(ActionContext context, ApplySettings settings)
{
    private const string KeepPolicy = "helm.sh/resource-policy";

    private KubernetesClient Cluster => context.Cluster;

    /// <summary>What this applier created, for a clean-up when the action fails.</summary>
    public List<KubernetesObject> Created { get; } = [];

    /// <summary>What existed and was looked at by an update.</summary>
    public List<KubernetesObject> Updated { get; } = [];

    /// <summary>Creates objects: neighbours of one kind at the same time, kind after kind; all are tried.</summary>
    /// <exception cref="ReleaseException">Some could not be created; all errors are told.</exception>
    public async Task CreateAsync(IReadOnlyList<KubernetesObject> objects, CancellationToken ct)
    {
        settings.Check(create: true);
        var errors = await ForEachKindAsync(objects, o => CreateOneAsync(o, ct)).ConfigureAwait(false);
        if (errors.Count > 0) throw new ReleaseException(Join(errors.Select(e => e.Error.Message)), errors[0].Error);
    }

    /// <summary>Brings the cluster from the original objects to the target, one object after the other, then deletes what the original alone has.</summary>
    /// <exception cref="ReleaseException">Something was refused.</exception>
    public async Task UpdateAsync(IReadOnlyList<KubernetesObject> original, IReadOnlyList<KubernetesObject> target, bool deleteGone, CancellationToken ct)
    {
        settings.Check(create: false);
        var errors = new List<Exception>();
        foreach (var o in target)
        {
            var live = await LiveAsync(o, ct).ConfigureAwait(false);
            if (live is null)
            {
                Created.Add(o);
                try
                {
                    await CreateOneAsync(o, ct).ConfigureAwait(false);
                }
                catch (Exception e) when (e is KubernetesException or ReleaseException)
                {
                    throw new ReleaseException("failed to create resource: " + e.Message, e);
                }

                continue;
            }

            var before = original.FirstOrDefault(b => IsSame(b, o));
            if (before is null)
            {
                if (context.Helm3) throw new ReleaseException($"no {o.Kind} with the name {Go.Quote(o.Name)} found");
                context.Warn($"{o.Kind} {Go.Quote(o.Name)} exists on the cluster but not in the original release, the cluster's state is taken as the base");
                before = live;
            }

            Updated.Add(o);
            try
            {
                await ChangeOneAsync(before, o, live, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubernetesException or ReleaseException)
            {
                Report(o, ResourceAction.Failed, e.Message);
                errors.Add(e);
            }
        }

        if (errors.Count > 0) throw new ReleaseException(string.Join(" && ", errors.Select(e => e.Message)), errors[0]);
        if (deleteGone) await DeleteGoneAsync(original, target, ct).ConfigureAwait(false);
    }

    /// <summary>Deletes objects, neighbours of one kind at the same time. What is gone already counts as deleted.</summary>
    /// <returns>The errors.</returns>
    public async Task<IReadOnlyList<Exception>> DeleteAsync(IReadOnlyList<KubernetesObject> objects, DeletePropagation propagation, CancellationToken ct)
    {
        var errors = await ForEachKindAsync(objects, async o =>
        {
            if (await Cluster.TryDeleteAsync(o.Gvk, o.Namespace, o.Name, new DeleteOptions { Propagation = propagation }, ct).ConfigureAwait(false))
            {
                Report(o, ResourceAction.Deleted);
            }
        }).ConfigureAwait(false);
        return [.. errors.Select(e => e.Error)];
    }

    private async Task DeleteGoneAsync(IReadOnlyList<KubernetesObject> original, IReadOnlyList<KubernetesObject> target, CancellationToken ct)
    {
        var errors = new List<string>();
        foreach (var o in original)
        {
            if (target.Any(t => IsSame(t, o))) continue;
            try
            {
                var live = await Cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
                if (live is null) continue;
                if (live.GetAnnotation(KeepPolicy) == "keep")
                {
                    Report(o, ResourceAction.Kept);
                    continue;
                }

                await Cluster.TryDeleteAsync(o.Gvk, o.Namespace, o.Name, new DeleteOptions { Propagation = DeletePropagation.Background }, ct).ConfigureAwait(false);
                Report(o, ResourceAction.Deleted);
            }
            catch (KubernetesException e)
            {
                // Helm 3 only logs it; the object stays behind.
                Report(o, ResourceAction.Failed, e.Message);
                errors.Add($"failed to delete resource namespace={o.Namespace}, name={o.Name}, kind={o.Kind}: {e.Message}");
            }
        }

        if (errors.Count > 0 && !context.Helm3) throw new ReleaseException(string.Join(" && ", errors));
    }

    private async Task<KubernetesObject?> LiveAsync(KubernetesObject o, CancellationToken ct)
    {
        try
        {
            return await Cluster.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
        }
        catch (KubernetesException e)
        {
            throw new ReleaseException("could not get information about the resource: " + e.Message, e);
        }
    }

    private async Task CreateOneAsync(KubernetesObject o, CancellationToken ct)
    {
        if (settings.ServerSide) await ServerSideAsync(o, null, ct).ConfigureAwait(false);
        else
        {
            await Cluster.CreateAsync(o, null, ct).ConfigureAwait(false);
            Report(o, ResourceAction.Created);
        }
    }

    private async Task ChangeOneAsync(KubernetesObject before, KubernetesObject o, KubernetesObject live, CancellationToken ct)
    {
        if (settings.ServerSide)
        {
            if (settings.MigrateManagers) await MigrateAsync(o, live, ct).ConfigureAwait(false);
            await ServerSideAsync(o, live, ct).ConfigureAwait(false);
        }
        else if (settings.ForceReplace)
        {
            await ReplaceAsync(o, live, ct).ConfigureAwait(false);
        }
        else
        {
            await PatchAsync(before, o, live, ct).ConfigureAwait(false);
        }
    }

    private async Task ServerSideAsync(KubernetesObject o, KubernetesObject? live, CancellationToken ct)
    {
        try
        {
            var applied = await Cluster.ApplyAsync(
                o, new ApplyOptions { Force = settings.ForceConflicts, FieldValidation = FieldValidation.Strict }, ct).ConfigureAwait(false);
            Report(o, live is null ? ResourceAction.Created : applied.ResourceVersion == live.ResourceVersion ? ResourceAction.Unchanged : ResourceAction.Changed);
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            throw new ReleaseException($"conflict occurred while applying object {o.Namespace}/{o.Name} {o.Gvk}: {e.Message}", e);
        }
        catch (KubernetesApiException e) when (e.StatusCode == 415)
        {
            throw new ReleaseException("server-side apply not available on the server: " + e.Message, e);
        }
        catch (KubernetesApiException e) when (e.IsInvalid && live is not null && settings.Recreate.Allows(o.Kind, o.Name))
        {
            await RecreateAsync(o, live, ct).ConfigureAwait(false);
        }
    }

    private async Task MigrateAsync(KubernetesObject o, KubernetesObject live, CancellationToken ct)
    {
        for (int attempt = 0; ; attempt++)
        {
            if (ManagedFieldsMigration.CreatePatch(live, Cluster.Options.FieldManager) is not { } patch) return;
            try
            {
                await Cluster.PatchAsync(
                    o.Gvk, o.Namespace, o.Name, new PatchBody(PatchType.Json, patch), new WriteOptions { FieldValidation = FieldValidation.Strict }, ct).ConfigureAwait(false);
                return;
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < 5)
            {
                live = await Cluster.GetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task ReplaceAsync(KubernetesObject o, KubernetesObject live, CancellationToken ct)
    {
        var body = o.DeepClone();
        body.ResourceVersion ??= live.ResourceVersion;
        try
        {
            await Cluster.ReplaceAsync(
                body, new WriteOptions { FieldValidation = context.Helm3 ? FieldValidation.Unset : FieldValidation.Strict }, ct).ConfigureAwait(false);
            Report(o, ResourceAction.Replaced);
        }
        catch (KubernetesException e)
        {
            if (e is KubernetesApiException { IsInvalid: true } && settings.Recreate.Allows(o.Kind, o.Name))
            {
                await RecreateAsync(o, live, ct).ConfigureAwait(false);
                return;
            }

            throw new ReleaseException("failed to replace object: " + e.Message, e);
        }
    }

    private async Task PatchAsync(KubernetesObject before, KubernetesObject o, KubernetesObject live, CancellationToken ct)
    {
        bool builtIn = StrategicMergePatch.IsSupported(o);
        JsonObject patch;
        try
        {
            patch = builtIn ? StrategicMergePatch.ThreeWay(before.Json, o.Json, live.Json, o.Gvk)
                : settings.ThreeWayForCustomResources ? JsonMergePatch.ThreeWay(before.Json, o.Json, live.Json)
                : JsonMergePatch.Create(before.Json, o.Json);
        }
        catch (PatchException e)
        {
            throw new ReleaseException("failed to create patch: " + e.Message, e);
        }

        if (patch.Count == 0)
        {
            Report(o, ResourceAction.Unchanged);
            return;
        }

        try
        {
            await Cluster.PatchAsync(
                o.Gvk, o.Namespace, o.Name, new PatchBody(builtIn ? PatchType.Strategic : PatchType.Merge, patch), null, ct).ConfigureAwait(false);
            Report(o, ResourceAction.Changed);
        }
        catch (KubernetesException e)
        {
            if (e is KubernetesApiException { IsInvalid: true } && settings.Recreate.Allows(o.Kind, o.Name))
            {
                await RecreateAsync(o, live, ct).ConfigureAwait(false);
                return;
            }

            throw new ReleaseException($"cannot patch {Go.Quote(o.Name)} with kind {o.Kind}: {e.Message}", e);
        }
    }

    // Never Helm's way: only for what the caller named.
    private async Task RecreateAsync(KubernetesObject o, KubernetesObject live, CancellationToken ct)
    {
        await Cluster.TryDeleteAsync(
            o.Gvk, o.Namespace, o.Name, new DeleteOptions { Propagation = DeletePropagation.Background, Uid = live.Uid }, ct).ConfigureAwait(false);
        await new ReadinessWaiter(Cluster).WaitUntilDeletedAsync([o], new WaitOptions { Timeout = context.Options.Timeout }, ct).ConfigureAwait(false);
        if (settings.ServerSide) await Cluster.ApplyAsync(o, new ApplyOptions { FieldValidation = FieldValidation.Strict }, ct).ConfigureAwait(false);
        else await Cluster.CreateAsync(o, null, ct).ConfigureAwait(false);
        Report(o, ResourceAction.Recreated);
    }

    private async Task<List<(KubernetesObject Object, Exception Error)>> ForEachKindAsync(IReadOnlyList<KubernetesObject> objects, Func<KubernetesObject, Task> deed)
    {
        var errors = new List<(KubernetesObject, Exception)>();
        for (int start = 0; start < objects.Count;)
        {
            int end = start + 1;
            while (end < objects.Count && objects[end].Kind == objects[start].Kind) end++;
            var batch = objects.Skip(start).Take(end - start).ToArray();
            var results = await Task.WhenAll(InTurn(batch)).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                if (results[i] is not { } error) continue;
                if (error is OperationCanceledException) throw error;
                Report(batch[i], ResourceAction.Failed, error.Message);
                errors.Add((batch[i], error));
            }

            start = end;
        }

        return errors;

        // An object that is there twice is written twice. Go starts the last of a batch first, so it is the first of the two that counts last.
        IEnumerable<Task<Exception?>> InTurn(KubernetesObject[] batch)
        {
            var last = new Dictionary<ObjectReference, Task<Exception?>>();
            var tasks = new Task<Exception?>[batch.Length];
            foreach (int i in Enumerable.Range(0, batch.Length).OrderBy(i => i == batch.Length - 1 ? -1 : i))
            {
                tasks[i] = last.TryGetValue(batch[i].Reference, out var before) ? AfterAsync(before, batch[i]) : TryAsync(batch[i]);
                last[batch[i].Reference] = tasks[i];
            }

            return tasks;
        }

        async Task<Exception?> AfterAsync(Task before, KubernetesObject o)
        {
            await before.ConfigureAwait(false);
            return await TryAsync(o).ConfigureAwait(false);
        }

        async Task<Exception?> TryAsync(KubernetesObject o)
        {
            try
            {
                await deed(o).ConfigureAwait(false);
                return null;
            }
            catch (Exception e) when (e is KubernetesException or ReleaseException or OperationCanceledException)
            {
                return e;
            }
        }
    }

    /// <summary>Several errors as Helm shows them: a framed list in Helm 3, a line each in Helm 4.</summary>
    public string Join(IEnumerable<string> messages) => context.Helm3 ? MultiError(messages) : string.Join('\n', messages);

    /// <summary>The list that Go's multierror makes.</summary>
    public static string MultiError(IEnumerable<string> messages)
    {
        var points = messages.Select(m => "* " + m).ToList();
        return $"{points.Count} error{(points.Count == 1 ? "" : "s")} occurred:\n\t{string.Join("\n\t", points)}\n\n";
    }

    // Helm 3.15 compares kind, namespace and name; Helm 4 the group as well.
    private bool IsSame(KubernetesObject a, KubernetesObject b) =>
        a.Kind == b.Kind && a.Name == b.Name && a.Namespace == b.Namespace && (context.Helm3 || a.Gvk.Group == b.Gvk.Group);

    private void Report(KubernetesObject o, ResourceAction action, string? error = null) =>
        context.Report(new ResourceApplied(o.Gvk, o.Namespace, o.Name, action, error));
}
