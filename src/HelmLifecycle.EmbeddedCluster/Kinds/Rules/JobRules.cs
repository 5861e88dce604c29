using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Job and CronJob.</summary>
internal static class JobRules
{
    private const string ControllerUid = "batch.kubernetes.io/controller-uid";
    private const string JobName = "batch.kubernetes.io/job-name";

    /// <summary>Without manualSelector the API makes selector and labels from the uid.</summary>
    public static void Prepare(WriteContext context, JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (Json.Bool(spec, "manualSelector"))
        {
            return;
        }

        JsonObject metadata = Json.Meta(json);
        string uid = Json.Text(metadata, "uid");
        string name = Json.Text(metadata, "name");
        JsonObject labels = Json.Ensure(Json.Ensure(Json.Ensure(spec, "template"), "metadata"), "labels");
        foreach ((string key, string value) in new[] { ("controller-uid", uid), ("job-name", name), (ControllerUid, uid), (JobName, name) })
        {
            Json.Default(labels, key, value);
        }

        JsonObject match = Json.Ensure(Json.Ensure(spec, "selector"), "matchLabels");
        Json.Default(match, ControllerUid, uid);
    }

    public static void Job(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject? selector = Json.Object(spec, "selector");
        JsonNode? labels = Json.Get(spec, "template", "metadata", "labels");
        if (selector is not null && !Json.Bool(spec, "manualSelector"))
        {
            Generated(json, selector, labels, errors);
        }

        Spec(spec, errors);
    }

    /// <summary>Selector and labels that the API made must be those of this job; they are not when a manifest brings those of another.</summary>
    private static void Generated(JsonObject json, JsonObject selector, JsonNode? labels, FieldErrors errors)
    {
        (string uid, string name) = (Json.Text(json, "metadata", "uid"), Json.Text(json, "metadata", "name"));
        (string Key, string Value)[] expected = [("controller-uid", uid), ("job-name", name), (ControllerUid, uid), (JobName, name)];
        foreach ((string key, string value) in expected)
        {
            if (Json.String(labels, key) is not { } found)
            {
                errors.Required($"spec.template.metadata.labels[{key}]", "must be '" + value + "'");
            }
            else if (found != value)
            {
                errors.Invalid($"spec.template.metadata.labels[{key}]", GoText.Map(labels), "must be '" + value + "'");
            }
        }

        var own = new JsonObject(expected.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));
        if (SelectorRules.IsValid(selector) && !LabelSelector.From(selector).Matches(own))
        {
            errors.Invalid("spec.selector", SelectorRules.Text(selector), "`selector` not auto-generated");
        }
    }

    /// <summary>What holds on create and on update alike.</summary>
    private static void Spec(JsonObject spec, FieldErrors errors)
    {
        Numbers(spec, "spec", errors);
        Pod(spec, "spec", errors);
        JsonObject? selector = Json.Object(spec, "selector");
        JsonNode? labels = Json.Get(spec, "template", "metadata", "labels");
        if (selector is null)
        {
            errors.Required("spec.selector");
        }
        else
        {
            SelectorRules.Check(selector, "spec.selector", errors);
        }

        if (selector is null || !LabelSelector.From(selector).Matches(labels))
        {
            errors.Invalid("spec.template.metadata.labels", GoText.Map(labels), "`selector` does not match template `labels`");
        }
    }

    private static void Numbers(JsonObject spec, string path, FieldErrors errors)
    {
        foreach (string field in new[] { "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes" })
        {
            SelectorRules.NotNegative(spec[field], path + "." + field, errors);
        }

        string mode = Json.Text(spec, "completionMode");
        if (mode.Length > 0)
        {
            SelectorRules.OneOf(mode, path + ".completionMode", errors, false, "NonIndexed", "Indexed");
            if (mode == "Indexed" && spec["completions"] is null)
            {
                errors.Required(path + ".completions", "when completion mode is Indexed");
            }
        }
    }

    private static void Pod(JsonObject spec, string path, FieldErrors errors)
    {
        JsonObject template = Json.Ensure(spec, "template");
        PodSpecRules.Template(template, path + ".template", errors);
        string restart = Json.Text(template, "spec", "restartPolicy");
        if (restart == "Always")
        {
            errors.Required(path + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        }
        else if (restart is not ("OnFailure" or "Never"))
        {
            errors.NotSupported(path + ".template.spec.restartPolicy", GoText.Quote(restart), "OnFailure", "Never");
        }
    }

    public static void JobUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Job(context, json, errors);
        JsonObject spec = Json.Ensure(json, "spec");
        Spec(spec, errors);
        JsonObject before = Json.Ensure(old, "spec");
        if (Json.Text(spec, "completionMode") != "Indexed" || Json.Long(spec, "completions") != Json.Long(spec, "parallelism"))
        {
            SelectorRules.Immutable(spec["completions"], before["completions"], "spec.completions", errors);
        }

        if (!Json.SameOrEmpty(spec["selector"], before["selector"]))
        {
            errors.Invalid("spec.selector", SelectorRules.Text(spec["selector"]), "field is immutable");
        }

        TemplateUpdate(spec, before, errors);
        foreach (string field in new[] { "completionMode", "podFailurePolicy", "backoffLimitPerIndex" })
        {
            SelectorRules.Immutable(spec[field], before[field], "spec." + field, errors);
        }
    }

    private static void TemplateUpdate(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        if (Json.Same(spec["template"], before["template"]))
        {
            return;
        }

        // A job that never started may still be given other nodes and labels; nothing else of its pods may change.
        if (Json.Bool(before, "suspend") && spec["template"] is JsonObject mine && before["template"] is JsonObject theirs)
        {
            JsonObject probe = (JsonObject)mine.DeepClone();
            foreach (string field in new[] { "nodeSelector", "affinity", "tolerations", "schedulingGates" })
            {
                JsonObject pod = Json.Ensure(probe, "spec");
                if (Json.Get(theirs, "spec", field) is { } was)
                {
                    pod[field] = was.DeepClone();
                }
                else
                {
                    pod.Remove(field);
                }
            }

            probe["metadata"] = theirs["metadata"]?.DeepClone();
            if (Same(probe, theirs))
            {
                return;
            }
        }

        errors.Invalid("spec.template", "core.PodTemplateSpec{}", "field is immutable");
    }

    private static bool Same(JsonObject a, JsonObject b) => a.Select(p => p.Key).Union(b.Select(p => p.Key)).All(k => k == "spec" ? SameSpec(a, b) : Json.SameOrEmpty(a[k], b[k]));

    private static bool SameSpec(JsonObject a, JsonObject b)
    {
        JsonObject left = Json.Ensure(a, "spec");
        JsonObject right = Json.Ensure((JsonObject)b.DeepClone(), "spec");
        return left.Select(p => p.Key).Union(right.Select(p => p.Key)).All(k => Json.SameOrEmpty(left[k], right[k]));
    }

    public static void CronJob(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        string schedule = Json.Text(spec, "schedule");
        if (schedule.Length == 0)
        {
            errors.Required("spec.schedule");
        }
        else
        {
            if (schedule.Contains("TZ", StringComparison.Ordinal))
            {
                errors.InvalidText("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            }

            if (ScheduleError(schedule) is { } problem)
            {
                errors.InvalidText("spec.schedule", schedule, problem);
            }
        }

        if (spec["timeZone"] is { } zone && zone.GetValue<string>().Length == 0)
        {
            errors.InvalidText("spec.timeZone", "", "timeZone must be nil or non-empty string");
        }
        else if (Json.Text(spec, "timeZone").Equals("Local", StringComparison.OrdinalIgnoreCase))
        {
            errors.InvalidText("spec.timeZone", Json.Text(spec, "timeZone"), "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        else if (Json.Text(spec, "timeZone") is { Length: > 0 } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out _))
        {
            errors.InvalidText("spec.timeZone", name, "unknown time zone " + name);
        }

        SelectorRules.NotNegative(spec["startingDeadlineSeconds"], "spec.startingDeadlineSeconds", errors);
        SelectorRules.OneOf(Json.Text(spec, "concurrencyPolicy"), "spec.concurrencyPolicy", errors, true, "Allow", "Forbid", "Replace");
        if (Json.Object(spec, "jobTemplate", "spec") is { } job)
        {
            Numbers(job, "spec.jobTemplate.spec", errors);
            if (Json.Bool(job, "manualSelector"))
            {
                errors.NotSupported("spec.jobTemplate.spec.manualSelector", "true", "nil", "false");
            }

            Pod(job, "spec.jobTemplate.spec", errors);
        }

        SelectorRules.NotNegative(spec["successfulJobsHistoryLimit"], "spec.successfulJobsHistoryLimit", errors);
        SelectorRules.NotNegative(spec["failedJobsHistoryLimit"], "spec.failedJobsHistoryLimit", errors);
        string ownName = Json.Text(json, "metadata", "name");
        if (ownName.Length > 52)
        {
            errors.InvalidText("metadata.name", ownName, "must be no more than 52 characters");
        }
    }

    public static void CronJobUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors) => CronJob(context, json, errors);

    private static string? ScheduleError(string schedule)
    {
        if (schedule.StartsWith('@'))
        {
            bool known = schedule is "@yearly" or "@annually" or "@monthly" or "@weekly" or "@daily" or "@midnight" or "@hourly" || schedule.StartsWith("@every ", StringComparison.Ordinal);
            return known ? null : "unrecognized descriptor: " + schedule;
        }

        string[] fields = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            return $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]";
        }

        (int Low, int High)[] bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        for (int i = 0; i < 5; i++)
        {
            foreach (string range in fields[i].Split(','))
            {
                string part = range.Split('/')[0];
                if (part is "*" or "?")
                {
                    continue;
                }

                foreach (string end in part.Split('-'))
                {
                    if (int.TryParse(end, out int number))
                    {
                        if (number < bounds[i].Low)
                        {
                            return $"beginning of range ({number}) below minimum ({bounds[i].Low}): {range}";
                        }

                        if (number > bounds[i].High)
                        {
                            return $"end of range ({number}) above maximum ({bounds[i].High}): {range}";
                        }
                    }
                    else if (i < 3 || end.Length != 3)
                    {
                        return $"failed to parse int from {end}: strconv.Atoi: parsing {GoText.Quote(end)}: invalid syntax";
                    }
                }
            }
        }

        return null;
    }
}
