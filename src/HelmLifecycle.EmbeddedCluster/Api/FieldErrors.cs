using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>One failing field. <see cref="Message"/> is the text behind the path.</summary>
internal sealed record FieldError(string Reason, string Path, string Message);

/// <summary>Collects validation errors; they become one 422 with a cause for each.</summary>
internal sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public bool Any => _errors.Count > 0;

    public void Required(string path, string detail = "") => Add("FieldValueRequired", path, "Required value" + Tail(detail));

    public void Invalid(string path, string value, string detail) => Add("FieldValueInvalid", path, "Invalid value: " + value + Tail(detail));

    public void InvalidText(string path, string value, string detail) => Invalid(path, GoText.Quote(value), detail);

    public void Forbidden(string path, string detail) => Add("FieldValueForbidden", path, "Forbidden" + Tail(detail));

    public void Duplicate(string path, string value) => Add("FieldValueDuplicate", path, "Duplicate value: " + value);

    public void NotFound(string path, string value) => Add("FieldValueNotFound", path, "Not found: " + value);

    public void TooLong(string path, int max) => Add("FieldValueTooLong", path, "Too long: must have at most " + max.ToString(System.Globalization.CultureInfo.InvariantCulture) + " bytes");

    public void TooMany(string path, int have, int max) => Add("FieldValueTooMany", path, $"Too many: {have}: must have at most {max} items");

    public void NotSupported(string path, string value, params string[] supported) =>
        Add("FieldValueNotSupported", path, "Unsupported value: " + value + ": supported values: " + string.Join(", ", supported.Select(GoText.Quote)));

    public void Add(string reason, string path, string message) => _errors.Add(new FieldError(reason, path, message));

    private static string Tail(string detail) => detail.Length == 0 ? "" : ": " + detail;

    /// <summary>The 422 of the API; a single error has no brackets, and each text appears once in the message.</summary>
    public ApiError ToError(string group, string kind, string name)
    {
        var causes = new JsonArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var texts = new List<string>();
        foreach (FieldError error in _errors)
        {
            causes.Add((JsonNode)new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Path });
            string text = error.Path + ": " + error.Message;
            if (seen.Add(text))
            {
                texts.Add(text);
            }
        }

        string list = texts.Count == 1 ? texts[0] : "[" + string.Join(", ", texts) + "]";
        string qualified = group.Length == 0 ? kind : kind + "." + group;
        return new ApiError(422, "Invalid", qualified + " " + GoText.Quote(name) + " is invalid: " + list, ApiErrors.Details(name, group, kind, causes));
    }
}

/// <summary>Text as Go's fmt prints it.</summary>
internal static class GoText
{
    public static string Quote(string text)
    {
        var built = new System.Text.StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => built.Append("\\\""),
                '\\' => built.Append("\\\\"),
                '\n' => built.Append("\\n"),
                '\r' => built.Append("\\r"),
                '\t' => built.Append("\\t"),
                < ' ' or '\x7f' => built.Append("\\x").Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture)),
                _ => built.Append(c),
            };
        }

        return built.Append('"').ToString();
    }

    /// <summary><c>map[string]string{"a":"b"}</c>, or <c>map[string]string(nil)</c>.</summary>
    public static string Map(JsonNode? map) => map is JsonObject json && json.Count > 0
        ? "map[string]string{" + string.Join(", ", json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Quote(p.Key) + ":" + Quote((string?)p.Value ?? ""))) + "}"
        : "map[string]string(nil)";

    /// <summary><c>[]string{"a", "b"}</c>.</summary>
    public static string Strings(JsonNode? list) => list is JsonArray array
        ? "[]string{" + string.Join(", ", array.Select(i => Quote((string?)i ?? ""))) + "}"
        : "[]string(nil)";

    /// <summary>A value as %v prints it.</summary>
    public static string Plain(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => "map[" + string.Join(" ", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + Plain(p.Value))) + "]",
        JsonArray list => "[" + string.Join(" ", list.Select(Plain)) + "]",
        JsonValue value when value.TryGetValue(out string? text) => text!,
        _ => node.ToJsonString(),
    };
}

/// <summary>The API's own refusals.</summary>
internal static class ApiErrors
{
    public static JsonObject Details(string name, string group, string kind, JsonArray? causes = null)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        if (kind.Length > 0)
        {
            details["kind"] = kind;
        }

        if (causes is { Count: > 0 })
        {
            details["causes"] = causes;
        }

        return details;
    }

    public static string Qualified(ResourceKey resource) => resource.Group.Length == 0 ? resource.Resource : resource.Resource + "." + resource.Group;

    public static ApiError NotFound(ResourceKey resource, string name, string subresource = "")
    {
        string kind = subresource.Length == 0 ? resource.Resource : resource.Resource + "/" + subresource;
        return new(404, "NotFound", Qualified(resource with { Resource = kind }) + " " + GoText.Quote(name) + " not found", Details(name, resource.Group, kind));
    }

    public static ApiError NoSuchResource() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiError AlreadyExists(ResourceKey resource, string name) =>
        new(409, "AlreadyExists", Qualified(resource) + " " + GoText.Quote(name) + " already exists", Details(name, resource.Group, resource.Resource));

    public static ApiError Conflict(ResourceKey resource, string name, string why) =>
        new(409, "Conflict", "Operation cannot be fulfilled on " + Qualified(resource) + " " + GoText.Quote(name) + ": " + why, Details(name, resource.Group, resource.Resource));

    public static ApiError Modified(ResourceKey resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiError BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiError Internal(string message) => new(500, "", message);

    public static ApiError MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiError Forbidden(ResourceKey resource, string name, string why) =>
        new(403, "Forbidden", Qualified(resource) + " " + GoText.Quote(name) + " is forbidden: " + why, Details(name, resource.Group, resource.Resource));
}
