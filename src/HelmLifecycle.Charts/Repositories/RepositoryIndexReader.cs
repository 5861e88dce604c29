using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>Cuts an index into its charts without decoding them, where it has the shape that Helm writes; else decodes it whole.</summary>
internal static class RepositoryIndexReader
{
    public static RepositoryIndex Read(ReadOnlyMemory<byte> data, string source)
    {
        try
        {
            return Cut(data, source) ?? Whole(data, source);
        }
        catch (Exception e) when (e is YamlException or ChartException)
        {
            throw new RegistryException($"error loading {source}: {e.Message}", e);
        }
    }

    /// <returns>Null when the text has another shape than Helm's own.</returns>
    private static RepositoryIndex? Cut(ReadOnlyMemory<byte> data, string source)
    {
        var entries = new Dictionary<string, Func<IReadOnlyList<ChartVersion>>>(StringComparer.Ordinal);
        ReadOnlySpan<byte> text = data.Span;
        DateTimeOffset? generated = null;
        bool inside = false, seen = false, versioned = false;
        string? name = null;
        int start = 0, position = 0;

        void Close(int end)
        {
            if (name is null)
                return;
            ReadOnlyMemory<byte> part = data[start..end];
            string chart = name;
            entries[chart] = () => Decode(part, chart, source);
            name = null;
        }

        while (position < text.Length)
        {
            int length = text[position..].IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? text[position..] : text.Slice(position, length);
            int next = length < 0 ? text.Length : position + length + 1;
            if (line.Length > 0 && line[^1] == '\r')
                line = line[..^1];
            // An alias may point out of its chart, so such an index cannot be cut.
            if (line.IndexOf(": *"u8) >= 0 || line.IndexOf("- *"u8) >= 0 || line.IndexOf((byte)'\t') == 0)
                return null;
            if (line.Length > 0 && line[0] is not ((byte)' ' or (byte)'#'))
            {
                Close(position);
                inside = false;
                if (line.SequenceEqual("entries:"u8))
                {
                    if (seen)
                        return null;
                    inside = seen = true;
                }
                else if (line.StartsWith("generated: "u8))
                {
                    generated = ParseTime(Encoding.UTF8.GetString(line[11..]).Trim('"', '\''));
                }
                else if (line.StartsWith("apiVersion: "u8))
                {
                    versioned = true;
                }
                else if (!line.StartsWith("serverInfo:"u8) && !line.SequenceEqual("---"u8))
                {
                    return null;
                }
            }
            else if (inside && line.Length > 2 && line[1] == ' ' && line[2] is not ((byte)' ' or (byte)'-' or (byte)'#'))
            {
                Close(position);
                if (line[^1] != ':' || Name(line[2..^1]) is not { } key)
                    return null;
                name = key;
                start = next;
            }
            else if (inside && name is null && !line.Trim((byte)' ').IsEmpty && line.TrimStart((byte)' ')[0] != '#')
            {
                return null;
            }

            position = next;
        }

        Close(text.Length);
        return seen && versioned ? new RepositoryIndex(entries, generated) : null;
    }

    private static string? Name(ReadOnlySpan<byte> key)
    {
        if (key.Length > 2 && key[0] is (byte)'"' or (byte)'\'' && key[^1] == key[0])
            key = key[1..^1];
        foreach (byte b in key)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_' or (byte)'.'))
                return null;
        }

        return key.IsEmpty ? null : Encoding.ASCII.GetString(key);
    }

    private static IReadOnlyList<ChartVersion> Decode(ReadOnlyMemory<byte> part, string name, string source)
    {
        try
        {
            return Versions(HelmYaml.ReadJson(Encoding.UTF8.GetString(part.Span)), name);
        }
        catch (Exception e) when (e is YamlException or ChartException)
        {
            throw new RegistryException($"error loading {source}: entry {name}: {e.Message}", e);
        }
    }

    private static RepositoryIndex Whole(ReadOnlyMemory<byte> data, string source)
    {
        if (HelmYaml.ReadJson(Encoding.UTF8.GetString(data.Span)) is not JsonObject index)
            throw new RegistryException($"error loading {source}: it is no index");
        if (Text(index["apiVersion"]) is not { Length: > 0 })
            throw new RegistryException($"error loading {source}: no API version specified");
        var entries = new Dictionary<string, Func<IReadOnlyList<ChartVersion>>>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in index["entries"] as JsonObject ?? [])
        {
            entries[name] = () =>
            {
                try
                {
                    return Versions(value, name);
                }
                catch (ChartException e)
                {
                    throw new RegistryException($"error loading {source}: entry {name}: {e.Message}", e);
                }
            };
        }

        return new RepositoryIndex(entries, Text(index["generated"]) is { } text ? ParseTime(text) : null);
    }

    private static List<ChartVersion> Versions(JsonNode? value, string name)
    {
        var versions = new List<ChartVersion>();
        foreach (JsonNode? item in value as JsonArray ?? [])
        {
            // As Helm does, an entry that is empty or has no valid version is left out.
            if (item is not JsonObject entry)
                continue;
            ChartMetadata metadata = ChartMetadata.FromJson(entry);
            if (string.IsNullOrEmpty(metadata.Name))
                metadata = metadata with { Name = name };
            if (!SemanticVersion.TryParse(metadata.Version, out _))
                continue;
            versions.Add(new ChartVersion
            {
                Metadata = metadata,
                Urls = [.. (entry["urls"] as JsonArray ?? []).Select(u => Text(u) ?? "")],
                Created = Text(entry["created"]) is { } created ? ParseTime(created) : null,
                Digest = Text(entry["digest"]) is { Length: > 0 } digest ? digest : null,
                Removed = entry["removed"]?.GetValueKind() == System.Text.Json.JsonValueKind.True,
            });
        }

        return Sort(versions);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string?)node : null;

    public static List<ChartVersion> Sort(IEnumerable<ChartVersion> versions) =>
        [.. versions.Select(v => (Entry: v, Version: SemanticVersion.Parse(v.Metadata.Version))).OrderByDescending(v => v.Version).Select(v => v.Entry)];

    public static JsonObject Entry(ChartVersion version)
    {
        JsonObject entry = version.Metadata.ToJson();
        if (version.Created is { } created)
            entry["created"] = Time(created);
        if (version.Digest is not null)
            entry["digest"] = version.Digest;
        if (version.Removed)
            entry["removed"] = true;
        entry["urls"] = new JsonArray([.. version.Urls.Select(u => (JsonNode)u)]);
        return entry;
    }

    public static string Time(DateTimeOffset time)
    {
        string text = time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        return text + (time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));
    }

    private static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
