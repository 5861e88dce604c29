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
            size += ((string?)value ?? "").Length / 4 * 3;
        }

        if (size > MaxSecretBytes)
        {
            errors.TooLong("[]", MaxSecretBytes);
        }
    }

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
            size += ((string?)value ?? "").Length / 4 * 3;
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
        int index = 0;
        foreach (JsonObject item in Json.Objects(json, "spec", "limits"))
        {
            string path = $"spec.limits[{index++}]";
            foreach ((string name, JsonNode? max) in Json.Object(item, "max") ?? [])
            {
                if (Json.String(item, "min", name) is { } min && Quantity.TryParse(min, out Quantity low) && Quantity.TryParse((string?)max, out Quantity high) && low.CompareTo(high) > 0)
                {
                    errors.InvalidText($"{path}.min[{name}]", min, $"min value {min} is greater than max value {high}");
                }
            }
        }
    }

    public static void ResourceQuota(WriteContext context, JsonObject json, FieldErrors errors)
    {
        foreach ((string name, JsonNode? value) in Json.Object(json, "spec", "hard") ?? [])
        {
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

    public static void Lease(WriteContext context, JsonObject json, FieldErrors errors)
    {
        if (Json.Long(json, "spec", "leaseDurationSeconds") is <= 0 and { } seconds)
        {
            errors.Invalid("spec.leaseDurationSeconds", Json.Number(seconds), "must be greater than 0");
        }

        SelectorRules.NotNegative(Json.Get(json, "spec", "leaseTransitions"), "spec.leaseTransitions", errors);
    }
}
