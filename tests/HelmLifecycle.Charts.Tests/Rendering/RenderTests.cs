namespace HelmLifecycle.Charts.Tests;

public class RenderTests
{
    [Fact]
    public void Manifests_stand_in_install_order_under_their_sources_with_hooks_and_notes_apart()
    {
        RenderedChart rendered = TestCharts.Render(TestCharts.Web(
            ("templates/a.yaml", "kind: Deployment\n---\nkind: Service\n"),
            ("templates/b.yaml", "kind: ConfigMap"),
            ("templates/hook.yaml", "kind: Job\nmetadata: {name: j, annotations: {helm.sh/hook: 'pre-install, Test', helm.sh/hook-weight: '-3', helm.sh/hook-delete-policy: hook-succeeded}}"),
            ("templates/odd.yaml", "kind: Job\nmetadata: {annotations: {helm.sh/hook: crd-install}}"),
            ("templates/_help.tpl", "never"), ("templates/empty.yaml", "{{/* */}}\n"), ("templates/NOTES.txt", "Hello {{ .Release.Name }}")));
        rendered.Manifest.Should().Be(
            "---\n# Source: web/templates/b.yaml\nkind: ConfigMap\n---\n# Source: web/templates/a.yaml\nkind: Service\n---\n# Source: web/templates/a.yaml\nkind: Deployment\n");
        rendered.Notes.Should().Be("Hello rel");
        rendered.Hooks.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Name = "j",
            Kind = "Job",
            Path = "web/templates/hook.yaml",
            Weight = -3,
            DeletePolicies = new[] { "hook-succeeded" },
            Events = new[] { HookEvent.PreInstall, HookEvent.Test },
        });
    }

    [Fact]
    public void Templates_see_the_release_the_chart_and_the_cluster() =>
        TestCharts.Out("{{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.Revision }} {{ .Release.IsInstall }} {{ .Release.IsUpgrade }} {{ .Release.Service }} "
            + "{{ .Chart.Name }} {{ .Chart.Version }} {{ .Chart.Nothing }}{{ .Chart.IsRoot }} {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }} "
            + "{{ .Capabilities.APIVersions.Has \"apps/v1\" }} {{ .Capabilities.APIVersions.Has \"apps/v9\" }} {{ .Template.Name }} {{ .Template.BasePath }}")
        .Should().Be("rel ns 1 true false Helm web 1.2.3 true v1.34.0 34 true false web/templates/t.yaml web/templates");

    [Fact]
    public void Subcharts_see_their_own_values_and_parents_see_their_subcharts()
    {
        Dictionary<string, string> files = TestCharts.Execute(
            TestCharts.Web(
                ("values.yaml", "global: {g: 1}\nsub: {k: parent}"), ("templates/t.yaml", "{{ .Subcharts.sub.Values.k }} {{ .Subcharts.sub.Chart.Name }}"),
                ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"), ("charts/sub/templates/s.yaml", "{{ .Values.k }} {{ .Values.global.g }} {{ .Chart.IsRoot }} {{ .Template.BasePath }}")));
        files["web/charts/sub/templates/s.yaml"].Should().Be("parent 1 false web/charts/sub/templates");
        files["web/templates/t.yaml"].Should().Be("parent sub");
    }

    [Fact]
    public void A_parents_define_beats_a_subcharts_and_in_one_folder_the_first_file_wins()
    {
        Dictionary<string, string> files = TestCharts.Execute(TestCharts.Web(
            ("templates/t.yaml", "{{ include \"n\" . }} {{ include \"m\" . }}"), ("templates/_a.tpl", "{{ define \"m\" }}a{{ end }}"), ("templates/_b.tpl", "{{ define \"m\" }}b{{ end }}{{ define \"n\" }}parent{{ end }}"),
            ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"), ("charts/sub/templates/_h.tpl", "{{ define \"n\" }}child{{ end }}")));
        files["web/templates/t.yaml"].Should().Be("parent a");
    }

    [Fact]
    public void A_library_chart_lends_its_partials_and_nothing_else()
    {
        Dictionary<string, string> files = TestCharts.Execute(TestCharts.Web(
            ("templates/t.yaml", "{{ include \"lib\" . }}"), ("charts/lib/Chart.yaml", "name: lib\nversion: 1.0.0\ntype: library"),
            ("charts/lib/templates/_lib.tpl", "{{ define \"lib\" }}lent{{ end }}"), ("charts/lib/templates/x.yaml", "kind: X")));
        files.Keys.Should().Equal("web/templates/t.yaml");
        files["web/templates/t.yaml"].Should().Be("lent");
    }

    [Fact]
    public async Task Renders_at_once_do_not_disturb_each_other_nor_change_the_chart()
    {
        Chart chart = TestCharts.Web(("values.yaml", "list: [1]\nm: {n: 0}"), ("templates/a.yaml", "{{ $_ := set .Values.m \"n\" (add .Values.m.n .Values.i) }}{{ .Values.m.n }}"));
        string before = TestCharts.Yaml(chart.Values!);
        string[] results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => TestCharts.Execute(chart, $"i: {i}")["web/templates/a.yaml"])));
        results.Should().Equal(Enumerable.Range(0, 64).Select(i => i.ToString()));
        TestCharts.Yaml(chart.Values!).Should().Be(before);
    }

    [Fact]
    public void The_values_told_are_those_before_templates_changed_them()
    {
        RenderedChart rendered = TestCharts.Render(TestCharts.Web(("values.yaml", "a: 1"), ("templates/a.yaml", "{{ $_ := set .Values \"a\" 2 }}")));
        TestCharts.Yaml(rendered.Values).Should().Be("a: 1\n");
    }

    [Fact]
    public void What_is_no_YAML_is_named_with_its_template_and_all_files_are_at_hand()
    {
        ManifestException failure = FluentActions.Invoking(() => TestCharts.Render(TestCharts.Web(("templates/bad.yaml", "a: b: c")))).Should().Throw<ManifestException>()
            .WithMessage("YAML parse error on web/templates/bad.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context").Which;
        failure.Files.Should().ContainKey("web/templates/bad.yaml");
    }

    [Fact]
    public void A_chart_for_another_Kubernetes_is_refused()
    {
        Chart chart = TestCharts.Load(("Chart.yaml", "name: web\nversion: 1.0.0\nkubeVersion: '>=1.99'"));
        FluentActions.Invoking(() => TestCharts.Render(chart)).Should().Throw<ChartException>().WithMessage("chart requires kubeVersion: >=1.99 which is incompatible with Kubernetes v1.34.0");
        TestCharts.Render(TestCharts.Request(chart) with { Capabilities = Capabilities.Default.WithKubeVersion("1.99.3-gke.1") }).Manifest.Should().BeEmpty();
    }

    [Theory]
    [InlineData("1.33", "v1.33", "33")]
    [InlineData("v1.33.4-gke.1", "v1.33.4", "33")]
    public void Kubernetes_versions_are_read_without_their_suffix(string text, string version, string minor)
    {
        KubeVersion parsed = KubeVersion.Parse(text);
        (parsed.Version, parsed.Minor).Should().Be((version, minor));
    }

    [Theory]
    [InlineData("one", "invalid kube version 'one': could not parse \"one\" as version")]
    [InlineData("1", "invalid kube version '1': illegal version string \"1\"")]
    public void What_is_no_version_is_refused(string text, string message) =>
        FluentActions.Invoking(() => KubeVersion.Parse(text)).Should().Throw<ChartException>().WithMessage(message);

    [Fact]
    public void Custom_resource_definitions_lead_the_manifest_when_asked_for()
    {
        Chart chart = TestCharts.Web(("crds/c.yaml", "kind: CustomResourceDefinition\n"), ("templates/a.yaml", "kind: A"));
        TestCharts.Render(TestCharts.Request(chart) with { IncludeCrds = true }).Manifest.Should()
            .Be("---\n# Source: web/crds/c.yaml\nkind: CustomResourceDefinition\n\n---\n# Source: web/templates/a.yaml\nkind: A\n");
        TestCharts.Render(chart).Crds.Should().ContainSingle();
    }

    [Fact]
    public void Notes_of_subcharts_are_added_when_asked_for()
    {
        Chart chart = TestCharts.Web(("templates/NOTES.txt", "own"), ("charts/sub/Chart.yaml", "name: sub\nversion: 1.0.0"), ("charts/sub/templates/NOTES.txt", "theirs"));
        TestCharts.Render(chart).Notes.Should().Be("own");
        TestCharts.Render(TestCharts.Request(chart) with { SubNotes = true }).Notes.Should().Be("own\ntheirs");
    }

    [Fact]
    public async Task Post_renderers_change_the_manifest_in_turn_and_Helm_3_gives_them_no_hooks()
    {
        string given = "";
        RenderRequest request = TestCharts.Request(TestCharts.Web(("templates/a.yaml", "kind: A"), ("templates/h.yaml", "kind: H\nmetadata: {name: h, annotations: {helm.sh/hook: pre-install}}"))) with
        {
            Rules = ManifestRules.Helm3,
            PostRenderers = [PostRenderer.From(m => (given = m).Replace("kind: A", "kind: B", StringComparison.Ordinal)), PostRenderer.Program("sed", "s/B/C/")],
        };
        RenderedChart rendered = await new HelmRenderer().RenderAsync(request);
        given.Should().Be("---\n# Source: web/templates/a.yaml\nkind: A\n");
        rendered.Manifest.Should().Be("---\n# Source: web/templates/a.yaml\nkind: C\n");
        rendered.Documents.Should().ContainSingle().Which.Head.Kind.Should().Be("C");
    }

    [Fact]
    public async Task Helm_4_gives_post_renderers_hooks_too_and_sorts_what_they_return()
    {
        string given = "";
        RenderRequest request = TestCharts.Request(TestCharts.Web(
            ("templates/b.yaml", "# about b\nkind: Service\n\nmetadata:\n    name: b\n    annotations:\n        x: \"1\"\nspec:\n    ports:\n        - port: 80   \n        - {port: 81}\n    text: |\n        one\n\n          two\n"),
            ("templates/a.yaml", "kind: Job\nmetadata: {name: a, annotations: {helm.sh/hook: pre-install}}\n---\nkind: Secret\nmetadata:\n  name: s"))) with
        {
            PostRenderers = [PostRenderer.From(m => (given = m).Replace("name: a", "name: renamed", StringComparison.Ordinal) + "---\nkind: Namespace\nmetadata:\n  name: new\n")],
        };
        RenderedChart rendered = await new HelmRenderer().RenderAsync(request);
        given.Should().Be("""
            kind: Job
            metadata: {name: a, annotations: {helm.sh/hook: pre-install, postrenderer.helm.sh/postrender-filename: 'web/templates/a.yaml'}}
            ---
            kind: Secret
            metadata:
              name: s
              annotations:
                postrenderer.helm.sh/postrender-filename: 'web/templates/a.yaml'
            ---
            # about b
            kind: Service
            metadata:
              name: b
              annotations:
                x: "1"
                postrenderer.helm.sh/postrender-filename: 'web/templates/b.yaml'
            spec:
              ports:
              - port: 80
              - {port: 81}
              text: |
                one

                  two

            """);
        rendered.Hooks.Should().ContainSingle().Which.Manifest.Should().Be("kind: Job\nmetadata: {name: renamed, annotations: {helm.sh/hook: pre-install}}");
        rendered.Documents.Select(d => (d.Path, d.Head.Kind)).Should().Equal(
            ("generated-by-postrender-3.yaml", "Namespace"), ("web/templates/a.yaml", "Secret"), ("web/templates/b.yaml", "Service"));
        rendered.Manifest.Should().NotContain("postrenderer.helm.sh");
    }

    [Theory]
    [InlineData("exit 3", "*error output:\nwrong\n: exit status 3")]
    [InlineData("exit 0", "*produced empty output")]
    public async Task A_program_that_fails_is_told_of_with_its_complaint(string end, string message) =>
        await FluentActions.Awaiting(() => PostRenderer.Program("sh", "-c", "echo wrong >&2; " + end).RunAsync("a: 1")).Should().ThrowAsync<PostRenderException>().WithMessage(message);

    [Fact]
    public async Task A_program_that_does_not_exist_is_named() =>
        await FluentActions.Awaiting(() => PostRenderer.Program("no-such-program-here").RunAsync("")).Should().ThrowAsync<PostRenderException>().WithMessage("*unable to find binary at no-such-program-here*");

    [Fact]
    public void Values_that_do_not_fit_the_schema_end_the_render_unless_that_is_skipped()
    {
        var renderer = new HelmRenderer(new Refusing());
        RenderRequest request = TestCharts.Request(TestCharts.Web());
        FluentActions.Awaiting(() => renderer.RenderAsync(request)).Should().ThrowAsync<SchemaException>()
            .WithMessage("values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '': no\n");
        FluentActions.Awaiting(() => renderer.RenderAsync(request with { SkipSchemaValidation = true })).Should().NotThrowAsync();
    }

    private sealed class Refusing : IValuesValidator
    {
        public IReadOnlyList<SchemaViolation> Validate(Chart chart, GoMap values) => [new(chart.Name, 0, "", "- at '': no")];
    }
}
