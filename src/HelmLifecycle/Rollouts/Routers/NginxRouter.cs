using System.Globalization;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Splits by a second Ingress with the canary annotations of ingress-nginx, named <c>&lt;ingress&gt;-canary</c>. The release's own Ingress is not touched.</summary>
public sealed class NginxRouter : ITrafficRouter
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";
    private static readonly GroupVersionKind s_kind = new("networking.k8s.io", "v1", "Ingress");
    private readonly string _ingress;

    /// <summary>Makes the router.</summary>
    /// <param name="ingress">The Ingress, in the release's namespace.</param>
    public NginxRouter(string ingress)
    {
        ArgumentException.ThrowIfNullOrEmpty(ingress);
        _ingress = ingress;
    }

    /// <inheritdoc/>
    public string Name => "nginx";

    /// <inheritdoc/>
    public IReadOnlyList<ObjectReference> Objects(string ns) => [new(s_kind, ns, _ingress)];

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">More than one header and one cookie, or a cookie with another value than <c>always</c>.</exception>
    public IReadOnlyList<KubernetesObject> Route(IReadOnlyList<KubernetesObject> originals, TrafficSplit split)
    {
        ArgumentNullException.ThrowIfNull(originals);
        ArgumentNullException.ThrowIfNull(split);
        var canary = new KubernetesObject(s_kind, _ingress + "-canary", originals[0].Namespace);
        canary.SetAnnotation(Prefix + "canary", "true");
        canary.SetAnnotation(Prefix + "canary-weight", split.Weight.ToString(CultureInfo.InvariantCulture));
        Match(canary, split.Matches);
        var spec = new JsonObject();
        if (originals[0].Spec?["ingressClassName"] is { } name) spec["ingressClassName"] = name.DeepClone();
        spec["rules"] = Rules(originals[0], split);
        canary.Json["spec"] = spec;
        return [canary];
    }

    private JsonArray Rules(KubernetesObject ingress, TrafficSplit split)
    {
        var rules = new JsonArray();
        foreach (var rule in (ingress.Spec?["rules"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var paths = new JsonArray();
            foreach (var path in (rule["http"]?["paths"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (path["backend"]?["service"]?["name"]?.ToString() != split.StableService) continue;
                var copy = (JsonObject)path.DeepClone();
                copy["backend"]!["service"]!["name"] = split.CanaryService;
                paths.Add((JsonNode)copy);
            }

            if (paths.Count == 0) continue;
            var only = new JsonObject { ["http"] = new JsonObject { ["paths"] = paths } };
            if (rule["host"] is { } host) only["host"] = host.DeepClone();
            rules.Add((JsonNode)only);
        }

        return rules.Count > 0 ? rules : throw new ReleaseException($"Ingress {_ingress} has no path to {split.StableService} to be split");
    }

    private static void Match(KubernetesObject canary, IReadOnlyList<TrafficMatch> matches)
    {
        if (matches.Count(m => m.IsCookie) > 1 || matches.Count(m => !m.IsCookie) > 1) throw new NotSupportedException("ingress-nginx can match one header and one cookie for a canary, no more");
        foreach (var match in matches)
        {
            if (match.IsCookie && match.Value != "always") throw new NotSupportedException($"ingress-nginx can match a cookie only by the value \"always\", not {Go.Quote(match.Value)}");
            canary.SetAnnotation(Prefix + (match.IsCookie ? "canary-by-cookie" : "canary-by-header"), match.Name);
            if (!match.IsCookie) canary.SetAnnotation(Prefix + "canary-by-header-value", match.Value);
        }
    }
}
