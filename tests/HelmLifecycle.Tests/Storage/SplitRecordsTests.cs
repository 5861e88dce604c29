using System.Security.Cryptography;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests;

/// <summary>The contract with records split as small as they come: every record of these tests is larger than one object may be.</summary>
public sealed class SplitSecretRevisionStoreTests : RevisionStoreContract, IAsyncLifetime
{
    private HelmLifecycle.EmbeddedCluster.EmbeddedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterWithNamespaces.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    protected override Task<IRevisionStore> StoreAsync() =>
        Task.FromResult<IRevisionStore>(new SecretRevisionStore(_cluster.Client, new KubernetesRevisionStoreOptions { SplitLargeRecords = true, LargestObject = 200 }));
}

/// <summary>The contract with ConfigMaps, where the records of these tests fit but might not.</summary>
public sealed class SplitConfigMapRevisionStoreTests : RevisionStoreContract, IAsyncLifetime
{
    private HelmLifecycle.EmbeddedCluster.EmbeddedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterWithNamespaces.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    protected override Task<IRevisionStore> StoreAsync() =>
        Task.FromResult<IRevisionStore>(new ConfigMapRevisionStore(_cluster.Client, new KubernetesRevisionStoreOptions { SplitLargeRecords = true }));
}

public sealed class SplitRecordsTests : IAsyncLifetime
{
    private static readonly GroupVersionKind s_secret = new("", "v1", "Secret");
    private static readonly Release s_small = new() { Name = "web", Namespace = "one", Revision = 1, Info = new ReleaseInfo { Status = ReleaseStatus.PendingInstall } };
    private static readonly string s_noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(1_500_000));
    private HelmLifecycle.EmbeddedCluster.EmbeddedCluster _cluster = null!;

    private static Release Large => s_small with { Manifest = s_noise };

    private SecretRevisionStore Helms => new(_cluster.Client);

    private SecretRevisionStore Splitting => new(_cluster.Client, new KubernetesRevisionStoreOptions { SplitLargeRecords = true });

    public async Task InitializeAsync() => _cluster = await ClusterWithNamespaces.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_record_over_the_limit_is_refused_as_it_is_to_Helm()
    {
        (await FluentActions.Awaiting(() => Helms.CreateAsync(Large)).Should().ThrowAsync<RevisionStoreException>())
            .WithMessage("create: failed to create: Secret \"sh.helm.release.v1.web.v1\" is invalid: data: Too long: must have at most 1048576 bytes");
        (await NamesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_split_record_is_read_updated_and_deleted_whole()
    {
        var created = await Splitting.CreateAsync(Large);
        (await NamesAsync()).Should().HaveCount(3, "a head and two parts");
        (await Splitting.GetAsync("one", "web", 1)).Release.Manifest.Should().Be(s_noise);
        await Splitting.UpdateAsync(created with { Info = created.Info with { Status = ReleaseStatus.Deployed } });
        var found = (await Splitting.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web", Status = ReleaseStatus.Deployed })).Should().ContainSingle().Subject;
        found.Release.Manifest.Should().Be(s_noise);
        (await NamesAsync()).Should().HaveCount(3, "the parts of before are gone");
        await Splitting.DeleteAsync("one", "web", 1);
        (await NamesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Helm_does_not_see_a_split_record_but_the_others()
    {
        await Splitting.CreateAsync(s_small);
        await Splitting.CreateAsync(Large with { Revision = 2 });
        (await Helms.QueryAsync(new RevisionQuery { Namespace = "one" })).Should().ContainSingle().Which.Revision.Should().Be(1);
        await FluentActions.Awaiting(() => Helms.GetAsync("one", "web", 2)).Should().ThrowAsync<ReleaseNotFoundException>();
        (await Splitting.QueryAsync(new RevisionQuery { Namespace = "one", NewestOnly = true })).Should().ContainSingle().Which.Revision.Should().Be(2);
    }

    [Fact]
    public async Task A_record_that_grows_over_the_limit_moves()
    {
        var created = await Splitting.CreateAsync(s_small);
        var grown = await Splitting.UpdateAsync(created with { Manifest = s_noise });
        (await Splitting.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" })).Should().ContainSingle().Which.Release.Manifest.Should().Be(s_noise);
        (await Helms.QueryAsync(new RevisionQuery())).Should().BeEmpty();
        await FluentActions.Awaiting(() => Splitting.UpdateAsync(created)).Should().ThrowAsync<RevisionStoreException>("another changed it");
        await Splitting.UpdateAsync(grown with { Manifest = "small again" });
        (await Splitting.GetAsync("one", "web", 1)).Release.Manifest.Should().Be("small again");
    }

    [Fact]
    public async Task A_small_and_a_large_record_of_one_revision_exclude_each_other()
    {
        await Splitting.CreateAsync(Large);
        await FluentActions.Awaiting(() => Splitting.CreateAsync(s_small)).Should().ThrowAsync<RevisionExistsException>();
        await Splitting.CreateAsync(s_small with { Revision = 2 });
        await FluentActions.Awaiting(() => Splitting.CreateAsync(Large with { Revision = 2 })).Should().ThrowAsync<RevisionExistsException>();
        (await NamesAsync()).Should().HaveCount(4, "a head with two parts, and a record");
    }

    [Fact]
    public async Task A_missing_part_is_a_record_that_cannot_be_read()
    {
        await Splitting.CreateAsync(Large);
        await _cluster.Client.DeleteAsync(s_secret, "one", (await NamesAsync()).Single(n => n.EndsWith(".1", StringComparison.Ordinal)));
        var found = (await Splitting.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" })).Should().ContainSingle().Subject;
        FluentActions.Invoking(() => found.Release).Should().Throw<ReleaseRecordException>().WithMessage("*part 2 of 2 is missing");
    }

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("grow")]
    [InlineData("delete")]
    public async Task Wherever_a_writer_dies_the_record_is_the_old_or_the_new_one_and_the_next_write_cleans_up(string deed)
    {
        for (int dies = 1; ; dies++)
        {
            await using var cluster = await ClusterWithNamespaces.StartAsync();
            var options = new KubernetesRevisionStoreOptions { SplitLargeRecords = true, LargestObject = 200 };
            var store = new SecretRevisionStore(cluster.Client, options);
            var large = s_small with { Manifest = s_noise[..600] };
            var before = deed switch
            {
                "create" => null,
                "grow" => await new SecretRevisionStore(cluster.Client).CreateAsync(s_small),
                _ => await store.CreateAsync(large),
            };
            var after = large with { Manifest = s_noise[..800], StoreVersion = before?.StoreVersion };
            var death = cluster.Faults.On(_ => true).From(dies).Fail(503);
            await store.Invoking(s => deed switch
            {
                "create" => s.CreateAsync(after),
                "delete" => s.DeleteAsync("one", "web", 1),
                _ => s.UpdateAsync(after),
            }).Should().NotThrowAsync<ReleaseRecordException>();
            bool died = death.Seen >= dies;
            cluster.Faults.Clear();

            var found = await store.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" });
            string?[] manifests = [.. found.Select(r => r.Release.Manifest)];
            string?[][] truths = [before is null ? [] : [before.Manifest], deed == "delete" ? [] : [after.Manifest]];
            truths.Should().Contain(t => t.SequenceEqual(manifests), $"{deed} died at call {dies}");

            await store.CreateAsync(large with { Revision = 2 });
            (await store.QueryAsync(new RevisionQuery { Namespace = "one", Name = "web" })).Select(r => r.Release.Manifest)
                .Should().Equal([.. manifests, large.Manifest], $"{deed} died at call {dies}");
            await store.DeleteAsync("one", "web", 2);
            if (manifests.Length > 0) await store.DeleteAsync("one", "web", 1);
            (await cluster.Client.ListAsync(s_secret, "one")).Items.Should().BeEmpty($"{deed} died at call {dies}");
            if (!died) break;
        }
    }

    private async Task<List<string>> NamesAsync() => [.. (await _cluster.Client.ListAsync(s_secret, "one")).Items.Select(o => o.Name)];
}
