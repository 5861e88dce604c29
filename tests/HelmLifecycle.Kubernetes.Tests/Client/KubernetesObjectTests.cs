using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Client;

public sealed class KubernetesObjectTests
{
    [Fact]
    public void An_object_is_a_view_of_its_json()
    {
        KubernetesObject o = KubernetesObject.FromYaml("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              labels: {app: web}
            spec: {replicas: 3}
            """);
        o.SetLabel("tier", "front");
        o.SetLabel("app", null);
        o.SetAnnotation("note", "x");
        o.Namespace = "shop";

        o.Gvk.ToString().Should().Be("apps/v1, Kind=Deployment");
        o.ToString().Should().Be("Deployment/shop/web");
        o.Labels.Should().Equal(new Dictionary<string, string> { ["tier"] = "front" });
        o.ToYaml().Should().Be("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations:\n    note: x\n  labels:\n    tier: front\n  name: web\n  namespace: shop\nspec:\n  replicas: 3\n");
    }

    [Fact]
    public void A_copy_shares_nothing()
    {
        var o = new KubernetesObject(new GroupVersionKind("", "v1", "ConfigMap"), "c");
        KubernetesObject copy = o.DeepClone();
        copy.Name = "d";
        (o.Name, copy.Name).Should().Be(("c", "d"));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("""{"a":1}x""")]
    public void What_is_no_object_is_refused(string json) => FluentActions.Invoking(() => KubernetesObject.Parse(json)).Should().Throw<FormatException>();

    [Fact]
    public void Repeated_keys_and_odd_types_do_no_harm()
    {
        KubernetesObject o = KubernetesObject.Parse("""{"kind":1,"kind":"K","metadata":{"name":7,"generation":"x","labels":[1],"deletionTimestamp":"never"}}""");
        (o.Kind, o.Name, o.Generation, o.DeletionTimestamp, o.Labels.Count).Should().Be(("K", "", 0, null, 0));
    }

    [Fact]
    public void A_document_nested_without_measure_is_refused()
    {
        FluentActions.Invoking(() => KubernetesObject.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000))).Should().Throw<FormatException>();
        JsonNode deep = new JsonObject();
        for (int i = 0; i < 5000; i++) deep = new JsonObject { ["a"] = deep };
        new KubernetesObject((JsonObject)deep).Invoking(o => o.ToJson()).Should().Throw<KubernetesException>();
    }
}
