using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Deployment, ReplicaSet, StatefulSet, DaemonSet and their relatives.</summary>
internal static class WorkloadRules
{
    private const string StatefulSetFixed = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    /// <summary>A Deployment's generation moves with its annotations too.</summary>
    public static bool DeploymentMoves(JsonObject json, JsonObject old) =>
        BuiltInKind.SpecDiffers(json, old) || !Json.SameOrEmpty(Json.Get(json, "metadata", "annotations"), Json.Get(old, "metadata", "annotations"));

    public static void Deployment(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        SelectorRules.NotNegative(spec["replicas"], "spec.replicas", errors);
        SelectorAndTemplate(context, spec, errors);
        Strategy(spec, errors);
        SelectorRules.NotNegative(spec["minReadySeconds"], "spec.minReadySeconds", errors);
        SelectorRules.NotNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit", errors);
        if (Json.Long(spec, "progressDeadlineSeconds") is { } deadline)
        {
            SelectorRules.NotNegative(spec["progressDeadlineSeconds"], "spec.progressDeadlineSeconds", errors);
            if (deadline <= (Json.Long(spec, "minReadySeconds") ?? 0))
            {
                errors.Invalid("spec.progressDeadlineSeconds", Json.Number(deadline), "must be greater than minReadySeconds");
            }
        }
    }

    /// <summary>The same for a Deployment and a ReplicaSet; the API says "for deployment" of both.</summary>
    private static void SelectorAndTemplate(WriteContext context, JsonObject spec, FieldErrors errors)
    {
        JsonObject? selector = Json.Object(spec, "selector");
        if (selector is null)
        {
            errors.Required("spec.selector");
        }
        else
        {
            SelectorRules.Check(selector, "spec.selector", errors);
            if (IsEmptySelector(selector))
            {
                errors.Invalid("spec.selector", SelectorRules.Text(selector), "empty selector is invalid for deployment");
            }
        }

        if (selector is not null && !SelectorRules.IsValid(selector))
        {
            errors.Invalid("spec.selector", SelectorRules.Text(selector), "invalid label selector");
        }
        else
        {
            Template(context, spec, selector, "spec", errors);
        }
    }

    private static bool IsEmptySelector(JsonObject selector) => Json.IsEmpty(selector["matchLabels"]) && Json.IsEmpty(selector["matchExpressions"]);

    public static void DeploymentUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Deployment(context, json, errors);
        SelectorImmutable(json, old, errors);
    }

    private static void SelectorImmutable(JsonObject json, JsonObject old, FieldErrors errors)
    {
        JsonNode? selector = Json.Get(json, "spec", "selector");
        if (!Json.SameOrEmpty(selector, Json.Get(old, "spec", "selector")))
        {
            errors.Invalid("spec.selector", SelectorRules.Text(selector), "field is immutable");
        }
    }

    /// <summary>A pod template against its selector, then the pod spec itself, which must always restart.</summary>
    public static void Template(WriteContext context, JsonObject spec, JsonObject? selector, string path, FieldErrors errors, bool emptySelectorMatches = true, bool alwaysRestart = true)
    {
        if (Json.Object(spec, "template") is not { } template)
        {
            errors.Required(path + ".template");
            return;
        }

        string at = path + ".template";
        JsonNode? labels = Json.Get(template, "metadata", "labels");
        bool matches = selector is not null && (IsEmptySelector(selector) ? emptySelectorMatches : LabelSelector.From(selector).Matches(labels));
        if (!matches)
        {
            errors.Invalid(at + ".metadata.labels", GoText.Map(labels), "`selector` does not match template `labels`");
        }

        PodSpecRules.Template(template, at, errors);
        if (!alwaysRestart)
        {
            return;
        }

        string restart = Json.Text(template, "spec", "restartPolicy");
        if (restart != "Always")
        {
            errors.NotSupported(at + ".spec.restartPolicy", GoText.Quote(restart), "Always");
        }

        if (Json.Get(template, "spec", "activeDeadlineSeconds") is not null)
        {
            errors.Forbidden(at + ".spec.activeDeadlineSeconds", "activeDeadlineSeconds in " + (context.Resource.Kind == "Deployment" ? "ReplicaSet" : context.Resource.Kind) + " is not Supported");
        }
    }

    private static void Strategy(JsonObject spec, FieldErrors errors)
    {
        JsonObject strategy = Json.Ensure(spec, "strategy");
        switch (Json.Text(strategy, "type"))
        {
            case "Recreate":
                if (strategy["rollingUpdate"] is not null)
                {
                    errors.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                }

                break;
            case "RollingUpdate":
                if (Json.Object(strategy, "rollingUpdate") is { } rolling)
                {
                    SelectorRules.IntOrPercent(rolling["maxUnavailable"], "spec.strategy.rollingUpdate.maxUnavailable", errors);
                    SelectorRules.IntOrPercent(rolling["maxSurge"], "spec.strategy.rollingUpdate.maxSurge", errors);
                    if (SelectorRules.IsZero(rolling["maxUnavailable"]) && SelectorRules.IsZero(rolling["maxSurge"]))
                    {
                        errors.Invalid("spec.strategy.rollingUpdate.maxUnavailable", SelectorRules.IntOrStringText(rolling["maxUnavailable"]), "may not be 0 when `maxSurge` is 0");
                    }

                    AtMostAll(rolling["maxUnavailable"], "spec.strategy.rollingUpdate.maxUnavailable", errors);
                }
                else
                {
                    errors.Required("spec.strategy.rollingUpdate", "this should be defaulted and never be nil");
                }

                break;
            case var other:
                errors.NotSupported("spec.strategy", $"apps.DeploymentStrategy{{Type:{GoText.Quote(other)}, RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}}", "Recreate", "RollingUpdate");
                break;
        }
    }

    /// <summary>A percentage above 100 makes no sense here.</summary>
    public static void AtMostAll(JsonNode? value, string path, FieldErrors errors)
    {
        if (value is JsonValue text && text.TryGetValue(out string? percent) && long.TryParse(percent!.TrimEnd('%'), out long number) && percent.EndsWith('%') && number > 100)
        {
            errors.Invalid(path, SelectorRules.IntOrStringText(value), "must not be greater than 100%");
        }
    }

    public static void ReplicaSet(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        SelectorRules.NotNegative(spec["replicas"], "spec.replicas", errors);
        SelectorRules.NotNegative(spec["minReadySeconds"], "spec.minReadySeconds", errors);
        SelectorAndTemplate(context, spec, errors);
    }

    public static void ReplicaSetUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        ReplicaSet(context, json, errors);
        SelectorImmutable(json, old, errors);
    }

    public static void ReplicationController(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        SelectorRules.NotNegative(spec["minReadySeconds"], "spec.minReadySeconds", errors);
        SelectorRules.NotNegative(spec["replicas"], "spec.replicas", errors);
        if (Json.Object(spec, "selector") is not { Count: > 0 } selector)
        {
            errors.Required("spec.selector");
            return;
        }

        Template(context, spec, new JsonObject { ["matchLabels"] = selector.DeepClone() }, "spec", errors);
    }

    public static void StatefulSet(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        string management = Json.Text(spec, "podManagementPolicy");
        if (management.Length == 0)
        {
            errors.Required("spec.podManagementPolicy");
        }
        else if (management is not ("OrderedReady" or "Parallel"))
        {
            errors.InvalidText("spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'");
        }

        JsonObject strategy = Json.Ensure(spec, "updateStrategy");
        switch (Json.Text(strategy, "type"))
        {
            case "":
                errors.Required("spec.updateStrategy");
                break;
            case "OnDelete":
                if (strategy["rollingUpdate"] is not null)
                {
                    errors.Invalid("spec.updateStrategy.rollingUpdate", "v1.RollingUpdateStatefulSetStrategy{}", "only allowed for updateStrategy 'RollingUpdate'");
                }

                break;
            case "RollingUpdate":
                SelectorRules.NotNegative(Json.Get(strategy, "rollingUpdate", "partition"), "spec.updateStrategy.rollingUpdate.partition", errors);
                break;
            case var other:
                errors.Invalid("spec.updateStrategy", $"apps.StatefulSetUpdateStrategy{{Type:{GoText.Quote(other)}}}", "must be 'RollingUpdate' or 'OnDelete'");
                break;
        }

        SelectorRules.NotNegative(spec["replicas"], "spec.replicas", errors);
        SelectorRules.NotNegative(spec["minReadySeconds"], "spec.minReadySeconds", errors);
        SelectorRules.NotNegative(Json.Get(spec, "ordinals", "start"), "spec.ordinals.start", errors);
        JsonObject? selector = Json.Object(spec, "selector");
        if (selector is null)
        {
            errors.Required("spec.selector");
        }
        else
        {
            SelectorRules.Check(selector, "spec.selector", errors);
            if (IsEmptySelector(selector))
            {
                errors.Invalid("spec.selector", SelectorRules.Text(selector), "empty selector is invalid for statefulset");
            }
        }

        if (selector is null || SelectorRules.IsValid(selector))
        {
            Template(context, spec, selector, "spec", errors);
        }
        else
        {
            errors.Invalid("spec.selector", SelectorRules.Text(selector), "");
        }
    }

    public static void StatefulSetUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject before = Json.Ensure(old, "spec");
        string[] free = ["replicas", "ordinals", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];
        bool changed = spec.Select(p => p.Key).Union(before.Select(p => p.Key)).Any(f => !free.Contains(f) && !Json.SameOrEmpty(spec[f], before[f]));
        if (changed)
        {
            errors.Forbidden("spec", StatefulSetFixed);
        }

        StatefulSet(context, json, errors);
    }

    public static void PrepareDaemonSet(WriteContext context, JsonObject json) => Json.Ensure(Json.Meta(json), "annotations")["deprecated.daemonset.template.generation"] = "1";

    public static void PrepareDaemonSetUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        const string name = "deprecated.daemonset.template.generation";
        string was = Json.Text(old, "metadata", "annotations", name);
        long generation = long.TryParse(was, out long parsed) ? parsed : 0;
        if (!Json.Same(Json.Get(json, "spec", "template"), Json.Get(old, "spec", "template")))
        {
            generation++;
        }

        Json.Ensure(Json.Meta(json), "annotations")[name] = Json.Number(generation);
    }

    public static void DaemonSet(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject? selector = Json.Object(spec, "selector");
        SelectorRules.Check(selector, "spec.selector", errors);
        Template(context, spec, selector, "spec", errors, emptySelectorMatches: false);
        if (selector is not null && IsEmptySelector(selector))
        {
            errors.Invalid("spec.selector", SelectorRules.Text(selector), "empty selector is invalid for daemonset");
        }

        SelectorRules.NotNegative(spec["minReadySeconds"], "spec.minReadySeconds", errors);
        JsonObject strategy = Json.Ensure(spec, "updateStrategy");
        switch (Json.Text(strategy, "type"))
        {
            case "OnDelete":
                break;
            case "RollingUpdate":
                if (Json.Object(strategy, "rollingUpdate") is { } rolling)
                {
                    SelectorRules.IntOrPercent(rolling["maxUnavailable"], "spec.updateStrategy.rollingUpdate.maxUnavailable", errors);
                    SelectorRules.IntOrPercent(rolling["maxSurge"], "spec.updateStrategy.rollingUpdate.maxSurge", errors);
                    AtMostAll(rolling["maxUnavailable"], "spec.updateStrategy.rollingUpdate.maxUnavailable", errors);
                    AtMostAll(rolling["maxSurge"], "spec.updateStrategy.rollingUpdate.maxSurge", errors);
                    if (SelectorRules.IsZero(rolling["maxUnavailable"]) && SelectorRules.IsZero(rolling["maxSurge"]))
                    {
                        errors.Required("spec.updateStrategy.rollingUpdate.maxUnavailable", "cannot be 0 when maxSurge is 0");
                    }

                    if (!SelectorRules.IsZero(rolling["maxUnavailable"]) && !SelectorRules.IsZero(rolling["maxSurge"]))
                    {
                        errors.Invalid("spec.updateStrategy.rollingUpdate.maxSurge", SelectorRules.IntOrStringText(rolling["maxSurge"]), "may not be set when maxUnavailable is non-zero");
                    }
                }

                break;
            case var other:
                errors.NotSupported("spec.updateStrategy", $"apps.DaemonSetUpdateStrategy{{Type:{GoText.Quote(other)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}}", "RollingUpdate", "OnDelete");
                break;
        }

        SelectorRules.NotNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit", errors);
    }

    public static void DaemonSetUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        DaemonSet(context, json, errors);
        DaemonSet(context, json, errors);
        SelectorImmutable(json, old, errors);
    }

    public static void PodTemplate(WriteContext context, JsonObject json, FieldErrors errors) => PodSpecRules.Template(Json.Ensure(json, "template"), "template", errors);
}
