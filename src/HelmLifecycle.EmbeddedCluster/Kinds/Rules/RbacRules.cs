using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of roles and bindings.</summary>
internal static class RbacRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Role(WriteContext context, JsonObject json, FieldErrors errors)
    {
        int index = 0;
        foreach (JsonObject rule in Json.Objects(json, "rules"))
        {
            string path = $"rules[{index++}]";
            if (Json.IsEmpty(rule["verbs"]))
            {
                errors.Required(path + ".verbs", "verbs must contain at least one value");
            }

            if (!Json.IsEmpty(rule["nonResourceURLs"]))
            {
                if (context.Resource.Namespaced)
                {
                    errors.Invalid(path + ".nonResourceURLs", GoText.Strings(rule["nonResourceURLs"]), "namespaced rules cannot apply to non-resource URLs");
                }

                if (!Json.IsEmpty(rule["apiGroups"]) || !Json.IsEmpty(rule["resources"]) || !Json.IsEmpty(rule["resourceNames"]))
                {
                    errors.Invalid(path + ".nonResourceURLs", GoText.Strings(rule["nonResourceURLs"]), "rules cannot apply to both regular resources and non-resource URLs");
                }

                continue;
            }

            if (Json.IsEmpty(rule["apiGroups"]))
            {
                errors.Required(path + ".apiGroups", "resource rules must supply at least one api group");
            }

            if (Json.IsEmpty(rule["resources"]))
            {
                errors.Required(path + ".resources", "resource rules must supply at least one resource");
            }
        }

        if (Json.Object(json, "aggregationRule") is { } aggregation && Json.IsEmpty(aggregation["clusterRoleSelectors"]))
        {
            errors.Required("aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
    }

    public static void Binding(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject role = Json.Ensure(json, "roleRef");
        string group = Json.Text(role, "apiGroup");
        if (group != Group)
        {
            errors.NotSupported("roleRef.apiGroup", GoText.Quote(group), Group);
        }

        string kind = Json.Text(role, "kind");
        bool cluster = !context.Resource.Namespaced;
        if (kind != "ClusterRole" && (cluster || kind != "Role"))
        {
            if (cluster)
            {
                errors.NotSupported("roleRef.kind", GoText.Quote(kind), "ClusterRole");
            }
            else
            {
                errors.NotSupported("roleRef.kind", GoText.Quote(kind), "Role", "ClusterRole");
            }
        }

        string name = Json.Text(role, "name");
        if (name.Length == 0)
        {
            errors.Required("roleRef.name");
        }
        else
        {
            foreach (string error in MetadataRules.PathSegmentErrors(name))
            {
                errors.InvalidText("roleRef.name", name, error);
            }
        }

        int index = 0;
        foreach (JsonObject subject in Json.Objects(json, "subjects"))
        {
            Subject(subject, $"subjects[{index++}]", cluster, errors);
        }
    }

    private static void Subject(JsonObject subject, string path, bool cluster, FieldErrors errors)
    {
        string name = Json.Text(subject, "name");
        if (name.Length == 0)
        {
            errors.Required(path + ".name");
        }

        string group = Json.Text(subject, "apiGroup");
        switch (Json.Text(subject, "kind"))
        {
            case "ServiceAccount":
                foreach (string error in name.Length == 0 ? [] : MetadataRules.SubdomainErrors(name))
                {
                    errors.InvalidText(path + ".name", name, error);
                }

                if (group.Length > 0)
                {
                    errors.NotSupported(path + ".apiGroup", GoText.Quote(group), "");
                }

                if (cluster && Json.Text(subject, "namespace").Length == 0)
                {
                    errors.Required(path + ".namespace");
                }

                break;
            case "User" or "Group":
                if (group != Group)
                {
                    errors.NotSupported(path + ".apiGroup", GoText.Quote(group), Group);
                }

                break;
            case var kind:
                errors.NotSupported(path + ".kind", GoText.Quote(kind), "ServiceAccount", "User", "Group");
                break;
        }
    }

    public static void BindingUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Binding(context, json, errors);
        if (!Json.Same(json["roleRef"], old["roleRef"]))
        {
            JsonObject role = Json.Ensure(json, "roleRef");
            errors.Invalid("roleRef", $"rbac.RoleRef{{APIGroup:{GoText.Quote(Json.Text(role, "apiGroup"))}, Kind:{GoText.Quote(Json.Text(role, "kind"))}, Name:{GoText.Quote(Json.Text(role, "name"))}}}", "cannot change roleRef");
        }
    }
}
