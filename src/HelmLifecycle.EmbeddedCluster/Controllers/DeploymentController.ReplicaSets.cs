using System.Globalization;
using System.Text.Json.Nodes;
using static HelmLifecycle.EmbeddedCluster.DeploymentRollout;

namespace HelmLifecycle.EmbeddedCluster;

/// <content>Finding or making the ReplicaSet of the present template, with its revision number.</content>
internal sealed partial class DeploymentController
{
    /// <summary>The new ReplicaSet (made, if asked for) and the old ones, with the revision numbers brought up to date.</summary>
    private (JsonObject? New, List<JsonObject> Old) Sync(ref JsonObject deployment, List<JsonObject> sets, bool create)
    {
        JsonObject? existing = FindNew(deployment, sets);
        List<JsonObject> old = [.. sets.Where(s => s.Uid() != existing?.Uid())];
        int revision = old.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1;
        if (existing is not null)
        {
            return (Reuse(ref deployment, existing, revision), old);
        }

        return (create ? Make(ref deployment, old, revision) : null, old);
    }

    private JsonObject? Reuse(ref JsonObject deployment, JsonObject existing, int revision)
    {
        JsonObject d = deployment;
        JsonObject set = existing.Copy();
        bool changed = Annotate(d, set, revision, isNew: false);
        if (set.Int(0, "spec", "minReadySeconds") != d.Int(0, "spec", "minReadySeconds"))
        {
            set.Section("spec").SetUnlessZero("minReadySeconds", d.Int(0, "spec", "minReadySeconds"));
            changed = true;
        }

        if (changed)
        {
            return Api.Update(ClusterResources.ReplicaSets, set.Namespace(), set.Name(), set, Caller);
        }

        string number = existing.Annotation(Revision) ?? "0";
        bool found = HasProgressDeadline(d) && Conditions.Find(d["status"], "Progressing") is null;
        if (d.Annotation(Revision) != number || found)
        {
            Write(ref deployment, o =>
            {
                o.Annotate(Revision, number);
                if (found)
                {
                    Conditions.Set(
                        o.Section("status"),
                        DeploymentStatus.Condition("Progressing", "True", "FoundNewReplicaSet", $"Found new replica set \"{existing.Name()}\"", Clock.Stamp));
                }

                return true;
            });
        }

        return existing;
    }

    private JsonObject? Make(ref JsonObject deployment, List<JsonObject> old, int revision)
    {
        JsonObject d = deployment;
        int collisions = d.Int(0, "status", "collisionCount");
        JsonObject template = d.Map("spec", "template")!.Copy();
        string hash = TemplateHash.Of(template, collisions);
        template.Section("metadata").Section("labels")[Hash] = hash;
        JsonObject selector = d.Map("spec", "selector")!.Copy();
        selector.Section("matchLabels")[Hash] = hash;
        var set = new JsonObject
        {
            ["kind"] = "ReplicaSet",
            ["apiVersion"] = "apps/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = d.Name() + "-" + hash,
                ["namespace"] = d.Namespace(),
                ["labels"] = template.Labels()!.Copy(),
                ["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(d)),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = template },
        };
        JsonObject spec = set.Section("spec");
        spec.SetUnlessZero("minReadySeconds", d.Int(0, "spec", "minReadySeconds"));
        int replicas = NewReplicas(d, [.. old, set], 0);
        spec["replicas"] = replicas;
        Annotate(d, set, revision, isNew: true);

        JsonObject made;
        bool exists = false;
        try
        {
            made = Api.Create(ClusterResources.ReplicaSets, d.Namespace(), set, Caller);
        }
        catch (ApiError e) when (e.IsAlreadyExists)
        {
            JsonObject? there = Read(ClusterResources.ReplicaSets, d.Namespace(), set.Name());
            if (there is null || !there.IsControlledBy(d.Uid()) || !SameTemplate(there.At("spec", "template"), d.At("spec", "template")))
            {
                // The hash is taken by something else: the next try counts one collision more.
                Write(ref deployment, o =>
                {
                    o.Section("status")["collisionCount"] = collisions + 1;
                    return true;
                });
                throw;
            }

            made = there;
            exists = true;
        }
        catch (ApiError e)
        {
            string message = $"Failed to create new replica set \"{set.Name()}\": {e.Message}";
            if (HasProgressDeadline(d))
            {
                Write(ref deployment, o => Conditions.Set(o.Section("status"), DeploymentStatus.Condition("Progressing", "False", "ReplicaSetCreateError", message, Clock.Stamp)));
            }

            Event(d, "ReplicaSetCreateError", message, warning: true);
            throw;
        }

        if (!exists && replicas > 0)
        {
            Event(d, "ScalingReplicaSet", string.Create(CultureInfo.InvariantCulture, $"Scaled up replica set {made.Name()} to {replicas}"));
        }

        Write(ref deployment, o =>
        {
            o.Annotate(Revision, revision.ToString(CultureInfo.InvariantCulture));
            if (!exists && HasProgressDeadline(o))
            {
                Conditions.Set(o.Section("status"), DeploymentStatus.Condition("Progressing", "True", "NewReplicaSetCreated", $"Created new replica set \"{made.Name()}\"", Clock.Stamp));
            }

            return true;
        });
        return made;
    }

    /// <summary>Copies the deployment's annotations and moves the revision up; remembers the revision it had. True when anything changed.</summary>
    private static bool Annotate(JsonObject deployment, JsonObject set, int revision, bool isNew)
    {
        bool changed = false;
        foreach ((string key, JsonNode? value) in deployment.Map("metadata", "annotations") ?? [])
        {
            if (!s_own.Contains(key) && set.Annotation(key) != value.Text())
            {
                set.Annotate(key, value.Text());
                changed = true;
            }
        }

        string? before = set.Annotation(Revision);
        if (RevisionOf(set) < revision)
        {
            set.Annotate(Revision, revision.ToString(CultureInfo.InvariantCulture));
            changed = true;
            if (!string.IsNullOrEmpty(before))
            {
                string history = set.Annotation(RevisionHistoryKey) is { Length: > 0 } earlier ? earlier + "," + before : before;
                while (history.Length > HistoryAnnotationLimit && history.Contains(','))
                {
                    history = history[(history.IndexOf(',') + 1)..];
                }

                set.Annotate(RevisionHistoryKey, history);
            }
        }

        if (isNew)
        {
            AnnotateSize(deployment, set);
        }

        return changed;
    }

    private static bool AnnotateSize(JsonObject deployment, JsonObject set)
    {
        string desired = Replicas(deployment).ToString(CultureInfo.InvariantCulture);
        string most = (Replicas(deployment) + Limits(deployment).Surge).ToString(CultureInfo.InvariantCulture);
        if (set.Annotation(DesiredReplicas) == desired && set.Annotation(MaxReplicas) == most)
        {
            return false;
        }

        set.Annotate(DesiredReplicas, desired);
        set.Annotate(MaxReplicas, most);
        return true;
    }
}
