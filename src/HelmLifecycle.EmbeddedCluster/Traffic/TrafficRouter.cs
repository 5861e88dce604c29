using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>One Service among those a request may go to.</summary>
internal readonly record struct RouteShare(string Namespace, string Service, string? Port, double Weight, LabelQuery? Subset);

/// <summary>Reads Ingresses, VirtualServices and HTTPRoutes: which Services a request may go to, and with what weights. An empty list is a 404.</summary>
internal static class TrafficRouter
{
    private const string Nginx = "nginx.ingress.kubernetes.io/";

    public static List<RouteShare> Route(ObjectStore store, TrafficTarget target, VirtualRequest request) => target.Kind switch
    {
        TrafficTargetKind.Service => [new RouteShare(target.Namespace, target.Name, target.Port, 1, null)],
        TrafficTargetKind.Ingress => Ingress(store, target, request),
        TrafficTargetKind.Mesh => Mesh(store, target, request),
        _ => Gateway(store, target, request),
    };

    private static List<RouteShare> Ingress(ObjectStore store, TrafficTarget target, VirtualRequest request)
    {
        (JsonNode Ingress, JsonNode Backend, int Rank)? main = null;
        var canaries = new List<(JsonNode Ingress, JsonNode Backend)>();
        foreach (StoredObject stored in store.List(ClusterResources.Ingresses, target.Namespace))
        {
            JsonObject ingress = stored.View;
            if (Match(ingress, target.Name, request) is not var (backend, rank))
            {
                continue;
            }

            if (ingress.Annotation(Nginx + "canary") == "true")
            {
                canaries.Add((ingress, backend));
            }
            else if (main is null || rank > main.Value.Rank)
            {
                main = (ingress, backend, rank);
            }
        }

        if (main is null)
        {
            return [];
        }

        RouteShare stable = Share(target.Namespace, main.Value.Backend, 1);
        foreach ((JsonNode ingress, JsonNode backend) in canaries)
        {
            switch (Canary(ingress, request))
            {
                case { } weight when weight >= 1:
                    return [Share(target.Namespace, backend, 1)];
                case { } weight when weight > 0:
                    return [stable with { Weight = 1 - weight }, Share(target.Namespace, backend, weight)];
            }
        }

        return [stable];
    }

    /// <summary>The share of a canary Ingress: header before cookie before weight, as ingress-nginx decides.</summary>
    private static double Canary(JsonNode ingress, VirtualRequest request)
    {
        if (ingress.Annotation(Nginx + "canary-by-header") is { } header && request.Header(header) is { } value)
        {
            if (ingress.Annotation(Nginx + "canary-by-header-value") is { } wanted)
            {
                if (value == wanted)
                {
                    return 1;
                }
            }
            else if (ingress.Annotation(Nginx + "canary-by-header-pattern") is { } pattern)
            {
                if (PathPattern.Matches(pattern, value))
                {
                    return 1;
                }
            }
            else if (value is "always" or "never")
            {
                return value == "always" ? 1 : 0;
            }
        }

        if (ingress.Annotation(Nginx + "canary-by-cookie") is { } cookie && request.Cookies.TryGetValue(cookie, out string? crumb) && crumb is "always" or "never")
        {
            return crumb == "always" ? 1 : 0;
        }

        double.TryParse(ingress.Annotation(Nginx + "canary-weight"), out double weight);
        return weight / (double.TryParse(ingress.Annotation(Nginx + "canary-weight-total"), out double total) && total > 0 ? total : 100);
    }

    private static (JsonNode Backend, int Rank)? Match(JsonNode ingress, string host, VirtualRequest request)
    {
        (JsonNode Backend, int Rank)? best = null;
        foreach (JsonNode rule in ingress.Items("spec", "rules"))
        {
            if (HostRank(rule.Text("host"), host) is not { } hostRank)
            {
                continue;
            }

            foreach (JsonNode path in rule.Items("http", "paths"))
            {
                string pattern = path.Text("path") ?? "/";
                bool exact = path.Text("pathType") == "Exact";
                if (exact ? request.Path != pattern : !HasPrefix(request.Path, pattern))
                {
                    continue;
                }

                int rank = hostRank + (exact ? 5000 : 0) + pattern.Length;
                if (path["backend"] is { } backend && (best is null || rank > best.Value.Rank))
                {
                    best = (backend, rank);
                }
            }
        }

        return best ?? (ingress.At("spec", "defaultBackend") is { } fallback ? (fallback, 0) : null);
    }

    private static RouteShare Share(string ns, JsonNode backend, double weight) => new(
        ns,
        backend.Text("service", "name") ?? "",
        backend.Text("service", "port", "name") ?? backend.Number("service", "port", "number")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        weight,
        null);

    private static List<RouteShare> Mesh(ObjectStore store, TrafficTarget target, VirtualRequest request)
    {
        string host = ShortHost(target.Name);
        foreach (StoredObject stored in store.List(ClusterResources.VirtualServices, target.Namespace))
        {
            if (!stored.View.Items("spec", "hosts").Any(h => HostRank(h.Text(), target.Name) is not null || ShortHost(h.Text() ?? "") == host))
            {
                continue;
            }

            foreach (JsonNode rule in stored.View.Items("spec", "http"))
            {
                List<JsonNode> matches = [.. rule.Items("match")];
                if (matches.Count > 0 && !matches.Any(m => MeshMatches(m, request)))
                {
                    continue;
                }

                List<JsonNode> routes = [.. rule.Items("route")];
                var shares = new List<RouteShare>();
                foreach (JsonNode route in routes)
                {
                    string service = ShortHost(route.Text("destination", "host") ?? "");
                    double weight = route.Number("weight") ?? (routes.Count == 1 ? 100 : 0);
                    shares.Add(new RouteShare(
                        target.Namespace,
                        service,
                        route.Number("destination", "port", "number")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        weight,
                        Subset(store, target.Namespace, service, route.Text("destination", "subset"))));
                }

                return shares;
            }

            return [];
        }

        return store.Get(ClusterResources.Services, target.Namespace, host) is null ? [] : [new RouteShare(target.Namespace, host, null, 1, null)];
    }

    private static LabelQuery? Subset(ObjectStore store, string ns, string service, string? subset)
    {
        if (subset is null)
        {
            return null;
        }

        foreach (StoredObject rule in store.List(ClusterResources.DestinationRules, ns))
        {
            if (ShortHost(rule.View.Text("spec", "host") ?? "") == service)
            {
                foreach (JsonNode candidate in rule.View.Items("spec", "subsets"))
                {
                    if (candidate.Text("name") == subset)
                    {
                        return LabelQuery.FromMap(candidate.At("labels") ?? new JsonObject());
                    }
                }
            }
        }

        // A subset that no rule defines has no pods.
        return LabelQuery.FromMap(new JsonObject { ["undefined-subset"] = subset });
    }

    private static bool MeshMatches(JsonNode match, VirtualRequest request)
    {
        foreach ((string name, JsonNode? condition) in match.Map("headers") ?? [])
        {
            string? value = name == "cookie" ? CookieHeader(request) : request.Header(name);
            if (value is null || !StringMatches(condition, value))
            {
                return false;
            }
        }

        return (match.At("uri") is not { } uri || StringMatches(uri, request.Path)) && (match.At("method") is not { } method || StringMatches(method, request.Method));
    }

    private static string? CookieHeader(VirtualRequest request) =>
        request.Cookies.Count == 0 ? request.Header("cookie") : string.Join("; ", request.Cookies.Select(c => c.Key + "=" + c.Value));

    private static bool StringMatches(JsonNode? condition, string value) =>
        condition.Text("exact") is { } exact ? exact == value
        : condition.Text("prefix") is { } prefix ? value.StartsWith(prefix, StringComparison.Ordinal)
        : condition.Text("regex") is not { } regex || PathPattern.Matches(regex, value, whole: true);

    private static List<RouteShare> Gateway(ObjectStore store, TrafficTarget target, VirtualRequest request)
    {
        (JsonNode Rule, int Rank)? best = null;
        foreach (StoredObject stored in store.List(ClusterResources.HttpRoutes, target.Namespace))
        {
            List<JsonNode> hosts = [.. stored.View.Items("spec", "hostnames")];
            int? hostRank = hosts.Count == 0 ? 0 : hosts.Select(h => HostRank(h.Text(), target.Name)).Max();
            if (hostRank is not { } host)
            {
                continue;
            }

            foreach (JsonNode rule in stored.View.Items("spec", "rules"))
            {
                List<JsonNode> matches = [.. rule.Items("matches")];
                int? rank = matches.Count == 0 ? 0 : matches.Select(m => GatewayRank(m, request)).Max();
                if (rank is { } r && (best is null || host + r > best.Value.Rank))
                {
                    best = (rule, host + r);
                }
            }
        }

        if (best is null)
        {
            return [];
        }

        return
        [
            .. best.Value.Rule.Items("backendRefs").Select(b => new RouteShare(
                b.Text("namespace") ?? target.Namespace,
                b.Text("name") ?? "",
                b.Number("port")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                b.Number("weight") ?? 1,
                null)),
        ];
    }

    /// <summary>How special a match is (exact path, longer prefix, method, more headers), or null when it does not hold.</summary>
    private static int? GatewayRank(JsonNode match, VirtualRequest request)
    {
        int rank = 0;
        string path = match.Text("path", "value") ?? "/";
        switch (match.Text("path", "type") ?? "PathPrefix")
        {
            case "Exact" when request.Path == path:
                rank += 5000;
                break;
            case "PathPrefix" when HasPrefix(request.Path, path):
                rank += 10 * path.Length;
                break;
            case "RegularExpression" when PathPattern.Matches(path, request.Path, whole: true):
                rank += 10;
                break;
            default:
                return null;
        }

        if (match.Text("method") is { } method)
        {
            if (method != request.Method)
            {
                return null;
            }

            rank += 5;
        }

        foreach (JsonNode header in match.Items("headers"))
        {
            string? value = string.Equals(header.Text("name"), "cookie", StringComparison.OrdinalIgnoreCase) ? CookieHeader(request) : request.Header(header.Text("name") ?? "");
            string wanted = header.Text("value") ?? "";
            if (value is null || (header.Text("type") == "RegularExpression" ? !PathPattern.Matches(wanted, value, whole: true) : value != wanted))
            {
                return null;
            }

            rank++;
        }

        return rank;
    }

    /// <summary>How well a rule's host fits: exact before wildcard before none; null for not at all.</summary>
    private static int? HostRank(string? rule, string host)
    {
        if (string.IsNullOrEmpty(rule) || rule == "*")
        {
            return 0;
        }

        if (string.Equals(rule, host, StringComparison.OrdinalIgnoreCase))
        {
            return 100_000;
        }

        return rule.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(rule[1..], StringComparison.OrdinalIgnoreCase) ? 10_000 + rule.Length : null;
    }

    private static bool HasPrefix(string path, string prefix)
    {
        string bare = prefix.TrimEnd('/');
        return path.StartsWith(bare, StringComparison.Ordinal) && (bare.Length == 0 || path.Length == bare.Length || path[bare.Length] is '/' or '?');
    }

    /// <summary>The Service's name in <c>web</c>, <c>web.ns</c> or <c>web.ns.svc.cluster.local</c>.</summary>
    private static string ShortHost(string host)
    {
        int dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? host : host[..dot];
    }
}
