using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.EmbeddedCluster;

internal sealed partial class ApiServer
{
    private const int MaxBodyBytes = 3 * 1024 * 1024;
    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Answers a request. Never throws for what a client sent.</summary>
    public async ValueTask<ApiResponse> HandleAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        request.Hold = Clock.EnterBusy();
        try
        {
            ApiUser user = Access.Authenticate(request);
            if (RequestPath.Parse(request.Path) is not { } path)
            {
                return HandleOther(request, user);
            }

            ApiResponse response = await HandleResourceAsync(request, path, user, cancellationToken).ConfigureAwait(false);
            if (Registry.Find(path.Group, path.Version, path.Resource) is CustomKind custom && custom.Deprecation(path.Version) is { } deprecation)
            {
                response.Headers.Insert(0, ("Warning", "299 - " + GoText.Quote(deprecation)));
            }

            return response;
        }
        catch (ApiError error)
        {
            return ApiResponse.Error(error);
        }
        finally
        {
            request.Hold.Dispose();
        }
    }

    private ApiResponse HandleOther(ApiRequest request, ApiUser user)
    {
        string path = request.Path;
        string verb = request.Method.ToLowerInvariant();
        var attributes = new AccessAttributes(verb, "", "", "", "", null, path);
        if (!Access.IsAllowed(user, attributes))
        {
            throw AccessRules.Denied(user, attributes);
        }

        return Discovery.Answer(request) ?? OpenApi.Answer(request) ?? PageNotFound();
    }

    /// <summary>Plain text, as the API answers for paths nobody serves.</summary>
    public static ApiResponse PageNotFound() => ApiResponse.Text("404 page not found\n", 404);

    private async ValueTask<ApiResponse> HandleResourceAsync(ApiRequest request, RequestPath path, ApiUser user, CancellationToken cancellationToken)
    {
        bool collection = path.Name.Length == 0;
        bool watch = path.IsOldWatch || (request.Method == "GET" && collection && request.Query.Flag("watch"));
        string verb = request.Method switch
        {
            "GET" or "HEAD" => watch ? "watch" : collection ? "list" : "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => collection ? "deletecollection" : "delete",
            var other => other.ToLowerInvariant(),
        };
        string? space = path.Namespace ?? (path.Group.Length == 0 && path.Resource == "namespaces" && !collection ? path.Name : null);
        var attributes = new AccessAttributes(verb, path.Group, path.Resource, path.Subresource, path.Name, path.Resource == "namespaces" ? null : space, "");
        if (!Access.IsAllowed(user, attributes))
        {
            throw AccessRules.Denied(user, attributes);
        }

        bool builtInGroup = Registry.IsBuiltInGroup(path.Group);
        ResourceDefinition? resource = Registry.Find(path.Group, path.Version, path.Resource);
        if (resource is null)
        {
            return builtInGroup && !Registry.Custom.Any(c => c.Group == path.Group && c.Versions.Contains(path.Version)) ? throw ApiErrors.NoSuchResource() : PageNotFound();
        }

        bool misplaced = request.Path.Contains("//", StringComparison.Ordinal) || (path.Namespace is not null && !resource.Namespaced)
            || (path.Namespace is null && resource.Namespaced && (!collection || (request.Method is not "GET" and not "HEAD")));
        if (misplaced)
        {
            bool wrongMethod = path.Namespace is null && resource.Namespaced && collection && !request.Path.Contains("//", StringComparison.Ordinal);
            throw wrongMethod ? ApiErrors.MethodNotAllowed() : ApiErrors.NoSuchResource();
        }

        if (request.Method == "HEAD")
        {
            return new ApiResponse { Status = 405 };
        }

        if (!s_methods.Contains(request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (path.Subresource.Length > 0)
        {
            return await HandleSubresourceAsync(request, path, resource, user, verb, cancellationToken).ConfigureAwait(false);
        }

        CheckMethod(request.Method, resource, collection);
        AcceptedForm form = MediaTypes.Negotiate(request.Accept) with { Include = request.Query.Get("includeObject") };
        if (watch)
        {
            return await StartWatchAsync(request, path, resource, form, cancellationToken).ConfigureAwait(false);
        }

        return verb switch
        {
            "list" => await ListAsync(request, path, resource, form, cancellationToken).ConfigureAwait(false),
            "get" => await GetAsync(request, path, resource, form, cancellationToken).ConfigureAwait(false),
            "create" => PostResource(request, path, resource, user, form),
            "update" => PutResource(request, path, resource, user, form, null),
            "patch" => PatchResource(request, path, resource, user, form, null),
            "delete" => DeleteResource(request, path, resource, user, form),
            _ => DeleteCollection(request, path, resource, user, form),
        };
    }

    private static void CheckMethod(string method, ResourceDefinition resource, bool collection)
    {
        string verb = method switch
        {
            "GET" => collection ? "list" : "get",
            "POST" => collection ? "create" : "",
            "PUT" => collection ? "" : "update",
            "PATCH" => collection ? "" : "patch",
            _ => collection ? "deletecollection" : "delete",
        };
        if (!resource.Verbs.Contains(verb))
        {
            bool anyOnPath = resource.Verbs.Any(v => collection ? v is "list" or "create" or "deletecollection" : v is "get" or "update" or "patch" or "delete");
            throw anyOnPath ? ApiErrors.MethodNotAllowed() : ApiErrors.NoSuchResource();
        }
    }

    private WriteContext Context(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, string options, string? subresource)
    {
        string manager = request.Query.Get("fieldManager");
        string validation = request.Query.Get("fieldValidation");
        IReadOnlyList<string> dry = request.Query.All("dryRun");
        var errors = new FieldErrors();
        if (manager.Length > 128)
        {
            errors.TooLong("fieldManager", 128);
        }

        if (manager.Any(c => c < ' '))
        {
            errors.InvalidText("fieldManager", manager, "should only contain printable characters");
        }

        bool apply = MediaTypes.Bare(request.ContentType) == "application/apply-patch+yaml" && request.Method == "PATCH";
        if (request.Method == "PATCH")
        {
            if (apply && manager.Length == 0)
            {
                errors.Required("fieldManager", "is required for apply patch");
            }

            if (!apply && request.Query.Has("force"))
            {
                errors.Forbidden("force", "may not be specified for non-apply patch");
            }
        }

        if (dry.Any(d => d != "All"))
        {
            errors.NotSupported("dryRun", GoText.Strings(Json.Strings(dry)), "All");
        }

        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
        {
            errors.NotSupported("fieldValidation", GoText.Quote(validation), "", "Ignore", "Strict", "Warn");
        }

        if (errors.Any)
        {
            throw errors.ToError("meta.k8s.io", options, "");
        }

        if (manager.Length == 0)
        {
            string agent = request.UserAgent.Split('/')[0];
            manager = agent.Length == 0 ? "unknown" : agent.Length > 128 ? agent[..128] : agent;
        }

        return new WriteContext
        {
            Server = this,
            Resource = resource,
            Version = path.Version,
            Namespace = path.Namespace,
            Subresource = subresource,
            Caller = new Caller(user.Name, manager) { Groups = user.Groups },
            DryRun = dry.Count > 0,
            FieldValidation = validation,
        };
    }

    /// <summary>The body as JSON; null in the body is an empty object, as Go decodes it.</summary>
    private static JsonObject ReadBody(ApiRequest request, string kind, List<string> duplicates)
    {
        CheckBodySize(request);
        bool yaml = MediaTypes.IsYaml(request.ContentType);
        ReadOnlySpan<byte> body = request.Body.Span;
        try
        {
            JsonNode? node = yaml ? HelmYaml.ReadJson(Encoding.UTF8.GetString(body)) : GoJson.Parse(body, duplicates);
            return node switch
            {
                JsonObject json => json,
                null => [],
                _ => throw new JsonSyntaxException("json: cannot unmarshal " + (node is JsonArray ? "array" : node.GetValueKind() == System.Text.Json.JsonValueKind.String ? "string" : node.GetValueKind() == System.Text.Json.JsonValueKind.Number ? "number" : "bool") + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }"),
            };
        }
        catch (JsonSyntaxException e)
        {
            throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {e.Message} ({Summary(body)})");
        }
        catch (YamlException e)
        {
            throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {kind}): {YamlText(e)} ({Summary(body)})");
        }
    }

    private static string YamlText(YamlException error)
    {
        const string outer = "error converting YAML to JSON: ";
        string text = error.Message;
        return text.StartsWith(outer, StringComparison.Ordinal) ? text[outer.Length..] : text;
    }

    private static void CheckBodySize(ApiRequest request)
    {
        if (request.Body.Length > MaxBodyBytes)
        {
            throw new ApiError(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728", []);
        }
    }

    private static string Summary(ReadOnlySpan<byte> body)
    {
        const int limit = 30;
        if (body.Length == 0)
        {
            return "<empty>";
        }

        ReadOnlySpan<byte> head = body.Length > limit ? body[..limit] : body;
        string text = body[0] == (byte)'{' ? Encoding.UTF8.GetString(head) : Convert.ToHexStringLower(head);
        return body.Length > limit ? text + " ..." : text;
    }

    private ApiResponse PostResource(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, AcceptedForm form)
    {
        MediaTypes.IsYaml(request.ContentType);
        WriteContext context = Context(request, path, resource, user, "CreateOptions", null);
        List<string> duplicates = [];
        JsonObject body = ReadBody(request, resource.Kind, duplicates);
        if (Reviews.Handles(resource))
        {
            return ApiResponse.Json(Reviews.Answer(this, context, user, body), 201);
        }

        if (resource.Key == new ResourceKey("", "bindings"))
        {
            return PodSubresources.Bind(this, context, body, Json.Text(body, "metadata", "name"));
        }

        Definitions.CheckAcceptsCreates(resource);
        return Warned(context, () => Answer(context, resource, Create(context, DecodeBody(context, body, duplicates)), form, 201));
    }

    private ApiResponse PutResource(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, AcceptedForm form, string? subresource)
    {
        MediaTypes.IsYaml(request.ContentType);
        WriteContext context = Context(request, path, resource, user, "UpdateOptions", subresource);
        List<string> duplicates = [];
        JsonObject body = ReadBody(request, resource.Kind, duplicates);
        return Warned(context, () =>
        {
            JsonObject json = DecodeBody(context, body, duplicates);
            BodyRules.MatchName(json, path.Name);
            BodyRules.MatchNamespace(context, json);
            WriteResult result = Update(context, path.Name, UpdateSource.Put(json));
            return Answer(context, resource, result, form, result.Created ? 201 : 200);
        });
    }

    /// <summary>A refusal carries the warnings noted so far.</summary>
    private static ApiResponse Warned(WriteContext context, Func<ApiResponse> write)
    {
        try
        {
            return write();
        }
        catch (ApiError error) when (context.Warnings.Count > 0)
        {
            return WithWarnings(ApiResponse.Error(error), context);
        }
    }

    private ApiResponse PatchResource(ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, AcceptedForm form, string? subresource)
    {
        CheckBodySize(request);
        var patch = new PatchRequest(this, resource, request);
        WriteContext context = Context(request, path, resource, user, "PatchOptions", subresource);
        if (patch.IsApply)
        {
            Definitions.CheckAcceptsCreates(resource);
        }

        return Warned(context, () =>
        {
            WriteResult result = Update(context, path.Name, patch.Source(context, path.Name));
            return Answer(context, resource, result, form, result.Created ? 201 : 200);
        });
    }

    private ApiResponse Answer(WriteContext context, ResourceDefinition resource, WriteResult result, AcceptedForm form, int status)
    {
        ApiResponse response = result.Stored is { } stored
            ? ObjectResponse(resource, context.Version, stored, form, status)
            : JsonResponse(resource, context.Version, result.Json, form, status);
        return WithWarnings(response, context);
    }

    private static ApiResponse WithWarnings(ApiResponse response, WriteContext context)
    {
        foreach (string warning in context.Warnings.Distinct())
        {
            response.Headers.Add(("Warning", "299 - " + GoText.Quote(warning)));
        }

        return response;
    }

    /// <summary>An object as the client asked for it; in the usual case the stored bytes themselves.</summary>
    private ApiResponse ObjectResponse(ResourceDefinition resource, string version, StoredObject stored, AcceptedForm form, int status)
    {
        if (form is { As: "", Yaml: false } && resource.IsStoredForm(version))
        {
            return new ApiResponse { Status = status, Body = stored.Utf8 };
        }

        return JsonResponse(resource, version, stored.ToJson(), form, status);
    }

    private ApiResponse JsonResponse(ResourceDefinition resource, string version, JsonObject storage, AcceptedForm form, int status)
    {
        JsonObject json = resource.FromStorage(storage, version);
        JsonNode answer = form.As switch
        {
            "Table" => Tables.Single(resource, version, json, Clock.Now, form.Include),
            "PartialObjectMetadata" or "PartialObjectMetadataList" => Tables.Partial(json),
            _ => json,
        };
        return Render(answer, form, status);
    }

    private static ApiResponse Render(JsonNode json, AcceptedForm form, int status) => form.Yaml
        ? ApiResponse.Text(HelmYaml.WriteJson(json), status, "application/yaml")
        : ApiResponse.Json(json, status);

    private async ValueTask<ApiResponse> GetAsync(ApiRequest request, RequestPath path, ResourceDefinition resource, AcceptedForm form, CancellationToken cancellationToken)
    {
        if (request.Query.Get("resourceVersion") is { Length: > 0 } version)
        {
            await WaitForVersionAsync(request, ParseQueryVersion(version), cancellationToken).ConfigureAwait(false);
        }

        StoredObject stored = Store.Get(resource.Store, path.Namespace, path.Name) ?? throw ApiErrors.NotFound(resource.Key, path.Name);
        return ObjectResponse(resource, path.Version, stored, form, 200);
    }

    private static long ParseQueryVersion(string text)
    {
        if (!ulong.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ulong version))
        {
            throw ApiErrors.Internal("resourceVersion: Invalid value: " + GoText.Quote(text) + ": strconv.ParseUint: parsing " + GoText.Quote(text) + ": invalid syntax");
        }

        return (long)Math.Min(version, long.MaxValue);
    }

    /// <summary>A version from the future is waited for, three seconds at most.</summary>
    private async ValueTask WaitForVersionAsync(ApiRequest request, long version, CancellationToken cancellationToken)
    {
        if (version <= Store.Revision)
        {
            return;
        }

        Task passed = Task.Delay(TimeSpan.FromSeconds(3), Clock.Provider, cancellationToken);
        request.Hold?.Dispose();
        await passed.ConfigureAwait(false);
        request.Hold = Clock.EnterBusy();
        if (version > Store.Revision)
        {
            var cause = new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" };
            throw new ApiError(504, "Timeout", $"Timeout: Too large resource version: {version}, current: {Store.Revision}", new JsonObject { ["causes"] = new JsonArray { (JsonNode)cause }, ["retryAfterSeconds"] = 1L });
        }
    }
}
