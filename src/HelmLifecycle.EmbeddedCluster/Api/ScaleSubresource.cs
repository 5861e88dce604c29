using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The <c>scale</c> of workloads and of custom resources that have one.</summary>
internal static class ScaleSubresource
{
    public static ApiResponse Handle(ApiServer server, ApiRequest request, RequestPath path, ResourceDefinition resource, ApiUser user, string verb)
    {
        AcceptedForm form = MediaTypes.Negotiate(request.Accept, transforms: false);
        _ = form;
        StoredObject stored = server.Store.Get(resource.Store, path.Namespace, path.Name)
            ?? throw ApiErrors.NotFound(resource.Key, path.Name, resource.IsCustom ? "" : verb == "get" || !resource.IsCustom ? "scale" : "");
        if (verb == "get")
        {
            return ApiResponse.Json(Read(resource, path.Version, resource.FromStorage(stored.ToJson(), path.Version)));
        }

        WriteContext context;
        Func<JsonObject, JsonObject> change;
        if (verb == "update")
        {
            (context, JsonObject body) = server.ReadWrite(request, path, resource, user, "Scale", "UpdateOptions", "scale");
            CheckKind(body);
            JsonObject scale = Decode(server, body);
            change = _ => scale;
        }
        else
        {
            var patch = new PatchRequest(server, ScaleKind(server), request);
            context = server.PatchContext(request, path, resource, user, "scale");
            UpdateSource source = patch.Source(ScaleContext(server, context), path.Name);
            change = source.Make!;
        }

        WriteResult result = server.Update(context, path.Name, new UpdateSource(
            live =>
            {
                JsonObject before = Read(resource, context.Version, live!);
                JsonObject after = change((JsonObject)before.DeepClone());
                return Write(resource, context.Version, live!, after, path.Name, context);
            },
            false));
        JsonObject json = resource.FromStorage(result.Json, context.Version);
        return ApiResponse.Json(Read(resource, context.Version, json));
    }

    private static void CheckKind(JsonObject body)
    {
        string kind = Json.String(body, "kind") ?? "Scale";
        string version = Json.String(body, "apiVersion") ?? "autoscaling/v1";
        if (kind != "Scale" || version is not ("autoscaling/v1" or "apps/v1beta1" or "apps/v1beta2" or "extensions/v1beta1"))
        {
            throw ApiErrors.BadRequest($"{kind} in version {GoText.Quote(version[(version.LastIndexOf('/') + 1)..])} cannot be handled as a Scale: no kind {GoText.Quote(kind)} is registered for version {GoText.Quote(version)} in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        }
    }

    private static JsonObject Decode(ApiServer server, JsonObject body)
    {
        try
        {
            return SchemaDecoder.Decode(body, server.Registry.Kinds.Table("autoscaling/v1").Get("Scale"));
        }
        catch (SchemaException e)
        {
            throw ApiErrors.BadRequest("Scale in version \"v1\" cannot be handled as a Scale: " + e.Message);
        }
    }

    /// <summary>Scale as a kind of its own, so that patches decode against it.</summary>
    private static BuiltInKind ScaleKind(ApiServer server) => new()
    {
        Group = "autoscaling",
        Kind = "Scale",
        Plural = "scales",
        Versions = ["v1"],
        StorageVersion = "v1",
        Store = new ResourceKey("autoscaling", "scales"),
        Types = new Dictionary<string, Func<StructType>> { ["v1"] = () => server.Registry.Kinds.Table("autoscaling/v1").Get("Scale") },
    };

    private static WriteContext ScaleContext(ApiServer server, WriteContext context) => new()
    {
        Server = server,
        Resource = ScaleKind(server),
        Version = "v1",
        Namespace = context.Namespace,
        Caller = context.Caller,
        DryRun = context.DryRun,
        FieldValidation = context.FieldValidation,
    };

    private static JsonObject Read(ResourceDefinition resource, string version, JsonObject json)
    {
        JsonObject from = Json.Meta(json);
        var metadata = new JsonObject();
        foreach (string field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            if (from[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        long replicas, current;
        string selector;
        if (resource is CustomKind custom)
        {
            (replicas, current, selector) = custom.ReadScale(json, version);
        }
        else
        {
            replicas = Json.Long(json, "spec", "replicas") ?? 0;
            current = Json.Long(json, "status", "replicas") ?? 0;
            selector = Json.Object(json, "spec", "selector") is not { } labels ? ""
                : resource.Kind == "ReplicationController" ? LabelSelector.FromMap(labels).ToString() : LabelSelector.From(labels).ToString();
        }

        var spec = new JsonObject();
        if (replicas != 0)
        {
            spec["replicas"] = replicas;
        }

        var status = new JsonObject { ["replicas"] = current };
        if (selector.Length > 0)
        {
            status["selector"] = selector;
        }

        return new JsonObject { ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    private static JsonObject Write(ResourceDefinition resource, string version, JsonObject live, JsonObject scale, string name, WriteContext context)
    {
        BodyRules.MatchName(scale, name);
        if (Json.String(scale, "metadata", "namespace") is { Length: > 0 } ns && ns != context.Namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        long replicas = Json.Long(scale, "spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.replicas", replicas.ToString(CultureInfo.InvariantCulture), "must be greater than or equal to 0");
            throw errors.ToError("autoscaling", "Scale", name);
        }

        string uid = Json.Text(scale, "metadata", "uid");
        if (uid.Length > 0 && uid != Json.Text(live, "metadata", "uid"))
        {
            throw ApiErrors.Conflict(resource.Key, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {Json.Text(live, "metadata", "uid")}");
        }

        if (Json.String(scale, "metadata", "resourceVersion") is { Length: > 0 } revision)
        {
            Json.Meta(live)["resourceVersion"] = revision;
        }

        if (resource is CustomKind custom)
        {
            custom.WriteScale(live, version, replicas);
        }
        else
        {
            Json.Ensure(live, "spec")["replicas"] = replicas;
        }

        return live;
    }
}
