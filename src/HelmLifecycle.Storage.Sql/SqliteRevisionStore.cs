using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HelmLifecycle.Storage.Sql;

/// <summary>
/// Keeps revisions in a SQLite file, with the same tables as <see cref="PostgresRevisionStore"/>. Several processes may use the file at once.
/// Helm has no SQLite driver; take a release over to one that it has with export and import.
/// </summary>
public sealed class SqliteRevisionStore : SqlRevisionStore
{
    private readonly string _connectionString;

    /// <summary>A store in a file, which is made when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock; null is the system's.</param>
    public SqliteRevisionStore(string path, TimeProvider? time = null)
        : base(time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 30 }.ConnectionString;
    }

    private protected override async Task<DbConnection> ConnectAsync(CancellationToken ct)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(ct).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private protected override bool IsDuplicateKey(DbException e) => e is SqliteException { SqliteErrorCode: 19 };

    private protected override async Task PrepareAsync(DbConnection connection, CancellationToken ct)
    {
        await using (DbCommand journal = connection.CreateCommand())
        {
            // Readers need not wait for the writer, and a crash loses nothing that was committed.
            journal.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
            await journal.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
        }

        await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        foreach (string statement in Tables)
            await ExecuteAsync(transaction, statement, [], ct).ConfigureAwait(false);
        await transaction.CommitAsync(ct).ConfigureAwait(false);
    }

    private static readonly string[] Tables =
    [
        """
        CREATE TABLE IF NOT EXISTS releases_v1 (
          key TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, name TEXT NOT NULL, namespace TEXT NOT NULL, version INTEGER NOT NULL,
          status TEXT NOT NULL, owner TEXT NOT NULL, createdAt INTEGER NOT NULL, modifiedAt INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(key, namespace))
        """,
        // All that a list asks for before it reads a record: a row without its index means reading the pages of its body.
        "CREATE INDEX IF NOT EXISTS releases_v1_list ON releases_v1 (owner, namespace, name, version, status, key)",
        "CREATE INDEX IF NOT EXISTS releases_v1_status ON releases_v1 (status)",
        "CREATE TABLE IF NOT EXISTS custom_labels_v1 (releaseKey TEXT NOT NULL, releaseNamespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL)",
        "CREATE INDEX IF NOT EXISTS custom_labels_v1_release ON custom_labels_v1 (releaseKey, releaseNamespace)",
    ];
}
