using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>OpenAPI documents, made from the kinds' table: enough for kubectl and Helm to learn the operations and types.</summary>
internal sealed class OpenApiDocuments(ApiServer server)
{
    private static readonly string[] s_patchTypes = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];
    private static readonly string[] s_writeParameters = ["dryRun", "fieldManager", "fieldValidation", "pretty"];
    private static readonly string[] s_listParameters = ["allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "pretty", "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch"];
    private static readonly string[] s_deleteParameters = ["dryRun", "gracePeriodSeconds", "orphanDependents", "pretty", "propagationPolicy"];
    private static readonly string[] s_metaTypes = ["DeleteOptions", "FieldsV1", "ListMeta", "ManagedFieldsEntry", "ObjectMeta", "OwnerReference", "Patch", "Preconditions", "Status", "StatusCause", "StatusDetails", "Time"];

    /// <summary>Documents of the built-in groups never change.</summary>
    private readonly ConcurrentDictionary<string, byte[]> _builtIn = new(StringComparer.Ordinal);

    public ApiResponse? Answer(ApiRequest request)
    {
        string path = request.Path.TrimEnd('/');
        if (path == "/openapi/v3")
        {
            return new ApiResponse { ContentType = "text/plain; charset=utf-8", Body = ObjectEncoding.Encode(Index()) };
        }

        if (path.StartsWith("/openapi/v3/", StringComparison.Ordinal))
        {
            return Version3(path["/openapi/v3/".Length..]) ?? ApiResponse.Text("", 404);
        }

        if (path != "/openapi/v2")
        {
            return null;
        }

        if (request.Accept.Length > 0 && !request.Accept.Contains("json", StringComparison.Ordinal) && !request.Accept.Contains("*/*", StringComparison.Ordinal))
        {
            return new ApiResponse { Status = 406, ContentType = "text/plain; charset=utf-8" };
        }

        return new ApiResponse { Body = ObjectEncoding.Encode(Version2()) };
    }

    private IEnumerable<(string Path, string Group, string Version)> Documents()
    {
        yield return ("api/v1", "", "v1");
        foreach (ResourceDefinition resource in server.Registry.All.Where(r => r.Group.Length > 0))
        {
            foreach (string version in resource.Versions)
            {
                yield return ($"apis/{resource.Group}/{version}", resource.Group, version);
            }
        }
    }

    private JsonObject Index()
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string fixedPath in new[] { ".well-known/openid-configuration", "api", "apis", "logs", "openid/v1/jwks", "version" })
        {
            paths[fixedPath] = fixedPath;
        }

        foreach ((string path, string group, string _) in Documents())
        {
            paths[path] = path;
            if (server.Registry.IsBuiltInGroup(group) && group.Length > 0)
            {
                paths["apis/" + group] = "apis/" + group;
            }
        }

        var json = new JsonObject();
        foreach ((string path, string _) in paths)
        {
            string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path + server.Registry.Custom.Count())))[..64];
            json[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = json };
    }

    private ApiResponse? Version3(string path)
    {
        (string Path, string Group, string Version) document = Documents().FirstOrDefault(d => d.Path == path);
        if (document.Path is null)
        {
            return Index()["paths"]!.AsObject().ContainsKey(path)
                ? new ApiResponse { Body = ObjectEncoding.Encode(new JsonObject { ["openapi"] = "3.0.0", ["info"] = Info(), ["paths"] = new JsonObject(), ["components"] = new JsonObject { ["schemas"] = new JsonObject() } }) }
                : null;
        }

        bool builtIn = server.Registry.IsBuiltInGroup(document.Group);
        byte[] body = builtIn ? _builtIn.GetOrAdd(path, _ => Make(document)) : Make(document);
        return new ApiResponse { Body = body };
    }

    private byte[] Make((string Path, string Group, string Version) document)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schemas = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (ResourceDefinition resource in server.Registry.All.Where(r => r.Group == document.Group && r.Versions.Contains(document.Version)))
        {
            AddPaths(resource, document.Version, paths, 3);
            AddSchemas(resource, document.Version, schemas, "#/components/schemas/");
        }

        if (server.Registry.IsBuiltInGroup(document.Group))
        {
            paths["/" + document.Path + "/"] = new JsonObject { ["get"] = new JsonObject { ["description"] = "get available resources" } };
        }

        AddMeta(schemas, "#/components/schemas/");
        return ObjectEncoding.Encode(new JsonObject { ["openapi"] = "3.0.0", ["info"] = Info(), ["paths"] = Collect(paths), ["components"] = new JsonObject { ["schemas"] = Collect(schemas) } });
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = "v1.30.14" };

    private static JsonObject Collect(SortedDictionary<string, JsonObject> entries)
    {
        var json = new JsonObject();
        foreach ((string name, JsonObject value) in entries)
        {
            json[name] = value;
        }

        return json;
    }

    private JsonObject Version2()
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schemas = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (ResourceDefinition resource in server.Registry.All)
        {
            foreach (string version in resource.Versions)
            {
                AddPaths(resource, version, paths, 2);
                AddSchemas(resource, version, schemas, "#/definitions/");
            }
        }

        AddMeta(schemas, "#/definitions/");
        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = Info(),
            ["paths"] = Collect(paths),
            ["definitions"] = Collect(schemas),
            ["parameters"] = new JsonObject(),
            ["securityDefinitions"] = new JsonObject
            {
                ["BearerToken"] = new JsonObject { ["description"] = "Bearer Token authentication", ["type"] = "apiKey", ["name"] = "authorization", ["in"] = "header" },
            },
            ["security"] = new JsonArray { (JsonNode)new JsonObject { ["BearerToken"] = new JsonArray() } },
        };
    }

    private static void AddPaths(ResourceDefinition resource, string version, SortedDictionary<string, JsonObject> paths, int format)
    {
        string root = resource.Group.Length == 0 ? "/api/" + version : $"/apis/{resource.Group}/{version}";
        string scoped = resource.Namespaced ? root + "/namespaces/{namespace}" : root;
        string collection = $"{scoped}/{resource.Plural}";
        if (resource.Verbs.Contains("list") || resource.Verbs.Contains("create"))
        {
            var at = new JsonObject();
            if (resource.Verbs.Contains("list"))
            {
                at["get"] = Operation(resource, version, "list", s_listParameters, null, format);
            }

            if (resource.Verbs.Contains("create"))
            {
                at["post"] = Operation(resource, version, "post", s_writeParameters, ["*/*"], format);
            }

            if (resource.Verbs.Contains("deletecollection"))
            {
                at["delete"] = Operation(resource, version, "deletecollection", [.. s_deleteParameters, "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds"], ["*/*"], format);
            }

            at["parameters"] = Parameters(resource.Namespaced ? ["namespace"] : [], format);
            paths[collection] = at;
        }

        if (resource.Namespaced && resource.Verbs.Contains("list"))
        {
            paths[$"{root}/{resource.Plural}"] = new JsonObject { ["get"] = Operation(resource, version, "list", s_listParameters, null, format) };
        }

        if (!resource.Verbs.Contains("get"))
        {
            return;
        }

        string item = collection + "/{name}";
        paths[item] = Item(resource, version, resource.Verbs, resource.Kind, resource.Group, version, format);
        foreach (SubresourceDefinition sub in resource.Subresources)
        {
            JsonObject entry = Item(resource, version, sub.Verbs, sub.Kind, sub.Group.Length > 0 ? sub.Group : resource.Group, sub.Version.Length > 0 ? sub.Version : version, format);
            paths[item + "/" + sub.Name] = entry;
            if (sub.Name == "proxy")
            {
                paths[item + "/proxy/{path}"] = (JsonObject)entry.DeepClone();
            }
        }

        if (resource.IsCustom || !resource.Verbs.Contains("watch"))
        {
            return;
        }

        string watch = root + "/watch";
        paths[$"{watch}/{resource.Plural}"] = new JsonObject { ["get"] = Operation(resource, version, "watchlist", s_listParameters, null, format) };
        string watchScoped = resource.Namespaced ? watch + "/namespaces/{namespace}/" : watch + "/";
        paths[watchScoped + resource.Plural] = new JsonObject { ["get"] = Operation(resource, version, "watchlist", s_listParameters, null, format), ["parameters"] = Parameters(resource.Namespaced ? ["namespace"] : [], format) };
        paths[watchScoped + resource.Plural + "/{name}"] = new JsonObject { ["get"] = Operation(resource, version, "watch", s_listParameters, null, format), ["parameters"] = Parameters(resource.Namespaced ? ["name", "namespace"] : ["name"], format) };
    }

    private static JsonObject Item(ResourceDefinition resource, string version, string[] verbs, string kind, string group, string kindVersion, int format)
    {
        var at = new JsonObject();
        foreach ((string verb, string method, string action, string[] parameters, string[]? consumes) in new (string, string, string, string[], string[]?)[]
        {
            ("get", "get", "get", ["pretty"], null),
            ("update", "put", "put", s_writeParameters, ["*/*"]),
            ("patch", "patch", "patch", [.. s_writeParameters, "force"], resource.IsCustom ? [.. s_patchTypes.Take(3)] : s_patchTypes),
            ("delete", "delete", "delete", s_deleteParameters, ["*/*"]),
            ("create", "post", "post", s_writeParameters, ["*/*"]),
        })
        {
            bool isItemVerb = verb != "create" || !verbs.Contains("list");
            if (verbs.Contains(verb) && isItemVerb)
            {
                at[method] = Operation(resource, version, action, parameters, consumes, format, kind, group, kindVersion);
            }
        }

        at["parameters"] = Parameters(resource.Namespaced ? ["name", "namespace"] : ["name"], format);
        return at;
    }

    private static JsonObject Operation(ResourceDefinition resource, string version, string action, string[] parameters, string[]? consumes, int format, string? kind = null, string? group = null, string? kindVersion = null)
    {
        var json = new JsonObject
        {
            ["operationId"] = action + resource.Kind,
            ["parameters"] = Parameters(parameters, format),
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = group ?? resource.Group, ["version"] = kindVersion ?? version, ["kind"] = kind ?? resource.Kind },
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        };
        if (consumes is null)
        {
            return json;
        }

        if (format == 2)
        {
            json["consumes"] = Json.Strings(consumes);
            return json;
        }

        var content = new JsonObject();
        foreach (string type in consumes)
        {
            content[type] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } };
        }

        json["requestBody"] = new JsonObject { ["content"] = content };
        return json;
    }

    private static JsonArray Parameters(string[] names, int format)
    {
        var list = new JsonArray();
        foreach (string name in names)
        {
            bool inPath = name is "name" or "namespace";
            var parameter = new JsonObject { ["name"] = name, ["in"] = inPath ? "path" : "query" };
            if (inPath)
            {
                parameter["required"] = true;
            }

            string type = name is "limit" or "timeoutSeconds" or "gracePeriodSeconds" ? "integer" : name is "watch" or "force" or "allowWatchBookmarks" or "orphanDependents" or "sendInitialEvents" ? "boolean" : "string";
            if (format == 2)
            {
                parameter["type"] = type;
                parameter["uniqueItems"] = true;
            }
            else
            {
                parameter["schema"] = new JsonObject { ["type"] = type };
            }

            list.Add((JsonNode)parameter);
        }

        return list;
    }

    private void AddSchemas(ResourceDefinition resource, string version, SortedDictionary<string, JsonObject> schemas, string prefix)
    {
        string name;
        var gvk = new JsonObject { ["group"] = resource.Group, ["version"] = version, ["kind"] = resource.Kind };
        if (resource is CustomKind custom)
        {
            name = string.Join('.', resource.Group.Split('.').Reverse()) + "." + version + "." + resource.Kind;
            var schema = (JsonObject)(custom.OpenApiSchema(version)?.DeepClone() ?? new JsonObject { ["type"] = "object" });
            JsonObject properties = Json.Ensure(schema, "properties");
            properties["apiVersion"] = new JsonObject { ["type"] = "string" };
            properties["kind"] = new JsonObject { ["type"] = "string" };
            properties["metadata"] = Reference("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", prefix);
            schema["x-kubernetes-group-version-kind"] = new JsonArray { (JsonNode)gvk };
            schemas[name] = schema;
        }
        else
        {
            StructType type = resource.Schema(version).Struct!;
            name = type.OpenApiName;
            AddType(type, schemas, prefix, PatchSchema.Find(new GroupVersionKind(resource.Group, version, resource.Kind)));
            schemas[name]["x-kubernetes-group-version-kind"] = new JsonArray { (JsonNode)gvk };
            foreach (SubresourceDefinition sub in resource.Subresources.Where(s => s.Name == "scale"))
            {
                AddType(server.Registry.Kinds.Table("autoscaling/v1").Get(sub.Kind), schemas, prefix, PatchSchema.Find(new GroupVersionKind("autoscaling", "v1", sub.Kind)));
            }
        }

        if (!resource.Verbs.Contains("list"))
        {
            return;
        }

        schemas[name + "List"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = Json.Strings("items"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = new JsonObject { ["type"] = "string" },
                ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(name, prefix) },
                ["kind"] = new JsonObject { ["type"] = "string" },
                ["metadata"] = Reference("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", prefix),
            },
            ["x-kubernetes-group-version-kind"] = new JsonArray { (JsonNode)new JsonObject { ["group"] = resource.Group, ["version"] = version, ["kind"] = resource.ListKind } },
        };
    }

    private static JsonObject Reference(string name, string prefix) => new() { ["$ref"] = prefix + name };

    private void AddMeta(SortedDictionary<string, JsonObject> schemas, string prefix)
    {
        SchemaTable meta = server.Registry.Kinds.Table("meta");
        foreach (string name in s_metaTypes)
        {
            string full = "io.k8s.apimachinery.pkg.apis.meta.v1." + name;
            if (schemas.ContainsKey(full))
            {
                continue;
            }

            switch (name)
            {
                case "Time":
                    schemas[full] = new JsonObject { ["type"] = "string", ["format"] = "date-time" };
                    break;
                case "FieldsV1" or "Patch" or "ListMeta" or "Status" or "StatusCause" or "StatusDetails":
                    schemas[full] = new JsonObject { ["type"] = "object" };
                    break;
                default:
                    AddType(meta.Get(name), schemas, prefix, null);
                    break;
            }
        }
    }

    private static void AddType(StructType type, SortedDictionary<string, JsonObject> schemas, string prefix, PatchSchema? patch)
    {
        if (schemas.ContainsKey(type.OpenApiName))
        {
            return;
        }

        var properties = new JsonObject();
        var schema = new JsonObject { ["type"] = "object" };
        schemas[type.OpenApiName] = schema;
        foreach (SchemaField field in type.Fields)
        {
            PatchField how = PatchSchema.Field(patch, field.Name);
            properties[field.Name] = WithStrategy(Wrapped(TypeSchema(field.Type, schemas, prefix, how.Type), field, prefix), how);
        }

        string[] required = [.. type.Fields.Where(f => f.IsAlwaysWritten || (f.Name == "template" && f.Type.Kind == FieldKind.Struct)).Select(f => f.Name).Order(StringComparer.Ordinal)];
        if (required.Length > 0)
        {
            schema["required"] = Json.Strings(required);
        }

        schema["properties"] = properties;
        if (type.IsAtomic)
        {
            schema["x-kubernetes-map-type"] = "atomic";
        }
    }

    /// <summary>OpenAPI 3.0 ignores what stands beside a reference, so a field refers from within <c>allOf</c>.</summary>
    private static JsonObject Wrapped(JsonObject schema, SchemaField field, string prefix)
    {
        if (!schema.ContainsKey("$ref") || !prefix.StartsWith("#/components/", StringComparison.Ordinal))
        {
            return schema;
        }

        var wrapped = new JsonObject { ["allOf"] = new JsonArray { (JsonNode)schema } };
        if (!field.IsPointer)
        {
            wrapped["default"] = new JsonObject();
        }

        return wrapped;
    }

    /// <summary>What kubectl needs to compute strategic merge patches itself.</summary>
    private static JsonObject WithStrategy(JsonObject schema, PatchField how)
    {
        string strategy = string.Join(',', new[] { how.Merge ? "merge" : "", how.RetainKeys ? "retainKeys" : "", how.Replace ? "replace" : "" }.Where(s => s.Length > 0));
        if (strategy.Length == 0)
        {
            return schema;
        }

        if (how.Key.Length > 0)
        {
            schema["x-kubernetes-patch-merge-key"] = how.Key;
        }

        schema["x-kubernetes-patch-strategy"] = strategy;
        return schema;
    }

    private static JsonObject TypeSchema(FieldType type, SortedDictionary<string, JsonObject> schemas, string prefix, PatchSchema? patch)
    {
        switch (type.Kind)
        {
            case FieldKind.String:
                return new JsonObject { ["type"] = "string" };
            case FieldKind.Bytes:
                return new JsonObject { ["type"] = "string", ["format"] = "byte" };
            case FieldKind.Int32 or FieldKind.Int64:
                return new JsonObject { ["type"] = "integer", ["format"] = type.Kind == FieldKind.Int32 ? "int32" : "int64" };
            case FieldKind.Bool:
                return new JsonObject { ["type"] = "boolean" };
            case FieldKind.Float:
                return new JsonObject { ["type"] = "number", ["format"] = "double" };
            case FieldKind.Quantity:
                return new JsonObject { ["type"] = "string" };
            case FieldKind.IntOrString:
                return new JsonObject { ["type"] = "string", ["format"] = "int-or-string" };
            case FieldKind.Time or FieldKind.MicroTime:
                return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
            case FieldKind.Struct:
                AddType(type.Struct!, schemas, prefix, patch);
                return Reference(type.Struct!.OpenApiName, prefix);
            case FieldKind.Map:
                {
                    var map = new JsonObject { ["type"] = "object", ["additionalProperties"] = TypeSchema(type.Element!, schemas, prefix, patch) };
                    if (type.IsAtomicMap)
                    {
                        map["x-kubernetes-map-type"] = "atomic";
                    }

                    return map;
                }

            case FieldKind.List:
                {
                    var list = new JsonObject { ["type"] = "array", ["items"] = TypeSchema(type.Element!, schemas, prefix, patch) };
                    list["x-kubernetes-list-type"] = type.IsSet ? "set" : type.ListKeys.Count > 0 ? "map" : "atomic";
                    if (type.ListKeys.Count > 0)
                    {
                        list["x-kubernetes-list-map-keys"] = Json.Strings(type.ListKeys);
                    }

                    return list;
                }

            default:
                return new JsonObject { ["type"] = "object" };
        }
    }
}
