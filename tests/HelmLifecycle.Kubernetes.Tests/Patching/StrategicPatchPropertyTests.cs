using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Kubernetes.Tests.Patching;

public sealed class StrategicPatchPropertyTests
{
    private static readonly string[] Words = ["a", "b", "c", "d", "e"];

    private static Gen<JsonNode?> Text => Gen.Elements(Words).Select(w => (JsonNode?)w);

    private static Gen<JsonNode?> Number => Gen.Choose(0, 3).Select(n => (JsonNode?)n);

    private static Gen<JsonNode?> Strings => Gen.Elements(Words).ListOf().Select(l => (JsonNode?)new JsonArray([.. l.Take(4).Select(w => (JsonNode?)w)]));

    private static Gen<JsonNode?> Labels => Fields(Words.Select(w => (w, Text)));

    /// <summary>An object that has each field or has it not.</summary>
    private static Gen<JsonNode?> Fields(IEnumerable<(string Name, Gen<JsonNode?> Value)> fields) => fields.Aggregate(
        Gen.Constant<Func<JsonObject>>(() => []),
        (made, field) => from make in made
                         from has in Gen.Frequency((2, Gen.Constant(true)), (1, Gen.Constant(false)))
                         from value in field.Value
                         select new Func<JsonObject>(() =>
                         {
                             JsonObject o = make();
                             if (has) o[field.Name] = value?.DeepClone();
                             return o;
                         })).Select(make => (JsonNode?)make());

    /// <summary>A list merged by key: each key at most once, in any order.</summary>
    private static Gen<JsonNode?> Keyed(string key, Gen<JsonNode?[]> keys, params (string Name, Gen<JsonNode?> Value)[] fields) =>
        from values in keys
        from items in Fields(fields).ListOf(values.Length)
        select (JsonNode?)new JsonArray([.. values.Zip(items, (k, item) =>
        {
            var o = (JsonObject)item!.DeepClone();
            o[key] = k?.DeepClone();
            return (JsonNode?)o;
        })]);

    private static Gen<JsonNode?[]> Names => Gen.Shuffle(Words).SelectMany(w => Gen.Choose(0, 4), (w, n) => w.Take(n).Select(x => (JsonNode?)x).ToArray());

    private static Gen<JsonNode?[]> Ports => Gen.Shuffle(new[] { 80, 81, 443, 8080 }).SelectMany(p => Gen.Choose(0, 4), (p, n) => p.Take(n).Select(x => (JsonNode?)x).ToArray());

    // In order: apimachinery does not see that a list of scalars only changes its order into the sorted one (see the test in StrategicDirectiveTests).
    private static Gen<JsonNode?> Finalizers => Gen.Shuffle(Words).SelectMany(w => Gen.Choose(0, 4), (w, n) => (JsonNode?)new JsonArray([.. w.Take(n).Order(StringComparer.Ordinal).Select(x => (JsonNode?)x)]));

    private static Gen<JsonNode?> Metadata => Fields([("labels", Labels), ("annotations", Labels), ("finalizers", Finalizers), ("ownerReferences", Keyed("uid", Names, ("name", Text)))]);

    private static Gen<JsonNode?> Container => Fields(
        [("image", Text), ("args", Strings), ("env", Keyed("name", Names, ("value", Text))), ("ports", Keyed("containerPort", Ports, ("name", Text), ("protocol", Text))),
         ("volumeMounts", Keyed("mountPath", Names, ("name", Text)))]);

    private static Gen<JsonNode?> Containers => from names in Names
                                                from items in Container.ListOf(names.Length)
                                                select (JsonNode?)new JsonArray([.. names.Zip(items, (name, item) =>
                                                {
                                                    var o = (JsonObject)item!.DeepClone();
                                                    o["name"] = name?.DeepClone();
                                                    return (JsonNode?)o;
                                                })]);

    private static Gen<JsonNode?> PodSpec => Fields(
        [("containers", Containers), ("initContainers", Containers), ("volumes", Keyed("name", Names, ("emptyDir", Labels), ("configMap", Labels))), ("nodeSelector", Labels),
         ("imagePullSecrets", Keyed("name", Names)), ("tolerations", Keyed("key", Names, ("operator", Text))), ("hostAliases", Keyed("ip", Names, ("hostnames", Strings))), ("replicas", Number)]);

    private static Gen<JsonNode?> Kind(string kind) => kind switch
    {
        "ConfigMap" => Fields([("metadata", Metadata), ("data", Labels)]),
        "Service" => Fields([("metadata", Metadata), ("spec", Fields([("type", Text), ("selector", Labels), ("ports", Keyed("port", Ports, ("name", Text), ("targetPort", Number)))]))]),
        "Pod" => Fields([("metadata", Metadata), ("spec", PodSpec)]),
        _ => Fields([("metadata", Metadata), ("spec", Fields(
            [("replicas", Number), ("strategy", Fields([("type", Text), ("rollingUpdate", Labels)])), ("template", Fields([("metadata", Metadata), ("spec", PodSpec)]))]))]),
    };

    [Theory]
    [InlineData("", "ConfigMap")]
    [InlineData("", "Service")]
    [InlineData("", "Pod")]
    [InlineData("apps", "Deployment")]
    public void Applying_the_patch_computed_between_two_objects_yields_the_second(string group, string kind)
    {
        var gvk = new GroupVersionKind(group, "v1", kind);
        Arbitrary<(JsonNode?, JsonNode?)> pairs = Kind(kind).Two().Select(p => (p.Item1, p.Item2)).ToArbitrary();
        Prop.ForAll(pairs, pair =>
        {
            var (from, to) = ((JsonObject)pair.Item1!, (JsonObject)pair.Item2!);
            string before = from.ToJsonString(), wanted = to.ToJsonString();
            JsonObject result = StrategicMergePatch.Apply(from, StrategicMergePatch.TwoWay(from, to, gvk), gvk);
            from.ToJsonString().Should().Be(before, "arguments are not changed");
            to.ToJsonString().Should().Be(wanted, "arguments are not changed");
            result.ShouldEqual(to, $"from {before}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Theory]
    [InlineData("", "Service")]
    [InlineData("apps", "Deployment")]
    public void A_three_way_patch_against_an_untouched_object_yields_the_new_manifest(string group, string kind)
    {
        var gvk = new GroupVersionKind(group, "v1", kind);
        Prop.ForAll(Kind(kind).Two().Select(p => (p.Item1, p.Item2)).ToArbitrary(), pair =>
        {
            var (old, target) = ((JsonObject)pair.Item1!, (JsonObject)pair.Item2!);
            StrategicMergePatch.Apply(old, StrategicMergePatch.ThreeWay(old, target, old, gvk), gvk).ShouldEqual(target, $"from {old.ToJsonString()}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void Json_patches_and_merge_patches_created_between_two_objects_yield_the_second()
    {
        Prop.ForAll(Kind("Deployment").Two().Select(p => (p.Item1, p.Item2)).ToArbitrary(), pair =>
        {
            var (from, to) = ((JsonObject)pair.Item1!, (JsonObject)pair.Item2!);
            JsonPatch.Apply(from, JsonPatch.Create(from, to)).ShouldEqual(to);
            JsonMergePatch.Apply(from, JsonMergePatch.Create(from, to)).ShouldEqual(to);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }
}
