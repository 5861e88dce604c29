using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// A set of field paths as a tree, as <c>fieldsV1</c> writes it. Keys are path elements in that notation: <c>f:name</c>, <c>k:{"name":"app"}</c>, <c>v:"item"</c>.
/// What the operations return may share subtrees with their operands: only a set just made by its holder is changed.
/// </summary>
internal sealed class FieldSet
{
    private SortedDictionary<string, FieldSet>? _children;

    /// <summary>Whether the path that leads here is itself in the set.</summary>
    public bool IsMember { get; set; }

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => HasChildren ? _children! : [];

    public bool HasChildren => _children is { Count: > 0 };

    public bool IsEmpty => !IsMember && !HasChildren;

    public FieldSet? Child(string element) => _children is not null && _children.TryGetValue(element, out FieldSet? child) ? child : null;

    public FieldSet Ensure(string element)
    {
        _children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal);
        if (!_children.TryGetValue(element, out FieldSet? child))
        {
            child = new FieldSet();
            _children[element] = child;
        }

        return child;
    }

    public void Remove(string element) => _children?.Remove(element);

    public static string Field(string name) => "f:" + name;

    public static FieldSet FromPath(params ReadOnlySpan<string> fields)
    {
        var root = new FieldSet();
        FieldSet at = root;
        foreach (string field in fields)
        {
            at = at.Ensure(Field(field));
        }

        at.IsMember = true;
        return root;
    }

    public FieldSet Clone()
    {
        var copy = new FieldSet { IsMember = IsMember };
        foreach ((string element, FieldSet child) in Children)
        {
            (copy._children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal))[element] = child.Clone();
        }

        return copy;
    }

    public FieldSet Union(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return IsEmpty ? other : this;
        }

        FieldSet result = Clone();
        result.Add(other);
        return result;
    }

    public void Add(FieldSet other)
    {
        IsMember |= other.IsMember;
        foreach ((string element, FieldSet child) in other.Children)
        {
            Ensure(element).Add(child);
        }
    }

    public FieldSet Intersection(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach ((string element, FieldSet child) in Children)
        {
            if (other.Child(element) is { } theirs && child.Intersection(theirs) is { IsEmpty: false } common)
            {
                (result._children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal))[element] = common;
            }
        }

        return result;
    }

    /// <summary>Without the paths of <paramref name="other"/>; what lies below them stays.</summary>
    public FieldSet Difference(FieldSet other)
    {
        if (other.IsEmpty)
        {
            return this;
        }

        var result = new FieldSet { IsMember = IsMember && !other.IsMember };
        foreach ((string element, FieldSet child) in Children)
        {
            FieldSet rest = other.Child(element) is { } theirs ? child.Difference(theirs) : child;
            if (!rest.IsEmpty)
            {
                (result._children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal))[element] = rest;
            }
        }

        return result;
    }

    /// <summary>Without the paths of <paramref name="other"/> and all below them.</summary>
    public FieldSet RecursiveDifference(FieldSet other)
    {
        if (other.IsMember)
        {
            return new FieldSet();
        }

        var result = new FieldSet { IsMember = IsMember };
        foreach ((string element, FieldSet child) in Children)
        {
            FieldSet rest = other.Child(element) is { } theirs ? child.RecursiveDifference(theirs) : child;
            if (!rest.IsEmpty)
            {
                (result._children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal))[element] = rest;
            }
        }

        return result;
    }

    public bool SetEquals(FieldSet other)
    {
        if (IsMember != other.IsMember || (_children?.Count ?? 0) != (other._children?.Count ?? 0))
        {
            return false;
        }

        return Children.All(c => other.Child(c.Key) is { } theirs && c.Value.SetEquals(theirs));
    }

    public static FieldSet Parse(JsonNode? fields) => Parse(fields as JsonObject, true, 0);

    private static FieldSet Parse(JsonObject? json, bool root, int depth)
    {
        var set = new FieldSet();
        if (json is null || depth > 64)
        {
            return set;
        }

        foreach ((string element, JsonNode? value) in json)
        {
            if (element == ".")
            {
                set.IsMember = true;
                continue;
            }

            FieldSet child = Parse(value as JsonObject, false, depth + 1);
            (set._children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal))[element] = child;
        }

        if (!root && !set.HasChildren)
        {
            set.IsMember = true;
        }

        return set;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && HasChildren)
        {
            json["."] = new JsonObject();
        }

        foreach ((string element, FieldSet child) in Children)
        {
            json[element] = child.ToJson();
        }

        return json;
    }

    /// <summary>All member paths in the notation of conflict messages: <c>.spec.containers[name="app"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember)
        {
            yield return prefix;
        }

        foreach ((string element, FieldSet child) in Children)
        {
            foreach (string path in child.Paths(prefix + Text(element)))
            {
                yield return path;
            }
        }
    }

    private static string Text(string element)
    {
        string rest = element[2..];
        switch (element[0])
        {
            case 'k' when GoJson.Parse(rest) is JsonObject keys:
                return "[" + string.Join(",", keys.Select(k => k.Key + "=" + Value(k.Value))) + "]";
            case 'v':
                return "[=" + rest + "]";
            case 'i':
                return "[" + rest + "]";
            default:
                return "." + rest;
        }
    }

    private static string Value(JsonNode? value) => value is null ? "null" : value.GetValueKind() == JsonValueKind.String ? GoText.Quote(value.GetValue<string>()) : value.ToJsonString();
}
