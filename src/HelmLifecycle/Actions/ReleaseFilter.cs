namespace HelmLifecycle;

/// <summary>Which releases are listed (the flags of <c>helm list</c>).</summary>
public sealed record ReleaseFilter
{
    /// <summary>Whether all namespaces are listed (<c>-A</c>).</summary>
    public bool AllNamespaces { get; init; }

    /// <summary>A regular expression (RE2) the name must match somewhere; null: all.</summary>
    public string? NamePattern { get; init; }

    /// <summary>A label selector over the labels of the record, Helm's own among them; null: all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>The statuses wanted; empty: the generation's default (Helm 3: deployed and failed; Helm 4: all).</summary>
    public IReadOnlyList<ReleaseStatus> Statuses { get; init; } = [];

    /// <summary>Whether releases of every status are listed (Helm 3's <c>-a</c>).</summary>
    public bool AllStatuses { get; init; }

    /// <summary>Whether they are ordered by date, oldest first, in place of name.</summary>
    public bool ByDate { get; init; }

    /// <summary>Whether the order is turned round.</summary>
    public bool Reverse { get; init; }

    /// <summary>How many are skipped.</summary>
    public int Offset { get; init; }

    /// <summary>How many are listed at most; 0 or less: all. Default: 256, as Helm.</summary>
    public int Max { get; init; } = 256;
}
