using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

internal static partial class KindDefaults
{
    public static void Deployment(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(spec["template"]);
        Json.Default(spec, "replicas", 1L);
        JsonObject strategy = Json.Ensure(spec, "strategy");
        Json.DefaultText(strategy, "type", "RollingUpdate");
        if (Json.Text(strategy, "type") == "RollingUpdate")
        {
            JsonObject rolling = Json.Ensure(strategy, "rollingUpdate");
            Json.Default(rolling, "maxUnavailable", "25%");
            Json.Default(rolling, "maxSurge", "25%");
        }

        Json.Default(spec, "revisionHistoryLimit", 10L);
        Json.Default(spec, "progressDeadlineSeconds", 600L);
    }

    public static void ReplicaSet(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(spec["template"]);
        Json.Default(spec, "replicas", 1L);
    }

    public static void ReplicationController(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(spec["template"]);
        Json.Default(spec, "replicas", 1L);
        if (Json.Object(spec, "template", "metadata", "labels") is { Count: > 0 } labels)
        {
            if (Json.IsEmpty(spec["selector"]))
            {
                spec["selector"] = labels.DeepClone();
            }

            if (Json.IsEmpty(Json.Meta(json)["labels"]))
            {
                Json.Meta(json)["labels"] = labels.DeepClone();
            }
        }
    }

    public static void PodTemplate(JsonObject json) => PodDefaults.Template(json["template"]);

    public static void StatefulSet(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(spec["template"]);
        Json.DefaultText(spec, "podManagementPolicy", "OrderedReady");
        JsonObject strategy = Json.Ensure(spec, "updateStrategy");
        if (Json.Text(strategy, "type").Length == 0)
        {
            strategy["type"] = "RollingUpdate";
            if (strategy["rollingUpdate"] is null)
            {
                strategy["rollingUpdate"] = new JsonObject { ["partition"] = 0L };
            }
        }

        if (Json.Text(strategy, "type") == "RollingUpdate" && Json.Object(strategy, "rollingUpdate") is { } rolling)
        {
            Json.Default(rolling, "partition", 0L);
        }

        JsonObject retention = Json.Ensure(spec, "persistentVolumeClaimRetentionPolicy");
        Json.DefaultText(retention, "whenDeleted", "Retain");
        Json.DefaultText(retention, "whenScaled", "Retain");
        Json.Default(spec, "replicas", 1L);
        Json.Default(spec, "revisionHistoryLimit", 10L);
        foreach (JsonObject claim in Json.Objects(spec, "volumeClaimTemplates"))
        {
            claim["kind"] = "PersistentVolumeClaim";
            claim["apiVersion"] = "v1";
            PersistentVolumeClaim(claim);
        }
    }

    public static void DaemonSet(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(spec["template"]);
        JsonObject strategy = Json.Ensure(spec, "updateStrategy");
        Json.DefaultText(strategy, "type", "RollingUpdate");
        if (Json.Text(strategy, "type") == "RollingUpdate")
        {
            JsonObject rolling = Json.Ensure(strategy, "rollingUpdate");
            Json.Default(rolling, "maxUnavailable", 1L);
            Json.Default(rolling, "maxSurge", 0L);
        }

        Json.Default(spec, "revisionHistoryLimit", 10L);
    }

    public static void Job(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(spec["template"]);
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1L;
        }

        Json.Default(spec, "parallelism", 1L);
        Json.Default(spec, "backoffLimit", spec["backoffLimitPerIndex"] is null ? 6L : int.MaxValue);
        Json.Default(spec, "completionMode", "NonIndexed");
        Json.Default(spec, "suspend", false);
        Json.Default(spec, "manualSelector", false);
        Json.Default(spec, "podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        foreach (JsonObject rule in Json.Objects(spec, "podFailurePolicy", "rules"))
        {
            foreach (JsonObject pattern in Json.Objects(rule, "onPodConditions"))
            {
                Json.DefaultText(pattern, "status", "True");
            }
        }

        if (Json.IsEmpty(Json.Meta(json)["labels"]) && Json.Object(spec, "template", "metadata", "labels") is { Count: > 0 } labels)
        {
            Json.Meta(json)["labels"] = labels.DeepClone();
        }
    }

    public static void CronJob(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        PodDefaults.Template(Json.Object(spec, "jobTemplate", "spec", "template"));
        Json.DefaultText(spec, "concurrencyPolicy", "Allow");
        Json.Default(spec, "suspend", false);
        Json.Default(spec, "successfulJobsHistoryLimit", 3L);
        Json.Default(spec, "failedJobsHistoryLimit", 1L);
    }
}
