using System.Reflection;
using HelmLifecycle.Tests;
using Npgsql;

namespace HelmLifecycle.Storage.Sql.Tests;

public sealed class PostgresRevisionStoreTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    /// <summary>The sentences of the contract that every store keeps.</summary>
    public static TheoryData<string> Contract =>
        [.. typeof(RevisionStoreContract).GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null).Select(m => m.Name)];

    [PostgresTheory]
    [MemberData(nameof(Contract))]
    public async Task The_contract_of_stores_holds(string sentence)
    {
        await using var store = new PostgresRevisionStore(await server.NewDatabaseAsync());
        await (Task)typeof(RevisionStoreContract).GetMethod(sentence)!.Invoke(new Held(store), null)!;
    }

    [PostgresFact]
    public async Task The_tables_are_those_that_Helm_makes_and_its_migrations_are_noted()
    {
        string address = await server.NewDatabaseAsync();
        await using (var store = new PostgresRevisionStore(address))
            await store.CreateAsync(new Release { Name = "web", Namespace = "ns", Revision = 1, Info = new ReleaseInfo { Status = ReleaseStatus.Deployed }, Labels = new Dictionary<string, string> { ["team"] = "red" } });

        (await ReadAsync(address, "SELECT id FROM gorp_migrations ORDER BY id")).Should().Equal("custom_labels", "init");
        (await ReadAsync(address, "SELECT key || '|' || type || '|' || name || '|' || namespace || '|' || version || '|' || status || '|' || owner FROM releases_v1"))
            .Should().Equal("sh.helm.release.v1.web.v1|helm.sh/release.v1|web|ns|1|deployed|helm");
        (await ReadAsync(address, "SELECT releasekey || '|' || releasenamespace || '|' || key || '|' || value FROM custom_labels_v1"))
            .Should().Equal("sh.helm.release.v1.web.v1|ns|team|red");
        (await ReadAsync(address, "SELECT column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length::text, '') FROM information_schema.columns WHERE table_name = 'releases_v1' ORDER BY ordinal_position"))
            .Should().Equal(
                "key character varying 90", "type character varying 64", "body text ", "name character varying 64", "namespace character varying 64",
                "version integer ", "status text ", "owner text ", "createdat integer ", "modifiedat integer ");
    }

    [PostgresFact]
    public async Task Several_processes_may_make_the_tables_at_once()
    {
        string address = await server.NewDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(1, 6).Select(async i =>
        {
            await using var store = new PostgresRevisionStore(address);
            await store.CreateAsync(new Release { Name = "web", Namespace = "ns", Revision = i });
        }));
        await using var reader = new PostgresRevisionStore(address);
        (await reader.QueryAsync(new RevisionQuery { Namespace = "ns", Name = "web" })).Select(r => r.Revision).Should().Equal(1, 2, 3, 4, 5, 6);
    }

    private static async Task<List<string>> ReadAsync(string address, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(PostgresAddress.ToConnectionString(address));
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private sealed class Held(IRevisionStore store) : RevisionStoreContract
    {
        protected override Task<IRevisionStore> StoreAsync() => Task.FromResult(store);
    }
}
