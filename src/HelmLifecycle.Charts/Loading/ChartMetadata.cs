using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>What <c>Chart.yaml</c> says. The properties stand in the order of Helm's own struct, which is that of a stored release.</summary>
public sealed record ChartMetadata
{
    /// <summary>The name; required.</summary>
    public string Name { get; init; } = "";

    /// <summary>The URL of a page about the chart.</summary>
    public string Home { get; init; } = "";

    /// <summary>URLs of source code.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>The version of the chart, a semantic version; required.</summary>
    public string Version { get; init; } = "";

    /// <summary>One sentence about the chart.</summary>
    public string Description { get; init; } = "";

    /// <summary>Keywords.</summary>
    public IReadOnlyList<string>? Keywords { get; init; }

    /// <summary>Who maintains the chart.</summary>
    public IReadOnlyList<ChartMaintainer>? Maintainers { get; init; }

    /// <summary>The URL of an icon.</summary>
    public string Icon { get; init; } = "";

    /// <summary><c>v1</c> or <c>v2</c>; <c>v1</c> when the file says nothing.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>A condition; kept, without meaning of its own.</summary>
    public string Condition { get; init; } = "";

    /// <summary>Tags; kept, without meaning of its own.</summary>
    public string Tags { get; init; } = "";

    /// <summary>The version of what the chart installs; free text.</summary>
    public string AppVersion { get; init; } = "";

    /// <summary>Whether the chart is deprecated.</summary>
    public bool Deprecated { get; init; }

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The versions of Kubernetes on which the chart runs, a version constraint; empty for any.</summary>
    public string KubeVersion { get; init; } = "";

    /// <summary>The dependencies; null when the file names none.</summary>
    public IReadOnlyList<ChartDependency>? Dependencies { get; init; }

    /// <summary><c>application</c>, <c>library</c> or empty, which means the former.</summary>
    public string Type { get; init; } = "";

    /// <summary>Reads metadata as Helm stores it in a release; unknown keys are passed over.</summary>
    /// <exception cref="ChartException">A field has a value of another type.</exception>
    public static ChartMetadata FromJson(JsonObject json) => ChartMetadataJson.Read((JsonNode)json);

    /// <summary>Writes metadata as Helm stores it in a release: Go's order of fields, empty ones left out.</summary>
    public JsonObject ToJson() => ChartMetadataJson.Write(this);
}

/// <summary>Who maintains a chart.</summary>
/// <param name="Name">The name.</param>
/// <param name="Email">The mail address; may be empty.</param>
/// <param name="Url">A URL; may be empty.</param>
public sealed record ChartMaintainer(string Name, string Email = "", string Url = "");

/// <summary>A dependency as <c>Chart.yaml</c>, <c>requirements.yaml</c> or a lock file names it.</summary>
public sealed record ChartDependency
{
    /// <summary>The name of the chart; after dependency processing the alias, where there is one.</summary>
    public string Name { get; init; } = "";

    /// <summary>A version constraint, or in a lock the version; empty for any.</summary>
    public string Version { get; init; } = "";

    /// <summary>The URL of the repository, <c>oci://...</c>, <c>file://...</c>, <c>@name</c>, or empty for a chart that lies in <c>charts/</c>.</summary>
    public string Repository { get; init; } = "";

    /// <summary>Paths into the values, with commas between: the first that exists and is a truth value decides whether the dependency is enabled.</summary>
    public string Condition { get; init; } = "";

    /// <summary>Tags by which the dependency can be enabled or disabled together with others.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether dependency processing has enabled it.</summary>
    public bool Enabled { get; init; }

    /// <summary>Values to import: texts (names under the child's <c>exports</c>) or maps with <c>child</c> and <c>parent</c>.</summary>
    public IReadOnlyList<GoValue>? ImportValues { get; init; }

    /// <summary>Another name for the dependency; may be empty.</summary>
    public string Alias { get; init; } = "";
}

/// <summary>A lock file: the versions that a dependency update has chosen.</summary>
public sealed record ChartLock
{
    /// <summary>When it was made: RFC 3339 with the offset and the nanoseconds of the file. Go's zero time when the file says nothing.</summary>
    public string Generated { get; init; } = ZeroTime;

    /// <summary>A hash over the dependencies named and chosen, <c>sha256:...</c>.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The dependencies chosen.</summary>
    public IReadOnlyList<ChartDependency>? Dependencies { get; init; }

    /// <summary>How Go writes its zero time.</summary>
    public const string ZeroTime = "0001-01-01T00:00:00Z";

    /// <summary>Reads a lock as Helm stores it in a release.</summary>
    /// <exception cref="ChartException">A field has a value of another type.</exception>
    public static ChartLock FromJson(JsonObject json) => ChartMetadataJson.ReadLock(json);

    /// <summary>Writes a lock as Helm stores it in a release.</summary>
    public JsonObject ToJson() => ChartMetadataJson.WriteLock(this);
}
