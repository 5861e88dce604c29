using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of ConfigMap, Secret, Namespace, LimitRange, ResourceQuota and Lease.</summary>
internal static class ConfigRules
{
    private const int MaxSecretBytes = 1024 * 1024;
    private static readonly Dictionary<string, string[]> s_requiredKeys = new(StringComparer.Ordinal)
    {
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
    };

    public static void ConfigMap(WriteContext context, JsonObject json, FieldErrors errors)
    {
        long size = 0;
        JsonObject data = Json.Object(json, "data") ?? [];
        JsonObject binary = Json.Object(json, "binaryData") ?? [];
        foreach ((string key, JsonNode? value) in data)
        {
            CheckKey(key, "data", errors);
            if (binary.ContainsKey(key))
            {
                errors.InvalidText("data[" + key + "]", key, "duplicate of key present in binaryData");
            }

            size += System.Text.Encoding.UTF8.GetByteCount((string?)value ?? "");
        }

        foreach ((string key, JsonNode? value) in binary)
        {
            CheckKey(key, "binaryData", errors);
            size += DecodedLength((string?)value ?? "");
        }

        if (size > MaxSecretBytes)
        {
            errors.TooLong("[]", MaxSecretBytes);
        }
    }

    private static int DecodedLength(string base64) => base64.Length / 4 * 3 - (base64.EndsWith("==", StringComparison.Ordinal) ? 2 : base64.EndsWith('=') ? 1 : 0);

    private static void CheckKey(string key, string field, FieldErrors errors)
    {
        foreach (string error in KeyErrors(key))
        {
            errors.InvalidText($"{field}[{key}]", key, error);
        }
    }

    private static IEnumerable<string> KeyErrors(string key)
    {
        if (key.Length > 253)
        {
            yield return "must be no more than 253 characters";
        }

        if (key.Length == 0 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        }

        if (key == ".")
        {
            yield return "must not be '.'";
        }
        else if (key == "..")
        {
            yield return "must not be '..'";
        }
        else if (key.StartsWith("..", StringComparison.Ordinal))
        {
            yield return "must not start with '..'";
        }
    }

    public static void ConfigMapUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Frozen(json, old, errors, "data", "binaryData");
        ConfigMap(context, json, errors);
    }

    private static void Frozen(JsonObject json, JsonObject old, FieldErrors errors, params string[] fields)
    {
        if (!Json.Bool(old, "immutable"))
        {
            return;
        }

        if (!Json.Bool(json, "immutable"))
        {
            errors.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (string field in fields)
        {
            if (!Json.SameOrEmpty(json[field], old[field]))
            {
                errors.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    public static void Secret(WriteContext context, JsonObject json, FieldErrors errors)
    {
        long size = 0;
        JsonObject data = Json.Object(json, "data") ?? [];
        foreach ((string key, JsonNode? value) in data)
        {
            CheckKey(key, "data", errors);
            size += DecodedLength((string?)value ?? "");
        }

        if (size > MaxSecretBytes)
        {
            errors.TooLong("data", MaxSecretBytes);
        }

        string type = Json.Text(json, "type");
        if (type == "kubernetes.io/tls" && TlsProblem(data) is { } problem)
        {
            context.Warnings.Add(problem);
        }

        if (type == "kubernetes.io/service-account-token" && Json.Text(json, "metadata", "annotations", "kubernetes.io/service-account.name").Length == 0)
        {
            errors.Required("metadata.annotations[kubernetes.io/service-account.name]");
        }

        if (type == "kubernetes.io/basic-auth" && !data.ContainsKey("username") && !data.ContainsKey("password"))
        {
            errors.Required("data[username]");
            errors.Required("data[password]");
        }

        foreach (string key in s_requiredKeys.GetValueOrDefault(type) ?? [])
        {
            if (!data.TryGetPropertyValue(key, out JsonNode? value))
            {
                errors.Required("data[" + key + "]");
            }
            else if (key.StartsWith(".dockerc", StringComparison.Ordinal) && !IsJson((string?)value))
            {
                errors.InvalidText("data[" + key + "]", "<secret contents redacted>", JsonError((string?)value));
            }
        }
    }

    /// <summary>What is wrong with a key pair; only a warning, as such Secrets are often filled in later.</summary>
    private static string? TlsProblem(JsonObject data)
    {
        if (!data.ContainsKey("tls.crt") || !data.ContainsKey("tls.key"))
        {
            return null;
        }

        string text(string key) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string?)data[key] ?? ""));
        foreach ((string key, string what) in new[] { ("tls.crt", "certificate"), ("tls.key", "key") })
        {
            if (!text(key).Contains("-----BEGIN ", StringComparison.Ordinal))
            {
                return $"tls: failed to find any PEM data in {what} input";
            }
        }

        try
        {
            using var pair = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(text("tls.crt"), text("tls.key"));
            return null;
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            return "tls: private key does not match public key";
        }
    }

    private static bool IsJson(string? base64) => JsonError(base64).Length == 0;

    private static string JsonError(string? base64)
    {
        try
        {
            GoJson.Parse(Convert.FromBase64String(base64 ?? ""));
            return "";
        }
        catch (JsonSyntaxException e)
        {
            return e.Message;
        }
    }

    public static void SecretUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        SelectorRules.Immutable(json["type"], old["type"], "type", errors, GoText.Quote(Json.Text(json, "type")));
        Frozen(json, old, errors, "data");
        Secret(context, json, errors);
    }

    /// <summary>An update that leaves the type out keeps it.</summary>
    public static void PrepareSecretUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        if (Json.Text(json, "type").Length == 0)
        {
            json["type"] = old["type"]?.DeepClone();
        }
    }

    public static void PrepareNamespace(WriteContext context, JsonObject json)
    {
        json["status"] = new JsonObject { ["phase"] = "Active" };
        JsonObject spec = Json.Ensure(json, "spec");
        string[] finalizers = [.. Json.StringItems(spec, "finalizers")];
        if (!finalizers.Contains("kubernetes"))
        {
            spec["finalizers"] = Json.Strings([.. finalizers, "kubernetes"]);
        }

        KindDefaults.Namespace(json);
    }

    public static void PrepareNamespaceUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        json["spec"] = new JsonObject();
        if (Json.Get(old, "spec", "finalizers") is { } finalizers)
        {
            json["spec"]!["finalizers"] = finalizers.DeepClone();
        }
    }

    public static void LimitRange(WriteContext context, JsonObject json, FieldErrors errors)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject item in Json.Objects(json, "spec", "limits"))
        {
            string path = $"spec.limits[{index++}]";
            string type = Json.Text(item, "type");
            LimitType(type, path + ".type", errors);
            if (!types.Add(type))
            {
                errors.Duplicate(path + ".type", GoText.Quote(type));
            }

            foreach (string list in new[] { "default", "defaultRequest" })
            {
                if (type == "Pod" && !Json.IsEmpty(item[list]))
                {
                    errors.Forbidden(path + "." + list, "may not be specified when `type` is 'Pod'");
                }
            }

            if (type == "PersistentVolumeClaim" && Json.String(item, "min", "storage") is null && Json.String(item, "max", "storage") is null)
            {
                errors.Required(path + ".limits", "either minimum or maximum storage value is required, but neither was provided");
            }

            foreach (string name in LimitNames(item))
            {
                Limits(item, name, path, errors);
            }
        }
    }

    private static IEnumerable<string> LimitNames(JsonObject item) => new[] { "max", "min", "default", "defaultRequest", "maxLimitRequestRatio" }
        .SelectMany(l => (Json.Object(item, l) ?? []).Select(p => p.Key)).Distinct().Order(StringComparer.Ordinal);

    private static void LimitType(string type, string path, FieldErrors errors)
    {
        foreach (string error in MetadataRules.QualifiedNameErrors(type))
        {
            errors.InvalidText(path, type, error);
        }

        if (!type.Contains('/', StringComparison.Ordinal) && type is not ("Pod" or "Container" or "PersistentVolumeClaim"))
        {
            errors.InvalidText(path, type, "must be a standard limit type or fully qualified");
        }
    }

    /// <summary>The bounds of one resource must be in order: min, default request, default limit, max.</summary>
    private static void Limits(JsonObject item, string name, string path, FieldErrors errors)
    {
        (Quantity Value, string Text)? Of(string list) => Quantity.TryParse(Json.String(item, list, name), out Quantity value) ? (value, value.ToString()) : null;

        void Ordered(string low, string high, string shown, bool showsLow, string lowText, string highText)
        {
            if (Of(low) is { } a && Of(high) is { } b && a.Value.CompareTo(b.Value) > 0)
            {
                errors.Invalid($"{path}.{shown}[{name}]", $"resource.Quantity{{s:{GoText.Quote(showsLow ? a.Text : b.Text)}}}", $"{lowText} value {a.Text} is greater than {highText} value {b.Text}");
            }
        }

        Ordered("min", "max", "min", true, "min", "max");
        Ordered("min", "defaultRequest", "defaultRequest", false, "min", "default request");
        Ordered("defaultRequest", "max", "defaultRequest", true, "default request", "max");
        Ordered("defaultRequest", "default", "defaultRequest", true, "default request", "default limit");
        Ordered("min", "default", "default", true, "min", "default");
        Ordered("default", "max", "default", false, "default", "max");
        if (Of("maxLimitRequestRatio") is { } ratio && Quantity.TryParse("1", out Quantity one) && ratio.Value.CompareTo(one) < 0)
        {
            errors.Invalid($"{path}.maxLimitRequestRatio[{name}]", $"resource.Quantity{{s:{GoText.Quote(ratio.Text)}}}", $"ratio {ratio.Text} is less than 1");
        }
    }

    public static void ResourceQuota(WriteContext context, JsonObject json, FieldErrors errors)
    {
        foreach ((string name, JsonNode? value) in Json.Object(json, "spec", "hard") ?? [])
        {
            QuotaName(name, $"spec.hard[{name}]", errors);
            if (!Quantity.TryParse((string?)value, out Quantity quantity))
            {
                continue;
            }

            if (quantity.IsNegative)
            {
                errors.InvalidText($"spec.hard[{name}]", quantity.ToString(), "must be greater than or equal to 0");
            }

            bool counted = name is "pods" or "services" or "replicationcontrollers" or "resourcequotas" or "secrets" or "configmaps" or "persistentvolumeclaims" or "services.nodeports" or "services.loadbalancers"
                || name.StartsWith("count/", StringComparison.Ordinal);
            if (counted && !quantity.IsInteger)
            {
                errors.Invalid($"spec.hard[{name}]", $"resource.Quantity{{s:{GoText.Quote(quantity.ToString())}}}", "must be an integer");
            }
        }
    }

    private static readonly HashSet<string> s_quotaNames =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas",
        "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers",
    ];

    private static void QuotaName(string name, string path, FieldErrors errors)
    {
        foreach (string error in MetadataRules.QualifiedNameErrors(name))
        {
            errors.InvalidText(path, name, error);
        }

        bool huge = name.StartsWith("hugepages-", StringComparison.Ordinal) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);
        if (!name.Contains('/', StringComparison.Ordinal) && !huge && !s_quotaNames.Contains(name))
        {
            errors.InvalidText(path, name, "must be a standard resource type or fully qualified");
            errors.InvalidText(path, name, "must be a standard resource for quota");
        }
    }

    public static void Lease(WriteContext context, JsonObject json, FieldErrors errors)
    {
        if (Json.Long(json, "spec", "leaseDurationSeconds") is <= 0 and { } seconds)
        {
            errors.Invalid("spec.leaseDurationSeconds", Json.Number(seconds), "must be greater than 0");
        }

        SelectorRules.NotNegative(Json.Get(json, "spec", "leaseTransitions"), "spec.leaseTransitions", errors);
    }
}
