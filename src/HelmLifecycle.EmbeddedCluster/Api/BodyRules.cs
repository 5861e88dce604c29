using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A body against its URL: kind, version, name, namespace; unknown and repeated fields.</summary>
internal static class BodyRules
{
    /// <summary>Versions that are no longer served but still known to the decoder, with their kinds.</summary>
    private static readonly Dictionary<string, string[]> s_retired = new(StringComparer.Ordinal)
    {
        ["extensions/v1beta1"] = ["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "ReplicaSet"],
        ["apps/v1beta1"] = ["ControllerRevision", "Deployment", "StatefulSet"],
        ["apps/v1beta2"] = ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        ["batch/v1beta1"] = ["CronJob"],
        ["policy/v1beta1"] = ["PodDisruptionBudget"],
        ["networking.k8s.io/v1beta1"] = ["Ingress", "IngressClass"],
        ["rbac.authorization.k8s.io/v1beta1"] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        ["rbac.authorization.k8s.io/v1alpha1"] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        ["autoscaling/v2beta1"] = ["HorizontalPodAutoscaler"],
        ["autoscaling/v2beta2"] = ["HorizontalPodAutoscaler"],
        ["storage.k8s.io/v1beta1"] = ["CSIDriver", "CSINode", "CSIStorageCapacity", "StorageClass", "VolumeAttachment"],
        ["admissionregistration.k8s.io/v1beta1"] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
        ["scheduling.k8s.io/v1beta1"] = ["PriorityClass"],
        ["scheduling.k8s.io/v1alpha1"] = ["PriorityClass"],
        ["coordination.k8s.io/v1beta1"] = ["Lease"],
        ["events.k8s.io/v1beta1"] = ["Event"],
        ["discovery.k8s.io/v1beta1"] = ["EndpointSlice"],
        ["node.k8s.io/v1beta1"] = ["RuntimeClass"],
    };

    public static void CheckKind(ApiServer server, WriteContext context, JsonObject body)
    {
        ResourceDefinition resource = context.Resource;
        string expected = resource.ApiVersion(context.Version);
        string version = Json.String(body, "apiVersion") is { Length: > 0 } v ? v : expected;
        string kind = Json.String(body, "kind") is { Length: > 0 } k ? k : resource.Kind;
        if (version == expected && kind == resource.Kind)
        {
            return;
        }

        if (resource.IsCustom)
        {
            if (version != expected)
            {
                // Nothing of a version without schema is known.
                bool hasSchema = resource.Versions.Any(v => resource.ApiVersion(v) == version);
                context.Warnings.AddRange((hasSchema ? [] : body).Select(p => p.Key).Where(k => k is not ("apiVersion" or "kind" or "metadata")).Select(k => "unknown field " + GoText.Quote(k)));
                throw ApiErrors.BadRequest($"the API version in the data ({version}) does not match the expected API version ({expected})");
            }

            return; // the kind is checked with the rest of the object
        }

        if (WhyNotConvertible(server, resource, kind, version) is { } why)
        {
            throw CannotHandle(context, body, why);
        }

        throw ApiErrors.BadRequest($"the API version in the data ({version}) does not match the expected API version ({expected})");
    }

    /// <summary>Why an object that says to be of this kind cannot be taken for one of a built-in resource; null when it can.</summary>
    public static string? WhyNotConvertible(ApiServer server, ResourceDefinition resource, string kind, string version)
    {
        bool retired = s_retired.TryGetValue(version, out string[]? kinds) && kinds.Contains(kind);
        if (!retired && KindOf(server, kind, version) is null)
        {
            return $"no kind {GoText.Quote(kind)} is registered for version {GoText.Quote(version)} in scheme \"pkg/api/legacyscheme/scheme.go:30\"";
        }

        string shortVersion = version[(version.LastIndexOf('/') + 1)..];
        string package = resource.Group.Length == 0 ? "core" : resource.Group.Split('.')[0];
        return kind == resource.Kind ? null : $"converting ({shortVersion}.{kind}) to ({package}.{resource.Kind}): unknown conversion";
    }

    /// <summary>The built-in kind of that name and <c>apiVersion</c>, if there is one.</summary>
    public static ResourceDefinition? KindOf(ApiServer server, string kind, string version) =>
        server.Registry.BuiltIn.FirstOrDefault(r => r.Kind == kind && r.Versions.Any(v => r.ApiVersion(v) == version));

    public static ApiError CannotHandle(WriteContext context, JsonObject body, string why)
    {
        string version = Json.String(body, "apiVersion") is { Length: > 0 } v ? v : context.Resource.ApiVersion(context.Version);
        string kind = Json.String(body, "kind") is { Length: > 0 } k ? k : context.Resource.Kind;
        version = version[(version.LastIndexOf('/') + 1)..];
        return ApiErrors.BadRequest($"{kind} in version {GoText.Quote(version)} cannot be handled as a {context.Resource.Kind}: {why}");
    }

    /// <summary>Warns about, or refuses, what the decoder noted.</summary>
    public static void Report(WriteContext context, JsonObject body, List<string> duplicates, List<string> unknown)
    {
        if (duplicates.Count + unknown.Count == 0)
        {
            return;
        }

        string[] texts = Texts(duplicates, unknown);
        if (context.FieldValidation == "Strict")
        {
            throw CannotHandle(context, body, "strict decoding error: " + string.Join(", ", texts));
        }

        context.Warnings.AddRange(texts);
    }

    public static string[] Texts(List<string> duplicates, List<string> unknown) =>
        [.. duplicates.Select(d => "duplicate field " + GoText.Quote(d)).Concat(unknown.Select(u => "unknown field " + GoText.Quote(u)))];

    public static void MatchNamespace(WriteContext context, JsonObject json)
    {
        JsonObject metadata = Json.Meta(json);
        if (!context.Resource.Namespaced)
        {
            metadata.Remove("namespace");
            return;
        }

        string ns = Json.Text(metadata, "namespace");
        if (ns.Length == 0)
        {
            metadata["namespace"] = context.Namespace;
        }
        else if (ns != context.Namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    public static void MatchName(JsonObject json, string name)
    {
        string given = Json.Text(json, "metadata", "name");
        if (given.Length == 0)
        {
            throw ApiErrors.BadRequest($"the name of the object ({name} based on URL) was undeterminable: name must be provided");
        }

        if (given != name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        }
    }

    /// <summary>An owner given twice is kept once, with a warning.</summary>
    public static void DeduplicateOwners(WriteContext context, JsonObject json)
    {
        if (Json.Array(json, "metadata", "ownerReferences") is not { Count: > 1 } owners)
        {
            return;
        }

        var seen = new List<JsonNode?>();
        foreach (JsonNode? owner in owners.ToArray())
        {
            if (seen.Any(s => JsonNode.DeepEquals(s, owner)))
            {
                owners.Remove(owner);
                context.Warnings.Add(".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: " + Json.Text(owner, "uid"));
            }
            else
            {
                seen.Add(owner);
            }
        }
    }
}
