using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Finds out why objects are not ready: from each object through its ReplicaSets and Jobs to pods, their containers, exit codes and last
/// log lines, with probe failures, scheduling messages and warning events.
/// </summary>
/// <param name="client">The client.</param>
public sealed class Diagnostics(KubernetesClient client)
{
    private const int PodsPerOwner = 5;
    private static readonly GroupVersionKind Event = new("", "v1", "Event");

    /// <summary>
    /// Looks at the objects, at what they own, at logs and events. What may not be read is left out; nothing is thrown for it.
    /// </summary>
    /// <param name="objects">The objects: kind, namespace and name are enough.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="ClusterUnreachableException">The API could not be reached at all.</exception>
    public async Task<Diagnosis> ExplainAsync(IEnumerable<KubernetesObject> objects, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var roots = new List<DiagnosisNode>();
        var events = new Dictionary<string, IReadOnlyList<KubernetesObject>>(StringComparer.Ordinal);
        foreach (KubernetesObject o in objects)
            if (await RootAsync(o, events, ct).ConfigureAwait(false) is { } root) roots.Add(root);
        return new Diagnosis(string.Join('\n', roots.Select(r => r.Sentence)), roots);
    }

    private async Task<DiagnosisNode?> RootAsync(KubernetesObject o, Dictionary<string, IReadOnlyList<KubernetesObject>> events, CancellationToken ct)
    {
        KubernetesObject? live = await OrNullAsync(() => client.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct)).ConfigureAwait(false);
        if (live is null)
            return new DiagnosisNode
            {
                Kind = o.Kind,
                Namespace = o.Namespace,
                Name = o.Name,
                Status = StatusBoard.Gone,
                Sentence = $"{o.Kind} {o.Name} does not exist, or may not be read",
            };
        ReadinessStatus status = Status(live);
        if (status.IsCurrent) return null;
        IReadOnlyList<KubernetesObject> about = await EventsAsync(live.Namespace, events, ct).ConfigureAwait(false);
        DiagnosisNode node = await NodeAsync(live, status, about, ct).ConfigureAwait(false);
        return node with { Sentence = Sentences.OfRoot(live, node) };
    }

    // A Job that runs, or a pod that has failed, is "current" for kstatus; here the question is why it is not done.
    private ReadinessStatus Status(KubernetesObject o) => o.Gvk switch
    {
        { Group: "batch", Kind: "Job" } => HookRules.Job(o),
        { Group: "", Kind: "Pod" } when o.Str("", "status", "phase") == "Failed" => HookRules.Pod(o),
        _ => KstatusRules.Of(o, new KstatusOptions { Now = client.Time.GetUtcNow() }),
    };

    private async Task<DiagnosisNode> NodeAsync(
        KubernetesObject o, ReadinessStatus status, IReadOnlyList<KubernetesObject> events, CancellationToken ct)
    {
        if (o.Kind == "Pod") return await PodAsync(o, status, events, ct).ConfigureAwait(false);
        var children = new List<DiagnosisNode>();
        foreach (KubernetesObject owned in await OwnedAsync(o, ct).ConfigureAwait(false))
        {
            ReadinessStatus state = Status(owned);
            if (!state.IsCurrent) children.Add(await NodeAsync(owned, state, events, ct).ConfigureAwait(false));
        }
        return new DiagnosisNode
        {
            Kind = o.Kind,
            Namespace = o.Namespace,
            Name = o.Name,
            Status = status,
            Sentence = $"{o.Kind} {o.Name}: {status.Message}",
            Events = Warnings(o, events),
            Children = children,
        };
    }

    private async Task<IReadOnlyList<KubernetesObject>> OwnedAsync(KubernetesObject o, CancellationToken ct)
    {
        IReadOnlyList<KubernetesObject> owned = o.Kind switch
        {
            "Deployment" => await OrNullAsync(() => OwnedObjects.ReplicaSetsAsync(client, o, ct)!).ConfigureAwait(false) ?? [],
            "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "ReplicationController" =>
                await OrNullAsync(() => OwnedObjects.PodsAsync(client, o, ct)!).ConfigureAwait(false) ?? [],
            _ => [],
        };
        IEnumerable<KubernetesObject> mine = owned.Where(c => LegacyRules.IsOwnedBy(c, o));
        if (o.Kind == "Deployment")
        {
            // Old ReplicaSets that have nothing to do any more say nothing.
            mine = mine.Where(rs => rs.Int(0, "spec", "replicas") > 0).OrderByDescending(rs => rs.CreationTimestamp);
            return [.. mine];
        }
        // Those in the worst state first, and no more than tell the story.
        return [.. mine.OrderByDescending(p => p.Items("status", "containerStatuses").Sum(c => KubernetesObject.Number(c, "restartCount") ?? 0))
            .ThenBy(p => p.Name, StringComparer.Ordinal).Take(PodsPerOwner)];
    }

    private async Task<DiagnosisNode> PodAsync(
        KubernetesObject pod, ReadinessStatus status, IReadOnlyList<KubernetesObject> events, CancellationToken ct)
    {
        IReadOnlyList<string> warnings = Warnings(pod, events);
        var containers = new List<DiagnosisNode>();
        foreach (JsonObject c in pod.Items("status", "initContainerStatuses").Concat(pod.Items("status", "containerStatuses")))
            if (ContainerState.Of(c, pod) is { IsFine: false } state) containers.Add(await ContainerAsync(pod, state, ct).ConfigureAwait(false));
        ObjectCondition? scheduled = pod.Conditions().FirstOrDefault(c => c is { Type: "PodScheduled", IsFalse: true });
        string sentence = scheduled is { Message.Length: > 0 } ? $"pod {pod.Name} cannot be scheduled: {scheduled.Message}"
            : containers.Count > 0 ? containers[0].Sentence + Sentences.Probe(containers[0], warnings)
            : warnings.Count > 0 ? $"pod {pod.Name}: {warnings[^1]}"
            : $"pod {pod.Name}: {status.Message}";
        return new DiagnosisNode
        {
            Kind = "Pod",
            Namespace = pod.Namespace,
            Name = pod.Name,
            Status = status,
            Sentence = sentence,
            Events = warnings,
            Children = containers,
        };
    }

    private async Task<DiagnosisNode> ContainerAsync(KubernetesObject pod, ContainerState state, CancellationToken ct)
    {
        IReadOnlyList<string> log = [];
        if (state.HasRun)
        {
            var options = new PodLogOptions { Container = state.Name, TailLines = 10, LimitBytes = 16 * 1024, Previous = state.Previous };
            string? text = await OrNullAsync(() => client.PodLogsAsync(pod.Namespace, pod.Name, options, ct)!).ConfigureAwait(false);
            log = [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\r'))];
        }
        return new DiagnosisNode
        {
            Kind = "Container",
            Namespace = pod.Namespace,
            Name = state.Name,
            Status = new ReadinessStatus(state.Failed ? ResourceStatus.Failed : ResourceStatus.InProgress, state.Reason, state.Message),
            Sentence = Sentences.OfContainer(pod.Name, state, log),
            ExitCode = state.ExitCode,
            Restarts = state.Restarts,
            LogTail = log,
        };
    }

    private async Task<IReadOnlyList<KubernetesObject>> EventsAsync(
        string? ns, Dictionary<string, IReadOnlyList<KubernetesObject>> known, CancellationToken ct)
    {
        string key = ns ?? "default";
        if (!known.TryGetValue(key, out IReadOnlyList<KubernetesObject>? events))
        {
            var warnings = new ListOptions { FieldSelector = "type=Warning" };
            KubernetesList? list = await OrNullAsync(() => client.ListAsync(Event, key, warnings, ct)!).ConfigureAwait(false);
            known[key] = events = list?.Items ?? [];
        }
        return events;
    }

    private static IReadOnlyList<string> Warnings(KubernetesObject o, IReadOnlyList<KubernetesObject> events) =>
    [.. events.Where(e => e.Str("", "type") == "Warning"
            && e.Str("", "involvedObject", "kind") == o.Kind && e.Str("", "involvedObject", "name") == o.Name
            && (o.Uid is null || e.Str(o.Uid, "involvedObject", "uid") == o.Uid))
        .OrderBy(e => KubernetesObject.Time(e.Json, "lastTimestamp") ?? KubernetesObject.Time(e.Json, "eventTime") ?? e.CreationTimestamp)
        .Select(e => $"{e.Str("", "reason")}: {e.Str("", "message")}").Distinct().TakeLast(5)];

    private static async Task<T?> OrNullAsync<T>(Func<Task<T?>> call) where T : class
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubernetesApiException or NoMatchException)
        {
            return null;
        }
    }
}
