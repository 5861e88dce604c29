using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Charts;

/// <summary>A chart of an index, not decoded yet.</summary>
/// <param name="Decode">Decodes all versions, newest first.</param>
/// <param name="DecodeNewest">Decodes the newest alone, or gives null when that cannot be told; null where it would save nothing.</param>
internal sealed record IndexedChart(Func<IReadOnlyList<ChartVersion>> Decode, Func<ChartVersion?>? DecodeNewest);

/// <summary>Cuts an index into its charts without decoding them, where it has the shape that Helm writes; else decodes it whole.</summary>
internal static class RepositoryIndexReader
{
    public static RepositoryIndex Read(ReadOnlyMemory<byte> data, string source)
    {
        try
        {
            return Json(data, source) ?? Cut(data, source) ?? Whole(data, source);
        }
        catch (Exception e) when (e is YamlException or ChartException)
        {
            throw new RegistryException($"error loading {source}: {e.Message}", e);
        }
    }

    /// <returns>Null when the text has another shape than Helm's own.</returns>
    private static RepositoryIndex? Cut(ReadOnlyMemory<byte> data, string source)
    {
        var entries = new Dictionary<string, IndexedChart>(StringComparer.Ordinal);
        ReadOnlySpan<byte> text = data.Span;
        DateTimeOffset? generated = null;
        bool inside = false, seen = false, versioned = false, aliased = false, anchored = false;
        string? name = null;
        int start = 0, position = 0;

        void Close(int end)
        {
            if (name is null)
                return;
            ReadOnlyMemory<byte> part = data[start..end];
            string chart = name;
            entries[chart] = new IndexedChart(() => Decode(part, chart, source), () => NewestIn(part) is { } one && Decode(one, chart, source) is [var newest] ? newest : null);
            name = null;
        }

        while (position < text.Length)
        {
            int length = text[position..].IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? text[position..] : text.Slice(position, length);
            int next = length < 0 ? text.Length : position + length + 1;
            if (line.Length > 0 && line[^1] == '\r')
                line = line[..^1];
            if (line.IndexOf((byte)'\t') == 0)
                return null;
            // An alias may point out of its chart, so such an index cannot be cut; what only looks like one, in a description, has no anchor.
            aliased |= line.IndexOf(": *"u8) >= 0 || line.IndexOf("- *"u8) >= 0;
            anchored |= line.IndexOf(": &"u8) >= 0 || line.IndexOf("- &"u8) >= 0;
            if (aliased && anchored)
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

    private static IReadOnlyList<ChartVersion> Decode(ReadOnlyMemory<byte> part, string name, string source) =>
        Entries(() => HelmYaml.ReadJson(Encoding.UTF8.GetString(part.Span)), name, source);

    private static IReadOnlyList<ChartVersion> Entries(Func<JsonNode?> read, string name, string source)
    {
        try
        {
            return Versions(read(), name);
        }
        // ArgumentException: JSON with a key twice.
        catch (Exception e) when (e is YamlException or ChartException or ArgumentException)
        {
            throw new RegistryException($"error loading {source}: entry {name}: {e.Message}", e);
        }
    }

    /// <summary>Finds the newest of a chart's versions by their <c>version:</c> lines, so that only this one need be decoded.</summary>
    /// <returns>Its lines; null when an entry is written in a way that hides its version.</returns>
    private static ReadOnlyMemory<byte>? NewestIn(ReadOnlyMemory<byte> part)
    {
        ReadOnlySpan<byte> text = part.Span;
        int indent = text.IndexOf((byte)'-');
        if (indent < 0)
            return null;
        SemanticVersion? newest = null, version = null;
        (int Start, int End) best = default;
        int start = -1, position = 0;

        bool Close(int end)
        {
            if (start < 0)
                return true;
            if (version is null)
                return false;
            // Of equal ones the first stays first.
            if (newest is null || version.CompareTo(newest) > 0)
                (newest, best) = (version, (start, end));
            version = null;
            return true;
        }

        while (position < text.Length)
        {
            int length = text[position..].IndexOf((byte)'\n');
            int next = length < 0 ? text.Length : position + length + 1;
            ReadOnlySpan<byte> line = text[position..next].TrimEnd("\r\n"u8);
            if (line.Length > indent + 2 && line[..indent].IndexOfAnyExcept((byte)' ') < 0)
            {
                bool isFirst = line[indent] == '-';
                if (isFirst)
                {
                    if (!Close(position))
                        return null;
                    start = position;
                }

                // What is nested stands deeper than the keys of an entry.
                if ((isFirst || line[indent] == ' ') && line[(indent + 1)..].StartsWith(" version: "u8)
                    && (version is not null || !SemanticVersion.TryParse(Encoding.UTF8.GetString(line[(indent + 11)..]).Trim(' ', '"', '\''), out version)))
                {
                    return null;
                }
            }

            position = next;
        }

        return Close(text.Length) && newest is not null ? part[best.Start..best.End] : null;
    }

    /// <returns>Null when the text is no JSON.</returns>
    private static RepositoryIndex? Json(ReadOnlyMemory<byte> data, string source)
    {
        if (!data.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return null;
        JsonElement index;
        try
        {
            index = JsonDocument.Parse(data).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }

        if (!index.TryGetProperty("apiVersion", out JsonElement api) || api.ValueKind != JsonValueKind.String || api.GetString() is not { Length: > 0 })
            throw new RegistryException($"error loading {source}: no API version specified");
        var entries = new Dictionary<string, IndexedChart>(StringComparer.Ordinal);
        if (index.TryGetProperty("entries", out JsonElement charts) && charts.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty chart in charts.EnumerateObject())
            {
                (string name, JsonElement value) = (chart.Name, chart.Value);
                entries[name] = new IndexedChart(() => Entries(() => value.ValueKind == JsonValueKind.Array ? JsonArray.Create(value) : null, name, source), null);
            }
        }

        return new RepositoryIndex(entries, index.TryGetProperty("generated", out JsonElement time) && time.ValueKind == JsonValueKind.String ? ParseTime(time.GetString()!) : null);
    }

    private static RepositoryIndex Whole(ReadOnlyMemory<byte> data, string source)
    {
        if (HelmYaml.ReadJson(Encoding.UTF8.GetString(data.Span)) is not JsonObject index)
            throw new RegistryException($"error loading {source}: it is no index");
        if (Text(index["apiVersion"]) is not { Length: > 0 })
            throw new RegistryException($"error loading {source}: no API version specified");
        var entries = new Dictionary<string, IndexedChart>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in index["entries"] as JsonObject ?? [])
            entries[name] = new IndexedChart(() => Entries(() => value, name, source), null);
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
                Removed = entry["removed"]?.GetValueKind() == JsonValueKind.True,
            });
        }

        return Sort(versions);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string?)node : null;

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
