namespace HelmLifecycle.Charts;

/// <summary>Reads values by a path with dots, as Helm's <c>Table</c> and <c>PathValue</c> do.</summary>
internal static class ValuesPath
{
    /// <summary>The table at a path; null when something on the way is missing or no table.</summary>
    internal static GoMap? Table(GoMap values, string path)
    {
        GoMap table = values;
        foreach (string key in path.Split('.'))
        {
            if (!table.TryGetMap(key, out GoMap? next))
                return null;
            table = next;
        }

        return table;
    }

    /// <summary>The parts of a path as people write it: <c>a.b[0]</c>, with <c>\</c> before a character that is not to part anything.</summary>
    internal static IEnumerable<string> Split(string path)
    {
        var part = new System.Text.StringBuilder();
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c == '\\' && i + 1 < path.Length)
            {
                part.Append(path[++i]);
            }
            else if (c is '.' or '[' or ']')
            {
                if (part.Length > 0)
                    yield return part.ToString();
                part.Clear();
            }
            else
            {
                part.Append(c);
            }
        }

        if (part.Length > 0)
            yield return part.ToString();
    }

    /// <summary>The value at a path. False when there is none, or when it is a table.</summary>
    internal static bool TryGetValue(GoMap values, string path, out GoValue value)
    {
        value = default;
        int dot = path.LastIndexOf('.');
        GoMap? table = dot < 0 ? values : Table(values, path[..dot]);
        return table is not null && path.Length > 0 && table.TryGetValue(path[(dot + 1)..], out value) && value.AsMap is null;
    }
}
