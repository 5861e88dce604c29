namespace HelmLifecycle.Tests;

/// <summary>What every store of leases must do.</summary>
public static class LeaseStoreContract
{
    public static async Task CheckAsync(ILeaseStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var start = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var mine = new ReleaseLease("me", start, start, TimeSpan.FromSeconds(30));
        var theirs = mine with { Holder = "them" };
        (await store.FindAsync("default", "web")).Should().BeNull();
        (await store.TryWriteAsync("default", "web", null, mine)).Should().BeTrue();
        (await store.TryWriteAsync("default", "web", null, theirs)).Should().BeFalse("there is one");
        var seen = await store.FindAsync("default", "web");
        (seen! with { Version = null }).Should().Be(mine);
        (await store.FindAsync("default", "api")).Should().BeNull();
        (await store.TryWriteAsync("default", "web", seen, seen with { Renewed = start.AddSeconds(10) })).Should().BeTrue();
        (await store.TryWriteAsync("default", "web", seen, theirs)).Should().BeFalse("it was renewed");
        (await store.TryWriteAsync("default", "web", seen, null)).Should().BeFalse("it was renewed");
        var now = await store.FindAsync("default", "web");
        now!.Renewed.Should().Be(start.AddSeconds(10));
        now.Acquired.Should().Be(start);
        (await store.TryWriteAsync("default", "web", now, null)).Should().BeTrue();
        (await store.FindAsync("default", "web")).Should().BeNull();
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => store.TryWriteAsync("default", "web", null, mine with { Holder = $"h{i}" })));
        won.Count(w => w).Should().Be(1);
    }
}
