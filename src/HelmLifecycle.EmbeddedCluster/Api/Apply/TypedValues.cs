using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What differs between two objects, as field sets.</summary>
internal sealed record Comparison(FieldSet Added, FieldSet Modified, FieldSet Removed);

/// <summary>Structured merge: walks objects along their schema, where lists merge by keys or are owned as one.</summary>
internal static partial class TypedValues
{
    private static readonly FieldType s_deduced = new() { Kind = FieldKind.Any, GoName = "" };

    /// <summary>The type of a struct's field, of a map's value, or a deduced one.</summary>
    private static FieldType ChildType(FieldType type, string name) => type.Kind switch
    {
        FieldKind.Struct => type.Struct!.Field(name)?.Type ?? s_deduced,
        FieldKind.Map => type.Element!,
        _ => s_deduced,
    };

    private static bool IsDeclared(FieldType type, string name) => type.Kind == FieldKind.Struct && type.Struct!.Field(name) is not null;

    /// <summary>Whether a value is walked into: a struct or map that is not atomic. Values without schema merge as maps.</summary>
    private static bool IsGranularMap(FieldType type, JsonNode? value) => type.Kind switch
    {
        FieldKind.Struct or FieldKind.Map => !type.IsAtomic && value is JsonObject or null,
        FieldKind.Any => value is JsonObject,
        _ => false,
    };

    private static bool IsGranularList(FieldType type) => type.Kind == FieldKind.List && !type.IsAtomic;

    /// <summary>The path element of a list's item.</summary>
    public static string Element(FieldType list, JsonNode? item)
    {
        if (list.IsSet)
        {
            return "v:" + (item?.ToJsonString() ?? "null");
        }

        var keys = new JsonObject();
        foreach (string key in list.ListKeys.Order(StringComparer.Ordinal))
        {
            JsonNode? value = Json.Get(item, key);
            if (value is null && key == "protocol")
            {
                value = "TCP"; // the schema's default for this key
            }

            keys[key] = value?.DeepClone();
        }

        return "k:" + keys.ToJsonString();
    }

    /// <summary>All fields of an object.</summary>
    public static FieldSet ToSet(JsonObject json, FieldType type)
    {
        var set = new FieldSet();
        CollectMap(json, type, set);
        return set;
    }

    private static void Collect(JsonNode? value, FieldType type, FieldSet set)
    {
        if (value is JsonObject map && IsGranularMap(type, value))
        {
            CollectMap(map, type, set);
        }
        else if (value is JsonArray list && IsGranularList(type))
        {
            foreach (JsonNode? item in list)
            {
                FieldSet child = set.Ensure(Element(type, item));
                Collect(item, type.Element!, child);
                child.IsMember = true;
            }
        }
        else if (value is not null || !IsGranularList(type))
        {
            set.IsMember = true;
        }
    }

    private static void CollectMap(JsonObject map, FieldType type, FieldSet set)
    {
        foreach ((string name, JsonNode? value) in map)
        {
            FieldSet child = set.Ensure(FieldSet.Field(name));
            Collect(value, ChildType(type, name), child);
            if (value is null || value is JsonObject { Count: 0 } || !IsDeclared(type, name))
            {
                child.IsMember = true;
            }

            if (child.IsEmpty)
            {
                set.Remove(FieldSet.Field(name));
            }
        }
    }

    /// <summary>The live object with the applied configuration on top. Shares nothing with its arguments.</summary>
    public static JsonObject Merge(JsonObject live, JsonObject config, FieldType type) => MergeMaps(live, config, type);

    private static JsonObject MergeMaps(JsonObject live, JsonObject config, FieldType type)
    {
        var result = new JsonObject();
        foreach ((string name, JsonNode? value) in live)
        {
            result[name] = config.TryGetPropertyValue(name, out JsonNode? applied) ? MergeValues(value, applied, ChildType(type, name)) : value?.DeepClone();
        }

        foreach ((string name, JsonNode? value) in config)
        {
            if (!live.ContainsKey(name))
            {
                result[name] = value?.DeepClone();
            }
        }

        return result;
    }

    private static JsonNode? MergeValues(JsonNode? live, JsonNode? config, FieldType type)
    {
        if (live is JsonObject left && config is JsonObject right && IsGranularMap(type, live))
        {
            return MergeMaps(left, right, type);
        }

        if (live is JsonArray leftList && config is JsonArray rightList && IsGranularList(type))
        {
            return MergeLists(leftList, rightList, type);
        }

        return config?.DeepClone();
    }

    /// <summary>Items of both sides, each side's order kept as far as the other allows.</summary>
    private static JsonArray MergeLists(JsonArray live, JsonArray config, FieldType type)
    {
        string[] leftOrder = [.. live.Select(i => Element(type, i))];
        string[] rightOrder = [.. config.Select(i => Element(type, i))];
        Dictionary<string, JsonNode?> left = Index(live, type);
        var inRight = rightOrder.ToHashSet(StringComparer.Ordinal);
        Queue<string> shared = new(rightOrder.Where(left.ContainsKey));
        var merged = new HashSet<string>(StringComparer.Ordinal);
        var result = new JsonArray();
        int l = 0, r = 0;
        while (l < leftOrder.Length || r < rightOrder.Length)
        {
            if (l < leftOrder.Length && r < rightOrder.Length)
            {
                string element = leftOrder[l];
                if (element == rightOrder[r])
                {
                    merged.Add(element);
                    result.Add(MergeValues(live[l], config[r], type.Element!));
                    l++;
                    r++;
                    Advance(shared, element);
                    continue;
                }

                if (inRight.Contains(element) && shared.TryPeek(out string? next) && next != element)
                {
                    l++; // shared, but its turn comes later
                    continue;
                }
            }

            if (l < leftOrder.Length)
            {
                string element = leftOrder[l];
                if (!inRight.Contains(element))
                {
                    result.Add(live[l]?.DeepClone());
                    l++;
                    continue;
                }

                if (merged.Contains(element))
                {
                    l++;
                }
            }

            if (r < rightOrder.Length)
            {
                string element = rightOrder[r];
                merged.Add(element);
                result.Add(left.TryGetValue(element, out JsonNode? mine) ? MergeValues(mine, config[r], type.Element!) : config[r]?.DeepClone());
                r++;
                Advance(shared, element);
            }
        }

        return result;
    }

    private static void Advance(Queue<string> shared, string element)
    {
        if (shared.TryPeek(out string? next) && next == element)
        {
            shared.Dequeue();
        }
    }

    /// <summary>Takes out of <paramref name="json"/> what was applied last time (<paramref name="last"/>) and nobody owns now.</summary>
    public static void RemoveUnowned(JsonObject json, FieldSet last, FieldSet owned, FieldType type)
    {
        foreach ((string element, FieldSet child) in last.Children)
        {
            string name = element[2..];
            if (!json.TryGetPropertyValue(name, out JsonNode? value))
            {
                continue;
            }

            FieldSet? owners = owned.Child(element);
            // A declared field goes with all that is in it, defaults too, when nobody owns anything there any more.
            if (owners is null && (child.IsMember || IsDeclared(type, name)))
            {
                json.Remove(name);
                continue;
            }

            FieldType childType = ChildType(type, name);
            switch (value)
            {
                case JsonObject { Count: > 0 } map when child.HasChildren && IsGranularMap(childType, map):
                    RemoveUnowned(map, child, owners ?? new FieldSet(), childType);
                    if (map.Count == 0 && owners is null)
                    {
                        json.Remove(name);
                    }

                    break;
                case JsonArray list when child.HasChildren && IsGranularList(childType):
                    RemoveItems(list, child, owners ?? new FieldSet(), childType);
                    if (list.Count == 0 && owners is null)
                    {
                        json.Remove(name);
                    }

                    break;
            }
        }
    }

    private static void RemoveItems(JsonArray list, FieldSet last, FieldSet owned, FieldType type)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            string element = Element(type, list[i]);
            if (last.Child(element) is not { } child)
            {
                continue;
            }

            FieldSet? owners = owned.Child(element);
            if (child.IsMember && owners is null)
            {
                list.RemoveAt(i);
            }
            else if (list[i] is JsonObject item && child.HasChildren)
            {
                RemoveUnowned(item, child, owners ?? new FieldSet(), type.Element!);
            }
        }
    }

    /// <summary>Errors of an applied configuration against the schema, in the words of structured merge.</summary>
    public static void Validate(JsonNode? value, FieldType type, string path, List<string> errors)
    {
        if (value is null)
        {
            return;
        }

        switch (type.Kind)
        {
            case FieldKind.Struct:
                if (value is not JsonObject json)
                {
                    errors.Add(path + ": expected map, got " + Describe(value));
                    return;
                }

                foreach ((string name, JsonNode? item) in json)
                {
                    if (type.Struct!.Field(name) is { } field)
                    {
                        Validate(item, field.Type, path + "." + name, errors);
                    }
                    else if (!type.Struct!.AllowsUnknown)
                    {
                        // The walk of a map ends at its first unknown key.
                        errors.Add(path + "." + name + ": field not declared in schema");
                        return;
                    }
                }

                break;
            case FieldKind.Map:
                if (value is not JsonObject map)
                {
                    errors.Add(path + ": expected map, got " + Describe(value));
                    return;
                }

                foreach ((string name, JsonNode? item) in map)
                {
                    Validate(item, type.Element!, path + "." + name, errors);
                }

                break;
            case FieldKind.List:
                ValidateList(value, type, path, errors);
                break;
            case FieldKind.String or FieldKind.Bytes or FieldKind.Time or FieldKind.MicroTime:
                if (value.GetValueKind() != JsonValueKind.String)
                {
                    errors.Add(path + ": expected string, got &value.valueUnstructured{Value:" + GoValue(value) + "}");
                }

                break;
            case FieldKind.Int32 or FieldKind.Int64 or FieldKind.Float:
                if (value.GetValueKind() != JsonValueKind.Number)
                {
                    errors.Add(path + ": expected numeric (int or float), got " + GoTypeName(value));
                }

                break;
            case FieldKind.Bool:
                if (value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                {
                    errors.Add(path + ": expected boolean, got " + Describe(value));
                }

                break;
        }
    }

    private static void ValidateList(JsonNode value, FieldType type, string path, List<string> errors)
    {
        if (value is not JsonArray list)
        {
            errors.Add(path + ": expected list, got " + Describe(value));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < list.Count; i++)
        {
            string at = path + "[" + Json.Number(i) + "]";
            if (!type.IsAtomic)
            {
                if (type.ListKeys.Count > 0)
                {
                    if (list[i] is not JsonObject)
                    {
                        errors.Add(path + ": element " + Json.Number(i) + ": associative list with keys may not have non-map elements");
                        continue;
                    }

                    string[] missing = [.. type.ListKeys.Where(k => k != "protocol" && Json.Get(list[i], k) is null)];
                    if (missing.Length > 0)
                    {
                        errors.Add(path + ": element " + Json.Number(i) + ": associative list with keys has an element that omits key field " + GoText.Quote(missing[0]) + " (and doesn't have default value)");
                        continue;
                    }
                }

                string element = Element(type, list[i]);
                if (!seen.Add(element))
                {
                    var one = new FieldSet();
                    one.Ensure(element).IsMember = true;
                    errors.Add(path + ": duplicate entries for key " + one.Paths().First());
                }

                at = path + new Func<string>(() =>
                {
                    var one = new FieldSet();
                    one.Ensure(element).IsMember = true;
                    return one.Paths().First();
                })();
            }

            Validate(list[i], type.Element!, at, errors);
        }
    }

    // %v of Go for a pointer to the struct that holds the value.
    private static string Describe(JsonNode value) => "&{" + GoText.Plain(value) + "}";

    private static string GoTypeName(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        _ => "bool",
    };

    private static string GoValue(JsonNode? value) => value switch
    {
        null => "interface {}(nil)",
        JsonObject map => "map[string]interface {}{" + string.Join(", ", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => GoText.Quote(p.Key) + ":" + GoValue(p.Value))) + "}",
        JsonArray list => "[]interface {}{" + string.Join(", ", list.Select(GoValue)) + "}",
        _ when value.GetValueKind() == JsonValueKind.String => GoText.Quote(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };
}
