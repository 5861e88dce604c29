using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary><c>/version</c>, health, and discovery in its classic and aggregated forms.</summary>
internal sealed class DiscoveryDocuments(ApiServer server)
{
    public ApiResponse? Answer(ApiRequest request)
    {
        if (request.Method != "GET" && IsKnown(request.Path))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        string path = request.Path.Length > 1 ? request.Path.TrimEnd('/') : request.Path;
        string[] parts = path.Trim('/').Split('/');
        if (parts[0] is "healthz" or "livez" or "readyz")
        {
            return request.Query.Has("verbose")
                ? ApiResponse.Text($"[+]ping ok\n{parts[0]} check passed\n")
                : ApiResponse.Text("ok");
        }

        if (path == "/version")
        {
            return ApiResponse.Json(Version());
        }

        if (path == "/")
        {
            return ApiResponse.Json(new JsonObject { ["paths"] = Json.Strings(Paths()) });
        }

        return parts switch
        {
            ["api"] => Core(request),
            ["apis"] => Groups(request),
            ["apis", var group] => Group(group),
            ["api", var version] => Resources("", version),
            ["apis", var group, var version] => Resources(group, version),
            _ => null,
        };
    }

    private bool IsKnown(string path)
    {
        string trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 || Paths().Any(p => p.TrimEnd('/') == trimmed);
    }

    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "30",
        ["gitVersion"] = "v1.30.14",
        ["gitCommit"] = "4e295fa517e17429af4d8004e7a8028fe719e60f",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2025-06-17T18:30:08Z",
        ["goVersion"] = "go1.22.1-devel-cf",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };

    private IEnumerable<string> Paths()
    {
        var paths = new List<string> { "/api", "/api/v1", "/apis", "/apis/", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/readyz", "/version" };
        foreach (string group in GroupNames())
        {
            paths.Add("/apis/" + group);
            paths.AddRange(Versions(group).Select(v => $"/apis/{group}/{v}"));
        }

        return paths.Order(StringComparer.Ordinal);
    }

    /// <summary>Group names except the core one: the built-in ones in their fixed order, then those of CRDs.</summary>
    private IEnumerable<string> GroupNames() =>
        KindTable.GroupOrder.Skip(1).Concat(server.Registry.Custom.Select(c => c.Group).Where(g => Array.IndexOf(KindTable.GroupOrder, g) < 0).Distinct());

    private string[] Versions(string group) => [.. server.Registry.All.Where(r => r.Group == group).SelectMany(r => r.Versions).Distinct().OrderByDescending(v => v, VersionPriority.Instance)];

    private ApiResponse Core(ApiRequest request)
    {
        if (Aggregated(request.Accept) is { } version)
        {
            JsonObject group = AggregatedGroup("");
            return AggregatedResponse(version, [group]);
        }

        return ApiResponse.Json(new JsonObject
        {
            ["kind"] = "APIVersions",
            ["versions"] = Json.Strings("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray { (JsonNode)new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = request.Host } },
        });
    }

    private ApiResponse Groups(ApiRequest request)
    {
        if (Aggregated(request.Accept) is { } version)
        {
            return AggregatedResponse(version, GroupNames().Select(AggregatedGroup));
        }

        var groups = new JsonArray();
        foreach (string group in GroupNames())
        {
            JsonObject json = GroupObject(group);
            json.Remove("kind");
            json.Remove("apiVersion");
            groups.Add((JsonNode)json);
        }

        return ApiResponse.Json(new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = groups });
    }

    private JsonObject GroupObject(string group)
    {
        var versions = new JsonArray();
        foreach (string version in Versions(group))
        {
            versions.Add((JsonNode)GroupVersion(group, version));
        }

        return new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1", ["name"] = group, ["versions"] = versions, ["preferredVersion"] = versions[0]!.DeepClone() };
    }

    private static JsonObject GroupVersion(string group, string version) => new() { ["groupVersion"] = ResourceDefinition.GroupVersion(group, version), ["version"] = version };

    private ApiResponse? Group(string group) => GroupNames().Contains(group) ? ApiResponse.Json(GroupObject(group)) : null;

    private ApiResponse? Resources(string group, string version)
    {
        if (!server.Registry.HasGroupVersion(group, version))
        {
            return server.Registry.IsBuiltInGroup(group) ? throw ApiErrors.NoSuchResource() : null;
        }

        var list = new JsonArray();
        foreach (ResourceDefinition resource in InVersion(group, version))
        {
            var json = new JsonObject { ["name"] = resource.Plural, ["singularName"] = resource.Singular, ["namespaced"] = resource.Namespaced, ["kind"] = resource.Kind, ["verbs"] = Json.Strings(Verbs(resource)) };
            AddNames(json, resource);
            if (resource.Verbs.Contains("watch"))
            {
                json["storageVersionHash"] = Hash(resource);
            }

            list.Add((JsonNode)json);
            foreach (SubresourceDefinition sub in resource.Subresources)
            {
                var entry = new JsonObject { ["name"] = resource.Plural + "/" + sub.Name, ["singularName"] = "", ["namespaced"] = resource.Namespaced };
                if (sub.Group.Length > 0)
                {
                    entry["group"] = sub.Group;
                    entry["version"] = sub.Version;
                }

                entry["kind"] = sub.Kind;
                entry["verbs"] = Json.Strings(sub.Verbs);
                list.Add((JsonNode)entry);
            }
        }

        var answer = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            answer["apiVersion"] = "v1";
        }

        answer["groupVersion"] = ResourceDefinition.GroupVersion(group, version);
        answer["resources"] = list;
        return ApiResponse.Json(answer);
    }

    private static string[] Verbs(ResourceDefinition resource) => resource.IsCustom ? ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"] : resource.Verbs;

    private IEnumerable<ResourceDefinition> InVersion(string group, string version) =>
        server.Registry.All.Where(r => r.Group == group && r.Versions.Contains(version)).OrderBy(r => r.Plural, StringComparer.Ordinal);

    private static void AddNames(JsonObject json, ResourceDefinition resource)
    {
        if (resource.ShortNames.Length > 0)
        {
            json["shortNames"] = Json.Strings(resource.ShortNames);
        }

        if (resource.Categories.Length > 0)
        {
            json["categories"] = Json.Strings(resource.Categories);
        }
    }

    private static string Hash(ResourceDefinition resource)
    {
        // A few kinds are kept by the real server in an older version than the one it serves.
        string version = resource.Kind is "CustomResourceDefinition" or "EndpointSlice" or "ValidatingAdmissionPolicy" or "ValidatingAdmissionPolicyBinding" && !resource.IsCustom ? "v1beta1" : resource.StorageVersion;
        string text = $"{resource.Store.Group}/{version}/{resource.Kind}";
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }

    /// <summary>The version of aggregated discovery a client asks for first, if any.</summary>
    private static string? Aggregated(string accept)
    {
        foreach (string candidate in accept.Split(','))
        {
            string[] parts = candidate.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] == "application/json" && parts.Length == 1)
            {
                return null;
            }

            if (parts[0] == "application/json" && MediaTypes.Parameter(parts, "g") == "apidiscovery.k8s.io" && MediaTypes.Parameter(parts, "as") == "APIGroupDiscoveryList" && MediaTypes.Parameter(parts, "v") is "v2" or "v2beta1")
            {
                return MediaTypes.Parameter(parts, "v");
            }
        }

        return null;
    }

    private static ApiResponse AggregatedResponse(string version, IEnumerable<JsonObject> groups)
    {
        var items = new JsonArray();
        foreach (JsonObject group in groups)
        {
            items.Add((JsonNode)group);
        }

        var json = new JsonObject { ["kind"] = "APIGroupDiscoveryList", ["apiVersion"] = "apidiscovery.k8s.io/" + version, ["metadata"] = new JsonObject(), ["items"] = items };
        return new ApiResponse { ContentType = $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList", Body = ObjectEncoding.Encode(json) };
    }

    private JsonObject AggregatedGroup(string group)
    {
        var metadata = new JsonObject();
        if (group.Length > 0)
        {
            metadata["name"] = group;
        }

        metadata["creationTimestamp"] = null;
        var versions = new JsonArray();
        foreach (string version in Versions(group))
        {
            var resources = new JsonArray();
            foreach (ResourceDefinition resource in InVersion(group, version))
            {
                resources.Add((JsonNode)AggregatedResource(resource, group, version));
            }

            versions.Add((JsonNode)new JsonObject { ["version"] = version, ["resources"] = resources, ["freshness"] = "Current" });
        }

        return new JsonObject { ["metadata"] = metadata, ["versions"] = versions };
    }

    private static JsonObject AggregatedResource(ResourceDefinition resource, string group, string version)
    {
        JsonObject kind = resource.IsCustom
            ? new JsonObject { ["group"] = group, ["version"] = version, ["kind"] = resource.Kind }
            : new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = resource.Kind };
        var json = new JsonObject
        {
            ["resource"] = resource.Plural,
            ["responseKind"] = kind,
            ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = Json.Strings(Verbs(resource)),
        };
        AddNames(json, resource);
        if (resource.Subresources.Count == 0)
        {
            return json;
        }

        var list = new JsonArray();
        foreach (SubresourceDefinition sub in resource.Subresources)
        {
            list.Add((JsonNode)new JsonObject
            {
                ["subresource"] = sub.Name,
                ["responseKind"] = resource.IsCustom && sub.Group.Length == 0 ? kind.DeepClone() : new JsonObject { ["group"] = sub.Group, ["version"] = sub.Version, ["kind"] = sub.Kind },
                ["verbs"] = Json.Strings(sub.Verbs),
            });
        }

        json["subresources"] = list;
        return json;
    }
}

/// <summary>Order of API versions: stable before beta before alpha, then by number, then by name.</summary>
internal sealed class VersionPriority : IComparer<string>
{
    public static readonly VersionPriority Instance = new();

    public int Compare(string? x, string? y)
    {
        (int, int, int) a = Rank(x!), b = Rank(y!);
        int order = a.CompareTo(b);
        return order != 0 || a.Item1 > 0 ? order : string.CompareOrdinal(y, x);
    }

    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        System.Text.RegularExpressions.Match match = System.Text.RegularExpressions.Regex.Match(version, @"^v([0-9]+)(?:(alpha|beta)([0-9]+))?\z");
        if (!match.Success)
        {
            return (0, 0, 0);
        }

        int stage = match.Groups[2].Value switch { "" => 3, "beta" => 2, _ => 1 };
        _ = int.TryParse(match.Groups[1].ValueSpan, out int major);
        _ = int.TryParse(match.Groups[3].ValueSpan, out int minor);
        return (stage, major, minor);
    }
}
