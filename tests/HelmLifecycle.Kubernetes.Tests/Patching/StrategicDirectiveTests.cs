using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Patching;

public sealed class StrategicDirectiveTests
{
    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;

    /// <summary>Object, patch, result.</summary>
    [Theory]
    [InlineData("""{"spec":{"nodeSelector":{"a":"1"}}}""", """{"spec":{"nodeSelector":{"$patch":"replace","z":"9"}}}""", """{"spec":{"nodeSelector":{"z":"9"}}}""")]
    [InlineData("""{"spec":{"nodeSelector":{"a":"1"}}}""", """{"spec":{"nodeSelector":{"$patch":"delete"}}}""", """{"spec":{"nodeSelector":{}}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""", """{"spec":{"containers":[{"$patch":"replace"},{"name":"only"}]}}""", """{"spec":{"containers":[{"name":"only"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""", """{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}""", """{"spec":{"containers":[{"name":"b"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a"}]}}""", """{"spec":{"containers":[{"name":"z"},{"name":"y"}]}}""", """{"spec":{"containers":[{"name":"z"},{"name":"y"},{"name":"a"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"z"},{"name":"y"},{"name":"a"}]}}""", """{"spec":{"$setElementOrder/containers":[{"name":"y"},{"name":"a"},{"name":"z"}]}}""", """{"spec":{"containers":[{"name":"y"},{"name":"a"},{"name":"z"}]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""", """{"metadata":{"finalizers":["c","b"]}}""")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}""", """{"spec":{"volumes":[{"name":"v","$retainKeys":["name","secret"],"secret":{}}]}}""", """{"spec":{"volumes":[{"name":"v","secret":{}}]}}""")]
    [InlineData("""{"spec":{}}""", """{"spec":{"containers":[{"name":"a","image":null,"env":[{"name":"x","$patch":"delete"}]}]}}""", """{"spec":{"containers":[{"name":"a","env":[]}]}}""")]
    [InlineData("""{"spec":{"tolerations":[{"key":"a"}]}}""", """{"spec":{"tolerations":[{"key":"b"}]}}""", """{"spec":{"tolerations":[{"key":"b"}]}}""")]
    public void A_directive_does_what_the_API_server_does(string target, string patch, string result) =>
        StrategicMergePatch.Apply(Json(target), Json(patch), Pod).ShouldEqual(Json(result));

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""", "map: map[image:x] does not contain declared merge key: name")]
    [InlineData("""{"spec":{"containers":[{"name":"only","$patch":"frob"}]}}""", "unknown patch type: frob in map: map[$patch:frob name:only]")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","$retainKeys":["name"],"secret":{}}]}}""", "invalid patch format of retainKeys")]
    [InlineData("""{"spec":{"containers":[["x"]]}}""", "lists of lists are not supported")]
    [InlineData("""{"spec":{"containers":[null]}}""", "a list that is merged holds a null")]
    [InlineData("""{"spec":{"$setElementOrder/containers":"x"}}""", "expected a []interface {}, but received a string")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"z"}]}}""", "the order in patch list:\n[map[name:z]]\n doesn't match $setElementOrder list:\n[map[name:a]]")]
    public void A_malformed_patch_is_refused_in_the_words_of_apimachinery(string patch, string message) =>
        FluentActions.Invoking(() => StrategicMergePatch.Apply(Json("""{"spec":{"containers":[{"name":"a"}],"volumes":[{"name":"v"}]}}"""), Json(patch), Pod))
            .Should().Throw<PatchException>().WithMessage(message);

    [Fact]
    public void Sorting_a_list_of_scalars_is_no_change_for_apimachinery_but_any_other_order_is()
    {
        JsonObject With(string list) => Json("{\"metadata\":{\"finalizers\":" + list + "}}");
        StrategicMergePatch.TwoWay(With("""["d","c"]"""), With("""["c","d"]"""), Pod).Count.Should().Be(0);
        StrategicMergePatch.TwoWay(With("""["c","d"]"""), With("""["d","c"]"""), Pod)
            .ShouldEqual(Json("""{"metadata":{"$setElementOrder/finalizers":["d","c"]}}"""));
    }

    [Fact]
    public void A_document_nested_without_measure_is_refused()
    {
        JsonNode deep = new JsonObject();
        for (int i = 0; i < 5000; i++) deep = new JsonObject { ["a"] = deep };
        FluentActions.Invoking(() => StrategicMergePatch.Apply([], (JsonObject)deep, Pod)).Should().Throw<PatchException>();
    }

    [Theory]
    [InlineData("", "v1", "ConfigMap", true)]
    [InlineData("apps", "v1", "Deployment", true)]
    [InlineData("apiextensions.k8s.io", "v1", "CustomResourceDefinition", true)]
    [InlineData("apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition", false)]
    [InlineData("apiregistration.k8s.io", "v1", "APIService", false)]
    [InlineData("apps", "v1", "Widget", false)]
    [InlineData("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", false)]
    public void Built_in_kinds_take_strategic_patches_and_others_do_not(string group, string version, string kind, bool supported) =>
        StrategicMergePatch.IsSupported(new GroupVersionKind(group, version, kind)).Should().Be(supported);
}
