using System.Text.Json.Nodes;
using static HelmLifecycle.EmbeddedCluster.DeploymentRollout;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What a deployment says of itself.</summary>
internal static class DeploymentStatus
{
    public static JsonObject Condition(string type, string status, string reason, string message, string now) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["lastUpdateTime"] = now,
        ["lastTransitionTime"] = now,
        ["reason"] = reason,
        ["message"] = message,
    };

    /// <summary>The counts and the condition Available.</summary>
    public static JsonObject Calculate(JsonObject deployment, List<JsonObject> all, JsonObject? newSet, string now)
    {
        int available = all.Sum(Available);
        var status = new JsonObject { ["observedGeneration"] = deployment.Generation() };
        status.SetUnlessZero("replicas", all.Sum(Actual));
        status.SetUnlessZero("updatedReplicas", newSet is null ? 0 : Actual(newSet));
        status.SetUnlessZero("readyReplicas", all.Sum(s => s.Int(0, "status", "readyReplicas")));
        status.SetUnlessZero("availableReplicas", available);
        status.SetUnlessZero("unavailableReplicas", Math.Max(0, Replicas(all) - available));
        if (deployment.At("status", "conditions") is { } conditions)
        {
            status["conditions"] = conditions.DeepClone();
        }

        if (deployment.At("status", "collisionCount") is { } collisions)
        {
            status["collisionCount"] = collisions.DeepClone();
        }

        Conditions.Set(status, available >= Replicas(deployment) - Limits(deployment).Unavailable
            ? Condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
            : Condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now));
        return status;
    }

    /// <summary>The conditions Progressing and ReplicaFailure.</summary>
    public static void Progress(JsonObject deployment, JsonObject status, List<JsonObject> all, JsonObject? newSet, DateTimeOffset now)
    {
        string stamp = ClusterClock.Format(now);
        string subject = newSet is null ? $"Deployment \"{deployment.Name()}\"" : $"ReplicaSet \"{newSet.Name()}\"";
        if (!HasProgressDeadline(deployment))
        {
            Conditions.Remove(status, "Progressing");
        }

        JsonObject? current = Conditions.Find(deployment["status"], "Progressing");
        bool settled = status.Int(0, "replicas") == status.Int(0, "updatedReplicas") && current.Text("reason") == "NewReplicaSetAvailable";
        if (HasProgressDeadline(deployment) && !settled)
        {
            if (IsComplete(deployment, status))
            {
                Conditions.Set(status, Condition("Progressing", "True", "NewReplicaSetAvailable", subject + " has successfully progressed.", stamp));
            }
            else if (HasProgressed(deployment["status"], status))
            {
                JsonObject condition = Condition("Progressing", "True", "ReplicaSetUpdated", subject + " is progressing.", stamp);
                if (current.Text("status") == "True")
                {
                    // Progress with the same reason counts too: the update time moves, the transition time does not.
                    condition["lastTransitionTime"] = current.Text("lastTransitionTime");
                }

                Conditions.Remove(status, "Progressing");
                Conditions.Set(status, condition);
            }
            else if (HasTimedOut(deployment, status, now))
            {
                Conditions.Set(status, Condition("Progressing", "False", "ProgressDeadlineExceeded", subject + " has timed out progressing.", stamp));
            }
        }

        JsonObject? failure = (newSet is null ? null : Conditions.Find(newSet["status"], "ReplicaFailure"))
            ?? all.Where(s => s.Uid() != newSet?.Uid()).Select(s => Conditions.Find(s["status"], "ReplicaFailure")).FirstOrDefault(c => c is not null);
        if (failure is null)
        {
            Conditions.Remove(status, "ReplicaFailure");
        }
        else
        {
            JsonObject condition = Condition("ReplicaFailure", failure.Text("status")!, failure.Text("reason") ?? "", failure.Text("message") ?? "", failure.Text("lastTransitionTime") ?? stamp);
            Conditions.Set(status, condition);
        }
    }

    /// <summary>How long until the progress deadline should be looked at again, or null when nothing is waited for.</summary>
    public static TimeSpan? TimeToDeadline(JsonObject deployment, JsonObject status, DateTimeOffset now)
    {
        JsonObject? current = Conditions.Find(deployment["status"], "Progressing");
        if (current is null || !HasProgressDeadline(deployment) || IsComplete(deployment, status)
            || current.Text("reason") is "ProgressDeadlineExceeded" or "NewReplicaSetAvailable" or "DeploymentPaused")
        {
            return null;
        }

        TimeSpan left = Deadline(deployment, current) - now;
        return left < TimeSpan.Zero ? TimeSpan.FromSeconds(1) : left + TimeSpan.FromSeconds(1);
    }

    private static bool HasTimedOut(JsonObject deployment, JsonObject status, DateTimeOffset now)
    {
        JsonObject? condition = Conditions.Find(status, "Progressing");
        return condition is not null && condition.Text("reason") switch
        {
            "NewReplicaSetAvailable" => false,
            "ProgressDeadlineExceeded" => true,
            _ => Deadline(deployment, condition) < now,
        };
    }

    private static DateTimeOffset Deadline(JsonObject deployment, JsonObject condition) =>
        (ClusterClock.Parse(condition.Text("lastUpdateTime")) ?? DateTimeOffset.MinValue).AddSeconds(deployment.Int(600, "spec", "progressDeadlineSeconds"));
}
