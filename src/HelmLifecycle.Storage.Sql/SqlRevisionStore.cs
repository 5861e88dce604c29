using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HelmLifecycle.Storage.Sql;

/// <summary>
/// Keeps revisions in the tables of Helm's SQL driver, <c>releases_v1</c> and <c>custom_labels_v1</c>. The tables are made, or found as Helm left
/// them, on first use. An update checks that nobody changed the record since it was read, which Helm does not.
/// </summary>
public abstract partial class SqlRevisionStore : IAsyncDisposable
{
    private const string RecordType = "helm.sh/release.v1";
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private volatile bool _prepared;

    private protected SqlRevisionStore(TimeProvider? time) => Time = time ?? TimeProvider.System;

    /// <summary>The clock of <c>createdAt</c> and <c>modifiedAt</c>.</summary>
    protected TimeProvider Time { get; }

    /// <inheritdoc/>
    public async Task<StoredRevision> GetAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        string key = RecordLabels.KeyOf(name, revision);
        IReadOnlyList<StoredRevision> found = await ReadAsync(
            "WHERE r.key = @key AND r.namespace = @ns AND r.owner = 'helm'", [("@key", key), ("@ns", NamespaceOf(ns))], keepSystem: false, ct).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : throw new ReleaseNotFoundException(name);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRevision>> QueryAsync(RevisionQuery query, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var where = new StringBuilder("WHERE r.owner = 'helm'");
        var parameters = new List<(string, object)>();
        void Add(string column, string parameter, object? value)
        {
            if (value is null)
                return;
            where.Append(" AND r.").Append(column).Append(" = ").Append(parameter);
            parameters.Add((parameter, value));
        }

        Add("namespace", "@ns", query.Namespace);
        Add("name", "@name", query.Name);
        Add("status", "@status", query.Status?.ToText());
        if (query.NewestOnly)
        {
            where.Append(" AND NOT EXISTS (SELECT 1 FROM releases_v1 n WHERE n.owner = 'helm' AND n.namespace = r.namespace AND n.name = r.name AND n.version > r.version");
            if (query.Status is not null)
                where.Append(" AND n.status = @status");
            where.Append(')');
        }

        return ReadAsync(where.ToString(), parameters, keepSystem: true, ct);
    }

    /// <inheritdoc/>
    public async Task<Release> CreateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        string key = RecordLabels.KeyOf(release.Name, release.Revision), ns = NamespaceOf(release.Namespace), body = ReleaseCodec.Encode(release);
        return await GuardAsync("create: failed to create", async () =>
        {
            await using DbConnection connection = await OpenAsync(ct).ConfigureAwait(false);
            await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
            try
            {
                await ExecuteAsync(
                    transaction,
                    "INSERT INTO releases_v1 (key, type, body, name, namespace, version, status, owner, createdAt) VALUES (@key, @type, @body, @name, @ns, @version, @status, 'helm', @now)",
                    [("@key", key), ("@type", RecordType), ("@body", body), ("@name", release.Name), ("@ns", ns), ("@version", release.Revision), ("@status", release.Status.ToText()), ("@now", Now)],
                    ct).ConfigureAwait(false);
            }
            catch (DbException e) when (IsDuplicateKey(e))
            {
                throw new RevisionExistsException(release.Name, release.Revision);
            }

            foreach ((string label, string value) in release.Labels.Where(l => !RecordLabels.System.Contains(l.Key)))
            {
                await ExecuteAsync(
                    transaction,
                    "INSERT INTO custom_labels_v1 (releaseKey, releaseNamespace, key, value) VALUES (@release, @ns, @key, @value)",
                    [("@release", key), ("@ns", ns), ("@key", label), ("@value", value)],
                    ct).ConfigureAwait(false);
            }

            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return release with { StoreVersion = VersionOf(body) };
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Release> UpdateAsync(Release release, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(release);
        string key = RecordLabels.KeyOf(release.Name, release.Revision), ns = NamespaceOf(release.Namespace), body = ReleaseCodec.Encode(release);
        return await GuardAsync("update: failed to update", async () =>
        {
            await using DbConnection connection = await OpenAsync(ct).ConfigureAwait(false);
            await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
            object? live = await ScalarAsync(
                transaction, "SELECT body FROM releases_v1 WHERE key = @key AND namespace = @ns" + ForUpdate, [("@key", key), ("@ns", ns)], ct).ConfigureAwait(false);
            if (live is not string old)
                throw new ReleaseNotFoundException(release.Name);
            if (release.StoreVersion is { } version && version != VersionOf(old))
                throw new RevisionStoreException($"update: failed to update: {key} was changed by another since it was read");
            await ExecuteAsync(
                transaction,
                "UPDATE releases_v1 SET body = @body, name = @name, version = @version, status = @status, owner = 'helm', modifiedAt = @now WHERE key = @key AND namespace = @ns",
                [("@body", body), ("@name", release.Name), ("@version", release.Revision), ("@status", release.Status.ToText()), ("@now", Now), ("@key", key), ("@ns", ns)],
                ct).ConfigureAwait(false);
            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return release with { StoreVersion = VersionOf(body) };
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string ns, string name, int revision, CancellationToken ct = default)
    {
        string key = RecordLabels.KeyOf(name, revision);
        await GuardAsync("delete: failed to delete", async () =>
        {
            await using DbConnection connection = await OpenAsync(ct).ConfigureAwait(false);
            await using DbTransaction transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
            (string, object)[] parameters = [("@key", key), ("@ns", NamespaceOf(ns))];
            if (await ExecuteAsync(transaction, "DELETE FROM releases_v1 WHERE key = @key AND namespace = @ns", parameters, ct).ConfigureAwait(false) == 0)
                throw new ReleaseNotFoundException(name);
            await ExecuteAsync(transaction, "DELETE FROM custom_labels_v1 WHERE releaseKey = @key AND releaseNamespace = @ns", parameters, ct).ConfigureAwait(false);
            await transaction.CommitAsync(ct).ConfigureAwait(false);
            return 0;
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        _preparing.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected abstract Task<DbConnection> ConnectAsync(CancellationToken ct);

    /// <summary>Makes the tables, or leaves them as they are. Several processes may do so at once.</summary>
    private protected abstract Task PrepareAsync(DbConnection connection, CancellationToken ct);

    private protected abstract bool IsDuplicateKey(DbException e);

    private protected virtual string ForUpdate => "";

    private protected static async Task<int> ExecuteAsync(DbTransaction transaction, string sql, IReadOnlyList<(string, object)> parameters, CancellationToken ct)
    {
        await using DbCommand command = Command(transaction.Connection!, sql, parameters);
        command.Transaction = transaction;
        return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    private protected static async Task<object?> ScalarAsync(DbTransaction transaction, string sql, IReadOnlyList<(string, object)> parameters, CancellationToken ct)
    {
        await using DbCommand command = Command(transaction.Connection!, sql, parameters);
        command.Transaction = transaction;
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false);
    }

    private int Now => (int)Time.GetUtcNow().ToUnixTimeSeconds();

    // As Helm's SQL driver has it.
    private static string NamespaceOf(string ns) => ns.Length == 0 ? "default" : ns;

    private static string VersionOf(string body) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body)), 0, 16);

    private static DbCommand Command(DbConnection connection, string sql, IReadOnlyList<(string Name, object Value)> parameters)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private async Task<IReadOnlyList<StoredRevision>> ReadAsync(string where, IReadOnlyList<(string, object)> parameters, bool keepSystem, CancellationToken ct) =>
        await GuardAsync("query: failed to query", async () =>
        {
            await using DbConnection connection = await OpenAsync(ct).ConfigureAwait(false);
            var custom = new Dictionary<(string, string), Dictionary<string, string>>();
            string labelSql = $"SELECT l.releaseKey, l.releaseNamespace, l.key, l.value FROM custom_labels_v1 l JOIN releases_v1 r ON r.key = l.releaseKey AND r.namespace = l.releaseNamespace {where}";
            await using (DbCommand command = Command(connection, labelSql, parameters))
            await using (DbDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false))
            {
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                {
                    (string, string) id = (reader.GetString(0), reader.GetString(1));
                    if (!custom.TryGetValue(id, out Dictionary<string, string>? labels))
                        custom[id] = labels = new Dictionary<string, string>(StringComparer.Ordinal);
                    labels[reader.GetString(2)] = reader.GetString(3);
                }
            }

            var found = new List<StoredRevision>();
            string sql = $"SELECT r.key, r.body, r.name, r.namespace, r.version, r.status, r.createdAt, r.modifiedAt FROM releases_v1 r {where} ORDER BY r.namespace, r.name, r.version";
            await using (DbCommand command = Command(connection, sql, parameters))
            await using (DbDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false))
            {
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                    found.Add(Stored(reader, custom, keepSystem));
            }

            return (IReadOnlyList<StoredRevision>)found;
        }).ConfigureAwait(false);

    private static StoredRevision Stored(DbDataReader reader, Dictionary<(string, string), Dictionary<string, string>> custom, bool keepSystem)
    {
        string key = reader.GetString(0), body = reader.GetString(1), name = reader.GetString(2), ns = reader.GetString(3), status = reader.GetString(5);
        int version = reader.GetInt32(4);
        Dictionary<string, string> labels = custom.GetValueOrDefault((key, ns)) ?? new Dictionary<string, string>(StringComparer.Ordinal);
        labels["name"] = name;
        labels["owner"] = "helm";
        labels["status"] = status;
        labels["version"] = version.ToString(CultureInfo.InvariantCulture);
        labels["createdAt"] = reader.GetInt32(6).ToString(CultureInfo.InvariantCulture);
        if (reader.GetInt32(7) is > 0 and int modified)
            labels["modifiedAt"] = modified.ToString(CultureInfo.InvariantCulture);
        return new StoredRevision(ns, name, version, ReleaseStatusExtensions.Parse(status), labels, () =>
        {
            try
            {
                return RecordLabels.With(ReleaseCodec.Decode(body), labels, keepSystem) with { StoreVersion = VersionOf(body) };
            }
            catch (ReleaseRecordException e)
            {
                throw new ReleaseRecordException($"get: failed to decode data \"{key}\": {e.Message}", e);
            }
        });
    }

    private async Task<DbConnection> OpenAsync(CancellationToken ct)
    {
        DbConnection connection = await ConnectAsync(ct).ConfigureAwait(false);
        if (_prepared)
            return connection;
        try
        {
            await _preparing.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                if (!_prepared)
                    await PrepareAsync(connection, ct).ConfigureAwait(false);
                _prepared = true;
            }
            finally
            {
                _preparing.Release();
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<T> GuardAsync<T>(string what, Func<Task<T>> deed)
    {
        try
        {
            return await deed().ConfigureAwait(false);
        }
        catch (DbException e)
        {
            throw new RevisionStoreException($"{what}: {e.Message}", e);
        }
    }
}
