using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Client;

public sealed class ListAndWatchTests
{
    private static readonly GroupVersionKind ConfigMap = new("", "v1", "ConfigMap");
    private const string Path = "/api/v1/namespaces/x/configmaps";
    private readonly ScriptedApi _api = new();

    private static string Item(string name, string version, string uid = "u") => $$"""{"metadata":{"name":"{{name}}","namespace":"x","uid":"{{uid}}-{{name}}","resourceVersion":"{{version}}"} }""";

    private static string List(string version, string next, params string[] items) =>
        $$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}""";

    private static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    private static async Task<List<string>> TakeAsync(IAsyncEnumerable<WatchEvent> events, int count)
    {
        var seen = new List<string>();
        await foreach (WatchEvent e in events)
        {
            seen.Add($"{e.Type} {e.Object.Name}@{e.Object.ResourceVersion}");
            if (seen.Count == count) break;
        }
        return seen;
    }

    [Fact]
    public async Task A_list_follows_its_pages_and_names_the_kind_of_its_items()
    {
        _api.On("GET", Path + "?limit=500", List("9", "t1", Item("a", "1")))
            .On("GET", Path + "?continue=t1&limit=500", List("9", "", Item("b", "2")));
        KubernetesList list = await _api.Client().ListAsync(ConfigMap, "x");
        list.Items.Select(i => $"{i.Kind} {i.Name}").Should().Equal("ConfigMap a", "ConfigMap b");
        list.ResourceVersion.Should().Be("9");
    }

    [Fact]
    public async Task A_page_that_comes_too_late_makes_the_list_begin_anew_in_one_piece()
    {
        _api.On("GET", Path + "?limit=500", List("9", "t1", Item("a", "1")))
            .On("GET", Path + "?continue=t1&limit=500", _ => ScriptedApi.Status(410, "Expired", "too old"))
            .On("GET", Path, List("12", "", Item("a", "1"), Item("b", "11")));
        KubernetesList list = await _api.Client().ListAsync(ConfigMap, "x");
        list.Items.Select(i => i.Name).Should().Equal("a", "b");
    }

    [Fact]
    public async Task Enumerating_gives_objects_one_by_one_over_all_pages()
    {
        _api.On("GET", Path + "?labelSelector=a%3Db&limit=1", List("9", "t", Item("a", "1"))).On("GET", Path + "?continue=t&labelSelector=a%3Db&limit=1", List("9", "", Item("b", "1")));
        var names = new List<string>();
        await foreach (KubernetesObject o in _api.Client().EnumerateAsync(ConfigMap, "x", new ListOptions { Limit = 1, LabelSelector = "a=b" })) names.Add(o.Name);
        names.Should().Equal("a", "b");
    }

    [Fact]
    public async Task Metadata_alone_and_tables_are_asked_for_by_the_accept_header()
    {
        _api.On("GET", Path + "*", """{"kind":"PartialObjectMetadataList","metadata":{},"items":[{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a"}}]}""");
        KubernetesList list = await _api.Client().ListAsync(ConfigMap, "x", new ListOptions { MetadataOnly = true });
        _api.Requests[^1].Accept.Should().Contain("as=PartialObjectMetadataList");
        list.Items[0].Gvk.Should().Be(ConfigMap);
        await _api.Client().TableAsync(ConfigMap, "x");
        _api.Requests[^1].Accept.Should().Contain("as=Table");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task A_list_is_read_alike_however_its_bytes_arrive(int chunk)
    {
        string text = """{"items":[{"metadata":{"name":"é\"[]{}"},"data":{"x":"y"}},{"metadata":{"name":"b"}}],"kind":"L","other":[1,{"a":[]}],"metadata":{"resourceVersion":"5"}}""";
        var reader = new ListReader(new ChunkStream(Encoding.UTF8.GetBytes(text), chunk));
        var names = new List<string>();
        while (await reader.NextAsync(default) is { } item) names.Add((string)item["metadata"]!["name"]!);
        names.Should().Equal("é\"[]{}", "b");
        ((string)reader.Metadata["resourceVersion"]!).Should().Be("5");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"items":[{"a":1}""")]
    [InlineData("""{"items":[1]}""")]
    [InlineData("<html>")]
    public async Task What_is_no_list_is_an_error(string text)
    {
        var reader = new ListReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        await reader.Invoking(async r =>
        {
            while (await r.NextAsync(default) is not null)
            {
            }
        }).Should().ThrowAsync<FormatException>();
    }

    [Fact]
    public async Task A_watch_begins_with_what_is_there_then_a_bookmark_then_changes()
    {
        _api.On("GET", Path + "?limit=500", List("5", "", Item("a", "1")))
            .On("GET", Path + "?allowWatchBookmarks=true&resourceVersion=5*", _ => ScriptedApi.Watch(false, Event("MODIFIED", Item("a", "6")), Event("DELETED", Item("a", "7"))));
        (await TakeAsync(_api.Client().WatchAsync(ConfigMap, "x"), 4)).Should().Equal("Added a@1", "Bookmark @5", "Modified a@6", "Deleted a@7");
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_goes_on_where_it_was()
    {
        _api.On("GET", Path + "?allowWatchBookmarks=true&resourceVersion=5*", _ => ScriptedApi.Watch(true, Event("ADDED", Item("a", "6")), Event("BOOKMARK", """{"metadata":{"resourceVersion":"8"}}""")))
            .On("GET", Path + "?allowWatchBookmarks=true&resourceVersion=8*", _ => ScriptedApi.Watch(false, Event("ADDED", Item("b", "9"))));
        var options = new WatchOptions { ResourceVersion = "5" };
        (await TakeAsync(_api.Client().WatchAsync(ConfigMap, "x", options), 3)).Should().Equal("Added a@6", "Bookmark @8", "Added b@9");
    }

    [Fact]
    public async Task After_410_the_differences_of_a_new_list_are_told()
    {
        const string gone = """{"kind":"Status","status":"Failure","reason":"Expired","code":410,"message":"too old resource version"}""";
        _api.OnEach("GET", Path + "?limit=500",
                _ => ScriptedApi.Json(List("5", "", Item("a", "1"), Item("b", "2"), Item("same", "3"), Item("new", "4", "old"))),
                _ => ScriptedApi.Json(List("20", "", Item("a", "11"), Item("c", "12"), Item("same", "3"), Item("new", "13"))))
            .On("GET", Path + "?allowWatchBookmarks=true&resourceVersion=5*", _ => ScriptedApi.Watch(false, Event("ERROR", gone)))
            .On("GET", Path + "?allowWatchBookmarks=true&resourceVersion=20*", _ => ScriptedApi.Watch(false, Event("ADDED", Item("d", "21"))));
        List<string> seen = await TakeAsync(_api.Client().WatchAsync(ConfigMap, "x"), 12);
        seen.Skip(5).Should().Equal("Modified a@11", "Added c@12", "Deleted new@4", "Added new@13", "Deleted b@2", "Bookmark @20", "Added d@21");
    }

    [Fact]
    public async Task A_watch_is_resumed_after_the_API_could_not_be_reached()
    {
        var time = new ManualTime();
        _api.OnEach("GET", Path + "?allowWatchBookmarks=true&resourceVersion=5*",
            _ => throw new HttpRequestException("connection reset", new IOException()),
            _ => ScriptedApi.Status(503, "ServiceUnavailable", "later"),
            _ => ScriptedApi.Watch(false, Event("ADDED", Item("a", "6"))));
        Task<List<string>> watch = TakeAsync(_api.Client(time).WatchAsync(ConfigMap, "x", new WatchOptions { ResourceVersion = "5" }), 1);
        await time.RunAsync(watch, TimeSpan.FromSeconds(2), timers: 1);
        (await watch).Should().Equal("Added a@6");
        _api.Calls.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_watch_that_is_forbidden_is_an_error()
    {
        _api.On("GET", Path + "*", _ => ScriptedApi.Status(403, "Forbidden", "no"));
        await FluentActions.Awaiting(() => TakeAsync(_api.Client().WatchAsync(ConfigMap, "x"), 1)).Should().ThrowAsync<KubernetesApiException>().WithMessage("no");
    }

    private sealed class ChunkStream(byte[] content, int chunk) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
