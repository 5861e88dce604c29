using HelmLifecycle.Tests;

namespace HelmLifecycle.Storage.Sql.Tests;

public sealed class SqliteRevisionStoreTests : RevisionStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sqlite").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    protected override Task<IRevisionStore> StoreAsync() =>
        Task.FromResult<IRevisionStore>(new SqliteRevisionStore(Path.Combine(_folder, "releases.db")));

    [Fact]
    public async Task Leases_are_rows_of_which_the_faster_writer_wins() => await LeaseStoreContract.CheckAsync(((ILeasedRevisionStore)await StoreAsync()).Leases);

    [Fact]
    public async Task Two_stores_on_one_file_see_each_other_and_only_one_creates_a_revision()
    {
        IRevisionStore one = await StoreAsync(), two = await StoreAsync();
        var release = new Release { Name = "web", Namespace = "ns", Revision = 1, Info = new ReleaseInfo { Status = ReleaseStatus.PendingInstall } };
        await one.CreateAsync(release);
        await FluentActions.Awaiting(() => two.CreateAsync(release)).Should().ThrowAsync<RevisionExistsException>();
        (await two.GetAsync("ns", "web", 1)).Status.Should().Be(ReleaseStatus.PendingInstall);
    }

    [Fact]
    public async Task A_record_that_another_changed_is_not_written_over()
    {
        IRevisionStore store = await StoreAsync();
        Release mine = await store.CreateAsync(new Release { Name = "web", Namespace = "ns", Revision = 1, Info = new ReleaseInfo { Status = ReleaseStatus.PendingInstall } });
        await store.UpdateAsync(mine with { Info = mine.Info with { Status = ReleaseStatus.Failed } });
        Func<Task> late = () => store.UpdateAsync(mine with { Info = mine.Info with { Status = ReleaseStatus.Deployed } });
        (await late.Should().ThrowAsync<RevisionStoreException>()).WithMessage("*was changed by another since it was read");
    }

    [Fact]
    public async Task History_goes_to_a_file_and_into_another_store_without_loss()
    {
        IRevisionStore from = await StoreAsync();
        for (int i = 1; i <= 3; i++)
        {
            await from.CreateAsync(new Release
            {
                Name = "web",
                Namespace = "ns",
                Revision = i,
                Manifest = $"---\n# {i}\n",
                Info = new ReleaseInfo { Status = i == 3 ? ReleaseStatus.Deployed : ReleaseStatus.Superseded, Description = $"d{i}" },
                Labels = new Dictionary<string, string> { ["team"] = "red" },
            });
        }

        using var file = new MemoryStream();
        (await ReleaseArchive.ExportAsync(from, null, file)).Should().Be(3);
        file.Position = 0;
        var to = new MemoryRevisionStore();
        (await ReleaseArchive.ImportAsync(to, file)).Should().Be(3);

        IReadOnlyList<StoredRevision> before = await from.QueryAsync(new RevisionQuery()), after = await to.QueryAsync(new RevisionQuery());
        after.Select(r => ReleaseCodec.Encode(r.Release)).Should().Equal(before.Select(r => ReleaseCodec.Encode(r.Release)));
        after.Should().OnlyContain(r => r.Release.Labels["team"] == "red");
        file.Position = 0;
        (await ReleaseArchive.ImportAsync(to, file)).Should().Be(0, "what is there stays");
    }
}
