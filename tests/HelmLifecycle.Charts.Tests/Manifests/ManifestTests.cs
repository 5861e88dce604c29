namespace HelmLifecycle.Charts.Tests;

public class ManifestTests
{
    [Theory]
    [InlineData("a: 1\n---\nb: 2\n", "a: 1", "b: 2")]
    [InlineData("---\na: 1", "a: 1")]
    [InlineData("  \n---  \n\na: 1\n\n---", "a: 1")]
    [InlineData("---a: 1\n---b: 2", "a: 1", "b: 2")]
    [InlineData("a: x---y", "a: x---y")]
    [InlineData("a: |\n  t\n---\n  u", "a: |\n  t", "u")]
    [InlineData("# only a comment", "# only a comment")]
    [InlineData("---\n---\na: 1", "---\na: 1")]
    [InlineData(" \n ")]
    public void Texts_are_cut_where_Helm_cuts_them(string text, params string[] documents) =>
        ManifestSplitter.Split(text).Should().Equal(documents);

    [Fact]
    public void Kinds_are_installed_and_uninstalled_in_Helms_order()
    {
        string[] kinds = ["Zebra", "Deployment", "ValidatingWebhookConfiguration", "Namespace", "Apple", "Ingress"];
        KindOrder.Install.Sort(kinds, k => k).Should().Equal("Namespace", "Deployment", "Ingress", "ValidatingWebhookConfiguration", "Apple", "Zebra");
        KindOrder.Uninstall.Sort(kinds, k => k).Should().Equal("ValidatingWebhookConfiguration", "Ingress", "Deployment", "Namespace", "Apple", "Zebra");
        KindOrder.InstallHelm3.Sort(kinds, k => k).Should().Equal("Namespace", "Deployment", "Ingress", "Apple", "ValidatingWebhookConfiguration", "Zebra");
    }

    [Fact]
    public void Every_kind_that_has_a_place_in_installing_has_one_in_uninstalling() =>
        KindOrder.Uninstall.Kinds.Should().BeEquivalentTo(KindOrder.Install.Kinds);

    [Fact]
    public void Heads_take_numbers_as_text_and_refuse_what_is_none()
    {
        ManifestHead head = ManifestHead.Read("apiVersion: 1\nkind: true\nmetadata: {name: 0x10, annotations: {w: 5, f: 1.5}}", "p");
        head.Should().BeEquivalentTo(new { ApiVersion = "1", Kind = "true", Name = "16" });
        head.Annotations.Should().Equal(new Dictionary<string, string> { ["w"] = "5", ["f"] = "1.5" });
        FluentActions.Invoking(() => ManifestHead.Read("metadata: {annotations: {a: [1]}}", "web/t.yaml")).Should().Throw<ManifestException>()
            .WithMessage("YAML parse error on web/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field .metadata.annotations of type string");
        FluentActions.Invoking(() => ManifestHead.Read("just text", "t")).Should().Throw<ManifestException>()
            .WithMessage("*json: cannot unmarshal string into Go value of type util.SimpleHead");
    }

    [Fact]
    public void A_stored_manifest_is_read_back_with_its_sources()
    {
        const string Manifest = "---\n# Source: web/templates/a.yaml\nkind: A\n---\n# Source: web/templates/b.yaml\nkind: B\n";
        IReadOnlyList<ManifestDocument> documents = ManifestSplitter.Read(Manifest);
        documents.Select(d => (d.Path, d.Head.Kind)).Should().Equal(("web/templates/a.yaml", "A"), ("web/templates/b.yaml", "B"));
    }

    [Fact]
    public void Show_only_picks_by_pattern_and_says_when_nothing_fits()
    {
        ManifestDocument[] documents = [new("web/templates/a.yaml", "a", new()), new("web/charts/sub/templates/b.yaml", "b", new())];
        ManifestFilter.ShowOnly(documents, "charts/*/templates/*.yaml", "templates/a.yaml").Select(d => d.Text).Should().Equal("b", "a");
        FluentActions.Invoking(() => ManifestFilter.ShowOnly(documents, "templates/c.yaml")).Should().Throw<ChartException>()
            .WithMessage("could not find template templates/c.yaml in chart");
    }
}
