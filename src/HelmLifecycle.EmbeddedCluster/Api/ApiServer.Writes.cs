using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What a write left behind: the object in the storage version, and its stored form unless nothing was stored (dry run, deleted by this).</summary>
internal sealed record WriteResult(JsonObject Json, StoredObject? Stored, bool Created);

/// <summary>What a delete left behind.</summary>
internal sealed record DeleteResult(JsonObject Json, StoredObject? Stored, bool IsGone);

/// <summary>Where the new state of an update comes from.</summary>
/// <param name="Make">From the live object in the request's version (null when there is none), the new object, decoded and defaulted.</param>
/// <param name="IsPut">A whole object: its uid is a precondition.</param>
/// <param name="IsApply">Server-side apply, which makes managedFields itself and may create.</param>
internal sealed record UpdateSource(Func<JsonObject?, JsonObject> Make, bool IsPut, bool IsApply = false)
{
    /// <summary>The new object, where it does not depend on the live one.</summary>
    public JsonObject? Whole { get; private init; }

    public static UpdateSource Put(JsonObject json) => new(_ => json, true) { Whole = json };
}

internal sealed partial class ApiServer
{
    /// <summary>Takes a body apart as the request's kind and fills in defaults.</summary>
    public JsonObject DecodeBody(WriteContext context, JsonObject body, List<string>? duplicates = null)
    {
        BodyRules.CheckKind(this, context, body);
        context.NoteEmptyParts(body);
        bool track = context.FieldValidation != "Ignore";
        List<string> unknown = [];
        JsonObject json;
        try
        {
            json = context.Resource.Decode(body, context.Version, track ? unknown : null);
        }
        catch (SchemaException e)
        {
            throw BodyRules.CannotHandle(context, body, e.Message);
        }

        if (track)
        {
            BodyRules.Report(context, body, duplicates ?? [], unknown);
        }

        context.Resource.Default(json, context.Version);
        return json;
    }

    /// <summary>Creates an object that <see cref="DecodeBody"/> made.</summary>
    public WriteResult Create(WriteContext context, JsonObject json, bool managedFieldsDone = false)
    {
        ResourceDefinition resource = context.Resource;
        BodyRules.MatchNamespace(context, json);
        BodyRules.DeduplicateOwners(context, json);
        if (!managedFieldsDone)
        {
            FieldManager.TrackUpdate(this, context, null, json);
        }

        lock (Store.WriteLock)
        {
            try
            {
                Admission.Create(this, context, json);
                json = resource.ToStorage(json, context.Version);
                JsonObject metadata = Json.Meta(json);
                metadata.Remove("deletionTimestamp");
                metadata.Remove("deletionGracePeriodSeconds");
                metadata.Remove("selfLink");
                string version = Json.Text(metadata, "resourceVersion");
                metadata.Remove("resourceVersion");
                metadata["creationTimestamp"] = Clock.Stamp;
                metadata["uid"] = NewUid();
                if (Json.Text(metadata, "name").Length == 0 && Json.Text(metadata, "generateName") is { Length: > 0 } prefix)
                {
                    metadata["name"] = (prefix.Length > 58 ? prefix[..58] : prefix) + NewSuffix();
                }

                resource.PrepareForCreate(context, json);
                var errors = new FieldErrors();
                resource.Validate(context, json, errors);
                string name = Json.Text(metadata, "name");
                if (errors.Any)
                {
                    throw errors.ToError(resource.Group, resource.IsCustom ? Json.Text(json, "kind") : resource.Kind, name);
                }

                Services.Allocate(context, json, null);
                Admission.Validate(this, context, json);
                if (Store.Get(resource.Store, context.Namespace, name) is { } taken)
                {
                    ApiError exists = ApiErrors.AlreadyExists(resource.Key, name);
                    if (Json.Has(metadata, "generateName"))
                    {
                        exists.Details!["retryAfterSeconds"] = 1L;
                        throw new ApiError(409, exists.Reason, exists.Message + ", the server was not able to generate a unique name for the object", exists.Details);
                    }

                    throw taken.View["metadata"]!["deletionTimestamp"] is null ? exists : new ApiError(409, exists.Reason, "object is being deleted: " + exists.Message, exists.Details);
                }

                if (ParseVersion(version) != 0)
                {
                    throw ApiErrors.Internal("resourceVersion should not be set on objects to be created");
                }

                json = Normalise(resource, json);
                if (context.DryRun)
                {
                    Undo(context);
                    return new WriteResult(json, null, true);
                }

                return new WriteResult(json, Store.Create(resource.Store, json), true);
            }
            catch (ApiError)
            {
                Undo(context);
                throw;
            }
        }
    }

    private static void Undo(WriteContext context)
    {
        foreach (Action rollback in context.Rollbacks)
        {
            rollback();
        }

        context.Rollbacks.Clear();
    }

    /// <summary>The form the object would have after a round through storage: built-in kinds print through their types once more.</summary>
    private static JsonObject Normalise(ResourceDefinition resource, JsonObject json)
    {
        JsonObject stored = resource.Decode(json, resource.StorageVersion, null);
        resource.Default(stored, resource.StorageVersion);
        return stored;
    }

    public static long ParseVersion(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong version))
        {
            throw ApiErrors.Internal("strconv.ParseUint: parsing " + GoText.Quote(text) + ": invalid syntax");
        }

        return (long)Math.Min(version, long.MaxValue);
    }

    /// <summary>Replaces or patches an object.</summary>
    public WriteResult Update(WriteContext context, string name, UpdateSource source)
    {
        ResourceDefinition resource = context.Resource;
        lock (Store.WriteLock)
        {
            StoredObject? stored = Store.Get(resource.Store, context.Namespace, name);
            if (stored is null)
            {
                return CreateByUpdate(context, name, source);
            }

            JsonObject old = stored.ToJson();
            JsonObject json = source.Whole ?? source.Make(resource.FromStorage(stored.ToJson(), context.Version));
            BodyRules.MatchName(json, name);
            BodyRules.MatchNamespace(context, json);
            BodyRules.DeduplicateOwners(context, json);
            JsonObject metadata = Json.Meta(json);
            string uid = Json.Text(metadata, "uid");
            if (source.IsPut && uid.Length > 0 && uid != stored.Uid)
            {
                throw ApiErrors.Conflict(resource.Key, name, $"StorageError: invalid object, Code: 4, Key: /registry/{StoragePath(resource)}/{stored.StoreKey}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Uid}");
            }

            string versionText = Json.Text(metadata, "resourceVersion");
            long version = ParseVersion(versionText);
            if (!source.IsApply)
            {
                FieldManager.TrackUpdate(this, context, resource.IsStoredForm(context.Version) ? old : resource.FromStorage(stored.ToJson(), context.Version), json);
            }

            Admission.Update(this, context, json, old);
            if (version == 0 && resource.NeedsVersion)
            {
                var errors = new FieldErrors();
                errors.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update");
                throw errors.ToError(resource.Group, resource.Plural, name);
            }

            if (version != 0 && version != stored.Revision)
            {
                throw ApiErrors.Modified(resource.Key, name);
            }

            json = resource.ToStorage(json, context.Version);
            return Replace(context, name, stored, old, json);
        }
    }

    private static string StoragePath(ResourceDefinition resource) => resource.Key switch
    {
        ("", "services") => "services/specs",
        ("", "endpoints") => "services/endpoints",
        ("", "nodes") => "minions",
        ("networking.k8s.io", "ingresses") => "ingress",
        ({ } group, { } plural) when resource.IsCustom => group + "/" + plural,
        var (_, plural) => plural,
    };

    private WriteResult CreateByUpdate(WriteContext context, string name, UpdateSource source)
    {
        ResourceDefinition resource = context.Resource;
        bool may = source.IsApply || (source.IsPut && resource.CreatesOnUpdate && context.Subresource is null);
        if (!may)
        {
            throw ApiErrors.NotFound(resource.Key, name);
        }

        JsonObject json = source.Make(null);
        BodyRules.MatchName(json, name);
        if (source.IsPut)
        {
            string uid = Json.Text(json, "metadata", "uid");
            if (uid.Length > 0)
            {
                throw ApiErrors.Conflict(resource.Key, name, $"StorageError: invalid object, Code: 4, Key: /registry/{StoragePath(resource)}/{StoredObject.Key(context.Namespace, name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: ");
            }

            Json.Meta(json).Remove("resourceVersion");
        }
        else if (Json.Text(json, "metadata", "uid") is { Length: > 0 } given)
        {
            throw ApiErrors.Conflict(resource.Key, name, $"uid mismatch: the provided object specified uid {given}, and no existing object was found");
        }

        return Create(context, json, source.IsApply);
    }

    private WriteResult Replace(WriteContext context, string name, StoredObject stored, JsonObject old, JsonObject json)
    {
        ResourceDefinition resource = context.Resource;
        JsonObject metadata = Json.Meta(json);
        JsonObject before = Json.Meta(old);
        if (Json.Text(metadata, "uid").Length == 0)
        {
            metadata["uid"] = stored.Uid;
        }

        metadata.Remove("selfLink");
        foreach (string kept in new[] { "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName" })
        {
            if (kept == "generateName" && before[kept] is null && metadata[kept] is not null)
            {
                continue;
            }

            if (before[kept] is { } value)
            {
                metadata[kept] = value.DeepClone();
            }
            else
            {
                metadata.Remove(kept);
            }
        }

        try
        {
            StrategyFor(context).Prepare(context, json, old);
            if (context.Subresource is null)
            {
                Services.Allocate(context, json, old);
            }

            var errors = new FieldErrors();
            StrategyFor(context).Validate(context, json, old, errors);
            if (errors.Any)
            {
                throw errors.ToError(resource.Group, resource.IsCustom ? Json.Text(json, "kind") : resource.Kind, name);
            }

            metadata["resourceVersion"] = stored.Revision.ToString(CultureInfo.InvariantCulture);
            json = Normalise(resource, json);
            if (FieldManager.IsSameIgnoringTimes(json, old))
            {
                Undo(context);
                return new WriteResult(stored.ToJson(), stored, false);
            }

            bool gone = metadata["deletionTimestamp"] is not null && Json.IsEmpty(metadata["finalizers"]) && (Json.Long(metadata, "deletionGracePeriodSeconds") ?? 0) == 0 && !StaysWithoutFinalizers(resource, json);
            if (context.DryRun)
            {
                Undo(context);
                return new WriteResult(json, null, false);
            }

            if (gone)
            {
                Store.Delete(resource.Store, stored);
                return new WriteResult(json, null, false);
            }

            return new WriteResult(json, Store.Update(resource.Store, stored, json), false);
        }
        catch (ApiError)
        {
            Undo(context);
            throw;
        }
    }

    /// <summary>Namespaces have finalizers of their own in the spec.</summary>
    private static bool StaysWithoutFinalizers(ResourceDefinition resource, JsonObject json) =>
        resource.Key == new ResourceKey("", "namespaces") && !Json.IsEmpty(Json.Get(json, "spec", "finalizers"));

    private static UpdateStrategy StrategyFor(WriteContext context) => context.Subresource switch
    {
        null => UpdateStrategy.Whole,
        "status" => UpdateStrategy.Status,
        _ => UpdateStrategy.Other,
    };

    /// <summary>Deletes or marks for deletion.</summary>
    public DeleteResult Delete(WriteContext context, string name, DeleteSettings settings)
    {
        ResourceDefinition resource = context.Resource;
        lock (Store.WriteLock)
        {
            StoredObject stored = Store.Get(resource.Store, context.Namespace, name) ?? throw ApiErrors.NotFound(resource.Key, name);
            Deletion.CheckPreconditions(resource, stored, name, settings);
            Admission.Delete(this, context, name);
            JsonObject json = stored.ToJson();
            bool marked = Deletion.Mark(this, context, json, settings, out bool now);
            if (now)
            {
                if (context.DryRun)
                {
                    return new DeleteResult(json, null, true);
                }

                if (marked && resource.Key is ("", "pods"))
                {
                    // A pod's grace period is written down before it goes, even when it is zero: watchers see both.
                    stored = Store.Update(resource.Store, stored, json);
                    json = stored.ToJson();
                }

                JsonObject shown = Deletion.LastState(resource, json, stored);
                Store.Delete(resource.Store, stored, (JsonObject)shown.DeepClone());
                return new DeleteResult(shown, null, true);
            }

            if (!marked)
            {
                return new DeleteResult(json, stored, false);
            }

            return new DeleteResult(json, context.DryRun ? null : Store.Update(resource.Store, stored, json), false);
        }
    }
}
