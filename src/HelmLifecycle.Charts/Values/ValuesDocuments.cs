namespace HelmLifecycle.Charts;

/// <summary>Reads values files: one or more YAML documents, later ones winning.</summary>
internal static class ValuesDocuments
{
    /// <exception cref="ValuesException">A document is no YAML map; the message is Helm's.</exception>
    internal static GoMap Read(string text)
    {
        GoMap values = [];
        foreach (YamlDocument document in HelmYaml.SplitDocuments(text))
        {
            try
            {
                GoMap map = HelmYaml.ReadMap(document.Text);
                values = values.Count == 0 ? map : Merge(values, map);
            }
            catch (YamlException e)
            {
                throw new ValuesException($"cannot unmarshal yaml document: {e.Message}", e);
            }
        }

        return values;
    }

    /// <summary>Merges a map into another, which is changed: maps by key, all else replaced.</summary>
    internal static GoMap Merge(GoMap into, GoMap from)
    {
        foreach ((string key, GoValue value) in from)
        {
            if (value.AsMap is { } table && into[key].AsMap is { } existing)
                Merge(existing, table);
            else
                into[key] = value;
        }

        return into;
    }
}
