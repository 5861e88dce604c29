using System.Runtime.CompilerServices;

namespace HelmLifecycle.Kubernetes;

/// <summary>Asks for objects every two seconds, one after the other, as Helm 3 does.</summary>
internal sealed class LegacyPoll(KubernetesClient client, WaitOptions options)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private const int TolerableFailures = 30;

    /// <summary>
    /// Statuses by the index of the object. A round ends at the first object that is not ready; the whole ends when an object is seen
    /// failed once too often.
    /// </summary>
    public async IAsyncEnumerable<(int Index, ReadinessStatus Status)> ReadAsync(
        IReadOnlyList<ObjectReference> objects, bool forDeletion, [EnumeratorCancellation] CancellationToken ct)
    {
        int[] failures = new int[objects.Count];
        while (true)
        {
            for (int i = 0; i < objects.Count; i++)
            {
                ReadinessStatus status;
                try
                {
                    status = await (forDeletion ? ExistsAsync(objects[i], ct) : StatusOfAsync(objects[i], ct)).ConfigureAwait(false);
                    failures[i] = status.Status == ResourceStatus.Failed ? failures[i] + 1 : 0;
                }
                catch (KubernetesException e) when (!forDeletion && IsTolerable(e) && ++failures[i] <= TolerableFailures)
                {
                    break;
                }
                yield return (i, status);
                if (!forDeletion && failures[i] > TolerableFailures) yield break;
                if (forDeletion ? status.Status != ResourceStatus.NotFound : !status.IsCurrent) break;
            }
            await Task.Delay(Interval, client.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task<ReadinessStatus> ExistsAsync(ObjectReference o, CancellationToken ct) =>
        await client.TryGetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false) is { } live
            ? new ReadinessStatus(live.DeletionTimestamp is null ? ResourceStatus.Current : ResourceStatus.Terminating, "", "")
            : StatusBoard.Gone;

    private async Task<ReadinessStatus> StatusOfAsync(ObjectReference o, CancellationToken ct)
    {
        var rules = new HelmLegacyOptions { WaitForJobs = options.WaitForJobs };
        if (!LegacyRules.Knows(o.Gvk, options.WaitForJobs)) return new ReadinessStatus(ResourceStatus.Current, "", "Resource is ready");
        KubernetesObject live = await client.GetAsync(o.Gvk, o.Namespace, o.Name, ct).ConfigureAwait(false);
        IReadOnlyList<KubernetesObject> owned = o.Gvk.Kind switch
        {
            "Deployment" when !live.Flag("spec", "paused") => await OwnedObjects.ReplicaSetsAsync(client, live, ct).ConfigureAwait(false),
            "ReplicaSet" or "ReplicationController" => await OwnedObjects.PodsAsync(client, live, ct).ConfigureAwait(false),
            _ => [],
        };
        return LegacyRules.Of(live, rules with { Owned = owned });
    }

    private static bool IsTolerable(KubernetesException e) => e is not KubernetesApiException api || api.StatusCode is 0 or 429 or >= 500 and not 501;
}
