using System.Text;

namespace HelmLifecycle.Charts.Tests;

public sealed class RemoteValuesTests
{
    [Fact]
    public async Task A_values_file_comes_from_an_address()
    {
        await using TlsFolder server = await ServeAsync(("/prod.yaml", "replicas: 3\nimage: {tag: v2}\n"));
        server.Redirects["/latest.yaml"] = "/prod.yaml";
        GoMap values = await new HelmValuesMerger().MergeAsync([ValuesSource.File(server.Url + "/latest.yaml"), ValuesSource.Set("image.tag=v3")]);
        TestCharts.Yaml(values).Should().Be("image:\n  tag: v3\nreplicas: 3\n");
    }

    [Fact]
    public async Task A_text_of_set_file_comes_from_an_address_or_a_path_alike()
    {
        await using TlsFolder server = await ServeAsync(("/app.conf", "a = 1\n"));
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "b = 2\n");
        try
        {
            GoMap values = await new HelmValuesMerger().MergeAsync([ValuesSource.SetFile($"one={server.Url}/app.conf,two={path}")]);
            TestCharts.Yaml(values).Should().Be("one: |\n  a = 1\ntwo: |\n  b = 2\n");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_said_as_Helm_says_it()
    {
        await using TlsFolder server = await ServeAsync();
        Func<Task> file = () => MergeAsync(ValuesSource.File(server.Url + "/none.yaml"));
        (await file.Should().ThrowAsync<ValuesException>()).WithMessage($"failed to fetch {server.Url}/none.yaml : 404 Not Found");
        Func<Task> set = () => MergeAsync(ValuesSource.SetFile($"a={server.Url}/none"));
        (await set.Should().ThrowAsync<ValuesException>()).WithMessage($"failed parsing --set-file data: failed to fetch {server.Url}/none : 404 Not Found");
        Func<Task> local = () => MergeAsync(ValuesSource.SetFile("a=/no/such/file"));
        (await local.Should().ThrowAsync<ValuesException>()).WithMessage("failed parsing --set-file data: open /no/such/file: no such file or directory");
    }

    [Fact]
    public async Task A_password_in_the_address_is_sent_and_not_shown()
    {
        await using TlsFolder server = await ServeAsync(("/bad.yaml", "a: [\n"));
        Func<Task> merge = () => MergeAsync(ValuesSource.File(server.Url.Replace("//", "//me:pw@", StringComparison.Ordinal) + "/bad.yaml"));
        (await merge.Should().ThrowAsync<ValuesException>()).Which.ToString().Should().Contain($"failed to parse {server.Url}/bad.yaml").And.NotContain("me:pw");
        server.Requests.Should().Equal("/bad.yaml Basic bWU6cHc=");
    }

    [Fact]
    public async Task A_value_is_explained_by_the_address_and_line_it_comes_from()
    {
        await using TlsFolder server = await ServeAsync(("/prod.yaml", "a: 1\nimage:\n  tag: v2\n"));
        ValuesExplanation explanation = await ValuesExplanation.CreateAsync(TestCharts.Web(("values.yaml", "image: {tag: v1}")), [ValuesSource.File(server.Url + "/prod.yaml")]);
        explanation.Explain("image.tag")!.ToString().Should().Be(server.Url + "/prod.yaml:3");
    }

    [Fact]
    public async Task Fetching_can_be_cancelled()
    {
        await using TlsFolder server = await ServeAsync(("/prod.yaml", "a: 1\n"));
        Func<Task> merge = async () => await new HelmValuesMerger().MergeAsync([ValuesSource.SetFile($"a={server.Url}/prod.yaml")], new CancellationToken(canceled: true));
        await merge.Should().ThrowAsync<OperationCanceledException>();
    }

    private static Task<GoMap> MergeAsync(ValuesSource source) => new HelmValuesMerger().MergeAsync([source]).AsTask();

    private static async Task<TlsFolder> ServeAsync(params (string Path, string Text)[] files)
    {
        TlsFolder server = await TlsFolder.StartAsync();
        foreach ((string path, string text) in files)
            server.Files[path] = Encoding.UTF8.GetBytes(text);
        return server;
    }
}
