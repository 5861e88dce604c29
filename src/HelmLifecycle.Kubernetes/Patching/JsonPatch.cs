using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// JSON patches (RFC 6902), with the deviations of the library that Kubernetes uses: <c>replace</c> of a missing key adds it, and
/// negative indexes count from the end. Arguments are never changed.
/// </summary>
public static class JsonPatch
{
    /// <summary>Applies the operations in order.</summary>
    /// <param name="target">The document.</param>
    /// <param name="operations">The operations.</param>
    /// <exception cref="PatchException">An operation is malformed, its path is missing, or a test failed.</exception>
    public static JsonNode? Apply(JsonNode? target, JsonArray operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        object? document = PlainJson.From(target);
        foreach (JsonNode? node in operations)
        {
            if (node is not JsonObject operation) throw new PatchException("an operation must be an object");
            string op = KubernetesObject.Text(operation, "op") ?? throw new PatchException("operation without op");
            string[] path = Pointer(operation, "path", op);
            switch (op)
            {
                case "add": Add(ref document, path, Value(operation, op), op); break;
                case "replace": Replace(ref document, path, Value(operation, op)); break;
                case "remove": Take(ref document, path, op); break;
                case "move": Add(ref document, path, Take(ref document, Pointer(operation, "from", op), op), op); break;
                case "copy":
                    object? copy = PlainJson.From(PlainJson.To(Get(document, Pointer(operation, "from", op), op)));
                    Add(ref document, path, copy, op);
                    break;
                case "test":
                    if (!PlainJson.DeepEquals(Get(document, path, op), Value(operation, op)))
                        throw new PatchException($"testing value {Text(path)} failed: test failed");
                    break;
                default: throw new PatchException("Unexpected kind: " + op);
            }
        }
        return PlainJson.To(document);
    }

    /// <summary>Operations that turn one document into another; lists of different length are replaced whole.</summary>
    /// <param name="from">The document before.</param>
    /// <param name="to">The document after.</param>
    public static JsonArray Create(JsonNode? from, JsonNode? to)
    {
        var operations = new JsonArray();
        Compare(PlainJson.From(from), PlainJson.From(to), "", operations);
        return operations;
    }

    private static void Compare(object? from, object? to, string path, JsonArray operations)
    {
        if (PlainJson.DeepEquals(from, to)) return;
        if (from is PlainMap x && to is PlainMap y)
        {
            foreach (string key in x.Keys)
                if (!y.ContainsKey(key)) operations.Add(Operation("remove", path + "/" + Escape(key)));
            foreach ((string key, object? after) in y)
            {
                string inner = path + "/" + Escape(key);
                if (x.TryGetValue(key, out object? before)) Compare(before, after, inner, operations);
                else operations.Add(Operation("add", inner, after));
            }
        }
        else if (from is List<object?> a && to is List<object?> b && a.Count == b.Count)
            for (int i = 0; i < a.Count; i++) Compare(a[i], b[i], $"{path}/{i}", operations);
        else operations.Add(Operation("replace", path, to));
    }

    private static JsonNode Operation(string op, string path) => new JsonObject { ["op"] = op, ["path"] = path };

    private static JsonNode Operation(string op, string path, object? value) =>
        new JsonObject { ["op"] = op, ["path"] = path, ["value"] = PlainJson.To(value) };

    private static string Escape(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Unescape(string part) =>
        part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static string Text(string[] path) => string.Concat(path.Select(part => "/" + Escape(part)));

    private static object? Value(JsonObject operation, string op) => operation.TryGetPropertyValue("value", out JsonNode? value)
        ? PlainJson.From(value)
        : throw new PatchException($"{op} operation without value");

    private static string[] Pointer(JsonObject operation, string member, string op)
    {
        string text = KubernetesObject.Text(operation, member) ?? throw new PatchException($"{op} operation does not apply: doc is missing {member}");
        if (text.Length == 0) return [];
        if (text[0] != '/') throw new PatchException($"{op} operation does not apply: doc is missing path: \"{text}\"");
        return [.. text[1..].Split('/').Select(Unescape)];
    }

    private static object? Get(object? document, string[] path, string op)
    {
        object? at = document;
        foreach (string part in path)
            at = at switch
            {
                PlainMap map when map.TryGetValue(part, out object? value) => value,
                List<object?> list => list[Index(list, part, op, path, forInsertion: false)],
                _ => throw Missing(op, path),
            };
        return at;
    }

    private static void Add(ref object? document, string[] path, object? value, string op)
    {
        if (path.Length == 0)
        {
            document = value;
            return;
        }
        switch (Get(document, path[..^1], op))
        {
            case PlainMap map: map[path[^1]] = value; break;
            case List<object?> list when path[^1] == "-": list.Add(value); break;
            case List<object?> list: list.Insert(Index(list, path[^1], op, path, forInsertion: true), value); break;
            default: throw Missing(op, path);
        }
    }

    private static void Replace(ref object? document, string[] path, object? value)
    {
        if (path.Length == 0)
        {
            document = value;
            return;
        }
        switch (Get(document, path[..^1], "replace"))
        {
            case PlainMap map: map[path[^1]] = value; break;
            case List<object?> list: list[Index(list, path[^1], "replace", path, forInsertion: false)] = value; break;
            default: throw Missing("replace", path);
        }
    }

    private static object? Take(ref object? document, string[] path, string op)
    {
        if (path.Length == 0) throw Missing(op, path);
        switch (Get(document, path[..^1], op))
        {
            case PlainMap map when map.Remove(path[^1], out object? value): return value;
            case List<object?> list:
                int index = Index(list, path[^1], op, path, forInsertion: false);
                object? item = list[index];
                list.RemoveAt(index);
                return item;
            default: throw Missing(op, path);
        }
    }

    private static int Index(List<object?> list, string part, string op, string[] path, bool forInsertion)
    {
        int limit = forInsertion ? list.Count + 1 : list.Count;
        if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)) throw Missing(op, path);
        if (index < 0) index += limit;
        return index >= 0 && index < limit
            ? index
            : throw new PatchException($"{op} operation does not apply: doc is missing path: {Text(path)}: invalid index referenced");
    }

    private static PatchException Missing(string op, string[] path) =>
        new($"{op} operation does not apply: doc is missing path: {Text(path)}: missing value");
}
