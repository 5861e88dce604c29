using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// What becomes of pods, told by code: <c>cluster.Pods.Where(p => p.Label("app") == "web").CrashAfter(TimeSpan.FromSeconds(2))</c>. Where several scripts meet a pod the
/// later one wins, setting by setting. Without a script a pod runs and is ready after the cluster's start delay, and one that is to end
/// (restart policy <c>Never</c> or <c>OnFailure</c>) succeeds. The annotations <c>fake-kubelet/ready-delay</c>, <c>/terminate-delay</c>,
/// <c>/fail</c> (<c>image</c>, <c>crash</c>, <c>unready</c>, <c>true</c>) and <c>/logs</c> do the same from a manifest.
/// </summary>
public sealed class PodScripts
{
    private ImmutableArray<PodScript> _scripts = [];

    internal event Action? Changed;

    /// <summary>A script for the pods that <paramref name="pods"/> picks, now and later. It does nothing until it is told what.</summary>
    /// <param name="pods">Picks pods; called often, from any thread; must not change anything.</param>
    public PodScript Where(Func<SimulatedPod, bool> pods)
    {
        ArgumentNullException.ThrowIfNull(pods);
        var script = new PodScript(this, pods);
        ImmutableInterlocked.Update(ref _scripts, static (all, one) => all.Add(one), script);
        return script;
    }

    /// <summary>A script for all pods with a label.</summary>
    /// <param name="key">The label's key.</param>
    /// <param name="value">Its value.</param>
    public PodScript WithLabel(string key, string value) => Where(p => p.Label(key) == value);

    /// <summary>A script for all pods of the cluster.</summary>
    public PodScript All() => Where(static _ => true);

    /// <summary>Forgets all scripts: pods that wait or fail because of one recover.</summary>
    public void Clear()
    {
        ImmutableInterlocked.InterlockedExchange(ref _scripts, []);
        NoteChange();
    }

    internal void Remove(PodScript script)
    {
        ImmutableInterlocked.Update(ref _scripts, static (all, one) => all.Remove(one), script);
        NoteChange();
    }

    internal void NoteChange() => Changed?.Invoke();

    /// <summary>What the annotations and all scripts together say of a pod.</summary>
    internal PodBehavior For(JsonNode pod)
    {
        PodBehavior behavior = PodBehavior.FromAnnotations(pod);
        ImmutableArray<PodScript> scripts = _scripts;
        if (scripts.IsEmpty)
        {
            return behavior;
        }

        var simulated = new SimulatedPod(pod);
        foreach (PodScript script in scripts)
        {
            if (script.Matches(simulated))
            {
                behavior = script.Behavior.Over(behavior);
            }
        }

        return behavior;
    }

    internal Quantity? UsageOf(JsonNode pod, string resource)
    {
        PodBehavior behavior = For(pod);
        return Quantity.TryParse(resource == "cpu" ? behavior.Cpu : behavior.Memory, out Quantity usage) ? usage : null;
    }
}

/// <summary>What becomes of some pods. Each call adds to it, takes effect at once (also on pods that run already) and returns the same script.</summary>
public sealed class PodScript
{
    private readonly PodScripts _scripts;
    private readonly Func<SimulatedPod, bool> _pods;
    private PodBehavior _behavior = new();

    internal PodScript(PodScripts scripts, Func<SimulatedPod, bool> pods)
    {
        _scripts = scripts;
        _pods = pods;
    }

    internal PodBehavior Behavior => Volatile.Read(ref _behavior);

    internal bool Matches(SimulatedPod pod) => _pods(pod);

    /// <summary>The containers start only after this long (image pulled, volumes mounted).</summary>
    /// <param name="delay">From scheduled to started; not negative.</param>
    public PodScript StartAfter(TimeSpan delay) => Set(b => b with { StartDelay = NotNegative(delay) });

    /// <summary>The pod is ready only so long after it was scheduled.</summary>
    /// <param name="delay">From scheduled to ready; not negative.</param>
    public PodScript ReadyAfter(TimeSpan delay) => Set(b => b with { ReadyDelay = NotNegative(delay), IsNeverReady = false });

    /// <summary>The containers run but their readiness probe never succeeds.</summary>
    /// <param name="probe">What the probe says in the event <c>Unhealthy</c>. Default: <c>HTTP probe failed with statuscode: 503</c>.</param>
    public PodScript NeverReady(string? probe = null) => Set(b => b with { IsNeverReady = true, ProbeMessage = probe });

    /// <summary>The pod becomes ready as any other: takes back <see cref="NeverReady"/>, <see cref="FailImagePull"/> and <see cref="CrashAfter"/> of earlier scripts.</summary>
    public PodScript Recover() => Set(b => b with { IsNeverReady = false, FailsToPull = false, Crash = PodCrash.None });

    /// <summary>A container ends this long after each start, and is started again with growing pauses (<c>CrashLoopBackOff</c>) where the restart policy says so.</summary>
    /// <param name="ran">From started to ended; zero for at once.</param>
    /// <param name="exitCode">Its exit code. Default: 1.</param>
    /// <param name="container">Name of the container; null for the first.</param>
    public PodScript CrashAfter(TimeSpan ran, int exitCode = 1, string? container = null) => Set(b => b with { Crash = new PodCrash(NotNegative(ran), exitCode, "Error", container, false) });

    /// <summary>A container is killed for want of memory (<c>OOMKilled</c>, exit code 137) this long after each start.</summary>
    /// <param name="ran">From started to killed.</param>
    /// <param name="container">Name of the container; null for the first.</param>
    public PodScript OutOfMemoryAfter(TimeSpan ran, string? container = null) => Set(b => b with { Crash = new PodCrash(NotNegative(ran), 137, "OOMKilled", container, false) });

    /// <summary>The image cannot be pulled: <c>ErrImagePull</c>, then <c>ImagePullBackOff</c>.</summary>
    /// <param name="message">What the container runtime says. Default: that the image was not found.</param>
    public PodScript FailImagePull(string? message = null) => Set(b => b with { FailsToPull = true, PullMessage = message });

    /// <summary>The exit code of pods that are to end (Jobs, tests); not 0 makes them fail.</summary>
    /// <param name="code">The exit code.</param>
    public PodScript ExitCode(int code) => Set(b => b with { EndCode = code });

    /// <summary>How long pods run that are to end (Jobs, tests). Default: no time at all.</summary>
    /// <param name="duration">From started to ended.</param>
    public PodScript RunFor(TimeSpan duration) => Set(b => b with { RunTime = NotNegative(duration) });

    /// <summary>How long the pods take to end when they are deleted, at most their grace period. Default: the cluster's stop delay.</summary>
    /// <param name="delay">From asked to end until gone.</param>
    public PodScript StopAfter(TimeSpan delay) => Set(b => b with { StopDelay = NotNegative(delay) });

    /// <summary>What the containers have written.</summary>
    /// <param name="text">The log, lines ended by \n.</param>
    /// <param name="container">Name of the container; null for all.</param>
    public PodScript Logs(string text, string? container = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Set(b => b with { Logs = b.Logs.SetItem(container ?? "", text) });
    }

    /// <summary>What the pods use, for autoscalers and <c>kubectl top</c>.</summary>
    /// <param name="cpu">CPU as a quantity, such as <c>250m</c>; null for unknown.</param>
    /// <param name="memory">Memory as a quantity, such as <c>64Mi</c>; null for unknown.</param>
    public PodScript Usage(string? cpu, string? memory = null) => Set(b => b with { Cpu = cpu, Memory = memory });

    /// <summary>How the pods answer HTTP requests, from <see cref="VirtualTraffic"/> and from the API server's proxy. Without it they answer as the nginx server block in a mounted ConfigMap says.</summary>
    /// <param name="respond">Makes the answer; called from any thread.</param>
    public PodScript Answers(Func<VirtualRequest, SimulatedPod, VirtualResponse> respond)
    {
        ArgumentNullException.ThrowIfNull(respond);
        return Set(b => b with { Respond = respond });
    }

    /// <summary>Takes the script away.</summary>
    public void Remove() => _scripts.Remove(this);

    private static TimeSpan NotNegative(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return delay;
    }

    private PodScript Set(Func<PodBehavior, PodBehavior> change)
    {
        PodBehavior before;
        do
        {
            before = Behavior;
        }
        while (Interlocked.CompareExchange(ref _behavior, change(before), before) != before);
        _scripts.NoteChange();
        return this;
    }
}
