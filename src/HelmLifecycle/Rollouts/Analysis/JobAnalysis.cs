using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Runs a Kubernetes Job: complete is successful, failed or not done in time is failed. The Job is deleted afterwards.</summary>
public sealed class JobAnalysis : IRolloutAnalysis
{
    private static readonly TimeSpan s_cleaning = TimeSpan.FromSeconds(10);
    private readonly Func<AnalysisContext, KubernetesObject> _job;

    /// <summary>Runs a Job as it is given.</summary>
    /// <param name="name">The name shown.</param>
    /// <param name="job">The Job; it is created under its name with a random end, so that runs do not meet.</param>
    public JobAnalysis(string name, KubernetesObject job)
        : this(name, _ => job) => ArgumentNullException.ThrowIfNull(job);

    /// <summary>Runs a Job made for the rollout, which may put the canary's Service into its environment.</summary>
    /// <param name="name">The name shown.</param>
    /// <param name="job">Makes the Job.</param>
    public JobAnalysis(string name, Func<AnalysisContext, KubernetesObject> job)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(job);
        Name = name;
        _job = job;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>How long the Job may take. Default: 5 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a Job that failed stays in the cluster, to be looked at. Default: no.</summary>
    public bool KeepFailed { get; init; }

    /// <inheritdoc/>
    public async Task<AnalysisResult> RunAsync(AnalysisContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var job = _job(context).DeepClone();
        if (job.Kind != "Job") throw new ReleaseException($"A Job is wanted, not a {job.Kind}.");
        job.Json["metadata"]!["generateName"] = job.Name.Length > 0 ? job.Name + "-" : job.GenerateName ?? "analysis-";
        job.Metadata!.Remove("name");
        job.Namespace = context.Namespace;
        job.SetLabel("rollout.helmlifecycle.dev/release", context.Target.Name);
        var created = await context.Cluster.CreateAsync(job, null, ct).ConfigureAwait(false);
        bool failed = false;
        try
        {
            var options = new WaitOptions { Timeout = Timeout, WaitForJobs = true, StopWhenAllSettled = true };
            await new ReadinessWaiter(context.Cluster).WaitUntilDoneAsync([created], options, ct).ConfigureAwait(false);
            return AnalysisResult.Successful($"Job {created.Name} is complete");
        }
        catch (NotReadyException e)
        {
            failed = true;
            var diagnosis = await new Diagnostics(context.Cluster).ExplainAsync([created], ct).ConfigureAwait(false);
            string why = diagnosis.Summary.Length > 0 ? diagnosis.Summary.ReplaceLineEndings("; ") : e.Objects.FirstOrDefault()?.Status.Message ?? "";
            return AnalysisResult.Failed($"Job {created.Name} {(e.TimedOut ? $"was not done in {Timeout.TotalSeconds:0.###} s" : "failed")}{(why.Length == 0 ? "" : ": " + why)}");
        }
        finally
        {
            if (!failed || !KeepFailed) await DeleteAsync(context, created).ConfigureAwait(false);
        }
    }

    // Under a time-out of its own, so that a cancelled rollout leaves no Job behind.
    private static async Task DeleteAsync(AnalysisContext context, KubernetesObject job)
    {
        using var grace = new CancellationTokenSource(s_cleaning, context.Time);
        try
        {
            await context.Cluster.TryDeleteAsync(job.Gvk, job.Namespace, job.Name, new DeleteOptions { Propagation = DeletePropagation.Background }, grace.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubernetesException or OperationCanceledException)
        {
            // What the analysis found matters more than a Job left behind.
        }
    }
}
