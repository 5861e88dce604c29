using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>An authenticated user.</summary>
internal sealed record ApiUser(string Name, string Uid, IReadOnlyList<string> Groups)
{
    public static ApiUser Anonymous { get; } = new("system:anonymous", "", ["system:unauthenticated"]);

    public bool IsMaster => Groups.Contains("system:masters");
}

/// <summary>What a request wants to do, for authorization.</summary>
internal sealed record AccessAttributes(string Verb, string Group, string Resource, string Subresource, string Name, string? Namespace, string Path)
{
    public bool IsResource => Path.Length == 0;
}

/// <summary>Users by bearer token, and RBAC over the stored roles and bindings.</summary>
internal sealed class AccessRules
{
    private const string Rbac = "rbac.authorization.k8s.io";
    private static readonly string[] s_public = ["/healthz", "/livez", "/readyz", "/version"];
    private static readonly string[] s_discovery = ["/api", "/apis", "/openapi", "/healthz", "/livez", "/readyz", "/version"];

    private readonly ApiServer _server;
    private readonly ConcurrentDictionary<string, ApiUser> _tokens = new(StringComparer.Ordinal);

    public AccessRules(ApiServer server)
    {
        _server = server;
        AdminToken = server.NewUid();
        _tokens[AdminToken] = new ApiUser("kubernetes-admin", "1", ["system:masters", "system:authenticated"]);
    }

    public string AdminToken { get; }

    public string AddUser(string name, string uid, IEnumerable<string> groups)
    {
        string token = _server.NewUid();
        AddToken(token, new ApiUser(name, uid, [.. groups, "system:authenticated"]));
        return token;
    }

    public void AddToken(string token, ApiUser user) => _tokens[token] = user;

    public ApiUser? Find(string token) => _tokens.GetValueOrDefault(token);

    /// <summary>The user of a request; impersonation is for those who may do everything.</summary>
    /// <exception cref="ApiError">401 for an unknown token.</exception>
    public ApiUser Authenticate(ApiRequest request)
    {
        if (request.Authorization.Length == 0)
        {
            return ApiUser.Anonymous;
        }

        string[] parts = request.Authorization.Split(' ', 2);
        if (parts.Length != 2 || !parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) || !_tokens.TryGetValue(parts[1].Trim(), out ApiUser? user))
        {
            throw new ApiError(401, "Unauthorized", "Unauthorized");
        }

        if (request.ImpersonateUser.Length == 0)
        {
            return user;
        }

        if (!user.IsMaster)
        {
            throw new ApiError(403, "Forbidden", $"users {GoText.Quote(request.ImpersonateUser)} is forbidden: User {GoText.Quote(user.Name)} cannot impersonate resource \"users\" in API group \"\" at the cluster scope", ApiErrors.Details(request.ImpersonateUser, "", "users"));
        }

        return new ApiUser(request.ImpersonateUser, "", [.. request.ImpersonateGroups, "system:authenticated"]);
    }

    public bool IsAllowed(ApiUser user, AccessAttributes attributes)
    {
        if (user.IsMaster)
        {
            return true;
        }

        if (!attributes.IsResource)
        {
            string[] open = user.Groups.Contains("system:authenticated") ? s_discovery : s_public;
            return attributes.Verb == "get" && open.Any(p => attributes.Path == p || attributes.Path.StartsWith(p + "/", StringComparison.Ordinal));
        }

        if (user.Groups.Contains("system:authenticated") && attributes.Verb == "create" &&
            (attributes.Group, attributes.Resource) is ("authorization.k8s.io", "selfsubjectaccessreviews" or "selfsubjectrulesreviews") or ("authentication.k8s.io", "selfsubjectreviews"))
        {
            return true;
        }

        return Rules(user, attributes.Namespace).Any(r => Covers(r, attributes));
    }

    /// <summary>The policy rules a user has, cluster-wide and in one namespace.</summary>
    public IEnumerable<JsonObject> Rules(ApiUser user, string? ns)
    {
        foreach (StoredObject binding in _server.Store.List(new ResourceKey(Rbac, "clusterrolebindings")).Where(b => Names(b.View, user)))
        {
            foreach (JsonObject rule in RoleRules(binding.View, null))
            {
                yield return rule;
            }
        }

        if (string.IsNullOrEmpty(ns))
        {
            yield break;
        }

        foreach (StoredObject binding in _server.Store.List(new ResourceKey(Rbac, "rolebindings"), ns).Where(b => Names(b.View, user)))
        {
            foreach (JsonObject rule in RoleRules(binding.View, ns))
            {
                yield return rule;
            }
        }
    }

    private static bool Names(JsonObject binding, ApiUser user) => Json.Objects(binding, "subjects").Any(s => Json.Text(s, "kind") switch
    {
        "User" => Json.Text(s, "name") == user.Name,
        "Group" => user.Groups.Contains(Json.Text(s, "name")),
        "ServiceAccount" => user.Name == "system:serviceaccount:" + (Json.Text(s, "namespace") is { Length: > 0 } n ? n : Json.Text(binding, "metadata", "namespace")) + ":" + Json.Text(s, "name"),
        _ => false,
    });

    private IEnumerable<JsonObject> RoleRules(JsonObject binding, string? ns)
    {
        bool cluster = Json.Text(binding, "roleRef", "kind") == "ClusterRole";
        StoredObject? role = _server.Store.Get(new ResourceKey(Rbac, cluster ? "clusterroles" : "roles"), cluster ? null : ns, Json.Text(binding, "roleRef", "name"));
        return role is null ? [] : Json.Objects(role.View, "rules");
    }

    private static bool Covers(JsonObject rule, AccessAttributes a)
    {
        string resource = a.Subresource.Length == 0 ? a.Resource : a.Resource + "/" + a.Subresource;
        string[] names = [.. Json.StringItems(rule, "resourceNames")];
        return Has(rule, "verbs", a.Verb) && Has(rule, "apiGroups", a.Group)
            && (Has(rule, "resources", resource) || (a.Subresource.Length > 0 && Json.StringItems(rule, "resources").Contains("*/" + a.Subresource)))
            && (names.Length == 0 || names.Contains(a.Name));
    }

    private static bool Has(JsonObject rule, string list, string value) => Json.StringItems(rule, list).Any(v => v == value || v == "*");

    /// <summary>The 403 of a request that is not allowed.</summary>
    public static ApiError Denied(ApiUser user, AccessAttributes a)
    {
        if (!a.IsResource)
        {
            return new ApiError(403, "Forbidden", $"forbidden: User {GoText.Quote(user.Name)} cannot {a.Verb} path {GoText.Quote(a.Path)}", []);
        }

        string resource = a.Subresource.Length == 0 ? a.Resource : a.Resource + "/" + a.Subresource;
        string where = string.IsNullOrEmpty(a.Namespace) ? "at the cluster scope" : "in the namespace " + GoText.Quote(a.Namespace);
        string what = ApiErrors.Qualified(new ResourceKey(a.Group, a.Resource)) + (a.Name.Length == 0 ? "" : " " + GoText.Quote(a.Name));
        return new ApiError(403, "Forbidden", $"{what} is forbidden: User {GoText.Quote(user.Name)} cannot {a.Verb} resource {GoText.Quote(resource)} in API group {GoText.Quote(a.Group)} {where}", ApiErrors.Details(a.Name, a.Group, a.Resource));
    }
}
