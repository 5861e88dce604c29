using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes.Tests.Patching;

public sealed class JsonPatchTests
{
    /// <summary>Operations on {"a":"1","l":["x","y"],"s/l":{"~":1}} and the result; null for refused.</summary>
    [Theory]
    [InlineData("""[{"op":"add","path":"/b","value":{"c":null}}]""", """{"a":"1","l":["x","y"],"s/l":{"~":1},"b":{"c":null}}""")]
    [InlineData("""[{"op":"add","path":"/l/-","value":"z"},{"op":"add","path":"/l/0","value":"w"}]""", """{"a":"1","l":["w","x","y","z"],"s/l":{"~":1}}""")]
    [InlineData("""[{"op":"remove","path":"/l/1"},{"op":"remove","path":"/s~1l/~0"}]""", """{"a":"1","l":["x"],"s/l":{}}""")]
    [InlineData("""[{"op":"replace","path":"/nope","value":2}]""", """{"a":"1","l":["x","y"],"s/l":{"~":1},"nope":2}""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/l/0"}]""", """{"l":["1","x","y"],"s/l":{"~":1}}""")]
    [InlineData("""[{"op":"copy","from":"/l","path":"/m"},{"op":"remove","path":"/m/0"}]""", """{"a":"1","l":["x","y"],"s/l":{"~":1},"m":["y"]}""")]
    [InlineData("""[{"op":"test","path":"/l","value":["x","y"]},{"op":"test","path":"/s~1l","value":{"~":1.0}}]""", """{"a":"1","l":["x","y"],"s/l":{"~":1}}""")]
    [InlineData("""[{"op":"replace","path":"","value":7}]""", "7")]
    [InlineData("[]", """{"a":"1","l":["x","y"],"s/l":{"~":1}}""")]
    [InlineData("""[{"op":"test","path":"/a","value":"no"}]""", null)]
    [InlineData("""[{"op":"test","path":"/nope","value":null}]""", null)]
    [InlineData("""[{"op":"remove","path":"/nope"}]""", null)]
    [InlineData("""[{"op":"add","path":"/nope/deep","value":1}]""", null)]
    [InlineData("""[{"op":"add","path":"/l/9","value":1}]""", null)]
    [InlineData("""[{"op":"remove","path":"/l/2"}]""", null)]
    [InlineData("""[{"op":"add","value":1}]""", null)]
    [InlineData("""[{"op":"add","path":"/b"}]""", null)]
    [InlineData("""[{"op":"frob","path":"/a"}]""", null)]
    [InlineData("""["x"]""", null)]
    public void Operations_do_what_the_API_server_does(string operations, string? result)
    {
        JsonNode target = JsonNode.Parse("""{"a":"1","l":["x","y"],"s/l":{"~":1}}""")!;
        Func<JsonNode?> apply = () => JsonPatch.Apply(target, (JsonArray)JsonNode.Parse(operations)!);
        if (result is null) apply.Should().Throw<PatchException>();
        else apply().ShouldEqual(JsonNode.Parse(result));
    }

    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    [InlineData("{}", """{"a":[{"b":null,"c":1}]}""", """{"a":[{"c":1}]}""")]
    public void Merge_patches_are_applied_as_RFC_7386_says(string target, string patch, string result) =>
        JsonMergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch)).ShouldEqual(JsonNode.Parse(result));

    [Fact]
    public void Whole_numbers_stay_whole_and_exact_through_a_patch()
    {
        JsonNode result = JsonMergePatch.Apply(JsonNode.Parse("""{"a":9007199254740993,"b":1,"c":1.5}"""), new JsonObject { ["d"] = 2 })!;
        result.ToJsonString().Should().Be("""{"a":9007199254740993,"b":1,"c":1.5,"d":2}""");
        result["b"]!.AsValue().TryGetValue(out long _).Should().BeTrue();
    }

    [Fact]
    public void A_three_way_merge_patch_deletes_what_the_manifest_dropped_and_leaves_what_only_the_server_has()
    {
        JsonObject old = (JsonObject)JsonNode.Parse("""{"spec":{"a":1,"b":{"x":1}}}""")!, target = (JsonObject)JsonNode.Parse("""{"spec":{"c":{},"l":[1]}}""")!;
        var live = (JsonObject)JsonNode.Parse("""{"spec":{"a":1,"b":{"x":1},"live":true,"l":[2]},"status":{}}""")!;
        JsonMergePatch.ThreeWay(old, target, live).ShouldEqual(JsonNode.Parse("""{"spec":{"a":null,"b":null,"c":{},"l":[1]}}"""));
    }

    [Fact]
    public void A_three_way_merge_patch_that_would_make_another_object_is_refused()
    {
        JsonObject Named(string name) => new() { ["kind"] = "W", ["metadata"] = new JsonObject { ["name"] = name } };
        FluentActions.Invoking(() => JsonMergePatch.ThreeWay(Named("a"), Named("b"), Named("a"))).Should().Throw<PatchException>()
            .WithMessage("precondition failed for: map[metadata:map[name:b]]");
    }
}
