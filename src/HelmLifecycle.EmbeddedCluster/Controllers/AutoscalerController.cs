using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Scales workloads by the usage that was set for their pods (<see cref="PodScript.Usage"/>); without any it says, as a cluster without a metrics server does, that there are no metrics.</summary>
internal sealed class AutoscalerController(ClusterLoop loop) : Controller(loop, "horizontal-pod-autoscaler")
{
    private const double Tolerance = 0.1;
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, List<(DateTimeOffset At, int Size)>> _recommended = [];

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Autoscalers];

    public override void OnChange(StoreEvent change)
    {
        if (change.Type == StoreEventType.Deleted)
        {
            _recommended.Remove(change.Object.Uid);
            return;
        }

        // Its own status writes are no reason to look again before the period is over.
        if (change.Type == StoreEventType.Added || !JsonNode.DeepEquals(change.Object.View["spec"], change.Previous?.View["spec"]))
        {
            Enqueue(change.Object.Namespace, change.Object.Name);
        }
    }

    public override void Reconcile(string ns, string name)
    {
        if (Read(ClusterResources.Autoscalers, ns, name) is not { } scaler || scaler.IsDeleting())
        {
            return;
        }

        Again(s_period, background: true);
        JsonObject status = scaler.Map("status")?.Copy() ?? [];
        status["desiredReplicas"] = status.Int(0, "desiredReplicas");
        status.TryAdd("currentMetrics", null);
        Scale(scaler, status);
        if (scaler.Number("metadata", "generation") is { } generation)
        {
            status["observedGeneration"] = generation;
        }

        WriteStatus(ClusterResources.Autoscalers, scaler, status);
    }

    private void Scale(JsonObject scaler, JsonObject status)
    {
        JsonNode? reference = scaler.At("spec", "scaleTargetRef");
        string kind = reference.Kind();
        string targetName = reference.Text("name") ?? "";
        ResourceKey? resource = ClusterResources.OfKind(kind);
        if (resource is not { } key || Read(key, scaler.Namespace(), targetName) is not { } target)
        {
            string what = resource is { } r ? $"{r.Resource}/scale{(r.Group.Length > 0 ? "." + r.Group : "")} \"{targetName}\" not found" : $"no matches for kind \"{kind}\" in group \"\"";
            Set(status, "AbleToScale", false, "FailedGetScale", "the HPA controller was unable to get the target's current scale: " + what);
            Event(scaler, "FailedGetScale", what, warning: true);
            return;
        }

        Set(status, "AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        int current = target.Int(1, "spec", "replicas");
        int least = scaler.Int(1, "spec", "minReplicas");
        int most = scaler.Int(1, "spec", "maxReplicas");
        status["currentReplicas"] = target.Int(0, "status", "replicas");
        int desired;
        string reason;
        if (current == 0 && least != 0)
        {
            status["desiredReplicas"] = 0;
            Set(status, "ScalingActive", false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return;
        }

        if (current > most)
        {
            (desired, reason) = (most, "Current number of replicas above Spec.MaxReplicas");
        }
        else if (current < least)
        {
            (desired, reason) = (least, "Current number of replicas below Spec.MinReplicas");
        }
        else
        {
            if (Compute(scaler, status, target, current) is not ({ } wanted, { } why))
            {
                return;
            }

            desired = Limit(scaler, status, current, wanted, least, most);
            reason = desired > current ? why + " above target" : "All metrics below target";
        }

        status["desiredReplicas"] = desired;
        if (desired == current)
        {
            Set(status, "AbleToScale", true, "ReadyForNewScale", "recommended size matches current size");
            return;
        }

        Api.Modify(
            key,
            target.Namespace(),
            target.Name(),
            o =>
            {
                o.Section("spec")["replicas"] = desired;
                return true;
            },
            Caller);
        Set(status, "AbleToScale", true, "SucceededRescale", $"the HPA controller was able to update the target scale to {desired}");
        Event(scaler, "SuccessfulRescale", $"New size: {desired}; reason: {reason}");
        status["lastScaleTime"] = Clock.Stamp;
    }

    /// <summary>The largest size that one of the metrics asks for, and which; null when none can be had.</summary>
    private (int? Size, string? Why) Compute(JsonObject scaler, JsonObject status, JsonObject target, int current)
    {
        LabelQuery? selector = target.At("spec", "selector", "matchLabels") is not null ? LabelQuery.From(target.At("spec", "selector")) : LabelQuery.FromMap(target.At("spec", "selector"));
        List<PodView> pods = selector is null ? [] : [.. Loop.Pods(target.Namespace()).Where(p => p.IsActive && selector.Matches(p.Labels))];
        int? best = null;
        string? why = null;
        var measured = new JsonArray();
        foreach (JsonNode metric in scaler.Items("spec", "metrics"))
        {
            if (metric.Text("type") != "Resource")
            {
                continue;
            }

            string resource = metric.Text("resource", "name") ?? "cpu";
            JsonNode? goal = metric.At("resource", "target");
            List<(PodView Pod, Quantity Used)> used =
                [.. pods.Where(p => p.IsReady).Select(p => (p, Loop.Scripts.UsageOf(p.Json, resource))).Where(u => u.Item2 is not null).Select(u => (u.p, u.Item2!.Value))];
            if (used.Count == 0)
            {
                NoMetrics(scaler, status, resource);
                continue;
            }

            Quantity total = used.Aggregate(default(Quantity), (a, u) => a + u.Used);
            var now = new JsonObject();
            double ratio;
            if (goal.Text("type") == "AverageValue")
            {
                Quantity.TryParse(goal.Text("averageValue"), out Quantity average);
                ratio = (double)total.MilliValue / used.Count / Math.Max(1, average.MilliValue);
            }
            else
            {
                long requested = used.Sum(u => PodResources.Sum(u.Pod.Json, "requests", resource).MilliValue);
                if (requested == 0)
                {
                    string message = $"failed to get {resource} utilization: missing request for {resource} in container {used[0].Pod.Json.Items("spec", "containers").FirstOrDefault().Text("name")} of Pod {used[0].Pod.Name}";
                    Fail(scaler, status, message);
                    continue;
                }

                int percent = (int)(total.MilliValue * 100 / requested);
                now["averageUtilization"] = percent;
                ratio = (double)percent / Math.Max(1, goal.Int(80, "averageUtilization"));
            }

            now["averageValue"] = Milli(total.MilliValue / used.Count);
            measured.Add((JsonNode)new JsonObject { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = resource, ["current"] = now } });
            int wanted = Math.Abs(ratio - 1) <= Tolerance ? current : (int)Math.Ceiling(ratio * used.Count - 1e-9);
            if (best is null || wanted > best)
            {
                best = wanted;
                why = goal.Text("type") == "AverageValue" ? resource + " resource" : resource + " resource utilization (percentage of request)";
            }
        }

        if (best is null)
        {
            status["desiredReplicas"] = current;
            return (null, null);
        }

        status["currentMetrics"] = measured;
        Set(status, "ScalingActive", true, "ValidMetricFound", "the HPA was able to successfully calculate a replica count from " + why);
        return (best, why);
    }

    private void NoMetrics(JsonObject scaler, JsonObject status, string resource) => Fail(
        scaler,
        status,
        $"failed to get {resource} utilization: unable to get metrics for resource {resource}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)");

    private void Fail(JsonObject scaler, JsonObject status, string message)
    {
        Set(status, "ScalingActive", false, "FailedGetResourceMetric", "the HPA was unable to compute the replica count: " + message);
        Event(scaler, "FailedGetResourceMetric", message, warning: true);
        Event(scaler, "FailedComputeMetricsReplicas", "invalid metrics (1 invalid out of 1), first error is: " + message, warning: true);
    }

    /// <summary>Down only to the highest size recommended within the stabilization window; up at most to the double or by four at a time; and within the bounds.</summary>
    private int Limit(JsonObject scaler, JsonObject status, int current, int wanted, int least, int most)
    {
        DateTimeOffset now = Clock.Now;
        JsonNode? behavior = scaler.At("spec", "behavior");
        int downWindow = behavior.Int(300, "scaleDown", "stabilizationWindowSeconds");
        int upWindow = behavior.Int(0, "scaleUp", "stabilizationWindowSeconds");
        if (!_recommended.TryGetValue(scaler.Uid(), out List<(DateTimeOffset At, int Size)>? past))
        {
            _recommended[scaler.Uid()] = past = [(now, current)];
        }

        past.RemoveAll(p => p.At.AddSeconds(Math.Max(downWindow, upWindow)) < now);
        past.Add((now, wanted));
        int size = wanted;
        if (wanted < current)
        {
            size = Math.Min(current, past.Where(p => p.At.AddSeconds(downWindow) >= now).Max(p => p.Size));
            if (size != wanted)
            {
                Set(status, "AbleToScale", true, "ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation");
            }
        }
        else if (wanted > current)
        {
            size = Math.Max(current, past.Where(p => p.At.AddSeconds(upWindow) >= now).Min(p => p.Size));
        }

        string? direction = size > current ? "scaleUp" : size < current ? "scaleDown" : null;
        if (direction is not null)
        {
            size = ByPolicy(behavior.At(direction), current, size, up: size > current);
        }

        int bounded = Math.Clamp(size, least, most);
        if (bounded > size)
        {
            Set(status, "ScalingLimited", true, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
        }
        else if (bounded < size)
        {
            Set(status, "ScalingLimited", true, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
        }
        else
        {
            Set(status, "ScalingLimited", false, "DesiredWithinRange", "the desired count is within the acceptable range");
        }

        return bounded;
    }

    private static int ByPolicy(JsonNode? rules, int current, int size, bool up)
    {
        string select = rules.Text("selectPolicy") ?? "Max";
        if (select == "Disabled")
        {
            return current;
        }

        List<int> limits = [];
        foreach (JsonNode policy in rules.Items("policies"))
        {
            int value = policy.Int(0, "value");
            int step = policy.Text("type") == "Percent" ? (int)Math.Ceiling(current * value / 100.0) : value;
            limits.Add(up ? current + step : Math.Max(0, current - step));
        }

        if (limits.Count == 0)
        {
            return up ? Math.Min(size, Math.Max(current * 2, current + 4)) : size;
        }

        bool widest = select == "Max";
        int limit = up == widest ? limits.Max() : limits.Min();
        return up ? Math.Min(size, limit) : Math.Max(size, limit);
    }

    private static string Milli(long milli) => milli % 1000 == 0
        ? (milli / 1000).ToString(CultureInfo.InvariantCulture)
        : milli.ToString(CultureInfo.InvariantCulture) + "m";

    private void Set(JsonObject status, string type, bool holds, string reason, string message) => Conditions.Update(status, new JsonObject
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["lastTransitionTime"] = Clock.Stamp,
        ["reason"] = reason,
        ["message"] = message,
    });
}
