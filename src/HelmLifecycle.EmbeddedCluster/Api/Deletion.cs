using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Grace, finalizers and propagation of deletions.</summary>
internal static class Deletion
{
    private const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public static void CheckPreconditions(ResourceDefinition resource, StoredObject stored, string name, DeleteSettings settings)
    {
        string version = stored.Revision.ToString(CultureInfo.InvariantCulture);
        string? why = null;
        if (settings.Uid is { } uid && uid != stored.Uid)
        {
            why = $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated";
        }
        else if (settings.ResourceVersion is { } wanted && wanted != version)
        {
            why = $"the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). The object might have been modified";
        }

        if (why is not null)
        {
            throw ApiErrors.Conflict(new ResourceKey(resource.Group, resource.Kind), name, why);
        }
    }

    /// <summary>Marks <paramref name="json"/>; false when nothing changes. <paramref name="now"/>: it goes at once.</summary>
    public static bool Mark(ApiServer server, WriteContext context, JsonObject json, DeleteSettings settings, out bool now)
    {
        ResourceDefinition resource = context.Resource;
        JsonObject metadata = Json.Meta(json);
        bool deleting = metadata["deletionTimestamp"] is not null;
        if (resource.Key == new ResourceKey("", "namespaces"))
        {
            return MarkNamespace(server, json, metadata, deleting, out now);
        }

        if (resource.Key == new ResourceKey("apiextensions.k8s.io", "customresourcedefinitions"))
        {
            now = false;
            if (deleting)
            {
                return false;
            }

            string[] finalizers = [.. Json.StringItems(metadata, "finalizers")];
            if (!finalizers.Contains(CleanupFinalizer))
            {
                metadata["finalizers"] = Json.Strings([.. finalizers, CleanupFinalizer]);
            }

            metadata["deletionTimestamp"] = server.Clock.Stamp;
            DefinitionController.MarkTerminating(server, json, "InstanceDeletionPending", "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon");
            return true;
        }

        bool changed = SetFinalizers(resource, metadata, settings);
        long grace = Grace(resource, json, settings);
        if (deleting)
        {
            long had = Json.Long(metadata, "deletionGracePeriodSeconds") ?? 0;
            if (grace < had)
            {
                // A later delete may only shorten; the deadline moves back accordingly.
                DateTimeOffset end = ClusterClock.Parse(Json.Text(metadata, "deletionTimestamp")) ?? server.Clock.Now;
                metadata["deletionTimestamp"] = ClusterClock.Format(end.AddSeconds(grace - had));
                metadata["deletionGracePeriodSeconds"] = grace;
                changed = true;
            }
            else
            {
                grace = had;
            }
        }
        else
        {
            metadata["deletionTimestamp"] = ClusterClock.Format(server.Clock.Now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
            if ((Json.Long(metadata, "generation") ?? 0) > 0)
            {
                metadata["generation"] = Json.Long(metadata, "generation") + 1;
            }

            changed = true;
        }

        now = grace == 0 && Json.IsEmpty(metadata["finalizers"]);
        return changed;
    }

    private static bool MarkNamespace(ApiServer server, JsonObject json, JsonObject metadata, bool deleting, out bool now)
    {
        now = false;
        if (deleting)
        {
            now = Json.IsEmpty(Json.Get(json, "spec", "finalizers")) && Json.IsEmpty(metadata["finalizers"]);
            return false;
        }

        metadata["deletionTimestamp"] = server.Clock.Stamp;
        Json.Ensure(json, "status")["phase"] = "Terminating";
        return true;
    }

    private static long Grace(ResourceDefinition resource, JsonObject json, DeleteSettings settings)
    {
        if (resource.Key != new ResourceKey("", "pods"))
        {
            return 0;
        }

        long grace = settings.GraceSeconds ?? Json.Long(json, "spec", "terminationGracePeriodSeconds") ?? 30;
        if (Json.Text(json, "spec", "nodeName").Length == 0 || Json.Text(json, "status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        return grace < 0 ? 1 : grace;
    }

    private static bool SetFinalizers(ResourceDefinition resource, JsonObject metadata, DeleteSettings settings)
    {
        string[] had = [.. Json.StringItems(metadata, "finalizers")];
        string? policy = settings.Propagation;
        if (policy is null && !had.Contains("orphan") && !had.Contains("foregroundDeletion") && resource.Key is ("batch", "jobs") or ("", "replicationcontrollers"))
        {
            policy = "Orphan";
        }

        if (policy is null)
        {
            return false;
        }

        List<string> finalizers = [.. had.Where(f => f is not ("orphan" or "foregroundDeletion"))];
        if (policy == "Orphan")
        {
            finalizers.Add("orphan");
        }
        else if (policy == "Foreground")
        {
            finalizers.Add("foregroundDeletion");
        }

        if (finalizers.SequenceEqual(had))
        {
            return false;
        }

        if (finalizers.Count == 0)
        {
            metadata.Remove("finalizers");
        }
        else
        {
            metadata["finalizers"] = Json.Strings(finalizers);
        }

        return true;
    }

    /// <summary>The state the DELETED event shows: what was stored.</summary>
    public static JsonObject LastState(ResourceDefinition resource, JsonObject json, StoredObject stored) => resource.Key == new ResourceKey("", "pods") ? json : stored.ToJson();
}
