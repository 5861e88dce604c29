using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Makes Jobs by the clock. Virtual time does not move for a schedule alone; when it passes one, the job is made.</summary>
internal sealed class CronJobController(ClusterLoop loop) : Controller(loop, "cronjob-controller")
{
    private const string Scheduled = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.CronJobs, ClusterResources.Jobs];

    public override void OnChange(StoreEvent change)
    {
        if (change.Resource == ClusterResources.CronJobs)
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
        }
        else if (change.Object.View.ControllerRef() is { } owner && owner.Kind() == "CronJob")
        {
            Enqueue(change.Object.Namespace, owner.Text("name") ?? "");
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.CronJobs, ns, name) is not { } cron || cron.IsDeleting())
        {
            return;
        }

        DateTimeOffset now = Clock.Now;
        List<JsonObject> jobs = [.. Store.List(ClusterResources.Jobs, ns).Select(j => j.View).Where(j => j.IsControlledBy(cron.Uid()))];
        JsonObject status = cron.Map("status")?.Copy() ?? [];
        Follow(cron, jobs, status);
        CleanUp(cron, jobs);

        if (!cron.Flag("spec", "suspend"))
        {
            if (CronSchedule.TryParse(cron.Text("spec", "schedule"), cron.Text("spec", "timeZone")) is not { } schedule)
            {
                Event(cron, "UnparseableSchedule", "unparseable schedule: " + cron.Text("spec", "schedule"), warning: true);
            }
            else
            {
                Start(cron, jobs, status, schedule, now);
                if (schedule.Next(now) is { } next)
                {
                    Again(next - now, background: true);
                }
            }
        }

        WriteStatus(ClusterResources.CronJobs, cron, status);
    }

    /// <summary>Takes finished and lost jobs off the list of active ones.</summary>
    private void Follow(JsonObject cron, List<JsonObject> jobs, JsonObject status)
    {
        var active = status["active"] as JsonArray ?? [];
        foreach (JsonObject job in jobs)
        {
            bool listed = active.Any(a => a.Text("uid") == job.Uid());
            bool finished = JobController.IsFinished(job);
            if (!listed && !finished && job.Annotation(Scheduled) is null)
            {
                Event(cron, "UnexpectedJob", "Saw a job that the controller did not create or forgot: " + job.Name(), warning: true);
            }
            else if (listed && finished)
            {
                for (int i = active.Count - 1; i >= 0; i--)
                {
                    if (active[i].Text("uid") == job.Uid())
                    {
                        active.RemoveAt(i);
                    }
                }

                string outcome = Conditions.IsTrue(job["status"], "Complete") ? "Complete" : "Failed";
                Event(cron, "SawCompletedJob", $"Saw completed job: {job.Name()}, status: {outcome}");
                if (outcome == "Complete" && job.Text("status", "completionTime") is { } at
                    && string.CompareOrdinal(at, status.Text("lastSuccessfulTime") ?? "") > 0)
                {
                    status["lastSuccessfulTime"] = at;
                }
            }
        }

        for (int i = active.Count - 1; i >= 0; i--)
        {
            if (jobs.All(j => j.Uid() != active[i].Text("uid")))
            {
                Event(cron, "MissingJob", "Active job went missing: " + active[i].Text("name"));
                active.RemoveAt(i);
            }
        }

        if (active.Count == 0)
        {
            status.Remove("active");
        }
    }

    private void Start(JsonObject cron, List<JsonObject> jobs, JsonObject status, CronSchedule schedule, DateTimeOffset now)
    {
        DateTimeOffset earliest = ClusterClock.Parse(status.Text("lastScheduleTime")) ?? cron.Created();
        long? patience = cron.Number("spec", "startingDeadlineSeconds");
        if (patience is { } seconds && now.AddSeconds(-seconds) is var limit && limit > earliest)
        {
            earliest = limit;
        }

        DateTimeOffset? due = null;
        int missed = 0;
        for (DateTimeOffset? at = schedule.Next(earliest); at is { } time && time <= now; at = schedule.Next(time))
        {
            due = time;
            if (++missed > 100)
            {
                // After so many misses only the last one before now counts; look for it from close by.
                DateTimeOffset near = now - TimeSpan.FromDays(1);
                if (time < near)
                {
                    at = near;
                    time = near;
                }
            }
        }

        if (due is not { } scheduled)
        {
            return;
        }

        if (missed > 100)
        {
            Event(cron, "TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew", warning: true);
        }

        var active = status["active"] as JsonArray ?? [];
        string policy = cron.Text("spec", "concurrencyPolicy") ?? "Allow";
        if (policy == "Forbid" && active.Count > 0)
        {
            Event(cron, "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            return;
        }

        if (policy == "Replace")
        {
            foreach (JsonNode? running in active.ToArray())
            {
                Delete(ClusterResources.Jobs, cron.Namespace(), running.Text("name") ?? "");
                Event(cron, "SuccessfulDelete", "Deleted job " + running.Text("name"));
            }

            active.Clear();
        }

        JsonObject template = cron.Map("spec", "jobTemplate")?.Copy() ?? [];
        string name = string.Create(CultureInfo.InvariantCulture, $"{cron.Name()}-{scheduled.ToUnixTimeSeconds() / 60}");
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = cron.Namespace() };
        foreach (string part in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (template.At("metadata", part) is { } given)
            {
                metadata[part] = given.DeepClone();
            }
        }

        metadata.Section("annotations")[Scheduled] = ClusterClock.Format(scheduled);
        metadata["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(cron));
        var job = new JsonObject { ["kind"] = "Job", ["apiVersion"] = "batch/v1", ["metadata"] = metadata, ["spec"] = template["spec"]?.DeepClone() };
        JsonObject made;
        try
        {
            made = Api.Create(ClusterResources.Jobs, cron.Namespace(), job, Caller);
        }
        catch (ApiError e) when (e.IsAlreadyExists)
        {
            status["lastScheduleTime"] = ClusterClock.Format(scheduled);
            return;
        }
        catch (ApiError e)
        {
            Event(cron, "FailedCreate", "Error creating job: " + e.Message, warning: true);
            throw;
        }

        Event(cron, "SuccessfulCreate", "Created job " + made.Name());
        active.Add((JsonNode)new JsonObject
        {
            ["kind"] = "Job",
            ["namespace"] = made.Namespace(),
            ["name"] = made.Name(),
            ["uid"] = made.Uid(),
            ["apiVersion"] = "batch/v1",
            ["resourceVersion"] = made.Text("metadata", "resourceVersion"),
        });
        if (active.Parent is null)
        {
            status["active"] = active;
        }

        status["lastScheduleTime"] = ClusterClock.Format(scheduled);
    }

    private void CleanUp(JsonObject cron, List<JsonObject> jobs)
    {
        Trim("Complete", cron.Int(3, "spec", "successfulJobsHistoryLimit"));
        Trim("Failed", cron.Int(1, "spec", "failedJobsHistoryLimit"));

        void Trim(string outcome, int keep)
        {
            List<JsonObject> done = [.. jobs.Where(j => Conditions.IsTrue(j["status"], outcome)).OrderBy(j => j.Text("status", "startTime"), StringComparer.Ordinal).ThenBy(j => j.Name(), StringComparer.Ordinal)];
            foreach (JsonObject job in done.Take(Math.Max(0, done.Count - keep)))
            {
                Delete(ClusterResources.Jobs, job.Namespace(), job.Name());
                Event(cron, "SuccessfulDelete", "Deleted job " + job.Name());
            }
        }
    }
}
