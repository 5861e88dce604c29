namespace HelmLifecycle;

/// <summary>
/// Keeps two processes from working on one release, which Helm cannot see and does not mind: beside the records stands a lease that names who works on the release. The
/// holder renews it at a third of its life; when it is not renewed any more, its holder is dead.
/// </summary>
public sealed record LeaseOptions
{
    /// <summary>Who holds leases. Must be another one in each process and each client. Default: machine, process and a random number.</summary>
    public string Holder { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>How long a lease lives when it is not renewed; at least one second, in whole seconds. Default: 30 seconds.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where leases are kept; null is beside the records, for stores that are an <see cref="ILeasedRevisionStore"/>: all of this library's.</summary>
    public ILeaseStore? Store { get; init; }

    /// <summary>What an upgrade does about a pending record whose process died. Default: it refuses, as Helm does.</summary>
    public PendingRecovery Recovery { get; init; }

    /// <summary>
    /// From which age on a pending record that no lease belongs to (Helm made it, or a client without leases) counts as left by the dead. Choose more than the longest
    /// action takes. Default: null, never.
    /// </summary>
    public TimeSpan? StaleAfter { get; init; }
}

/// <summary>What an upgrade does about a <c>pending-*</c> record that its process left behind when it died.</summary>
public enum PendingRecovery
{
    /// <summary>It refuses, as Helm does: <see cref="ReleaseInProgressException"/>.</summary>
    Refuse,

    /// <summary>It waits, for the time-out of the action at most, while another holder works on the release; what a dead one left is refused.</summary>
    Wait,

    /// <summary>It marks the record as failed, with a description that says so, and goes on.</summary>
    MarkFailed,

    /// <summary>It marks the record as failed, rolls back to the last revision that was good, if there is one, and goes on.</summary>
    RollBack,

    /// <summary>It brings the pending revision to its end (objects, wait, hooks afterwards) and goes on. The hooks before it are taken to have run.</summary>
    Resume,
}

/// <summary>A lease as it is stored.</summary>
/// <param name="Holder">Who holds it.</param>
/// <param name="Acquired">Since when.</param>
/// <param name="Renewed">When it was renewed last.</param>
/// <param name="Duration">How long it lives from then on.</param>
/// <param name="Version">The store's version of it, which the next write must name; null for one that is not stored yet.</param>
public sealed record ReleaseLease(string Holder, DateTimeOffset Acquired, DateTimeOffset Renewed, TimeSpan Duration, string? Version = null)
{
    /// <summary>Whether its holder has not renewed it in time.</summary>
    public bool IsExpired(DateTimeOffset now) => now >= Renewed + Duration;
}

/// <summary>Keeps leases. A write succeeds only over what the writer has seen, so that of two writers one wins.</summary>
public interface ILeaseStore
{
    /// <summary>The lease of a release; null when there is none.</summary>
    /// <exception cref="RevisionStoreException">The store cannot be read.</exception>
    Task<ReleaseLease?> FindAsync(string ns, string name, CancellationToken ct = default);

    /// <summary>Writes a lease.</summary>
    /// <param name="ns">The release's namespace.</param>
    /// <param name="name">The release.</param>
    /// <param name="seen">What is to be replaced; null when there was none.</param>
    /// <param name="lease">The new lease; null takes it away.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Whether it was written: false when somebody else was faster.</returns>
    /// <exception cref="RevisionStoreException">The store cannot be written.</exception>
    Task<bool> TryWriteAsync(string ns, string name, ReleaseLease? seen, ReleaseLease? lease, CancellationToken ct = default);
}

/// <summary>A store of revisions that keeps leases beside them.</summary>
public interface ILeasedRevisionStore : IRevisionStore
{
    /// <summary>The leases of the releases in this store.</summary>
    ILeaseStore Leases { get; }
}
