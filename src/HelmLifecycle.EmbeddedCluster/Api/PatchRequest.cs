using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A PATCH: reads its body by content type and makes the new object from the live one.</summary>
internal sealed class PatchRequest
{
    private readonly ApiServer _server;
    private readonly ResourceDefinition _resource;
    private readonly string _type;
    private readonly JsonNode? _patch;
    private readonly List<string> _duplicates = [];
    private readonly bool _force;

    public PatchRequest(ApiServer server, ResourceDefinition resource, ApiRequest request)
    {
        _server = server;
        _resource = resource;
        _type = MediaTypes.Bare(request.ContentType);
        if (_type is not ("application/json-patch+json" or "application/merge-patch+json" or "application/strategic-merge-patch+json" or "application/apply-patch+yaml"))
        {
            throw new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);
        }

        if (_type == "application/strategic-merge-patch+json" && resource.IsCustom)
        {
            throw new ApiError(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
        }

        _force = IsApply && request.Query.Flag("force") && request.Query.Get("force") is "true" or "True" or "TRUE" or "1" or "t" or "T" or "" || (IsApply && request.Query.Has("force") && request.Query.Get("force") is not ("false" or "0" or "False"));
        try
        {
            _patch = IsApply ? HelmYaml.ReadJson(Encoding.UTF8.GetString(request.Body.Span)) : GoJson.Parse(request.Body.Span, _duplicates);
        }
        catch (JsonSyntaxException e)
        {
            throw ApiErrors.BadRequest((_type == "application/strategic-merge-patch+json" ? "" : "error decoding patch: ") + e.Message);
        }
        catch (YamlException e)
        {
            throw ApiErrors.BadRequest("error decoding YAML: " + e.Message);
        }

        if (_type == "application/json-patch+json" && _patch is not JsonArray)
        {
            string what = _patch is JsonObject ? "object" : _patch is null ? "null" : "string";
            throw ApiErrors.BadRequest("error decoding patch: json: cannot unmarshal " + what + " into Go value of type []handlers.jsonPatchOp");
        }

        if (_patch is null && _type != "application/json-patch+json")
        {
            throw ApiErrors.BadRequest("Invalid JSON Patch");
        }

        if (_type != "application/json-patch+json" && _patch is not JsonObject)
        {
            throw ApiErrors.BadRequest((IsApply ? "error decoding YAML: error unmarshaling JSON: while decoding JSON" : "error decoding patch") + ": json: cannot unmarshal " + (_patch is JsonArray ? "array" : "string") + " into Go value of type map[string]interface {}");
        }
    }

    public bool IsApply => _type == "application/apply-patch+yaml";

    public UpdateSource Source(WriteContext context, string name)
    {
        if (!IsApply)
        {
            return new UpdateSource(live => Patch(context, live!), false);
        }

        return new UpdateSource(live => Apply(context, live, name), false, true);
    }

    private JsonObject Apply(WriteContext context, JsonObject? live, string name)
    {
        var config = (JsonObject)_patch!.DeepClone();
        string kind = Json.Text(config, "kind");
        string version = Json.Text(config, "apiVersion");
        if (kind.Length == 0 || version.Length == 0)
        {
            throw ApiErrors.BadRequest(kind.Length == 0
                ? "error converting YAML to JSON: Object 'Kind' is missing in '" + config.ToJsonString() + "'"
                : "Object 'apiVersion' is missing in '" + config.ToJsonString() + "'");
        }

        if (kind != _resource.Kind || version != _resource.ApiVersion(context.Version))
        {
            int slash = version.LastIndexOf('/');
            throw ApiErrors.BadRequest($"invalid object type: {(slash < 0 ? "/" + version : version)}, Kind={kind}");
        }

        if (Json.String(config, "metadata", "name") is { Length: > 0 } given && given != name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        }

        string ns = Json.Text(config, "metadata", "namespace");
        if (_resource.Namespaced && ns.Length > 0 && ns != context.Namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        JsonObject merged = FieldManager.Apply(_server, context, live, config, _force);
        JsonObject metadata = Json.Meta(merged);
        Json.DefaultText(metadata, "name", name);
        if (_resource.Namespaced)
        {
            Json.DefaultText(metadata, "namespace", context.Namespace!);
        }

        return Decode(context, merged, [], merged);
    }

    private JsonObject Patch(WriteContext context, JsonObject live)
    {
        JsonNode? patched;
        try
        {
            patched = Patched(context, live);
        }
        catch (PatchException e)
        {
            throw _type == "application/json-patch+json"
                ? new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", [])
                : ApiErrors.Internal(e.Message);
        }

        if (patched is not JsonObject json)
        {
            throw new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", []);
        }

        return Decode(context, json, _duplicates, _type == "application/strategic-merge-patch+json" ? _patch! : json);
    }

    private JsonNode? Patched(WriteContext context, JsonObject live) => _type switch
    {
        "application/json-patch+json" => JsonPatch.Apply(live, (JsonArray)_patch!),
        "application/merge-patch+json" => JsonMergePatch.Apply(live, _patch),
        _ => StrategicMergePatch.Apply(live, (JsonObject)_patch!, new GroupVersionKind(context.Resource.Group, context.Version, context.Resource.Kind)),
    };

    private JsonObject Decode(WriteContext context, JsonObject json, List<string> duplicates, JsonNode shown)
    {
        List<string> unknown = [];
        JsonObject result;
        try
        {
            CheckKind(context, json);
            context.NoteEmptyParts(json);
            result = _resource.Decode(json, context.Version, context.FieldValidation == "Ignore" ? null : unknown);
        }
        catch (SchemaException e)
        {
            throw Invalid(shown, e.Message);
        }

        if (context.FieldValidation != "Ignore" && unknown.Count + duplicates.Count > 0)
        {
            string[] texts = BodyRules.Texts(duplicates, unknown);
            if (context.FieldValidation == "Strict")
            {
                throw Invalid(shown, "strict decoding error: " + string.Join(", ", texts));
            }

            context.Warnings.AddRange(texts);
        }

        _resource.Default(result, context.Version);
        return result;
    }

    /// <summary>
    /// A JSON or merge patch may write another kind, which is then decoded as such and cannot be converted; a strategic one is decoded into the live object's type whatever it says.
    /// </summary>
    private void CheckKind(WriteContext context, JsonObject json)
    {
        (string kind, string version) = (Json.Text(json, "kind"), Json.Text(json, "apiVersion"));
        if (_type == "application/strategic-merge-patch+json" || (kind == _resource.Kind && version == _resource.ApiVersion(context.Version)))
        {
            return;
        }

        if (_resource.IsCustom)
        {
            BodyRules.CheckKind(_server, context, json);
            return;
        }

        if (kind.Length == 0 || version.Length == 0)
        {
            throw new SchemaException(kind.Length == 0 ? "Object 'Kind' is missing in '" + json.ToJsonString() + "'" : "Object 'apiVersion' is missing in '" + json.ToJsonString() + "'");
        }

        if (kind != _resource.Kind && BodyRules.KindOf(_server, kind, version) is { } other)
        {
            other.Decode((JsonObject)json.DeepClone(), version[(version.LastIndexOf('/') + 1)..], null);
        }

        if (BodyRules.WhyNotConvertible(_server, _resource, kind, version) is { } why)
        {
            throw new SchemaException(why);
        }
    }

    private ApiError Invalid(JsonNode shown, string why)
    {
        string value = _type == "application/strategic-merge-patch+json" ? GoText.Plain(shown) : shown.ToJsonString();
        var errors = new FieldErrors();
        errors.InvalidText("patch", value, why);
        return errors.ToError("", "", "");
    }
}
