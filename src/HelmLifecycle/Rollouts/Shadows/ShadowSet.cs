using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>A workload of the release and its double that runs the new version.</summary>
/// <param name="Base">As the base has it.</param>
/// <param name="Target">As the target has it.</param>
/// <param name="Double">The double, without replicas.</param>
internal sealed record ShadowWorkload(KubernetesObject Base, KubernetesObject Target, KubernetesObject Double);

/// <summary>A Service in front of shadowed workloads.</summary>
/// <param name="Base">As the base has it.</param>
/// <param name="Target">As the target has it.</param>
/// <param name="Preview">The Service in front of the doubles alone.</param>
/// <param name="Switched">The target's, selecting the doubles in place of the stable pods. Of no use when stable and double share a selector.</param>
internal sealed record ShadowService(KubernetesObject Base, KubernetesObject Target, KubernetesObject Preview, KubernetesObject Switched);

/// <summary>The objects that let the new version run beside the old: doubles of changed workloads, of the configuration they refer to and of the Services in front of them.</summary>
internal sealed class ShadowSet
{
    public const string ReleaseLabel = "rollout.helmlifecycle.dev/release";
    public const string RoleLabel = "rollout.helmlifecycle.dev/role";
    private static readonly string[] s_preferred = ["app", "name", "app.kubernetes.io/name"];

    public required IReadOnlyList<ShadowWorkload> Workloads { get; init; }

    public required IReadOnlyList<ShadowService> Services { get; init; }

    /// <summary>Doubles of ConfigMaps and Secrets.</summary>
    public required IReadOnlyList<KubernetesObject> Configs { get; init; }

    /// <summary>All objects of its own, in the order in which they are made.</summary>
    public IEnumerable<KubernetesObject> All => [.. Configs, .. Services.Select(s => s.Preview), .. Workloads.Select(w => w.Double)];

    /// <summary>Works out the set; null when no pod template behind a Service changes.</summary>
    /// <param name="context">The rollout.</param>
    /// <param name="suffix">What the names of doubles end with, such as <c>-canary</c>.</param>
    /// <param name="previewSuffix">What the names of preview Services end with.</param>
    /// <param name="shared">Whether the release's own Services shall select the doubles too.</param>
    /// <param name="service">The only Service to be looked at; null for all.</param>
    /// <exception cref="ReleaseException">The labels allow no double.</exception>
    /// <exception cref="NotSupportedException">A StatefulSet has volume claims of its own.</exception>
    public static ShadowSet? Of(RolloutContext context, string suffix, string previewSuffix, bool shared, string? service)
    {
        var candidates = context.TargetObjects.Where(o => o.Gvk.Group == "apps" && o.Kind is "Deployment" or "StatefulSet")
            .Select(t => (Base: Same(context.BaseObjects, t), Target: t)).Where(p => p.Base is not null && p.Base != p.Target).ToList();
        var services = context.TargetObjects.Where(o => o.Gvk is { Group: "", Kind: "Service" } && (service is null || o.Name == service) && Selector(o).Count > 0)
            .Select(t => (Base: Same(context.BaseObjects, t), Target: t)).Where(p => p.Base is not null && p.Base != p.Target).ToList();
        if (service is not null && services.Count == 0) throw new ReleaseException($"the release has no Service {Go.Quote(service)} with a selector, before and after");

        // (What a rollout that is resumed has made already stands in the base as the target's own object.)
        // A Service that goes over to the doubles must find a double of everything behind it.
        var chosen = candidates.Where(c => IsChanged(context, c.Base!, c.Target)).Select(c => c.Target).ToHashSet();
        HashSet<KubernetesObject> fronts = [];
        for (int before = -1; before != chosen.Count + fronts.Count;)
        {
            before = chosen.Count + fronts.Count;
            fronts.UnionWith(services.Where(s => chosen.Any(w => Selects(s.Target, w))).Select(s => s.Target));
            chosen.UnionWith(candidates.Where(c => fronts.Any(s => Selects(s, c.Target))).Select(c => c.Target));
        }

        chosen.RemoveWhere(w => !fronts.Any(s => Selects(s, w)));
        if (chosen.Count == 0) return null;
        string release = context.Target.Name;
        var configs = new Dictionary<(string, string?, string), KubernetesObject>();
        var workloads = new List<ShadowWorkload>();
        var renamed = new Dictionary<KubernetesObject, (string Key, string Value)>();
        foreach (var (origin, target) in candidates.Where(c => chosen.Contains(c.Target)))
        {
            var twin = Clean(target, release, suffix);
            if (twin.Spec!["volumeClaimTemplates"] is JsonArray { Count: > 0 })
            {
                throw new NotSupportedException($"StatefulSet {target.Name}: one with volumeClaimTemplates cannot have a second version beside it, its data is not shared");
            }

            var template = (JsonObject)twin.Spec["template"]!;
            var labels = (JsonObject)template["metadata"]!["labels"]!;
            var selector = Map(twin.Spec, "selector");
            var match = Map(selector, "matchLabels");
            labels[RoleLabel] = suffix.TrimStart('-');
            if (shared) match[RoleLabel] = suffix.TrimStart('-');
            else
            {
                string key = Distinction(match, fronts.Where(s => Selects(s, target)), target);
                string value = (string)match[key]! + suffix;
                match[key] = value;
                labels[key] = value;
                renamed[target] = (key, value);
            }

            twin.Spec.Remove("replicas");
            PodReferences.Visit(template, (kind, name) =>
            {
                var config = context.TargetObjects.FirstOrDefault(o => o.Gvk.Group == "" && o.Kind == kind && o.Name == name && o.Namespace == target.Namespace);
                if (config is null) return name;
                configs[(kind, target.Namespace, name)] = Clean(config, release, suffix);
                return name + suffix;
            });
            workloads.Add(new ShadowWorkload(Stamped(context, origin!), target, twin));
        }

        return new ShadowSet
        {
            Workloads = workloads,
            Configs = [.. configs.Values],
            Services = [.. services.Where(s => fronts.Contains(s.Target)).Select(s => Service(context, s.Base!, s.Target, release, previewSuffix, shared ? suffix : null, renamed))],
        };
    }

    /// <summary>A copy of an object of the base, marked as the release's as when it was applied.</summary>
    public static KubernetesObject Stamped(RolloutContext context, KubernetesObject o)
    {
        var copy = o.DeepClone();
        Ownership.Stamp(copy, context.Target.Name, context.Target.Namespace);
        return copy;
    }

    /// <summary>The object of another list with the same group, kind, namespace and name.</summary>
    public static KubernetesObject? Same(IEnumerable<KubernetesObject> objects, KubernetesObject o) =>
        objects.FirstOrDefault(b => b.Gvk.Group == o.Gvk.Group && b.Kind == o.Kind && b.Name == o.Name && b.Namespace == o.Namespace);

    /// <summary>A copy with a number of replicas.</summary>
    public static KubernetesObject Scaled(KubernetesObject workload, int replicas)
    {
        var copy = workload.DeepClone();
        copy.Spec!["replicas"] = replicas;
        return copy;
    }

    private static ShadowService Service(
        RolloutContext context, KubernetesObject origin, KubernetesObject target, string release, string suffix, string? role, Dictionary<KubernetesObject, (string Key, string Value)> renamed)
    {
        var switched = target.DeepClone();
        var selector = (JsonObject)switched.Spec!["selector"]!;
        foreach (var (workload, (key, value)) in renamed)
        {
            if (Selects(target, workload)) selector[key] = value;
        }

        var preview = Clean(target, release, suffix);
        var spec = new JsonObject { ["type"] = "ClusterIP", ["selector"] = selector.DeepClone() };
        if (role is not null) spec["selector"]![RoleLabel] = role.TrimStart('-');
        if (target.Spec!["clusterIP"] is JsonValue ip && ip.TryGetValue(out string? text) && text == "None") spec["clusterIP"] = "None";
        var ports = (JsonArray)(target.Spec["ports"]?.DeepClone() ?? new JsonArray());
        foreach (var port in ports.OfType<JsonObject>()) port.Remove("nodePort");
        if (ports.Count > 0) spec["ports"] = ports;
        preview.Json["spec"] = spec;
        return new ShadowService(Stamped(context, origin), target, preview, switched);
    }

    private static KubernetesObject Clean(KubernetesObject o, string release, string suffix)
    {
        var copy = o.DeepClone();
        copy.Name = o.Name + suffix;
        copy.SetLabel(ReleaseLabel, release);
        return copy;
    }

    private static bool IsChanged(RolloutContext context, KubernetesObject before, KubernetesObject after)
    {
        if (!JsonNode.DeepEquals(before.Spec?["template"], after.Spec?["template"])) return true;
        bool changed = false;
        PodReferences.Visit(after.Spec?["template"]?.DeepClone(), (kind, name) =>
        {
            var now = context.TargetObjects.FirstOrDefault(o => o.Kind == kind && o.Name == name);
            var then = context.BaseObjects.FirstOrDefault(o => o.Kind == kind && o.Name == name);
            changed |= now is not null && (then is null || new[] { "data", "binaryData", "stringData" }.Any(k => !JsonNode.DeepEquals(now.Json[k], then.Json[k])));
            return name;
        });
        return changed;
    }

    // The label whose value tells the two apart must be one that every Service in front asks for.
    private static string Distinction(JsonObject match, IEnumerable<KubernetesObject> services, KubernetesObject workload)
    {
        var keys = services.Aggregate(match.Select(m => m.Key), (left, s) => left.Where(Selector(s).ContainsKey)).ToList();
        return s_preferred.FirstOrDefault(keys.Contains) ?? keys.FirstOrDefault()
            ?? throw new ReleaseException($"{workload.Kind} {workload.Name} has no selector label that the Services in front of it share, so a second version cannot be told from the first");
    }

    private static bool Selects(KubernetesObject service, KubernetesObject workload)
    {
        if (service.Namespace != workload.Namespace) return false;
        var labels = workload.Spec?["template"]?["metadata"]?["labels"] as JsonObject;
        return Selector(service).All(s => JsonNode.DeepEquals(labels?[s.Key], s.Value));
    }

    private static JsonObject Selector(KubernetesObject service) => service.Spec?["selector"] as JsonObject ?? [];

    private static JsonObject Map(JsonObject parent, string key)
    {
        if (parent[key] is JsonObject map) return map;
        map = [];
        parent[key] = map;
        return map;
    }
}
