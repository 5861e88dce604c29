using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Runs pods to completion. Each pod carries the tracking finalizer until its end has been counted, so that none is counted twice or lost.</summary>
internal sealed partial class JobController(ClusterLoop loop) : Controller(loop, "job-controller")
{
    public const string Tracking = "batch.kubernetes.io/job-tracking";
    private const string IndexKey = "batch.kubernetes.io/job-completion-index";
    private static readonly TimeSpan BatchPeriod = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, DateTimeOffset> _counting = new(StringComparer.Ordinal);

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Jobs, ClusterResources.Pods];

    public override void OnPod(StoreEventType type, PodView pod)
    {
        if (pod.OwnerKind == "Job")
        {
            Enqueue(pod.Namespace, pod.OwnerName ?? "");
            Release(pod);
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.Jobs, ns, name) is not { } job || LabelQuery.From(job.At("spec", "selector")) is not { IsEmpty: false } selector)
        {
            return;
        }

        List<PodView> pods = PodControl.Claim(Loop, job, selector, Caller);
        if (IsFinished(job))
        {
            foreach (PodView pod in pods)
            {
                Untrack(pod);
            }

            RemoveLater(job);
            return;
        }

        if (job.IsDeleting())
        {
            return;
        }

        if (!IsHeldBack(job, pods))
        {
            Sync(new State(job, pods, Clock.Now));
        }
    }

    /// <summary>Pods that have ended are counted together, a second after the first of them was seen.</summary>
    private bool IsHeldBack(JsonObject job, List<PodView> pods)
    {
        if (!pods.Any(p => p.IsFinished && IsTracked(p)))
        {
            _counting.Remove(job.Uid());
            return false;
        }

        DateTimeOffset now = Clock.Now;
        if (!_counting.TryGetValue(job.Uid(), out DateTimeOffset at))
        {
            _counting[job.Uid()] = at = now + BatchPeriod;
        }

        if (now < at)
        {
            Again(at - now);
            return true;
        }

        _counting.Remove(job.Uid());
        return false;
    }

    public static bool IsFinished(JsonNode job) => Conditions.IsTrue(job.At("status"), "Complete") || Conditions.IsTrue(job.At("status"), "Failed");

    /// <summary>A pod whose job is gone keeps no finalizer.</summary>
    private void Release(PodView pod)
    {
        if (Store.Get(ClusterResources.Jobs, pod.Namespace, pod.OwnerName ?? "") is null)
        {
            Untrack(pod);
        }
    }

    private void Untrack(PodView pod)
    {
        if (IsTracked(pod))
        {
            Api.Modify(ClusterResources.Pods, pod.Namespace, pod.Name, RemoveFinalizer, Caller);
        }
    }

    private static bool RemoveFinalizer(JsonObject pod)
    {
        if (pod.At("metadata", "finalizers") is not JsonArray finalizers)
        {
            return false;
        }

        for (int i = finalizers.Count - 1; i >= 0; i--)
        {
            if (finalizers[i].Text() == Tracking)
            {
                finalizers.RemoveAt(i);
            }
        }

        if (finalizers.Count == 0)
        {
            pod.Section("metadata").Remove("finalizers");
        }

        return true;
    }

    private static bool IsTracked(PodView pod) => pod.Json.Items("metadata", "finalizers").Any(f => f.Text() == Tracking);

    private void Sync(State s)
    {
        JsonObject status = s.Job.Map("status")?.Copy() ?? [];
        bool suspended = s.Job.Flag("spec", "suspend");
        if (!suspended && status["startTime"] is null)
        {
            status["startTime"] = Clock.Stamp;
        }

        Count(s, status);
        string? failure = null;
        string message = "";
        int limit = s.Job.Int(6, "spec", "backoffLimit");
        DateTimeOffset? deadline = status.Text("startTime") is { } started && s.Job.Number("spec", "activeDeadlineSeconds") is { } seconds
            ? ClusterClock.Parse(started)!.Value.AddSeconds(seconds)
            : null;
        if (s.Failed > limit || (s.OnFailure && s.Active.Sum(p => p.Restarts) is var restarts && (limit == 0 ? restarts > 0 : restarts >= limit)))
        {
            failure = "BackoffLimitExceeded";
            message = "Job has reached the specified backoff limit";
        }
        else if (!suspended && deadline <= s.Now)
        {
            failure = "DeadlineExceeded";
            message = "Job was active longer than specified deadline";
        }

        bool manage = false;
        if (failure is not null)
        {
            Stop(s);
            if (s.Ending == 0)
            {
                Finish(s, status, "Failed", failure, message);
            }
        }
        else if (IsComplete(s))
        {
            Stop(s);
            if (s.Ending == 0)
            {
                Finish(s, status, "Complete", null, null);
            }
        }
        else
        {
            Suspend(s, status, suspended);
            manage = true;
        }

        if (manage && !suspended)
        {
            Manage(s, status);
            if (deadline is { } end)
            {
                Again(end - s.Now);
            }
        }

        status.SetUnlessZero("active", s.Active.Count);
        status.SetUnlessZero("succeeded", s.Succeeded);
        status.SetUnlessZero("failed", s.Failed);
        status["terminating"] = s.Ending;
        status["ready"] = s.Active.Count(p => p.IsReady);
        status["uncountedTerminatedPods"] = new JsonObject();
        if (s.Indexed && s.Done.Count > 0)
        {
            status["completedIndexes"] = Intervals(s.Done);
        }

        WriteStatus(ClusterResources.Jobs, s.Job, status);
        foreach (PodView pod in s.Counted)
        {
            Untrack(pod);
        }
    }

    /// <summary>Adds the pods that ended since the last time to the counts.</summary>
    private static void Count(State s, JsonObject status)
    {
        s.Succeeded = status.Int(0, "succeeded");
        s.Failed = status.Int(0, "failed");
        foreach (int index in ParseIntervals(status.Text("completedIndexes")))
        {
            s.Done.Add(index);
        }

        foreach (PodView pod in s.Pods)
        {
            // A pod that is deleted before it ends counts as failed.
            bool succeeded = pod.Phase == "Succeeded";
            bool failed = pod.Phase == "Failed" || (pod.IsDeleting && !succeeded);
            if (!IsTracked(pod) || (!succeeded && !failed))
            {
                continue;
            }

            s.Counted.Add(pod);
            if (!succeeded)
            {
                s.Failed++;
            }
            else if (!s.Indexed)
            {
                s.Succeeded++;
            }
            else if (Index(pod) is { } index && index < s.Completions)
            {
                s.Done.Add(index);
            }
        }

        if (s.Indexed)
        {
            s.Succeeded = s.Done.Count;
        }
    }

    private static bool IsComplete(State s) => s.Completions is { } wanted ? s.Succeeded >= wanted : s.Succeeded > 0 && s.Active.Count == 0;

    /// <summary>Deletes what still runs; each counts as failed at once, as it is told to end by us.</summary>
    private void Stop(State s)
    {
        foreach (PodView pod in s.Active.ToArray())
        {
            bool wasFailing = IsTracked(pod);
            DeletePod(s, pod);
            if (wasFailing && !IsComplete(s))
            {
                s.Failed++;
            }
        }
    }

    private void DeletePod(State s, PodView pod)
    {
        Untrack(pod);
        Delete(ClusterResources.Pods, pod.Namespace, pod.Name, new DeleteSettings());
        Event(s.Job, "SuccessfulDelete", "Deleted pod: " + pod.Name);
        s.Active.Remove(pod);
    }

    private void Finish(State s, JsonObject status, string type, string? reason, string? message)
    {
        string stamp = Clock.Stamp;
        var condition = new JsonObject { ["type"] = type, ["status"] = "True", ["lastProbeTime"] = stamp, ["lastTransitionTime"] = stamp };
        if (reason is not null)
        {
            condition["reason"] = reason;
            condition["message"] = message;
        }
        else
        {
            status["completionTime"] = stamp;
        }

        Conditions.Set(status, condition);
        if (reason is null)
        {
            Event(s.Job, "Completed", "Job completed");
        }
        else
        {
            Event(s.Job, reason, message!, warning: true);
        }
    }

    private void Suspend(State s, JsonObject status, bool suspended)
    {
        string stamp = Clock.Stamp;
        JsonObject Condition(string value, string reason, string message) => new()
        {
            ["type"] = "Suspended",
            ["status"] = value,
            ["lastProbeTime"] = stamp,
            ["lastTransitionTime"] = stamp,
            ["reason"] = reason,
            ["message"] = message,
        };

        if (suspended)
        {
            foreach (PodView pod in s.Active.ToArray())
            {
                DeletePod(s, pod);
            }

            if (!Conditions.IsTrue(status, "Suspended"))
            {
                Conditions.Set(status, Condition("True", "JobSuspended", "Job suspended"));
                Event(s.Job, "Suspended", "Job suspended");
            }

            status.Remove("startTime");
        }
        else if (Conditions.IsTrue(status, "Suspended"))
        {
            Conditions.Set(status, Condition("False", "JobResumed", "Job resumed"));
            status["startTime"] = stamp;
            Event(s.Job, "Resumed", "Job resumed");
        }
    }

    private void Manage(State s, JsonObject status)
    {
        int parallelism = s.Job.Int(1, "spec", "parallelism");
        int wanted = s.Completions is { } completions
            ? Math.Min(parallelism, completions - s.Succeeded)
            : s.Succeeded > 0 ? s.Active.Count : parallelism;
        int missing = wanted - s.Active.Count - (s.Job.Text("spec", "podReplacementPolicy") == "Failed" ? s.Ending : 0);
        if (missing < 0)
        {
            foreach (PodView pod in PodControl.InOrderOfDeletion(s.Active, _ => 0).Take(-missing))
            {
                DeletePod(s, pod);
            }

            return;
        }

        if (missing == 0)
        {
            return;
        }

        // After a failure the next pod waits 10 s, 20 s, 40 s, ... up to six minutes.
        if (s.Failed > 0 && s.LastFailure is { } last)
        {
            TimeSpan wait = last + TimeSpan.FromSeconds(Math.Min(360, 10 * Math.Pow(2, Math.Min(s.Failed - 1, 10)))) - s.Now;
            if (wait > TimeSpan.Zero)
            {
                Again(wait);
                return;
            }
        }

        var taken = s.Active.Select(Index).OfType<int>().Concat(s.Done).ToHashSet();
        for (int i = 0, index = 0; i < missing; i++)
        {
            while (s.Indexed && taken.Contains(index))
            {
                index++;
            }

            if (s.Indexed && index >= s.Completions)
            {
                break;
            }

            Make(s, index);
            taken.Add(index);
        }
    }

    private void Make(State s, int index)
    {
        string number = index.ToString(CultureInfo.InvariantCulture);
        JsonObject pod = PodControl.FromTemplate(s.Job, s.Job.At("spec", "template"), s.Indexed ? $"{s.Job.Name()}-{number}-" : null);
        JsonObject metadata = pod.Section("metadata");
        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        finalizers.Add((JsonNode)Tracking);
        if (finalizers.Parent is null)
        {
            metadata["finalizers"] = finalizers;
        }

        JsonObject spec = pod.Section("spec");
        if (s.Indexed)
        {
            metadata.Section("labels")[IndexKey] = number;
            metadata.Section("annotations")[IndexKey] = number;
            spec["hostname"] = $"{s.Job.Name()}-{number}";
            foreach (JsonNode container in spec.Items("initContainers").Concat(spec.Items("containers")))
            {
                var env = container["env"] as JsonArray ?? [];
                env.Add((JsonNode)new JsonObject
                {
                    ["name"] = "JOB_COMPLETION_INDEX",
                    ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = $"metadata.labels['{IndexKey}']" } },
                });
                if (env.Parent is null)
                {
                    container["env"] = env;
                }
            }
        }

        try
        {
            JsonObject made = Api.Create(ClusterResources.Pods, s.Job.Namespace(), pod, Caller);
            Event(s.Job, "SuccessfulCreate", "Created pod: " + made.Name());
            if (Loop.Pod(made.Namespace(), made.Name()) is { } view)
            {
                s.Active.Add(view);
            }
        }
        catch (ApiError e)
        {
            Event(s.Job, "FailedCreate", "Error creating: " + e.Message, warning: true);
            throw;
        }
    }

    private void RemoveLater(JsonObject job)
    {
        if (job.Number("spec", "ttlSecondsAfterFinished") is not { } seconds || job.IsDeleting())
        {
            return;
        }

        JsonObject condition = (Conditions.Find(job["status"], "Complete") ?? Conditions.Find(job["status"], "Failed"))!;
        TimeSpan left = (ClusterClock.Parse(condition.Text("lastTransitionTime")) ?? Clock.Now).AddSeconds(seconds) - Clock.Now;
        if (left > TimeSpan.Zero)
        {
            Again(left, background: true);
            return;
        }

        Delete(ClusterResources.Jobs, job.Namespace(), job.Name(), new DeleteSettings("Foreground", Uid: job.Uid()));
    }
}
