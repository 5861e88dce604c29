namespace HelmLifecycle.Tests;

/// <summary>What every revision store must do.</summary>
public abstract class RevisionStoreContract
{
    protected abstract Task<IRevisionStore> StoreAsync();

    private static Release Make(string name, int revision, ReleaseStatus status, string ns = "one", string? label = null) => new()
    {
        Name = name,
        Namespace = ns,
        Revision = revision,
        Manifest = $"# {name} {revision}",
        Info = new ReleaseInfo { Status = status, Description = $"made {revision}" },
        Labels = label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["team"] = label },
    };

    [Fact]
    public async Task A_created_revision_is_read_back()
    {
        var store = await StoreAsync();
        await store.CreateAsync(Make("web", 1, ReleaseStatus.Deployed, label: "red"));
        var read = (await store.GetAsync("one", "web", 1)).Release;
        read.Name.Should().Be("web");
        read.Manifest.Should().Be("# web 1");
        read.Status.Should().Be(ReleaseStatus.Deployed);
        read.Labels.Should().Equal(new Dictionary<string, string> { ["team"] = "red" });
    }

    [Fact]
    public async Task A_revision_is_created_only_once()
    {
        var store = await StoreAsync();
        await store.CreateAsync(Make("web", 1, ReleaseStatus.Deployed));
        (await FluentActions.Awaiting(() => store.CreateAsync(Make("web", 1, ReleaseStatus.Failed))).Should().ThrowAsync<RevisionExistsException>())
            .WithMessage("release: already exists");
    }

    [Fact]
    public async Task Of_many_who_create_one_revision_at_once_one_wins()
    {
        var store = await StoreAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await store.CreateAsync(Make("web", 1, ReleaseStatus.PendingInstall));
                return true;
            }
            catch (RevisionExistsException)
            {
                return false;
            }
        }));
        results.Count(won => won).Should().Be(1);
    }

    [Fact]
    public async Task What_is_not_there_is_said_so_in_Helms_words()
    {
        var store = await StoreAsync();
        (await FluentActions.Awaiting(() => store.GetAsync("one", "web", 7)).Should().ThrowAsync<ReleaseNotFoundException>()).WithMessage("release: not found");
        await FluentActions.Awaiting(() => store.DeleteAsync("one", "web", 7)).Should().ThrowAsync<ReleaseNotFoundException>();
    }

    [Fact]
    public async Task An_update_replaces_the_record()
    {
        var store = await StoreAsync();
        var created = await store.CreateAsync(Make("web", 1, ReleaseStatus.PendingInstall));
        var updated = await store.UpdateAsync(created with { Info = created.Info with { Status = ReleaseStatus.Deployed } });
        await store.UpdateAsync(updated with { Info = updated.Info with { Status = ReleaseStatus.Superseded } });
        (await store.GetAsync("one", "web", 1)).Release.Status.Should().Be(ReleaseStatus.Superseded);
        (await store.GetAsync("one", "web", 1)).Status.Should().Be(ReleaseStatus.Superseded);
    }

    [Fact]
    public async Task An_update_of_a_record_that_another_changed_is_refused()
    {
        var store = await StoreAsync();
        var mine = await store.CreateAsync(Make("web", 1, ReleaseStatus.PendingInstall));
        var theirs = (await store.GetAsync("one", "web", 1)).Release;
        await store.UpdateAsync(theirs with { Info = theirs.Info with { Status = ReleaseStatus.Failed } });
        await FluentActions.Awaiting(() => store.UpdateAsync(mine with { Info = mine.Info with { Status = ReleaseStatus.Deployed } }))
            .Should().ThrowAsync<RevisionStoreException>();
        (await store.GetAsync("one", "web", 1)).Release.Status.Should().Be(ReleaseStatus.Failed);
    }

    [Fact]
    public async Task A_query_finds_by_namespace_name_and_status_in_order_of_revisions()
    {
        var store = await StoreAsync();
        foreach (int revision in (int[])[10, 2, 1, 9]) await store.CreateAsync(Make("web", revision, revision == 10 ? ReleaseStatus.Deployed : ReleaseStatus.Superseded));
        await store.CreateAsync(Make("api", 3, ReleaseStatus.Deployed));
        await store.CreateAsync(Make("web", 4, ReleaseStatus.Failed, ns: "two"));
        (await store.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" })).Select(r => r.Revision).Should().Equal(1, 2, 9, 10);
        (await store.QueryAsync(new RevisionQuery { Namespace = "one", Status = ReleaseStatus.Deployed })).Select(r => r.Name).Should().Equal("api", "web");
        (await store.QueryAsync(new RevisionQuery())).Should().HaveCount(6);
        (await store.QueryAsync(new RevisionQuery { Namespace = "none" })).Should().BeEmpty();
    }

    [Fact]
    public async Task The_newest_revision_of_each_release_is_found()
    {
        var store = await StoreAsync();
        for (int i = 1; i <= 12; i++)
        {
            for (int revision = 1; revision <= 3; revision++)
            {
                await store.CreateAsync(Make($"r{i:D2}", revision, revision < 3 || i == 5 ? ReleaseStatus.Superseded : ReleaseStatus.Deployed));
            }
        }

        var newest = await store.QueryAsync(new RevisionQuery { Namespace = "one", NewestOnly = true });
        newest.Should().HaveCount(12).And.OnlyContain(r => r.Revision == 3);
        newest.Select(r => r.Release.Manifest).Should().OnlyContain(m => m.EndsWith(" 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_revision_is_gone_and_the_others_stay()
    {
        var store = await StoreAsync();
        await store.CreateAsync(Make("web", 1, ReleaseStatus.Superseded));
        await store.CreateAsync(Make("web", 2, ReleaseStatus.Deployed));
        await store.DeleteAsync("one", "web", 1);
        (await store.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" })).Select(r => r.Revision).Should().Equal(2);
    }

    [Fact]
    public async Task Names_with_dots_and_a_v_are_kept_apart()
    {
        var store = await StoreAsync();
        await store.CreateAsync(Make("web.v1", 2, ReleaseStatus.Deployed));
        await store.CreateAsync(Make("web", 1, ReleaseStatus.Deployed));
        (await store.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web.v1" })).Should().ContainSingle().Which.Revision.Should().Be(2);
        (await store.GetAsync("one", "web", 1)).Release.Name.Should().Be("web");
    }
}

public class MemoryRevisionStoreTests : RevisionStoreContract
{
    protected override Task<IRevisionStore> StoreAsync() => Task.FromResult<IRevisionStore>(new MemoryRevisionStore());
}

public sealed class FileRevisionStoreTests : RevisionStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("helmlifecycle-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override Task<IRevisionStore> StoreAsync() => Task.FromResult<IRevisionStore>(new FileRevisionStore(_folder));

    [Fact]
    public async Task A_write_that_broke_off_leaves_the_old_record()
    {
        var store = await StoreAsync();
        await store.CreateAsync(new Release { Name = "web", Namespace = "one", Revision = 1, Info = new ReleaseInfo { Status = ReleaseStatus.Deployed } });
        string file = Directory.EnumerateFiles(_folder, "*.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(file + ".new", "{ half");
        var found = await store.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" });
        found.Should().ContainSingle().Which.Release.Status.Should().Be(ReleaseStatus.Deployed);
    }

    [Fact]
    public async Task A_file_that_is_no_record_is_told_apart_from_none()
    {
        var store = await StoreAsync();
        await store.CreateAsync(new Release { Name = "web", Namespace = "one", Revision = 1 });
        string file = Directory.EnumerateFiles(_folder, "*.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(file, "{ half");
        var found = await store.GetAsync("one", "web", 1);
        FluentActions.Invoking(() => found.Release).Should().Throw<ReleaseRecordException>();
    }

    [Theory]
    [InlineData("..", "web")]
    [InlineData("one", "../../etc")]
    [InlineData("one", "a/b")]
    public async Task A_name_that_would_leave_the_folder_is_refused(string ns, string name)
    {
        var store = await StoreAsync();
        await FluentActions.Awaiting(() => store.CreateAsync(new Release { Name = name, Namespace = ns, Revision = 1 })).Should().ThrowAsync<RevisionStoreException>();
    }
}
