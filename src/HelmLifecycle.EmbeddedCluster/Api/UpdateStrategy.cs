using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What a write to the object, to its status, or to another subresource may change.</summary>
internal abstract class UpdateStrategy
{
    public static readonly UpdateStrategy Whole = new WholeStrategy();
    public static readonly UpdateStrategy Status = new StatusStrategy();
    public static readonly UpdateStrategy Other = new OtherStrategy();

    public abstract void Prepare(WriteContext context, JsonObject json, JsonObject old);

    public abstract void Validate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors);

    private sealed class WholeStrategy : UpdateStrategy
    {
        public override void Prepare(WriteContext context, JsonObject json, JsonObject old) => context.Resource.PrepareForUpdate(context, json, old);

        public override void Validate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors) => context.Resource.ValidateUpdate(context, json, old, errors);
    }

    private sealed class StatusStrategy : UpdateStrategy
    {
        public override void Prepare(WriteContext context, JsonObject json, JsonObject old)
        {
            foreach (string name in json.Select(p => p.Key).Union(old.Select(p => p.Key)).ToArray())
            {
                if (name is "metadata" or "status" or "kind" or "apiVersion")
                {
                    continue;
                }

                if (old[name] is { } value)
                {
                    json[name] = value.DeepClone();
                }
                else
                {
                    json.Remove(name);
                }
            }

            JsonObject metadata = Json.Meta(json);
            if (context.Resource.IsCustom)
            {
                // Custom resources take nothing but status here; who owns it is still noted.
                JsonObject kept = (JsonObject)Json.Meta(old).DeepClone();
                kept["resourceVersion"] = metadata["resourceVersion"]?.DeepClone();
                kept["uid"] = metadata["uid"]?.DeepClone();
                kept["name"] = metadata["name"]?.DeepClone();
                Copy(metadata, kept, "managedFields");
                json["metadata"] = kept;
                context.Resource.PrepareForUpdate(context, json, old);
            }
            else if (context.Resource.Key is ("apps", "deployments"))
            {
                Copy(Json.Meta(old), metadata, "labels");
            }
        }

        private static void Copy(JsonObject from, JsonObject to, string name)
        {
            if (from[name] is { } value)
            {
                to[name] = value.DeepClone();
            }
            else
            {
                to.Remove(name);
            }
        }

        public override void Validate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
        {
            MetadataRules.CheckUpdate(json, old, errors);
            StatusRules.Check(context, json, old, errors);
        }
    }

    /// <summary>Scale, ephemeral containers, finalize: their handlers have made the right object already.</summary>
    private sealed class OtherStrategy : UpdateStrategy
    {
        public override void Prepare(WriteContext context, JsonObject json, JsonObject old)
        {
            if (context.Subresource == "scale" || context.Resource.IsCustom)
            {
                context.Resource.PrepareForUpdate(context, json, old);
            }
        }

        public override void Validate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
        {
            if (context.Resource.IsCustom)
            {
                context.Resource.ValidateUpdate(context, json, old, errors);
            }
            else
            {
                MetadataRules.CheckUpdate(json, old, errors);
            }
        }
    }
}
