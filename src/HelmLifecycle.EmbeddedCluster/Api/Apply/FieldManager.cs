using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Who owns which fields: <c>metadata.managedFields</c> on every write, and server-side apply with its conflicts.</summary>
internal static class FieldManager
{
    private const int MaxUpdateManagers = 10;

    private static readonly FieldSet s_never = Never();

    private sealed record Manager(string Name, string Operation, string ApiVersion, string Subresource)
    {
        public bool IsApply => Operation == "Apply";

        /// <summary>An applier is one manager in all versions.</summary>
        public string Key => Name + "\n" + Operation + "\n" + (IsApply ? "" : ApiVersion) + "\n" + Subresource;
    }

    private sealed class Ownership
    {
        public required Manager Manager { get; init; }

        public required FieldSet Set { get; set; }

        public string? Time { get; set; }
    }

    private static FieldSet Never()
    {
        var set = new FieldSet();
        foreach (string[] path in new string[][]
        {
            ["apiVersion"], ["kind"], ["metadata"], ["metadata", "name"], ["metadata", "namespace"], ["metadata", "creationTimestamp"], ["metadata", "selfLink"], ["metadata", "uid"],
            ["metadata", "clusterName"], ["metadata", "generation"], ["metadata", "managedFields"], ["metadata", "resourceVersion"],
        })
        {
            set.Add(FieldSet.FromPath(path));
        }

        return set;
    }

    /// <summary>Notes an ordinary write: what <paramref name="json"/> changes against <paramref name="live"/> (null: a create) belongs to the caller now.</summary>
    public static void TrackUpdate(ApiServer server, WriteContext context, JsonObject? live, JsonObject json)
    {
        Dictionary<string, Ownership> owners = Read(Json.Get(json, "metadata", "managedFields"), Json.Get(live, "metadata", "managedFields"));
        FieldType type = context.Resource.Schema(context.Version);
        JsonObject before = live ?? Empty(context, type);
        FieldSet ignored = Ignored(context);
        Comparison comparison = Except(CompareWithoutManagedFields(before, json, type), ignored);
        var manager = new Manager(context.Caller.FieldManager, "Update", context.Resource.ApiVersion(context.Version), context.Subresource ?? "");
        if (context.Subresource == "scale" && Json.Long(json, "spec", "replicas") == 0)
        {
            // A Scale of 0 prints no replicas: to its managers the field is gone.
            FieldSet replicas = FieldSet.FromPath("spec", "replicas");
            comparison = new Comparison(comparison.Added.Difference(replicas), comparison.Modified.Difference(replicas), comparison.Removed.Union(replicas));
        }

        FieldSet changed = comparison.Added.Union(comparison.Modified);
        foreach (Ownership owner in owners.Values)
        {
            if (owner.Manager.Key != manager.Key)
            {
                owner.Set = owner.Set.Difference(owner.Set.Intersection(changed));
            }

            owner.Set = owner.Set.Difference(comparison.Removed);
        }

        FieldSet mine = changed.Difference(s_never);
        if (!mine.IsEmpty)
        {
            if (owners.TryGetValue(manager.Key, out Ownership? own))
            {
                own.Set = own.Set.Union(mine);
            }
            else
            {
                own = new Ownership { Manager = manager, Set = mine };
                owners[manager.Key] = own;
            }

            own.Time = context.Subresource == "scale" ? null : server.Clock.Stamp;
        }

        Write(json, Cap(owners));
    }

    /// <summary>Server-side apply: the merged object with its managedFields.</summary>
    public static JsonObject Apply(ApiServer server, WriteContext context, JsonObject? live, JsonObject config, bool force)
    {
        FieldType type = context.Resource.Schema(context.Version);
        string ns = Json.Text(config, "metadata", "namespace");
        string apiVersion = context.Resource.ApiVersion(context.Version);
        string what = $"({ns}/{Json.Text(config, "metadata", "name")}; {(context.Resource.Group.Length == 0 ? "/" + context.Version : apiVersion)}, Kind={context.Resource.Kind})";
        if (!Json.IsEmpty(Json.Get(config, "metadata", "managedFields")))
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        List<string> errors = [];
        TypedValues.Validate(config, type, "", errors);
        if (errors.Count > 0)
        {
            string text = errors.Count == 1 ? errors[0] : "errors:\n  " + string.Join("\n  ", errors);
            throw ApiErrors.Internal("failed to create typed patch object " + what + ": " + text);
        }

        JsonObject before = live ?? Empty(context, type);
        Dictionary<string, Ownership> owners = Read(null, Json.Get(live, "metadata", "managedFields"));
        JsonObject bare = Without(before);
        JsonObject merged = TypedValues.Merge(bare, config, type);
        var manager = new Manager(context.Caller.FieldManager, "Apply", apiVersion, context.Subresource ?? "");
        FieldSet? last = owners.GetValueOrDefault(manager.Key)?.Set;
        string? lastTime = owners.GetValueOrDefault(manager.Key)?.Time;
        FieldSet ignored = Ignored(context);
        FieldSet applied = TypedValues.ToSet(config, type).RecursiveDifference(ignored);
        FieldSet set = applied.Difference(s_never);
        owners[manager.Key] = new Ownership { Manager = manager, Set = set, Time = lastTime };
        if (last is not null)
        {
            var owned = new FieldSet();
            owned.Add(applied);
            foreach (Ownership owner in owners.Values)
            {
                owned.Add(owner.Set);
            }

            TypedValues.RemoveUnowned(merged, last, owned, type);
        }

        Comparison comparison = Except(TypedValues.Compare(bare, merged, type), ignored);
        FieldSet changed = comparison.Added.Union(comparison.Modified);
        ThrowOnConflicts(owners, manager, changed, force);
        foreach (Ownership owner in owners.Values)
        {
            if (owner.Manager.Key != manager.Key)
            {
                owner.Set = owner.Set.Difference(owner.Set.Intersection(changed));
            }

            owner.Set = owner.Set.Difference(comparison.Removed);
        }

        if (live is null || !JsonNode.DeepEquals(bare, merged))
        {
            owners[manager.Key].Time = server.Clock.Stamp;
        }

        if (owners[manager.Key].Set.IsEmpty)
        {
            owners.Remove(manager.Key);
        }

        Write(merged, Cap(owners));
        return merged;
    }

    // What the endpoint does not write is neither taken nor lost by a body that has it or lacks it.
    private static Comparison Except(Comparison all, FieldSet ignored) => ignored.IsEmpty
        ? all
        : new Comparison(all.Added.RecursiveDifference(ignored), all.Modified.RecursiveDifference(ignored), all.Removed.RecursiveDifference(ignored));

    private static void ThrowOnConflicts(Dictionary<string, Ownership> owners, Manager manager, FieldSet changed, bool force)
    {
        if (force)
        {
            return;
        }

        var conflicts = new List<(string Who, string[] Paths)>();
        foreach (Ownership owner in owners.Values)
        {
            FieldSet common = owner.Set.Intersection(changed);
            if (owner.Manager.Key != manager.Key && !common.IsEmpty)
            {
                conflicts.Add((Describe(owner.Manager), [.. common.Paths()]));
            }
        }

        if (conflicts.Count == 0)
        {
            return;
        }

        conflicts.Sort((a, b) => string.CompareOrdinal(a.Who, b.Who));
        int count = conflicts.Sum(c => c.Paths.Length);
        var causes = new JsonArray();
        foreach ((string who, string[] paths) in conflicts)
        {
            foreach (string path in paths)
            {
                causes.Add((JsonNode)new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = "conflict with " + who, ["field"] = path });
            }
        }

        string text = count == 1
            ? $"Apply failed with 1 conflict: conflict with {conflicts[0].Who}: {conflicts[0].Paths[0]}"
            : $"Apply failed with {count} conflicts: " + string.Join("\n", conflicts.Select(c => (c.Paths.Length == 1 && conflicts.Count == 1 ? "conflict" : "conflicts") + " with " + c.Who + ":\n- " + string.Join("\n- ", c.Paths)));
        throw new ApiError(409, "Conflict", text, new JsonObject { ["causes"] = causes });
    }

    private static string Describe(Manager manager)
    {
        string text = GoText.Quote(manager.Name);
        if (manager.Subresource.Length > 0)
        {
            text += " with subresource " + GoText.Quote(manager.Subresource);
        }

        return manager.IsApply ? text : text + " using " + manager.ApiVersion;
    }

    /// <summary>What there was before a create; shared, never changed.</summary>
    private static JsonObject Empty(WriteContext context, FieldType type)
    {
        if (type.Struct is null || context.Resource.IsCustom)
        {
            return [];
        }

        return type.Struct.Zero;
    }

    private static JsonObject Without(JsonObject json)
    {
        if (Json.Get(json, "metadata", "managedFields") is null)
        {
            return json;
        }

        JsonObject copy = (JsonObject)json.DeepClone();
        Json.Meta(copy).Remove("managedFields");
        return copy;
    }

    /// <summary>Puts the lists of managers aside for the comparison: copying two objects at each write would cost more than comparing them.</summary>
    private static Comparison CompareWithoutManagedFields(JsonObject before, JsonObject after, FieldType type)
    {
        JsonNode? left = Take(before), right = Take(after);
        try
        {
            return TypedValues.Compare(before, after, type);
        }
        finally
        {
            Restore(before, left);
            Restore(after, right);
        }

        static JsonNode? Take(JsonObject json)
        {
            JsonNode? managed = Json.Get(json, "metadata", "managedFields");
            if (managed is not null)
            {
                Json.Meta(json).Remove("managedFields");
            }

            return managed;
        }

        static void Restore(JsonObject json, JsonNode? managed)
        {
            if (managed is not null)
            {
                Json.Meta(json)["managedFields"] = managed;
            }
        }
    }

    /// <summary>Fields this endpoint does not write, which a manager therefore never owns through it.</summary>
    private static FieldSet Ignored(WriteContext context)
    {
        var set = new FieldSet();
        if (context.Subresource == "status")
        {
            set.Add(FieldSet.FromPath("spec"));
            if (context.Resource.Key == new ResourceKey("apps", "deployments"))
            {
                set.Add(FieldSet.FromPath("metadata", "labels"));
            }
        }
        else if (context.Resource.HasStatus)
        {
            set.Add(FieldSet.FromPath("status"));
        }

        return set;
    }

    private static Dictionary<string, Ownership> Read(JsonNode? given, JsonNode? live)
    {
        JsonArray? source = given as JsonArray;
        if (source is [JsonObject { Count: 0 }])
        {
            source = []; // one empty entry asks for a reset
        }
        else if (source is null or { Count: 0 })
        {
            source = live as JsonArray;
        }

        var owners = new Dictionary<string, Ownership>(StringComparer.Ordinal);
        foreach (JsonObject entry in source?.OfType<JsonObject>() ?? [])
        {
            var manager = new Manager(Json.Text(entry, "manager"), Json.Text(entry, "operation"), Json.Text(entry, "apiVersion"), Json.Text(entry, "subresource"));
            if (manager.Operation is not ("Apply" or "Update"))
            {
                continue;
            }

            FieldSet set = FieldSet.Parse(entry["fieldsV1"]);
            if (owners.TryGetValue(manager.Key, out Ownership? known))
            {
                known.Set.Add(set);
            }
            else
            {
                owners[manager.Key] = new Ownership { Manager = manager, Set = set, Time = Json.String(entry, "time") };
            }
        }

        return owners;
    }

    /// <summary>More than ten updaters are merged into one, the oldest first.</summary>
    private static List<Ownership> Cap(Dictionary<string, Ownership> owners)
    {
        List<Ownership> list = [.. owners.Values.Where(o => !o.Set.IsEmpty)];
        if (list.Count <= MaxUpdateManagers)
        {
            return list;
        }

        List<Ownership> updaters = [.. list.Where(o => !o.Manager.IsApply).OrderBy(o => o.Time ?? "", StringComparer.Ordinal).ThenBy(o => o.Manager.Name, StringComparer.Ordinal)];
        if (updaters.Count <= MaxUpdateManagers)
        {
            return list;
        }

        foreach (IGrouping<string, Ownership> version in updaters.Take(updaters.Count - MaxUpdateManagers + 1).GroupBy(o => o.Manager.ApiVersion).ToArray())
        {
            var bucket = new Ownership { Manager = new Manager("ancient-changes", "Update", version.Key, ""), Set = new FieldSet(), Time = version.Max(o => o.Time) };
            foreach (Ownership old in version)
            {
                bucket.Set.Add(old.Set);
                list.Remove(old);
            }

            list.Add(bucket);
        }

        return list;
    }

    private static void Write(JsonObject json, List<Ownership> owners)
    {
        JsonObject metadata = Json.Meta(json);
        metadata.Remove("managedFields");
        var list = new JsonArray();
        foreach (Ownership owner in owners.Count < 2 ? owners : InOrder(owners))
        {
            var entry = new JsonObject { ["manager"] = owner.Manager.Name, ["operation"] = owner.Manager.Operation, ["apiVersion"] = owner.Manager.ApiVersion };
            if (owner.Time is not null)
            {
                entry["time"] = owner.Time;
            }

            entry["fieldsType"] = "FieldsV1";
            entry["fieldsV1"] = owner.Set.ToJson();
            if (owner.Manager.Subresource.Length > 0)
            {
                entry["subresource"] = owner.Manager.Subresource;
            }

            list.Add((JsonNode)entry);
        }

        if (list.Count > 0)
        {
            metadata["managedFields"] = list;
        }
    }

    private static IEnumerable<Ownership> InOrder(List<Ownership> owners) =>
        owners.OrderBy(o => o.Manager.Operation, StringComparer.Ordinal).ThenBy(o => o.Time ?? "", StringComparer.Ordinal)
            .ThenBy(o => o.Manager.Name, StringComparer.Ordinal).ThenBy(o => o.Manager.ApiVersion, StringComparer.Ordinal).ThenBy(o => o.Manager.Subresource, StringComparer.Ordinal);

    /// <summary>Whether a write would change nothing but times of managed fields.</summary>
    public static bool IsSameIgnoringTimes(JsonObject a, JsonObject b)
    {
        if (JsonNode.DeepEquals(a, b))
        {
            return true;
        }

        foreach (string name in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
        {
            if (name != "metadata" && !JsonNode.DeepEquals(a[name], b[name]))
            {
                return false;
            }
        }

        JsonObject left = Json.Meta(a), right = Json.Meta(b);
        foreach (string name in left.Select(p => p.Key).Union(right.Select(p => p.Key)))
        {
            if (name != "managedFields" && !JsonNode.DeepEquals(left[name], right[name]))
            {
                return false;
            }
        }

        return JsonNode.DeepEquals(Timeless(left["managedFields"]), Timeless(right["managedFields"]));
    }

    private static JsonObject Timeless(JsonNode? list)
    {
        var result = new JsonObject();
        foreach (JsonObject entry in (list as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            JsonObject copy = (JsonObject)entry.DeepClone();
            copy.Remove("time");
            copy.Remove("fieldsV1");
            result[copy.ToJsonString()] = FieldSet.Parse(entry["fieldsV1"]).ToJson();
        }

        return result;
    }
}
