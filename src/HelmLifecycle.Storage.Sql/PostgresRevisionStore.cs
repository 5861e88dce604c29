using System.Data.Common;
using Npgsql;

namespace HelmLifecycle.Storage.Sql;

/// <summary>
/// Keeps revisions in PostgreSQL with the very schema of Helm's SQL driver (<c>HELM_DRIVER=sql</c>): Helm reads what is written here, and
/// the other way round. Migrations are noted in <c>gorp_migrations</c> as Helm does, so either may come first.
/// </summary>
public sealed class PostgresRevisionStore : SqlRevisionStore
{
    // Any number that all processes share: it keeps two of them from making the tables at once.
    private const long MigrationLock = 0x68656c6d;
    private readonly NpgsqlDataSource _source;
    private readonly bool _owned;

    /// <summary>A store that makes its own connections.</summary>
    /// <param name="connectionString">Npgsql's connection string, or a <c>postgres://</c> address as Helm takes it in <c>HELM_DRIVER_SQL_CONNECTION_STRING</c>.</param>
    /// <param name="time">The clock; null is the system's.</param>
    public PostgresRevisionStore(string connectionString, TimeProvider? time = null)
        : base(time)
    {
        _source = NpgsqlDataSource.Create(PostgresAddress.ToConnectionString(connectionString));
        _owned = true;
    }

    /// <summary>A store over a data source that is not its own.</summary>
    public PostgresRevisionStore(NpgsqlDataSource source, TimeProvider? time = null)
        : base(time)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    private protected override string ForUpdate => " FOR UPDATE";

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_owned)
            await _source.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task<DbConnection> ConnectAsync(CancellationToken ct) => await _source.OpenConnectionAsync(ct).ConfigureAwait(false);

    private protected override bool IsDuplicateKey(DbException e) => e.SqlState == PostgresErrorCodes.UniqueViolation;

    private protected override async Task PrepareAsync(DbConnection connection, CancellationToken ct)
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        await ExecuteAsync(transaction, $"SELECT pg_advisory_xact_lock({MigrationLock})", [], ct).ConfigureAwait(false);
        await ExecuteAsync(transaction, "CREATE TABLE IF NOT EXISTS gorp_migrations (id text NOT NULL PRIMARY KEY, applied_at timestamp with time zone)", [], ct).ConfigureAwait(false);
        foreach ((string id, string[] statements) in Migrations)
        {
            if (await ScalarAsync(transaction, "SELECT 1 FROM gorp_migrations WHERE id = @id", [("@id", id)], ct).ConfigureAwait(false) is not null)
                continue;
            foreach (string statement in statements)
                await ExecuteAsync(transaction, statement, [], ct).ConfigureAwait(false);
            await ExecuteAsync(transaction, "INSERT INTO gorp_migrations (id, applied_at) VALUES (@id, @now)", [("@id", id), ("@now", Time.GetUtcNow())], ct).ConfigureAwait(false);
        }

        await transaction.CommitAsync(ct).ConfigureAwait(false);
    }

    // Helm's own migrations, by their ids.
    private static readonly (string Id, string[] Statements)[] Migrations =
    [
        ("init",
        [
            """
            CREATE TABLE releases_v1 (
              key VARCHAR(90), type VARCHAR(64) NOT NULL, body TEXT NOT NULL, name VARCHAR(64) NOT NULL, namespace VARCHAR(64) NOT NULL,
              version INTEGER NOT NULL, status TEXT NOT NULL, owner TEXT NOT NULL, createdAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL DEFAULT 0,
              PRIMARY KEY(key, namespace))
            """,
            "CREATE INDEX ON releases_v1 (key, namespace)",
            "CREATE INDEX ON releases_v1 (version)",
            "CREATE INDEX ON releases_v1 (status)",
            "CREATE INDEX ON releases_v1 (owner)",
            "CREATE INDEX ON releases_v1 (createdAt)",
            "CREATE INDEX ON releases_v1 (modifiedAt)",
            "GRANT ALL ON releases_v1 TO PUBLIC",
            "ALTER TABLE releases_v1 ENABLE ROW LEVEL SECURITY",
        ]),
        ("custom_labels",
        [
            "CREATE TABLE custom_labels_v1 (releaseKey VARCHAR(64), releaseNamespace VARCHAR(67), key VARCHAR(317), value VARCHAR(63))",
            "CREATE INDEX ON custom_labels_v1 (releaseKey, releaseNamespace)",
            "GRANT ALL ON custom_labels_v1 TO PUBLIC",
            "ALTER TABLE custom_labels_v1 ENABLE ROW LEVEL SECURITY",
        ]),
    ];
}
