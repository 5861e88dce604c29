using System.Globalization;

namespace HelmLifecycle;

/// <summary>The labels of a storing object: the user's and Helm's six.</summary>
public static class RecordLabels
{
    /// <summary>Helm's own labels, in the order its error sentence names them.</summary>
    public static IReadOnlyList<string> System { get; } = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

    /// <summary>The name of the storing object, <c>sh.helm.release.v1.web.v3</c>, which is also the key in SQL.</summary>
    public static string KeyOf(string name, int revision) => $"sh.helm.release.v1.{name}.v{revision.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads a key. The revision follows the last <c>.v</c>, since names may hold dots.</summary>
    public static bool TryParseKey(string key, out string name, out int revision)
    {
        ArgumentNullException.ThrowIfNull(key);
        const string Prefix = "sh.helm.release.v1.";
        name = "";
        revision = 0;
        int v = key.LastIndexOf(".v", StringComparison.Ordinal);
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || v < Prefix.Length) return false;
        name = key[Prefix.Length..v];
        return int.TryParse(key.AsSpan(v + 2), NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }

    /// <summary>The labels to write. What was read with the record overlays the fresh time stamp, as in Helm.</summary>
    /// <param name="release">The revision.</param>
    /// <param name="created">Whether the record is created (<c>createdAt</c>) or changed (<c>modifiedAt</c>).</param>
    /// <param name="now">The time of it.</param>
    public static SortedDictionary<string, string> For(Release release, bool created, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [created ? "createdAt" : "modifiedAt"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in release.SystemLabels) labels[key] = value;
        foreach (var (key, value) in release.Labels) labels[key] = value;
        labels["name"] = release.Name;
        labels["owner"] = "helm";
        labels["status"] = release.Info.Status.ToText();
        labels["version"] = release.Revision.ToString(CultureInfo.InvariantCulture);
        return labels;
    }

    /// <summary>A record with the labels it was stored under.</summary>
    /// <param name="release">The record as decoded.</param>
    /// <param name="labels">All labels of the storing object.</param>
    /// <param name="keepSystem">Whether Helm's own go along, as they do when a record is read by a query, but not when it is read by its key.</param>
    public static Release With(Release release, IReadOnlyDictionary<string, string> labels, bool keepSystem)
    {
        ArgumentNullException.ThrowIfNull(release);
        return release with
        {
            Labels = labels.Where(l => !System.Contains(l.Key)).ToDictionary(StringComparer.Ordinal),
            SystemLabels = keepSystem ? labels.Where(l => System.Contains(l.Key)).ToDictionary(StringComparer.Ordinal) : new Dictionary<string, string>(),
        };
    }
}
