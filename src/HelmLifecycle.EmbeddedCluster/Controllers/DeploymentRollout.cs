using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The arithmetic of a rollout, without any effect: limits, shares and which ReplicaSet is the new one.</summary>
internal static class DeploymentRollout
{
    public const string Hash = "pod-template-hash";
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistoryKey = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    public static int Replicas(JsonNode o) => o.Int(1, "spec", "replicas");

    public static int Replicas(IEnumerable<JsonObject> sets) => sets.Sum(Replicas);

    public static int Available(JsonNode o) => o.Int(0, "status", "availableReplicas");

    public static int Actual(JsonNode o) => o.Int(0, "status", "replicas");

    public static bool IsRolling(JsonNode deployment) => deployment.Text("spec", "strategy", "type") != "Recreate";

    public static bool HasProgressDeadline(JsonNode deployment) => deployment.Number("spec", "progressDeadlineSeconds") is { } seconds && seconds != int.MaxValue;

    /// <summary>Surge rounds up, unavailability down; when both come to nothing one pod may be missing, or the rollout would never move.</summary>
    public static (int Surge, int Unavailable) Limits(JsonNode deployment)
    {
        if (!IsRolling(deployment))
        {
            return (0, 0);
        }

        int replicas = Replicas(deployment);
        JsonNode? rolling = deployment.At("spec", "strategy", "rollingUpdate");
        int surge = rolling.At("maxSurge").IntOrPercent(replicas, roundUp: true, 0);
        int unavailable = rolling.At("maxUnavailable").IntOrPercent(replicas, roundUp: false, 0);
        if (surge == 0 && unavailable == 0)
        {
            unavailable = 1;
        }

        return (surge, replicas == 0 ? 0 : Math.Min(unavailable, replicas));
    }

    /// <summary>How many replicas the new ReplicaSet may have now.</summary>
    public static int NewReplicas(JsonNode deployment, IEnumerable<JsonObject> all, int current)
    {
        int wanted = Replicas(deployment);
        if (!IsRolling(deployment))
        {
            return wanted;
        }

        int room = wanted + Limits(deployment).Surge - Replicas(all);
        return room <= 0 ? current : current + Math.Min(room, wanted - current);
    }

    /// <summary>Equal but for the hash label.</summary>
    public static bool SameTemplate(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(WithoutHash(a), WithoutHash(b));

    /// <summary>The oldest ReplicaSet with the deployment's template.</summary>
    public static JsonObject? FindNew(JsonNode deployment, IEnumerable<JsonObject> sets) =>
        ByCreation(sets).FirstOrDefault(s => SameTemplate(s.At("spec", "template"), deployment.At("spec", "template")));

    public static IEnumerable<JsonObject> ByCreation(IEnumerable<JsonObject> sets) => sets.OrderBy(s => s.Created()).ThenBy(s => s.Name(), StringComparer.Ordinal);

    public static int RevisionOf(JsonNode? o) => int.TryParse(o.Annotation(Revision), out int revision) ? revision : 0;

    /// <summary>How much of a change in size falls to one ReplicaSet when a deployment is scaled in the middle of a rollout.</summary>
    public static int Share(JsonObject set, JsonNode deployment, int toAdd, int added)
    {
        int size = Replicas(set);
        if (size == 0 || toAdd == 0 || toAdd == added)
        {
            return 0;
        }

        int fraction;
        int wanted = Replicas(deployment);
        if (wanted == 0)
        {
            fraction = -size;
        }
        else
        {
            int before = int.TryParse(set.Annotation(MaxReplicas), out int max) && max > 0 ? max : Math.Max(1, Actual(deployment));
            fraction = (int)Math.Round((double)size * (wanted + Limits(deployment).Surge) / before, MidpointRounding.AwayFromZero) - size;
        }

        int left = toAdd - added;
        return toAdd > 0 ? Math.Min(fraction, left) : Math.Max(fraction, left);
    }

    public static bool IsComplete(JsonNode deployment, JsonNode status) =>
        status.Int(0, "updatedReplicas") == Replicas(deployment)
        && status.Int(0, "replicas") == Replicas(deployment)
        && status.Int(0, "availableReplicas") == Replicas(deployment)
        && status.Int(0, "observedGeneration") >= deployment.Generation();

    /// <summary>Whether anything moved forward between two states.</summary>
    public static bool HasProgressed(JsonNode? before, JsonNode now) =>
        now.Int(0, "updatedReplicas") > before.Int(0, "updatedReplicas")
        || now.Int(0, "replicas") - now.Int(0, "updatedReplicas") < before.Int(0, "replicas") - before.Int(0, "updatedReplicas")
        || now.Int(0, "readyReplicas") > before.Int(0, "readyReplicas")
        || now.Int(0, "availableReplicas") > before.Int(0, "availableReplicas");

    private static JsonObject WithoutHash(JsonNode? template)
    {
        JsonObject copy = (template as JsonObject)?.Copy() ?? [];
        if (copy.Labels() is { } labels)
        {
            labels.Remove(Hash);
            if (labels.Count == 0)
            {
                copy.Map("metadata")!.Remove("labels");
            }
        }

        return copy;
    }
}
