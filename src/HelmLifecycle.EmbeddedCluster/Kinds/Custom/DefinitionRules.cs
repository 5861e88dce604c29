using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of CustomResourceDefinition.</summary>
internal static class DefinitionRules
{
    public static void Prepare(WriteContext context, JsonObject json)
    {
        var stored = new JsonArray();
        foreach (JsonObject version in Json.Objects(json, "spec", "versions").Where(v => Json.Bool(v, "storage")))
        {
            stored.Add((JsonNode)Json.Text(version, "name"));
        }

        json["status"] = new JsonObject { ["conditions"] = null, ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" }, ["storedVersions"] = stored.Count == 0 ? null : stored };
        Drop(json);
    }

    public static void PrepareUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        if (Json.Object(json, "status") is { } status)
        {
            string? storage = Json.Objects(json, "spec", "versions").Where(v => Json.Bool(v, "storage")).Select(v => Json.Text(v, "name")).FirstOrDefault();
            if (storage is not null && !Json.StringItems(status, "storedVersions").Contains(storage))
            {
                status["storedVersions"] = Json.Strings([.. Json.StringItems(status, "storedVersions"), storage]);
            }
        }

        Drop(json);
    }

    /// <summary>Empty printer columns are not kept.</summary>
    private static void Drop(JsonObject json)
    {
        foreach (JsonObject version in Json.Objects(json, "spec", "versions"))
        {
            if (Json.IsEmpty(version["additionalPrinterColumns"]))
            {
                version.Remove("additionalPrinterColumns");
            }
        }
    }

    public static void Check(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        string name = Json.Text(json, "metadata", "name");
        string group = Json.Text(spec, "group");
        string plural = Json.Text(spec, "names", "plural");
        if (name != plural + "." + group)
        {
            errors.InvalidText("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }

        if (group.Length == 0)
        {
            errors.Required("spec.group");
        }
        else
        {
            foreach (string error in MetadataRules.SubdomainErrors(group))
            {
                errors.InvalidText("spec.group", group, error);
            }

            if (group.Split('.').Length < 2)
            {
                errors.InvalidText("spec.group", group, "should be a domain with at least one dot");
            }
        }

        string scope = Json.Text(spec, "scope");
        if (scope.Length == 0)
        {
            errors.Required("spec.scope");
        }
        else if (scope is not ("Cluster" or "Namespaced"))
        {
            errors.NotSupported("spec.scope", GoText.Quote(scope), "Cluster", "Namespaced");
        }

        Versions(spec, errors);
        Names(spec, errors);
        Approval(json, group, errors);
        if (Json.IsEmpty(Json.Get(json, "status", "storedVersions")))
        {
            errors.Invalid("status.storedVersions", "[]string(nil)", "must have at least one stored version");
        }
    }

    private static void Approval(JsonObject json, string group, FieldErrors errors)
    {
        bool isProtected = group is "k8s.io" or "kubernetes.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);
        if (isProtected && !Json.Has(json, "metadata", "annotations", "api-approved.kubernetes.io"))
        {
            errors.Required("metadata.annotations[api-approved.kubernetes.io]", "protected groups must have approval annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
    }

    private static void Versions(JsonObject spec, FieldErrors errors)
    {
        JsonObject[] versions = [.. Json.Objects(spec, "versions")];
        int storage = versions.Count(v => Json.Bool(v, "storage"));
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < versions.Length; i++)
        {
            string path = $"spec.versions[{i}]";
            string name = Json.Text(versions[i], "name");
            foreach (string error in MetadataRules.Label1035Errors(name))
            {
                errors.InvalidText(path + ".name", name, error);
            }

            if (!names.Add(name))
            {
                errors.Invalid("spec.versions", GoText.Quote(name), "must contain unique version names");
            }

            // With one version the schema sits, internally, at the top; errors name it so.
            string at = versions.Length == 1 ? "spec.validation.openAPIV3Schema" : path + ".schema.openAPIV3Schema";
            if (Json.Object(versions[i], "schema", "openAPIV3Schema") is not { } schema)
            {
                errors.Required(path + ".schema.openAPIV3Schema", "schemas are required");
            }
            else
            {
                Structural(schema, at, true, errors, 0);
            }
        }

        if (storage != 1)
        {
            errors.Invalid("spec.versions", "[]apiextensions.CustomResourceDefinitionVersion{}", "must have exactly one version marked as storage version");
        }
    }

    private static void Structural(JsonObject schema, string path, bool root, FieldErrors errors, int depth)
    {
        if (depth > 100)
        {
            errors.Forbidden(path, "nested too deeply");
            return;
        }

        foreach ((string name, JsonNode? value) in Json.Object(schema, "properties") ?? [])
        {
            if (value is JsonObject property)
            {
                string at = $"{path}.properties[{name}]";
                Structural(property, at, false, errors, depth + 1);
                if (Json.Text(property, "type").Length == 0 && !Json.Bool(property, "x-kubernetes-int-or-string") && !Json.Bool(property, "x-kubernetes-preserve-unknown-fields"))
                {
                    errors.Required(at + ".type", "must not be empty for specified object fields");
                }
            }
        }

        if (Json.Object(schema, "items") is { } items)
        {
            Structural(items, path + ".items", false, errors, depth + 1);
            if (Json.Text(items, "type").Length == 0 && !Json.Bool(items, "x-kubernetes-int-or-string") && !Json.Bool(items, "x-kubernetes-preserve-unknown-fields"))
            {
                errors.Required(path + ".items.type", "must not be empty for specified array items");
            }
        }

        if (Json.Object(schema, "additionalProperties") is { } values)
        {
            Structural(values, path + ".additionalProperties", false, errors, depth + 1);
            if (!Json.IsEmpty(schema["properties"]))
            {
                errors.Forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
            }
        }

        Lists(schema, path, errors);

        if (schema["default"] is { } standard && !root)
        {
            var probe = new FieldErrors();
            new CustomSchema(schema).Validate(standard, "", probe);
            foreach (FieldError error in probe.All)
            {
                errors.Add(error.Reason, path + ".default" + (error.Path.Length == 0 ? "" : "." + error.Path), error.Message);
            }
        }

        if (root)
        {
            string type = Json.Text(schema, "type");
            if (type.Length == 0)
            {
                errors.Required(path + ".type", "must not be empty at the root");
            }
            else if (type != "object")
            {
                errors.InvalidText(path + ".type", type, "must be object at the root");
            }
        }
    }

    private static void Lists(JsonObject schema, string path, FieldErrors errors)
    {
        if (Json.Text(schema, "type") == "array" && schema["items"] is null)
        {
            errors.Required(path + ".items", "must be specified");
        }

        string[] keys = [.. Json.StringItems(schema, "x-kubernetes-list-map-keys")];
        if (Json.Text(schema, "x-kubernetes-list-type") == "map" && keys.Length == 0)
        {
            errors.Required(path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        }

        string[] required = [.. Json.StringItems(schema, "items", "required")];
        foreach (string key in keys.Where(k => !required.Contains(k) && !Json.Has(schema, "items", "properties", k, "default")))
        {
            errors.Required($"{path}.items.properties[{key}].default", "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
        }
    }

    private static void Names(JsonObject spec, FieldErrors errors)
    {
        foreach (string field in new[] { "plural", "singular", "kind", "listKind" })
        {
            string value = Json.Text(spec, "names", field);
            if (value.Length == 0)
            {
                if (field is "plural" or "kind")
                {
                    errors.Required("spec.names." + field);
                }

                continue;
            }

            foreach (string error in MetadataRules.Label1035Errors(value.ToLowerInvariant()))
            {
                errors.InvalidText("spec.names." + field, value, "may have mixed case, but should otherwise match: " + error);
            }
        }
    }

    public static void CheckUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Check(context, json, errors);
        bool established = Json.Objects(old, "status", "conditions").Any(c => Json.Text(c, "type") == "Established" && Json.Text(c, "status") == "True");
        SelectorRules.Immutable(Json.Get(json, "spec", "group"), Json.Get(old, "spec", "group"), "spec.group", errors);
        SelectorRules.Immutable(Json.Get(json, "spec", "names", "plural"), Json.Get(old, "spec", "names", "plural"), "spec.names.plural", errors);
        if (established)
        {
            SelectorRules.Immutable(Json.Get(json, "spec", "scope"), Json.Get(old, "spec", "scope"), "spec.scope", errors);
            SelectorRules.Immutable(Json.Get(json, "spec", "names", "kind"), Json.Get(old, "spec", "names", "kind"), "spec.names.kind", errors);
        }
    }
}
