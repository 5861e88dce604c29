using System.Collections.Frozen;

namespace HelmLifecycle.Kubernetes;

/// <summary>How one field is patched.</summary>
/// <param name="Type">The type of the value, or of a list's elements; null for opaque.</param>
/// <param name="Merge">A list that is merged, not replaced.</param>
/// <param name="Key">The merge key; empty for a list of scalars.</param>
/// <param name="RetainKeys">A <c>$retainKeys</c> directive is sent along.</param>
/// <param name="Replace">An object that is replaced, not merged.</param>
internal sealed record PatchField(PatchSchema? Type, bool Merge, string Key, bool RetainKeys, bool Replace)
{
    public static readonly PatchField Plain = new(null, false, "", false, false);
}

/// <summary>A type of the table <see cref="BuiltInPatchTypes"/>, with its fields.</summary>
internal sealed class PatchSchema
{
    private static readonly FrozenDictionary<string, PatchSchema> Types = ReadTypes();
    private static readonly FrozenDictionary<(string Group, string Kind), string> Kinds = ReadKinds();

    private readonly Dictionary<string, PatchField> _fields = new(StringComparer.Ordinal);

    /// <summary>The schema of a kind; null if it is not built in.</summary>
    public static PatchSchema? Find(GroupVersionKind gvk)
    {
        if (!Kinds.TryGetValue((gvk.Group, gvk.Kind), out string? type)) return null;
        return Types.GetValueOrDefault($"{gvk.Version}/{type}") ?? Types[type];
    }

    /// <summary>The strategy of a field; a field that the table does not name has none.</summary>
    public static PatchField Field(PatchSchema? type, string name) => type?._fields.GetValueOrDefault(name) ?? PatchField.Plain;

    private static FrozenDictionary<(string, string), string> ReadKinds()
    {
        var kinds = new Dictionary<(string, string), string>();
        foreach (string[] words in Rows(BuiltInPatchTypes.Kinds))
            foreach (string word in words.Skip(1))
            {
                string[] pair = word.Split('=');
                kinds.Add((words[0] == "core" ? "" : words[0], pair[0]), pair[^1]);
            }
        return kinds.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, PatchSchema> ReadTypes()
    {
        var types = new Dictionary<string, PatchSchema>(StringComparer.Ordinal);
        List<string[]> rows = [.. Rows(BuiltInPatchTypes.Types)];
        foreach (string[] row in rows) types.TryAdd(row[0], new PatchSchema());
        foreach (string[] row in rows)
            foreach (string word in row.Skip(1))
            {
                int colon = word.IndexOf(':', StringComparison.Ordinal);
                types[row[0]]._fields.Add(word[..colon], ReadField(word[(colon + 1)..], types));
            }
        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static PatchField ReadField(string text, Dictionary<string, PatchSchema> types)
    {
        int mark = text.IndexOfAny(['[', '(']);
        string name = mark < 0 ? text : text[..mark];
        string[] strategy = mark < 0 ? [] : text[(mark + 1)..^1].Split(',');
        bool merge = mark >= 0 && text[mark] == '[';
        return new PatchField(
            name.Length == 0 ? null : types[name], merge, merge ? strategy[0] : "", strategy.Contains("retainKeys"), strategy.Contains("replace"));
    }

    private const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private static IEnumerable<string[]> Rows(string table) => table.Split('\n', Clean).Select(line => line.Split(' ', Clean));
}
