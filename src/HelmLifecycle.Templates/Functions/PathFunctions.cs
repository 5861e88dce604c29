using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// Sprig's functions on paths with slashes. Those that begin with os are for the paths of the machine that renders; they are the same here,
/// so that a chart gives the same text on every machine.
/// </summary>
internal static class PathFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        ..Pair("base", static p => Base(p)),
        ..Pair("dir", static p => Clean(p[..(p.LastIndexOf('/') + 1)])),
        ..Pair("clean", static p => Clean(p)),
        ..Pair("ext", static p => Extension(p)),
        ..Pair("isAbs", static p => p.StartsWith('/')),
    ];

    private static GoFunction[] Pair(string name, Func<string, GoValue> body) =>
    [
        new(name, GoParameters.String, (_, a) => body(a[0].AsString!)),
        new(string.Concat("os", char.ToUpperInvariant(name[0]).ToString(), name.AsSpan(1)), GoParameters.String,
            (_, a) => body(a[0].AsString!)),
    ];

    private static string Base(string path)
    {
        if (path.Length == 0)
            return ".";
        string trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    private static string Extension(string path)
    {
        int dot = path.AsSpan().LastIndexOfAny('.', '/');
        return dot >= 0 && path[dot] == '.' ? path[dot..] : "";
    }

    /// <summary>The shortest path that means the same: Go's <c>path.Clean</c>.</summary>
    internal static string Clean(string path)
    {
        if (path.Length == 0)
            return ".";
        bool rooted = path[0] == '/';
        var parts = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part.Length == 0 || part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (!rooted)
                parts.Add(part);
        }

        var text = new StringBuilder(rooted ? "/" : "").AppendJoin('/', parts);
        return text.Length == 0 ? "." : text.ToString();
    }
}
