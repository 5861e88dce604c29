using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The ControllerRevisions of a StatefulSet or DaemonSet: one per template it ever had, numbered.</summary>
internal sealed class RevisionHistory(ClusterLoop loop, Caller caller)
{
    /// <summary>The owner's revisions, oldest first.</summary>
    public List<JsonObject> List(JsonNode owner) =>
    [
        .. loop.Api.Store.List(ClusterResources.ControllerRevisions, owner.Namespace())
            .Select(r => r.View)
            .Where(r => r.IsControlledBy(owner.Uid()))
            .OrderBy(r => r.Int(0, "revision"))
            .ThenBy(r => r.Created())
            .ThenBy(r => r.Name(), StringComparer.Ordinal),
    ];

    /// <summary>The revision of the owner's present template: found, renumbered if an old one comes back, or made.</summary>
    public JsonObject Current(JsonNode owner, List<JsonObject> revisions, string hashLabel, JsonObject? labels, ref int collisions)
    {
        JsonObject data = Data(owner.At("spec", "template"));
        int last = revisions.Count == 0 ? 0 : revisions[^1].Int(0, "revision");
        if (revisions.LastOrDefault(r => JsonNode.DeepEquals(r["data"], data)) is { } same)
        {
            if (same.Int(0, "revision") == last)
            {
                return same;
            }

            return loop.Api.Modify(ClusterResources.ControllerRevisions, same.Namespace(), same.Name(), r => Set(r, last + 1), caller) ?? same;
        }

        while (true)
        {
            string hash = TemplateHash.Of(data, collisions);
            JsonObject all = labels?.Copy() ?? [];
            all[hashLabel] = hash;
            var body = new JsonObject
            {
                ["kind"] = "ControllerRevision",
                ["apiVersion"] = "apps/v1",
                ["metadata"] = new JsonObject
                {
                    ["name"] = owner.Name() + "-" + hash,
                    ["namespace"] = owner.Namespace(),
                    ["labels"] = all,
                    ["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(owner)),
                },
                ["data"] = data,
                ["revision"] = last + 1,
            };
            if (owner.At("metadata", "annotations") is { } annotations)
            {
                body.Section("metadata")["annotations"] = annotations.DeepClone();
            }

            try
            {
                return loop.Api.Create(ClusterResources.ControllerRevisions, owner.Namespace(), body, caller);
            }
            catch (ApiError e) when (e.IsAlreadyExists)
            {
                JsonObject? there = loop.Api.Store.Get(ClusterResources.ControllerRevisions, owner.Namespace(), body.Name())?.View;
                if (there is not null && JsonNode.DeepEquals(there["data"], data) && there.IsControlledBy(owner.Uid()))
                {
                    return there;
                }

                collisions++;
                data = data.Copy();
            }
        }

        static bool Set(JsonObject revision, int number)
        {
            revision["revision"] = number;
            return true;
        }
    }

    /// <summary>The pod template a revision holds.</summary>
    public static JsonNode? Template(JsonNode? revision)
    {
        JsonObject? template = revision.Map("data", "spec", "template")?.Copy();
        template?.Remove("$patch");
        return template;
    }

    /// <summary>Deletes the oldest revisions that nothing uses, beyond the limit.</summary>
    public void Truncate(JsonNode owner, List<JsonObject> revisions, ISet<string> live)
    {
        List<JsonObject> dead = [.. revisions.Where(r => !live.Contains(r.Name()))];
        foreach (JsonObject revision in dead.Take(Math.Max(0, dead.Count - owner.Int(10, "spec", "revisionHistoryLimit"))))
        {
            try
            {
                loop.Api.Delete(ClusterResources.ControllerRevisions, revision.Namespace(), revision.Name(), new DeleteSettings("Background"), caller);
            }
            catch (ApiError e) when (e.IsNotFound)
            {
            }
        }
    }

    private static JsonObject Data(JsonNode? template)
    {
        JsonObject copy = (template as JsonObject)?.Copy() ?? [];
        copy["$patch"] = "replace";
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = copy } };
    }
}
