using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests;

public sealed class PlanTests : IAsyncLifetime
{
    private static readonly GroupVersionKind s_configMap = new("", "v1", "ConfigMap");
    private static readonly GroupVersionKind s_deployment = new("apps", "v1", "Deployment");

    private static readonly Chart s_chart = ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"),
        new ChartFile("values.yaml", "color: red\nreplicas: 1\nselector: a\npassword: hunter2\nextra: false\n"),
        new ChartFile("templates/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  color: {{ .Values.color }}\n"),
        new ChartFile("templates/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: secret\nstringData:\n  password: {{ .Values.password }}\n"),
        new ChartFile("templates/extra.yaml", "{{ if .Values.extra }}apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\n{{ end }}"),
        new ChartFile("templates/deployment.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              replicas: {{ .Values.replicas }}
              selector:
                matchLabels: {app: {{ .Values.selector }}}
              template:
                metadata:
                  labels: {app: {{ .Values.selector }}}
                spec:
                  containers:
                  - name: web
                    image: example.test/web:1
                    env:
                    - {name: COLOR, value: {{ .Values.color }}}
                    resources:
                      requests: {cpu: 100m, memory: 64Mi}
            """),
        new ChartFile("templates/hook.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations:\n    helm.sh/hook: pre-upgrade\n    helm.sh/hook-weight: \"5\"\n"),
    ]);

    private EmbeddedCluster.EmbeddedCluster _cluster = null!;
    private ReleaseClient _releases = null!;

    public async Task InitializeAsync()
    {
        _cluster = await EmbeddedCluster.EmbeddedCluster.StartAsync();
        _releases = ReleaseClient.Create(o => o.UseCluster(_cluster.Client).InNamespace("default"));
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_plan_of_an_install_creates_everything_and_touches_nothing()
    {
        Plan plan = await _releases.Install("app").Chart(s_chart).PlanAsync();
        plan.Diff.Changes.Select(c => c.ToString()).Should().BeEquivalentTo("Secret/secret created", "ConfigMap/cm created", "Deployment/web created");
        plan.Impact.After.Should().BeEquivalentTo(new { Pods = 1, CpuRequests = 0.1m, MemoryRequests = 64m * 1024 * 1024 });
        (await _cluster.Client.TryGetAsync(s_configMap, "default", "cm")).Should().BeNull();
        await FluentActions.Awaiting(() => _releases.GetAsync("app")).Should().ThrowAsync<ReleaseNotFoundException>();
    }

    [Fact]
    public async Task A_plan_of_an_upgrade_shows_values_fields_hooks_and_resources()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("color=blue,replicas=3,extra=true").PlanAsync();

        plan.IsExact.Should().BeTrue();
        (plan.FromRevision, plan.ToRevision).Should().Be((1, 2));
        plan.Values.Select(v => v.ToString()).Should().Equal("~ color: red -> blue", "~ extra: false -> true", "~ replicas: 1 -> 3");
        plan.Diff.Changes.Select(c => c.ToString()).Should().BeEquivalentTo("ConfigMap/cm changed", "ConfigMap/extra created", "Deployment/web changed");
        ResourceChange web = plan.Diff.Changes.Single(c => c.Title == "Deployment/web");
        web.Fields.Select(f => f.ToString()).Should().Equal("~ spec.replicas: 1 -> 3", "~ spec.template.spec.containers[web].env[COLOR].value: red -> blue");
        plan.Hooks.Should().Equal(new PlannedHook("pre-upgrade", "ConfigMap", "hook", 5));
        (plan.Impact.Before.Pods, plan.Impact.After.Pods, plan.Impact.After.CpuRequests).Should().Be((1, 3, 0.3m));
        plan.Warnings.Should().Contain(w => w.Kind == PlanWarningKind.Downtime && w.Object == "Deployment/web", "no PodDisruptionBudget covers it");
    }

    [Fact]
    public async Task Applying_a_plan_does_what_it_showed()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("color=blue").PlanAsync();
        Release release = (await plan.ApplyAsync())!;
        (release.Revision, release.Status).Should().Be((2, ReleaseStatus.Deployed));
        (await _cluster.Client.GetAsync(s_configMap, "default", "cm")).Json["data"]!["color"]!.ToString().Should().Be("blue");
    }

    [Fact]
    public async Task A_plan_is_refused_when_a_live_object_has_changed_since()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("color=blue").PlanAsync();
        await _cluster.Client.PatchAsync(s_configMap, "default", "cm", new PatchBody(PatchType.Merge, JsonNode.Parse("""{"data":{"color":"green"}}""")!));
        (await plan.Awaiting(p => p.ApplyAsync()).Should().ThrowAsync<PlanOutdatedException>()).WithMessage("ConfigMap/cm has changed*");
        (await _releases.HistoryAsync("app")).Should().HaveCount(1, "nothing was done");
    }

    [Fact]
    public async Task A_plan_is_refused_when_another_made_a_revision_since()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("color=blue").PlanAsync();
        await _releases.Upgrade("app").Chart(s_chart).Set("color=red").RunAsync();
        await plan.Awaiting(p => p.ApplyAsync()).Should().ThrowAsync<PlanOutdatedException>();
    }

    [Fact]
    public async Task Status_that_controllers_write_does_not_outdate_a_plan()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("color=blue").PlanAsync();
        await _releases.StatusAsync("app");
        await new ReadinessWaiter(_cluster.Client).WaitUntilReadyAsync([await _cluster.Client.GetAsync(s_deployment, "default", "web")], new WaitOptions());
        (await plan.ApplyAsync())!.Revision.Should().Be(2);
    }

    [Fact]
    public async Task A_field_that_cannot_change_is_told_before_it_is_tried()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("selector=b").PlanAsync();
        plan.Diff.Resources.Single(r => r.Title == "Deployment/web").Action.Should().Be(ResourceAction.Failed);
        plan.Warnings.Should().Contain(w => w.Kind == PlanWarningKind.Refused && w.Text.Contains("field is immutable"));
        Plan allowed = await _releases.Upgrade("app").Chart(s_chart).Set("selector=b").Recreate("Deployment/web").PlanAsync();
        allowed.Diff.Resources.Single(r => r.Title == "Deployment/web").Action.Should().Be(ResourceAction.Recreated);
    }

    [Fact]
    public async Task Secrets_show_in_no_form_of_a_plan()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        Plan plan = await _releases.Upgrade("app").Chart(s_chart).Set("password=letmein9").PlanAsync();
        plan.Diff.Changes.Should().ContainSingle().Which.Title.Should().Be("Secret/secret");
        foreach (string text in (string[])[plan.ToText(), plan.ToText(color: true), plan.ToMarkdown(), plan.ToHtml(), plan.ToJson().ToJsonString()])
        {
            text.Should().NotContain("letmein9").And.NotContain("hunter2").And.NotContain("bGV0bWVpbjk");
            text.Should().Contain("secret");
        }
    }

    [Fact]
    public async Task A_rollback_and_an_uninstall_are_planned_and_applied()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        await _releases.Upgrade("app").Chart(s_chart).Set("extra=true").RunAsync();
        Plan back = await _releases.Rollback("app").To(1).PlanAsync();
        back.Diff.Changes.Select(c => c.ToString()).Should().Equal("ConfigMap/extra deleted");
        (await back.ApplyAsync())!.Description.Should().Be("Rollback to 1");

        Plan end = await _releases.Uninstall("app").PlanAsync();
        end.Diff.Changes.Should().OnlyContain(c => c.Action == ResourceAction.Deleted).And.HaveCount(3);
        await end.ApplyAsync();
        (await _cluster.Client.TryGetAsync(s_configMap, "default", "cm")).Should().BeNull();
    }

    [Fact]
    public async Task Drift_is_what_others_changed_of_the_charts_fields_and_can_be_put_right()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        (await _releases.DriftAsync("app")).HasDrift.Should().BeFalse();
        await _cluster.Client.PatchAsync(s_configMap, "default", "cm", new PatchBody(PatchType.Merge, JsonNode.Parse("""{"data":{"color":"green","mine":"kept"}}""")!));

        DriftReport drift = await _releases.DriftAsync("app");
        drift.Summary.Should().Be("ConfigMap/cm: data.color");
        await _releases.Upgrade("app").CorrectDrift().RunAsync();

        (await _releases.DriftAsync("app")).HasDrift.Should().BeFalse();
        JsonNode data = (await _cluster.Client.GetAsync(s_configMap, "default", "cm")).Json["data"]!;
        (data["color"]!.ToString(), data["mine"]!.ToString()).Should().Be(("red", "kept"));
    }

    [Fact]
    public async Task Two_revisions_are_compared()
    {
        await _releases.Install("app").Chart(s_chart).RunAsync();
        await _releases.Upgrade("app").Chart(s_chart).Set("color=blue").RunAsync();
        RevisionDiff diff = await _releases.DiffAsync("app", 1, 2);
        diff.Values.Should().ContainSingle().Which.ToString().Should().Be("~ color: red -> blue");
        diff.Manifest.ToUnifiedText().Should().Contain("-  color: red\n+  color: blue\n");
    }
}
