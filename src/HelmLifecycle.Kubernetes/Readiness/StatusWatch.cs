using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace HelmLifecycle.Kubernetes;

/// <summary>Follows objects by one watch for each kind and namespace, and tells their statuses as they change.</summary>
internal sealed class StatusWatch(
    KubernetesClient client, Func<KubernetesObject, IReadOnlyList<KubernetesObject>?, ReadinessStatus> rule, bool looksAtPods)
{
    /// <summary>Statuses by the index of the object, from now until the caller stops reading.</summary>
    public async IAsyncEnumerable<(int Index, ReadinessStatus Status)> ReadAsync(
        IReadOnlyList<ObjectReference> objects, [EnumeratorCancellation] CancellationToken ct)
    {
        var changes = Channel.CreateUnbounded<(int, ReadinessStatus)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        List<Task> watches = [.. objects.Select((o, index) => (o.Name, index, Place: (o.Gvk, o.Namespace))).GroupBy(e => e.Place)
            .Select(g => FollowAsync(g.Key.Gvk, g.Key.Namespace, g.ToLookup(e => e.Name, e => e.index), changes.Writer, stop.Token))];
        try
        {
            await foreach ((int, ReadinessStatus) change in changes.Reader.ReadAllAsync(ct).ConfigureAwait(false)) yield return change;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(
        GroupVersionKind gvk, string? ns, ILookup<string, int> indexes, ChannelWriter<(int, ReadinessStatus)> changes, CancellationToken ct)
    {
        var newest = new ConcurrentDictionary<string, KubernetesObject>(StringComparer.Ordinal);
        bool synced = false;
        try
        {
            var options = new WatchOptions { FieldSelector = indexes.Count == 1 ? "metadata.name=" + indexes.First().Key : null };
            await foreach (WatchEvent e in client.WatchAsync(gvk, ns, options, ct).ConfigureAwait(false))
            {
                string name = e.Object.Name;
                if (e.Type == WatchEventType.Bookmark)
                {
                    if (synced) continue;
                    synced = true;
                    foreach (IGrouping<string, int> missing in indexes.Where(i => !newest.ContainsKey(i.Key))) Tell(missing.Key, StatusBoard.Gone);
                }
                else if (!indexes.Contains(name)) continue;
                else if (e.Type == WatchEventType.Deleted)
                {
                    newest.TryRemove(name, out _);
                    Tell(name, StatusBoard.Gone);
                }
                else
                {
                    newest[name] = e.Object;
                    ReadinessStatus status = await StatusOfAsync(e.Object, ct).ConfigureAwait(false);
                    Tell(name, status);
                    if (status.Reason == "PodNotScheduled") _ = LookAgainAsync(e.Object);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The wait is over.
        }
        catch (Exception e)
        {
            changes.TryComplete(e);
        }

        void Tell(string name, ReadinessStatus status)
        {
            foreach (int index in indexes[name]) changes.TryWrite((index, status));
        }

        // That a pod is unschedulable becomes a failure by mere passing of time: no event tells it.
        async Task LookAgainAsync(KubernetesObject o)
        {
            await Task.Delay(KstatusPods.ScheduleWindow, client.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ct.IsCancellationRequested && newest.GetValueOrDefault(o.Name) == o) Tell(o.Name, rule(o, null));
        }
    }

    private async ValueTask<ReadinessStatus> StatusOfAsync(KubernetesObject o, CancellationToken ct)
    {
        ReadinessStatus status = rule(o, null);
        bool hasPods = o.Gvk is { Group: "apps", Kind: "ReplicaSet" or "StatefulSet" };
        if (!looksAtPods || !hasPods || status.Status != ResourceStatus.InProgress) return status;
        try
        {
            return rule(o, await OwnedObjects.PodsAsync(client, o, ct).ConfigureAwait(false));
        }
        catch (KubernetesApiException e) when (e.IsForbidden || e.IsNotFound)
        {
            return status;
        }
    }
}

/// <summary>Finds what a workload owns.</summary>
internal static class OwnedObjects
{
    public static readonly GroupVersionKind Pod = new("", "v1", "Pod");
    public static readonly GroupVersionKind ReplicaSet = new("apps", "v1", "ReplicaSet");

    public static Task<IReadOnlyList<KubernetesObject>> PodsAsync(KubernetesClient client, KubernetesObject owner, CancellationToken ct) =>
        ListAsync(client, Pod, owner, ct);

    public static Task<IReadOnlyList<KubernetesObject>> ReplicaSetsAsync(KubernetesClient client, KubernetesObject owner, CancellationToken ct) =>
        ListAsync(client, ReplicaSet, owner, ct);

    /// <summary>The selector of a workload in its text form; null if it selects nothing.</summary>
    public static string? Selector(KubernetesObject owner)
    {
        if (owner.Spec?["selector"] is not JsonObject selector) return null;
        // A ReplicationController's selector is the map itself.
        JsonObject? labels = selector["matchLabels"] as JsonObject ?? (owner.Gvk.Group.Length == 0 ? selector : null);
        List<string> terms = [.. (labels ?? []).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")];
        foreach (JsonObject e in (selector["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            string key = KubernetesObject.Text(e, "key") ?? "";
            string values = string.Join(',', (e["values"] as JsonArray ?? []).Select(v => v?.ToString()));
            terms.Add(KubernetesObject.Text(e, "operator") switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "Exists" => key,
                _ => "!" + key,
            });
        }
        return terms.Count == 0 ? null : string.Join(',', terms);
    }

    private static async Task<IReadOnlyList<KubernetesObject>> ListAsync(
        KubernetesClient client, GroupVersionKind gvk, KubernetesObject owner, CancellationToken ct)
    {
        if (Selector(owner) is not { } selector) return [];
        var options = new ListOptions { LabelSelector = selector };
        return (await client.ListAsync(gvk, owner.Namespace ?? client.DefaultNamespace, options, ct).ConfigureAwait(false)).Items;
    }
}
