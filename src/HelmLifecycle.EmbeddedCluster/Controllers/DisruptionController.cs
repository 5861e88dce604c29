using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Computes how many pods each PodDisruptionBudget lets go.</summary>
internal sealed class DisruptionController(ClusterLoop loop) : Controller(loop, "disruption-controller")
{
    public override IReadOnlyList<ResourceKey>? Watches { get; } =
    [
        ClusterResources.DisruptionBudgets, ClusterResources.Pods, ClusterResources.Deployments, ClusterResources.StatefulSets, ClusterResources.ReplicaSets,
    ];

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource == ClusterResources.DisruptionBudgets)
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
            return;
        }

        foreach (StoredObject budget in Store.List(ClusterResources.DisruptionBudgets, change.Object.Namespace))
        {
            Enqueue(budget.Namespace, budget.Name);
        }
    }

    public override void OnPod(StoreEventType type, PodView pod)
    {
        foreach (StoredObject budget in Store.List(ClusterResources.DisruptionBudgets, pod.Namespace))
        {
            if (LabelQuery.From(budget.View.At("spec", "selector"))?.Matches(pod.Labels) == true)
            {
                Enqueue(budget.Namespace, budget.Name);
            }
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.DisruptionBudgets, ns, name) is not { } budget)
        {
            return;
        }

        LabelQuery? selector = LabelQuery.From(budget.At("spec", "selector"));
        List<PodView> pods = selector is null ? [] : [.. Loop.Pods(ns).Where(p => !p.IsFinished && selector.Matches(p.Labels))];
        int expected = pods.Count;
        int desired;
        if (budget.At("spec", "maxUnavailable") is { } most)
        {
            expected = Expected(pods);
            desired = Math.Max(0, expected - most.IntOrPercent(expected, roundUp: true, 0));
        }
        else
        {
            JsonNode? least = budget.At("spec", "minAvailable");
            if (least.Text() is not null)
            {
                expected = Expected(pods);
            }

            desired = least.IntOrPercent(expected, roundUp: true, 0);
        }

        JsonObject status = budget.Map("status")?.Copy() ?? [];
        int healthy = pods.Count(p => p.IsReady && !p.IsDeleting && !IsDisrupted(status, p));
        int allowed = expected > 0 ? Math.Max(0, healthy - desired) : 0;
        ForgetDisrupted(status);
        status["observedGeneration"] = budget.Generation();
        status["disruptionsAllowed"] = allowed;
        status["currentHealthy"] = healthy;
        status["desiredHealthy"] = desired;
        status["expectedPods"] = expected;
        Conditions.Update(status, new JsonObject
        {
            ["type"] = "DisruptionAllowed",
            ["status"] = allowed > 0 ? "True" : "False",
            ["observedGeneration"] = budget.Generation(),
            ["lastTransitionTime"] = Clock.Stamp,
            ["reason"] = allowed > 0 ? "SufficientPods" : "InsufficientPods",
            ["message"] = "",
        });
        WriteStatus(ClusterResources.DisruptionBudgets, budget, status);
    }

    /// <summary>A pod that an eviction has just taken off but that is not yet marked deleted.</summary>
    private static bool IsDisrupted(JsonObject status, PodView pod) => status.At("disruptedPods", pod.Name) is not null;

    private void ForgetDisrupted(JsonObject status)
    {
        if (status["disruptedPods"] is not JsonObject disrupted)
        {
            return;
        }

        foreach ((string pod, JsonNode? since) in disrupted.ToArray())
        {
            if (ClusterClock.Parse(since.Text()) is not { } at || at.AddMinutes(2) <= Clock.Now)
            {
                disrupted.Remove(pod);
            }
        }

        if (disrupted.Count == 0)
        {
            status.Remove("disruptedPods");
        }
    }

    /// <summary>How many pods the managers of these pods ask for.</summary>
    private int Expected(List<PodView> pods)
    {
        int sum = 0;
        var seen = new HashSet<string>();
        foreach (PodView pod in pods)
        {
            JsonObject? manager = ClusterResources.OfKind(pod.OwnerKind) is { } resource ? Read(resource, pod.Namespace, pod.OwnerName ?? "") : null;
            if (manager?.ControllerRef() is { } above && ClusterResources.OfKind(above.Kind()) is { } upper)
            {
                manager = Read(upper, pod.Namespace, above.Text("name") ?? "") ?? manager;
            }

            if (manager is null)
            {
                sum++;
            }
            else if (seen.Add(manager.Uid()))
            {
                sum += manager.Int(1, "spec", "replicas");
            }
        }

        return sum;
    }
}
