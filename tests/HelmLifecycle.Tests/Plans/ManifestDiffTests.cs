namespace HelmLifecycle.Tests;

public class ManifestDiffTests
{
    private const string Before = "---\n# Source: c/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: \"1\"\n---\n# Source: c/templates/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n  annotations:\n    helm.sh/resource-policy: keep\n";

    [Fact]
    public void Objects_are_told_apart_by_kind_and_name_not_by_place()
    {
        const string After = "---\n# Source: c/templates/n.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fresh\n---\n# Source: c/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: \"2\"\n";
        ManifestDiff diff = ManifestDiff.Between(Before, After);
        diff.Resources.Select(r => r.ToString()).Should().Equal("ConfigMap/fresh created", "ConfigMap/a changed", "ConfigMap/b kept");
        diff.Resources[1].Fields.Should().Equal(new FieldChange("data.x", FieldChangeKind.Changed, "1", "2"));
        diff.Resources[1].UnifiedText.Should().StartWith("--- ConfigMap/a\n+++ ConfigMap/a\n@@ -").And.Contain("-  x: \"1\"\n+  x: \"2\"\n");
    }

    [Fact]
    public void The_same_manifest_differs_in_nothing() => ManifestDiff.Between(Before, Before).IsEmpty.Should().BeTrue();

    [Fact]
    public void An_item_put_in_front_of_a_list_is_one_addition()
    {
        static string Pod(string containers) => $"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{containers}]}}\n";
        ManifestDiff diff = ManifestDiff.Between(Pod("{name: a, image: i}"), Pod("{name: new, image: j}, {name: a, image: i}"));
        diff.Resources.Single().Fields.Single().ToString().Should().Be("+ spec.containers[new]: {\"name\":\"new\",\"image\":\"j\"}");
    }

    [Theory]
    [InlineData("500m", "0.5")]
    [InlineData("1", "1")]
    [InlineData("64Mi", "67108864")]
    [InlineData("1.5Gi", "1610612736")]
    [InlineData("1e3", "1000")]
    [InlineData("2k", "2000")]
    public void Quantities_are_read(string text, string number) =>
        ResourceArithmetic.Quantity(text).Should().Be(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Requests_count_replicas_the_largest_init_container_and_volume_claims()
    {
        const string Manifest = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              replicas: 3
              template:
                spec:
                  initContainers:
                  - {name: i, resources: {requests: {cpu: "1"}}}
                  containers:
                  - {name: a, resources: {requests: {cpu: 200m, memory: 1Gi}, limits: {cpu: "1"}}}
                  - {name: b, resources: {limits: {cpu: 300m}}}
              volumeClaimTemplates:
              - spec: {resources: {requests: {storage: 10Gi}}}
            """;
        ResourceTotals totals = ResourceTotals.Of(Manifest);
        (totals.Pods, totals.CpuRequests, ResourceTotals.Bytes(totals.MemoryRequests), ResourceTotals.Bytes(totals.Storage), ResourceTotals.Cpu(totals.CpuLimits))
            .Should().Be((3, 3m, "3Gi", "30Gi", "3900m"));
    }
}
