namespace HelmLifecycle;

/// <summary>Options of the Secret and ConfigMap stores. The defaults do all as Helm does.</summary>
public sealed record KubernetesRevisionStoreOptions
{
    /// <summary>
    /// Whether a record too large for one object is split over several. Default: false, then the API refuses it, as it does to Helm. Helm does not see a split
    /// revision at all (<c>release: not found</c>); whoever is to see it must set this too.
    /// </summary>
    public bool SplitLargeRecords { get; init; }

    /// <summary>From how many bytes on a record is split, which is also the size of its parts. Default: 1 MiB, the API's limit. At least 1.</summary>
    public int LargestObject { get; init; } = 1024 * 1024;
}
