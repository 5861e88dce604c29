using System.Globalization;

namespace HelmLifecycle;

/// <summary>Keeps leases in memory: they bind the clients that share the store.</summary>
public sealed class MemoryLeaseStore : ILeaseStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string, string), ReleaseLease> _leases = [];
    private long _version;

    /// <inheritdoc/>
    public Task<ReleaseLease?> FindAsync(string ns, string name, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (_lock) return Task.FromResult(_leases.GetValueOrDefault((ns, name)));
    }

    /// <inheritdoc/>
    public Task<bool> TryWriteAsync(string ns, string name, ReleaseLease? seen, ReleaseLease? lease, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_leases.GetValueOrDefault((ns, name))?.Version != seen?.Version) return Task.FromResult(false);
            if (lease is null) _leases.Remove((ns, name));
            else _leases[(ns, name)] = lease with { Version = (++_version).ToString(CultureInfo.InvariantCulture) };
            return Task.FromResult(true);
        }
    }
}
