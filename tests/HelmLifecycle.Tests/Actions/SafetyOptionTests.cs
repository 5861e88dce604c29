using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

namespace HelmLifecycle.Tests.Actions;

/// <summary>Options that Helm lacks: what may be replaced or made anew, and only when asked for.</summary>
public sealed class SafetyOptionTests : IAsyncLifetime
{
    private static readonly GroupVersionKind s_crd = GroupVersionKind.From("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    private static readonly GroupVersionKind s_job = GroupVersionKind.From("batch/v1", "Job");
    private static readonly GroupVersionKind s_claim = GroupVersionKind.From("v1", "PersistentVolumeClaim");
    private Cluster _cluster = null!;
    private ReleaseClient _releases = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Cluster.StartAsync();
        _releases = ReleaseClient.Create(o => o.UseCluster(_cluster.Client).InNamespace("default"));
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(HelmGeneration.Helm3)]
    [InlineData(HelmGeneration.Helm4)]
    public async Task An_upgrade_leaves_CRDs_alone_unless_the_policy_says_replace(HelmGeneration generation)
    {
        var releases = ReleaseClient.Create(o => o.UseCluster(_cluster.Client).InNamespace("default").CompatibleWith(generation));
        await releases.Install("w").Chart(Widgets("size: {type: integer}")).RunAsync();
        var more = Widgets("size: {type: integer}, color: {type: string}", "spec: {size: 2, color: red}");

        await releases.Upgrade("w").Chart(Widgets("size: {type: integer}, color: {type: string}")).RunAsync();
        (await FieldsAsync()).Should().Equal("size");
        await releases.Upgrade("w").Chart(more).Crds(CrdPolicy.CreateReplace).RunAsync();
        (await FieldsAsync()).Should().Equal("size", "color");
        (await _cluster.Client.GetAsync(GroupVersionKind.From("example.test/v1", "Widget"), "default", "w")).Spec!["color"]!.ToString().Should().Be("red");
    }

    [Fact]
    public async Task A_CRD_that_would_lose_a_field_or_a_version_is_not_replaced()
    {
        await _releases.Install("w").Chart(Widgets("size: {type: integer}, color: {type: string}")).RunAsync();
        (await FluentActions.Awaiting(() => _releases.Upgrade("w").Chart(Widgets("size: {type: integer}")).Crds(CrdPolicy.CreateReplace).RunAsync())
            .Should().ThrowAsync<ReleaseException>()).WithMessage("failed to install CRD *: CRD widgets.example.test cannot be replaced: field v1:.spec.color would vanish");
        (await FluentActions.Awaiting(() => _releases.Upgrade("w").Chart(Widgets("size: {type: integer}, color: {type: string}", version: "v2")).Crds(CrdPolicy.CreateReplace).RunAsync())
            .Should().ThrowAsync<ReleaseException>()).WithMessage("*version v1 is stored in the cluster and not in the new CRD*");
        (await _releases.HistoryAsync("w")).Should().ContainSingle("nothing was begun").Which.Status.Should().Be(ReleaseStatus.Deployed);
        (await FieldsAsync()).Should().Equal("size", "color");
    }

    [Fact]
    public async Task Kinds_that_come_with_an_upgrade_can_be_used_by_it()
    {
        await _releases.Install("w").Chart(Plain("a")).RunAsync();
        var chart = Widgets("size: {type: integer}", "spec: {size: 2}");
        await FluentActions.Awaiting(() => _releases.Upgrade("w").Chart(chart).RunAsync()).Should().ThrowAsync<ReleaseException>("Helm leaves CRDs out of upgrades");
        (await _releases.Upgrade("w").Chart(chart).Crds(CrdPolicy.CreateReplace).RunAsync()).Status.Should().Be(ReleaseStatus.Deployed);
    }

    [Theory]
    [InlineData(HelmGeneration.Helm3)]
    [InlineData(HelmGeneration.Helm4)]
    public async Task An_object_with_a_changed_immutable_field_is_made_anew_only_when_it_is_named(HelmGeneration generation)
    {
        var releases = ReleaseClient.Create(o => o.UseCluster(_cluster.Client).InNamespace("default").CompatibleWith(generation));
        await releases.Install("j").Chart(Job("one")).RunAsync();
        string uid = (await _cluster.Client.GetAsync(s_job, "default", "j")).Uid!;
        await FluentActions.Awaiting(() => releases.Upgrade("j").Chart(Job("two")).RunAsync()).Should().ThrowAsync<ReleaseFailedException>().WithMessage("*field is immutable*");
        await FluentActions.Awaiting(() => releases.Upgrade("j").Chart(Job("two")).Recreate("Job/other", "Deployment").RunAsync()).Should().ThrowAsync<ReleaseFailedException>();
        (await _cluster.Client.GetAsync(s_job, "default", "j")).Uid.Should().Be(uid);
        await releases.Upgrade("j").Chart(Job("two")).Recreate("Job/j").RunAsync();
        var job = await _cluster.Client.GetAsync(s_job, "default", "j");
        job.Uid.Should().NotBe(uid);
        job.Spec!["template"]!["spec"]!["containers"]![0]!["image"]!.ToString().Should().Be("example.test/two");
    }

    [Fact]
    public async Task A_volume_claim_is_made_anew_only_with_consent_of_its_own()
    {
        await _releases.Install("c").Chart(Claim("ReadWriteOnce")).RunAsync();
        string uid = (await _cluster.Client.GetAsync(s_claim, "default", "c")).Uid!;
        var upgrade = _releases.Upgrade("c").Chart(Claim("ReadWriteMany"));
        await FluentActions.Awaiting(() => upgrade.Recreate("PersistentVolumeClaim").RunAsync()).Should().ThrowAsync<ReleaseFailedException>();
        (await _cluster.Client.GetAsync(s_claim, "default", "c")).Uid.Should().Be(uid);
        await upgrade.Recreate(new RecreatePolicy(["PersistentVolumeClaim/c"], IncludingVolumeClaims: true)).RunAsync();
        (await _cluster.Client.GetAsync(s_claim, "default", "c")).Uid.Should().NotBe(uid);
    }

    private async Task<IEnumerable<string>> FieldsAsync() =>
        ((await _cluster.Client.GetAsync(s_crd, null, "widgets.example.test")).Spec!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!.AsObject())
            .Select(p => p.Key);

    private static Chart Plain(string value) => Make([], $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: plain}}\ndata: {{value: {value}}}\n");

    private static Chart Widgets(string fields, string? widget = null, string version = "v1") => Make(
        [new ChartFile("crds/widgets.yaml", $$$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.test}
            spec:
              group: example.test
              scope: Namespaced
              names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
              versions:
              - name: {{{version}}}
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, properties: { {{{fields}}} }}
            """)],
        widget is null ? "" : $"apiVersion: example.test/v1\nkind: Widget\nmetadata: {{name: w}}\n{widget}\n");

    private static Chart Job(string image) => Make([], $$$"""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: j}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: c, image: "example.test/{{{image}}}"}]
        """);

    private static Chart Claim(string mode) => Make([], $$$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: c}
        spec:
          accessModes: [{{{mode}}}]
          resources: {requests: {storage: 1Gi}}
        """);

    private static Chart Make(IEnumerable<ChartFile> files, string template) => ChartLoader.Load(
        [new ChartFile("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"), new ChartFile("templates/a.yaml", template), .. files]);
}
