using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Splits by the weights of an Istio VirtualService: every HTTP route to the stable Service gets the canary's as a second destination.</summary>
public sealed class IstioRouter : ITrafficRouter
{
    private const string MatchRoute = "hlc-canary-match";
    private readonly string _virtualService;
    private readonly IReadOnlyList<string> _routes;
    private readonly string _version;

    /// <summary>Makes the router.</summary>
    /// <param name="virtualService">The VirtualService, in the release's namespace.</param>
    /// <param name="routes">Names of the HTTP routes to be split; null for all that go to the stable Service.</param>
    /// <param name="apiVersion">The version of the API. Default: <c>networking.istio.io/v1</c>.</param>
    public IstioRouter(string virtualService, IReadOnlyList<string>? routes = null, string apiVersion = "networking.istio.io/v1")
    {
        ArgumentException.ThrowIfNullOrEmpty(virtualService);
        _virtualService = virtualService;
        _routes = routes ?? [];
        _version = apiVersion;
    }

    /// <inheritdoc/>
    public string Name => "istio";

    /// <inheritdoc/>
    public IReadOnlyList<ObjectReference> Objects(string ns) => [new(GroupVersionKind.From(_version, "VirtualService"), ns, _virtualService)];

    /// <inheritdoc/>
    public IReadOnlyList<KubernetesObject> Route(IReadOnlyList<KubernetesObject> originals, TrafficSplit split)
    {
        ArgumentNullException.ThrowIfNull(originals);
        ArgumentNullException.ThrowIfNull(split);
        var o = originals[0].DeepClone();
        var http = o.Spec?["http"] as JsonArray ?? [];
        var split0 = new List<JsonObject>();
        foreach (var rule in http.OfType<JsonObject>())
        {
            if (_routes.Count > 0 && !_routes.Contains(rule["name"]?.ToString() ?? "")) continue;
            var stable = (rule["route"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(r => IsHost(r, split.StableService, o.Namespace));
            if (stable is null) continue;
            split0.Add((JsonObject)rule.DeepClone());
            rule["route"] = new JsonArray(Destination(stable, null, 100 - split.Weight), Destination(stable, split.CanaryService, split.Weight));
        }

        if (split0.Count == 0) throw new ReleaseException($"VirtualService {_virtualService} has no HTTP route to {split.StableService} to be split");
        if (split.Matches.Count > 0)
        {
            var stable = ((JsonArray)split0[0]["route"]!).OfType<JsonObject>().First(r => IsHost(r, split.StableService, o.Namespace));
            http.Insert(0, new JsonObject
            {
                ["name"] = MatchRoute,
                ["match"] = new JsonArray([.. split.Matches.Select(m => (JsonNode)new JsonObject { ["headers"] = Header(m) })]),
                ["route"] = new JsonArray(Destination(stable, split.CanaryService, 100)),
            });
        }

        return [o];
    }

    private static JsonObject Header(TrafficMatch match) => match.IsCookie
        ? new JsonObject { ["cookie"] = new JsonObject { ["regex"] = CookieExpression(match) } }
        : new JsonObject { [match.Name.ToLowerInvariant()] = new JsonObject { ["exact"] = match.Value } };

    /// <summary>Finds a cookie among others in the header.</summary>
    internal static string CookieExpression(TrafficMatch match) => $"^(.*; *)?{Escape(match.Name)}={Escape(match.Value)}(;.*)?$";

    private static string Escape(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : "\\" + c));

    private static JsonObject Destination(JsonObject stable, string? host, int weight)
    {
        var copy = (JsonObject)stable.DeepClone();
        if (host is not null)
        {
            var destination = (JsonObject)copy["destination"]!;
            string old = destination["host"]!.ToString();
            int dot = old.IndexOf('.', StringComparison.Ordinal);
            destination["host"] = dot < 0 ? host : host + old[dot..];
            destination.Remove("subset");
        }

        copy["weight"] = weight;
        return copy;
    }

    private static bool IsHost(JsonObject route, string service, string? ns)
    {
        string host = route["destination"]?["host"]?.ToString() ?? "";
        return host == service || host == $"{service}.{ns}" || host.StartsWith($"{service}.{ns}.svc", StringComparison.Ordinal);
    }
}
