using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Kinds that are answered and never stored: access reviews, token reviews and requests.</summary>
internal static class Reviews
{
    public static bool Handles(ResourceDefinition resource) => resource.Group is "authorization.k8s.io" or "authentication.k8s.io";

    public static JsonObject Answer(ApiServer server, WriteContext context, ApiUser user, JsonObject body)
    {
        JsonObject json = server.DecodeBody(context, body);
        JsonObject status = Json.Ensure(json, "status");
        switch (context.Resource.Kind)
        {
            case "SelfSubjectAccessReview":
                Allow(server, user, json, status);
                break;
            case "SubjectAccessReview" or "LocalSubjectAccessReview":
                {
                    var asked = new ApiUser(Json.Text(json, "spec", "user"), "", [.. Json.StringItems(json, "spec", "groups")]);
                    if (asked.Name.Length == 0 && asked.Groups.Count == 0)
                    {
                        var errors = new FieldErrors();
                        errors.Invalid("spec.user", "\"\"", "at least one of user or group must be specified");
                        throw errors.ToError(context.Resource.Group, context.Resource.Kind, "");
                    }

                    Allow(server, asked, json, status);
                    break;
                }

            case "SelfSubjectRulesReview":
                Rules(server, user, json, status);
                break;
            case "SelfSubjectReview":
                Json.Meta(json)["creationTimestamp"] = server.Clock.Stamp;
                status["userInfo"] = UserInfo(user);
                break;
            default:
                {
                    ApiUser? found = server.Access.Find(Json.Text(json, "spec", "token"));
                    status["authenticated"] = found is not null;
                    status["user"] = found is null ? new JsonObject() : UserInfo(found);
                    if (found is null)
                    {
                        status.Remove("authenticated");
                    }

                    break;
                }
        }

        return json;
    }

    private static JsonObject UserInfo(ApiUser user)
    {
        var info = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0)
        {
            info["uid"] = user.Uid;
        }

        info["groups"] = Json.Strings(user.Groups);
        return info;
    }

    private static void Allow(ApiServer server, ApiUser user, JsonObject json, JsonObject status)
    {
        JsonObject? resource = Json.Object(json, "spec", "resourceAttributes");
        JsonObject? path = Json.Object(json, "spec", "nonResourceAttributes");
        if (resource is null == path is null)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.resourceAttributes", "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified");
            throw errors.ToError("authorization.k8s.io", Json.Text(json, "kind"), "");
        }

        AccessAttributes attributes = resource is not null
            ? new AccessAttributes(Json.Text(resource, "verb"), Json.Text(resource, "group"), Json.Text(resource, "resource"), Json.Text(resource, "subresource"), Json.Text(resource, "name"), Json.String(resource, "namespace"), "")
            : new AccessAttributes(Json.Text(path, "verb"), "", "", "", "", null, Json.Text(path, "path"));
        status["allowed"] = server.Access.IsAllowed(user, attributes);
    }

    private static void Rules(ApiServer server, ApiUser user, JsonObject json, JsonObject status)
    {
        var resources = new JsonArray();
        var paths = new JsonArray();
        if (user.IsMaster)
        {
            resources.Add((JsonNode)new JsonObject { ["verbs"] = Json.Strings("*"), ["apiGroups"] = Json.Strings("*"), ["resources"] = Json.Strings("*") });
            paths.Add((JsonNode)new JsonObject { ["verbs"] = Json.Strings("*"), ["nonResourceURLs"] = Json.Strings("*") });
        }

        foreach (JsonObject rule in server.Access.Rules(user, Json.String(json, "spec", "namespace")))
        {
            if (rule["nonResourceURLs"] is not null)
            {
                paths.Add((JsonNode)new JsonObject { ["verbs"] = rule["verbs"]?.DeepClone(), ["nonResourceURLs"] = rule["nonResourceURLs"]?.DeepClone() });
            }
            else
            {
                resources.Add(rule.DeepClone());
            }
        }

        json["spec"] = new JsonObject();
        status["resourceRules"] = resources;
        status["nonResourceRules"] = paths;
        status["incomplete"] = false;
    }

    /// <summary>A token of a service account; it works as a bearer token here.</summary>
    public static ApiResponse Token(ApiServer server, WriteContext context, JsonObject body, string account)
    {
        StoredObject stored = server.Store.Get(new ResourceKey("", "serviceaccounts"), context.Namespace, account) ?? throw ApiErrors.NotFound(context.Resource.Key, account);
        long seconds = Json.Long(body, "spec", "expirationSeconds") ?? 3600;
        if (seconds < 600)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.expirationSeconds", Json.Number(seconds), "may not specify a duration less than 10 minutes");
            throw errors.ToError("authentication.k8s.io", "TokenRequest", "");
        }

        string[] audiences = [.. Json.StringItems(body, "spec", "audiences")];
        if (audiences.Length == 0)
        {
            audiences = ["https://kubernetes.default.svc"];
        }

        string name = $"system:serviceaccount:{context.Namespace}:{account}";
        string token = Encode(new JsonObject { ["alg"] = "RS256", ["kid"] = "embedded" }) + "." + Encode(new JsonObject
        {
            ["aud"] = Json.Strings(audiences),
            ["exp"] = server.Clock.Now.ToUnixTimeSeconds() + seconds,
            ["jti"] = server.NewUid(),
            ["sub"] = name,
        }) + "." + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(server.NewUid())).TrimEnd('=');
        server.Access.AddToken(token, new ApiUser(name, stored.Uid, ["system:serviceaccounts", "system:serviceaccounts:" + context.Namespace, "system:authenticated"]));
        var spec = new JsonObject { ["audiences"] = Json.Strings(audiences), ["expirationSeconds"] = seconds, ["boundObjectRef"] = Json.Get(body, "spec", "boundObjectRef")?.DeepClone() };
        return ApiResponse.Json(
            new JsonObject
            {
                ["kind"] = "TokenRequest",
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["metadata"] = new JsonObject { ["name"] = account, ["namespace"] = context.Namespace, ["creationTimestamp"] = server.Clock.Stamp },
                ["spec"] = spec,
                ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = ClusterClock.Format(server.Clock.Now.AddSeconds(seconds)) },
            },
            201);
    }

    private static string Encode(JsonObject json) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
