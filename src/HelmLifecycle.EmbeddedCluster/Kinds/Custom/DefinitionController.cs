using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Accepts names of CustomResourceDefinitions, establishes them, serves their resources, and takes all objects away when a definition is deleted.
/// </summary>
internal sealed class DefinitionController
{
    private const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";
    private static readonly ResourceKey s_key = new("apiextensions.k8s.io", "customresourcedefinitions");
    private static readonly Caller s_caller = new("system:apiserver", "kube-apiserver");

    private readonly ApiServer _server;

    public DefinitionController(ApiServer server)
    {
        _server = server;
        server.Store.Subscribe(Follow);
    }

    private IClusterApi Api => _server;

    private void Follow(StoreEvent change)
    {
        if (change.Resource == s_key)
        {
            string name = change.Object.Name;
            _server.Clock.Schedule(() => Process(name), TimeSpan.Zero);
        }
        else if (change.Type == StoreEventType.Deleted && _server.Registry.Find(change.Resource) is CustomKind kind)
        {
            string name = kind.Plural + "." + kind.Group;
            if (_server.Store.Get(s_key, null, name) is { } definition && Json.Has(definition.View, "metadata", "deletionTimestamp"))
            {
                _server.Clock.Schedule(() => Process(name), TimeSpan.Zero);
            }
        }
    }

    /// <summary>No new objects while the definition goes away.</summary>
    public void CheckAcceptsCreates(ResourceDefinition resource)
    {
        if (resource is CustomKind && _server.Store.Get(s_key, null, resource.Plural + "." + resource.Group) is { } definition && IsTrue(definition.View, "Terminating"))
        {
            throw new ApiError(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating", ApiErrors.Details("", resource.Group, resource.Plural));
        }
    }

    private static bool IsTrue(JsonObject definition, string type) => Json.Objects(definition, "status", "conditions").Any(c => Json.Text(c, "type") == type && Json.Text(c, "status") == "True");

    private void Process(string name)
    {
        try
        {
            lock (_server.Store.WriteLock)
            {
                if (_server.Store.Get(s_key, null, name) is { } stored)
                {
                    if (Json.Has(stored.View, "metadata", "deletionTimestamp"))
                    {
                        Terminate(stored);
                    }
                    else
                    {
                        Accept(stored);
                    }
                }

                Serve();
            }
        }
        catch (ApiError e) when (e.IsNotFound || e.IsConflict)
        {
            return; // changed meanwhile: its own event follows
        }
    }

    private void Accept(StoredObject stored)
    {
        Api.Modify(s_key, null, stored.Name, json =>
        {
            JsonObject names = Json.Object(json, "spec", "names") ?? [];
            (string reason, string message) = Conflict(json, names);
            JsonObject status = Json.Ensure(json, "status");
            JsonObject accepted = Json.Ensure(status, "acceptedNames");
            JsonObject before = (JsonObject)json.DeepClone();
            if (reason.Length == 0)
            {
                status["acceptedNames"] = names.DeepClone();
            }
            else
            {
                foreach (string field in new[] { "plural", "singular" })
                {
                    bool taken = reason.StartsWith(field, StringComparison.OrdinalIgnoreCase);
                    if (!taken && field == "plural")
                    {
                        accepted[field] = names[field]?.DeepClone();
                    }
                }
            }

            bool good = reason.Length == 0;
            Set(status, "NamesAccepted", good, good ? "NoConflicts" : reason, good ? "no conflicts found" : message);
            if (good)
            {
                Set(status, "Established", true, "InitialNamesAccepted", "the initial names have been accepted");
            }
            else if (!IsTrue(json, "Established"))
            {
                Set(status, "Established", false, "NotAccepted", "not all names are accepted");
            }

            return !JsonNode.DeepEquals(before, json);
        }, s_caller, "status");
    }

    public static void MarkTerminating(ApiServer server, JsonObject definition, string reason, string message) =>
        Set(server, Json.Ensure(definition, "status"), "Terminating", true, reason, message);

    private void Set(JsonObject status, string type, bool value, string reason, string message) => Set(_server, status, type, value, reason, message);

    private static void Set(ApiServer server, JsonObject status, string type, bool value, string reason, string message)
    {
        if (status["conditions"] is not JsonArray conditions)
        {
            conditions = [];
            status["conditions"] = conditions;
        }

        JsonObject? condition = conditions.OfType<JsonObject>().FirstOrDefault(c => Json.Text(c, "type") == type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            conditions.Add((JsonNode)condition);
        }

        string text = value ? "True" : "False";
        if (Json.Text(condition, "status") != text)
        {
            condition["status"] = text;
            condition["lastTransitionTime"] = server.Clock.Stamp;
        }

        if (type != "Established" || Json.Text(condition, "reason").Length == 0 || Json.Text(condition, "reason") == "NotAccepted")
        {
            condition["reason"] = reason;
            condition["message"] = message;
        }
    }

    private (string Reason, string Message) Conflict(JsonObject json, JsonObject names)
    {
        string group = Json.Text(json, "spec", "group");
        string own = Json.Text(json, "metadata", "name");
        var resources = new HashSet<string>(StringComparer.Ordinal);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (StoredObject other in _server.Store.List(s_key).Where(o => o.Name != own && Json.Text(o.View, "spec", "group") == group))
        {
            JsonObject accepted = Json.Object(other.View, "status", "acceptedNames") ?? [];
            resources.UnionWith([Json.Text(accepted, "plural"), Json.Text(accepted, "singular"), .. Json.StringItems(accepted, "shortNames")]);
            kinds.UnionWith([Json.Text(accepted, "kind"), Json.Text(accepted, "listKind")]);
        }

        string Used(string name) => GoText.Quote(name) + " is already in use";
        if (kinds.Contains(Json.Text(names, "listKind")))
        {
            return ("ListKindConflict", Used(Json.Text(names, "listKind")));
        }

        if (kinds.Contains(Json.Text(names, "kind")))
        {
            return ("KindConflict", Used(Json.Text(names, "kind")));
        }

        foreach (string shortName in Json.StringItems(names, "shortNames"))
        {
            if (resources.Contains(shortName))
            {
                return ("ShortNamesConflict", Used(shortName));
            }
        }

        if (resources.Contains(Json.Text(names, "singular")))
        {
            return ("SingularConflict", Used(Json.Text(names, "singular")));
        }

        return resources.Contains(Json.Text(names, "plural")) ? ("PluralConflict", Used(Json.Text(names, "plural"))) : ("", "");
    }

    private void Terminate(StoredObject stored)
    {
        if (!IsTrue(stored.View, "Terminating"))
        {
            // The objects' turn comes when this change is seen.
            Api.Modify(s_key, null, stored.Name, json =>
            {
                MarkTerminating(_server, json, "InstanceDeletionInProgress", "CustomResource deletion is in progress");
                return true;
            }, s_caller, "status");
            return;
        }

        var key = new ResourceKey(Json.Text(stored.View, "spec", "group"), Json.Text(stored.View, "spec", "names", "plural"));
        if (_server.Registry.Find(key) is CustomKind)
        {
            foreach (StoredObject instance in _server.Store.List(key).ToArray())
            {
                if (!Json.Has(instance.View, "metadata", "deletionTimestamp"))
                {
                    Api.Delete(key, instance.Namespace, instance.Name, new DeleteSettings(), s_caller);
                }
            }

            if (_server.Store.List(key).Any())
            {
                return;
            }
        }

        Api.Modify(s_key, null, stored.Name, json =>
        {
            string[] rest = [.. Json.StringItems(json, "metadata", "finalizers").Where(f => f != CleanupFinalizer)];
            Json.Meta(json)["finalizers"] = Json.Strings(rest);
            return true;
        }, s_caller);
    }

    /// <summary>Makes the registry match the established definitions.</summary>
    public void Serve()
    {
        var served = new List<ResourceDefinition>();
        foreach (StoredObject stored in _server.Store.List(s_key))
        {
            if (!IsTrue(stored.View, "Established"))
            {
                continue;
            }

            var key = new ResourceKey(Json.Text(stored.View, "spec", "group"), Json.Text(stored.View, "spec", "names", "plural"));
            if (_server.Registry.Find(key) is CustomKind known && Json.Same(known.Definition["spec"], stored.View["spec"]))
            {
                served.Add(known);
                continue;
            }

            served.Add(Make(stored.ToJson(), key));
        }

        _server.Registry.SetCustom(served);
    }

    private CustomKind Make(JsonObject definition, ResourceKey key)
    {
        JsonObject names = Json.Object(definition, "spec", "names") ?? [];
        JsonObject[] versions = [.. Json.Objects(definition, "spec", "versions")];
        var subresources = new List<SubresourceDefinition>();
        if (versions.Any(v => Json.Has(v, "subresources", "status")))
        {
            subresources.Add(new SubresourceDefinition("status", Json.Text(names, "kind"), ResourceDefinition.StatusVerbs));
        }

        if (versions.Any(v => Json.Has(v, "subresources", "scale")))
        {
            subresources.Add(new SubresourceDefinition("scale", "Scale", ResourceDefinition.StatusVerbs, "autoscaling", "v1"));
        }

        long since = _server.Registry.Find(key) is CustomKind known ? known.ServedSince : _server.Store.Revision;
        return new CustomKind(definition, _server.Registry.Kinds.Table("meta").Get("ObjectMeta"))
        {
            Group = key.Group,
            Plural = key.Resource,
            Kind = Json.Text(names, "kind"),
            ListKind = Json.Text(names, "listKind"),
            Singular = Json.Text(names, "singular"),
            Namespaced = Json.Text(definition, "spec", "scope") == "Namespaced",
            ShortNames = [.. Json.StringItems(names, "shortNames")],
            Categories = [.. Json.StringItems(names, "categories")],
            Versions = [.. versions.Where(v => Json.Bool(v, "served")).Select(v => Json.Text(v, "name")).OrderByDescending(v => v, VersionPriority.Instance)],
            StorageVersion = versions.Where(v => Json.Bool(v, "storage")).Select(v => Json.Text(v, "name")).First(),
            Store = key,
            Subresources = subresources,
            NeedsVersion = true,
            HasOwnFieldLabels = true,
            HasGeneration = true,
            ServedSince = since,
        };
    }
}
