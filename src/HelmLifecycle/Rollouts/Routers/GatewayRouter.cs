using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Splits by the weights of a Gateway API HTTPRoute: every rule to the stable Service gets the canary's as a second backend.</summary>
public sealed class GatewayRouter : ITrafficRouter
{
    private readonly string _route;
    private readonly string _version;

    /// <summary>Makes the router.</summary>
    /// <param name="route">The HTTPRoute, in the release's namespace.</param>
    /// <param name="apiVersion">The version of the API. Default: <c>gateway.networking.k8s.io/v1</c>.</param>
    public GatewayRouter(string route, string apiVersion = "gateway.networking.k8s.io/v1")
    {
        ArgumentException.ThrowIfNullOrEmpty(route);
        _route = route;
        _version = apiVersion;
    }

    /// <inheritdoc/>
    public string Name => "gateway";

    /// <inheritdoc/>
    public IReadOnlyList<ObjectReference> Objects(string ns) => [new(GroupVersionKind.From(_version, "HTTPRoute"), ns, _route)];

    /// <inheritdoc/>
    public IReadOnlyList<KubernetesObject> Route(IReadOnlyList<KubernetesObject> originals, TrafficSplit split)
    {
        ArgumentNullException.ThrowIfNull(originals);
        ArgumentNullException.ThrowIfNull(split);
        var o = originals[0].DeepClone();
        var rules = o.Spec?["rules"] as JsonArray ?? [];
        var matched = new List<JsonObject>();
        bool any = false;
        foreach (var rule in rules.OfType<JsonObject>())
        {
            var stable = (rule["backendRefs"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(b => b["name"]?.ToString() == split.StableService);
            if (stable is null) continue;
            any = true;
            if (split.Matches.Count > 0) matched.Add(Matching(rule, stable, split));
            rule["backendRefs"] = new JsonArray(Backend(stable, split.StableService, 100 - split.Weight), Backend(stable, split.CanaryService, split.Weight));
        }

        if (!any) throw new ReleaseException($"HTTPRoute {_route} has no rule to {split.StableService} to be split");
        for (int i = 0; i < matched.Count; i++) rules.Insert(i, matched[i]);
        return [o];
    }

    // A rule with the same paths and a header more goes before it by the API's own order.
    private static JsonObject Matching(JsonObject rule, JsonObject stable, TrafficSplit split)
    {
        var copy = (JsonObject)rule.DeepClone();
        copy.Remove("name");
        var old = (rule["matches"] as JsonArray ?? [new JsonObject()]).OfType<JsonObject>().ToList();
        if (old.Count == 0) old.Add([]);
        var matches = new JsonArray();
        foreach (var match in old)
        {
            foreach (var wanted in split.Matches)
            {
                var one = (JsonObject)match.DeepClone();
                var headers = one["headers"] as JsonArray;
                if (headers is null) one["headers"] = headers = [];
                headers.Add((JsonNode)(wanted.IsCookie
                    ? new JsonObject { ["type"] = "RegularExpression", ["name"] = "cookie", ["value"] = IstioRouter.CookieExpression(wanted) }
                    : new JsonObject { ["type"] = "Exact", ["name"] = wanted.Name, ["value"] = wanted.Value }));
                matches.Add((JsonNode)one);
            }
        }

        copy["matches"] = matches;
        copy["backendRefs"] = new JsonArray(Backend(stable, split.CanaryService, 1));
        return copy;
    }

    private static JsonObject Backend(JsonObject stable, string name, int weight)
    {
        var copy = (JsonObject)stable.DeepClone();
        copy["name"] = name;
        copy["weight"] = weight;
        return copy;
    }
}
