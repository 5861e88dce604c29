namespace HelmLifecycle.Charts;

/// <summary>Reads the sources of values that are whole maps.</summary>
internal static class ValuesReader
{
    /// <summary>The map of a source, which nobody shares; null when the source is a <c>--set</c> expression.</summary>
    internal static async ValueTask<GoMap?> ReadMapAsync(ValuesSource source, CancellationToken cancellationToken)
    {
        switch (source)
        {
            case ValuesSource.MapSource map:
                return map.Values.DeepCopy();
            case ValuesSource.YamlSource yaml:
                return Parse(yaml.Text, yaml.Name);
            case ValuesSource.FileSource file:
                return Parse(await ValuesFile.ReadAsync(file.Path, cancellationToken).ConfigureAwait(false), ValuesFile.Shown(file.Path));
            default:
                return null;
        }
    }

    /// <summary>Reads a values file's text.</summary>
    internal static GoMap Parse(string text, string name)
    {
        try
        {
            return ValuesDocuments.Read(text);
        }
        catch (ValuesException e)
        {
            throw new ValuesException($"failed to parse {name}: {e.Message}", e);
        }
    }
}
