using System.Data.Common;

namespace HelmLifecycle.Storage.Sql;

public abstract partial class SqlRevisionStore : ILeasedRevisionStore, ILeaseStore
{
    private const string LeaseTable =
        """
        CREATE TABLE IF NOT EXISTS releases_lease_v1 (
          namespace VARCHAR(64) NOT NULL, name VARCHAR(64) NOT NULL, holder TEXT NOT NULL, acquired BIGINT NOT NULL, renewed BIGINT NOT NULL,
          duration BIGINT NOT NULL, stamp VARCHAR(32) NOT NULL, PRIMARY KEY(namespace, name))
        """;

    private volatile bool _leasesPrepared;

    /// <summary>Leases are rows of <c>releases_lease_v1</c>, a table that is made when the first lease is asked for. Times in it are milliseconds of Unix time.</summary>
    public ILeaseStore Leases => this;

    Task<ReleaseLease?> ILeaseStore.FindAsync(string ns, string name, CancellationToken ct) => GuardAsync("lease: failed to get", async () =>
    {
        await using DbConnection connection = await OpenLeasesAsync(ct).ConfigureAwait(false);
        await using DbCommand command = Command(
            connection,
            "SELECT holder, acquired, renewed, duration, stamp FROM releases_lease_v1 WHERE namespace = @ns AND name = @name",
            [("@ns", NamespaceOf(ns)), ("@name", name)]);
        await using DbDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        return await reader.ReadAsync(ct).ConfigureAwait(false)
            ? new ReleaseLease(
                reader.GetString(0),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
                TimeSpan.FromMilliseconds(reader.GetInt64(3)),
                reader.GetString(4))
            : null;
    });

    Task<bool> ILeaseStore.TryWriteAsync(string ns, string name, ReleaseLease? seen, ReleaseLease? lease, CancellationToken ct) => GuardAsync("lease: failed to write", async () =>
    {
        if (seen is null && lease is null)
            return true;
        await using DbConnection connection = await OpenLeasesAsync(ct).ConfigureAwait(false);
        await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        var parameters = new List<(string, object)> { ("@ns", NamespaceOf(ns)), ("@name", name) };
        if (seen is not null)
            parameters.Add(("@seen", seen.Version ?? ""));
        if (lease is not null)
        {
            parameters.AddRange(
            [
                ("@holder", lease.Holder), ("@acquired", lease.Acquired.ToUnixTimeMilliseconds()), ("@renewed", lease.Renewed.ToUnixTimeMilliseconds()),
                ("@duration", (long)lease.Duration.TotalMilliseconds), ("@stamp", Guid.NewGuid().ToString("N")),
            ]);
        }

        string sql = (seen, lease) switch
        {
            (null, _) => "INSERT INTO releases_lease_v1 (namespace, name, holder, acquired, renewed, duration, stamp) VALUES (@ns, @name, @holder, @acquired, @renewed, @duration, @stamp)",
            (_, null) => "DELETE FROM releases_lease_v1 WHERE namespace = @ns AND name = @name AND stamp = @seen",
            _ => "UPDATE releases_lease_v1 SET holder = @holder, acquired = @acquired, renewed = @renewed, duration = @duration, stamp = @stamp WHERE namespace = @ns AND name = @name AND stamp = @seen",
        };
        try
        {
            bool written = await ExecuteAsync(transaction, sql, parameters, ct).ConfigureAwait(false) == 1;
            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return written;
        }
        catch (DbException e) when (IsDuplicateKey(e))
        {
            return false;
        }
    });

    private async Task<DbConnection> OpenLeasesAsync(CancellationToken ct)
    {
        DbConnection connection = await OpenAsync(ct).ConfigureAwait(false);
        if (_leasesPrepared)
            return connection;
        try
        {
            await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
            await ExecuteAsync(transaction, LeaseTable, [], ct).ConfigureAwait(false);
            await transaction.CommitAsync(ct).ConfigureAwait(false);
            _leasesPrepared = true;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
