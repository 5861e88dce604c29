using System.Text.Json.Serialization;

namespace HelmLifecycle.Charts.Tests;

public partial class MergeTests
{
    private static string Merge(params ValuesSource[] sources) =>
        TestCharts.Yaml(new HelmValuesMerger().MergeAsync(sources).AsTask().GetAwaiter().GetResult());

    [Fact]
    public void Kinds_of_sources_rank_by_Helms_order_whatever_order_they_are_given_in() =>
        Merge(
            ValuesSource.SetLiteral("e=literal"), ValuesSource.SetString("c=string,d=string,e=string"), ValuesSource.Set("b=set,c=set,d=set,e=set"),
            ValuesSource.SetJson("a=\"json\",b=\"json\""), ValuesSource.Yaml("a: yaml\nf: yaml"))
        .Should().Be("a: json\nb: set\nc: string\nd: string\ne: literal\nf: yaml\n");

    [Fact]
    public void Maps_are_merged_and_all_else_is_replaced_nulls_too() =>
        Merge(ValuesSource.Yaml("m: {a: 1, b: 2}\nl: [1, 2]\nz: 1"), ValuesSource.Yaml("m: {b: 3}\nl: [4]\nz: null"))
        .Should().Be("l:\n- 4\nm:\n  a: 1\n  b: 3\nz: null\n");

    [Fact]
    public void A_whole_object_is_merged_by_set_json() =>
        Merge(ValuesSource.Yaml("a: {b: 1}"), ValuesSource.SetJson(""" {"a":{"c":[1]}}""")).Should().Be("a:\n  b: 1\n  c:\n  - 1\n");

    [Theory]
    [InlineData(SetKind.Set, "a", "failed parsing --set data: key \"a\" has no value")]
    [InlineData(SetKind.String, "a[x]=1", "failed parsing --set-string data: error parsing index: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData(SetKind.Json, "a=tru", "failed parsing --set-json data a=tru*")]
    [InlineData(SetKind.Literal, "a.b", "failed parsing --set-literal data: key \"b\" has no value")]
    [InlineData(SetKind.File, "a=/nowhere/at/all", "failed parsing --set-file data: open /nowhere/at/all: no such file or directory")]
    public void Errors_name_the_flag(SetKind kind, string expression, string message) =>
        FluentActions.Invoking(() => Merge(new ValuesSource.SetSource(kind, expression))).Should().Throw<ValuesException>().WithMessage(message);

    [Fact]
    public void Files_are_read_and_named_in_errors()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(folder, "v.yaml");
        File.WriteAllText(file, "a: 1\n---\na: 2\n");
        Merge(ValuesSource.File(file), ValuesSource.SetFile($"b={file}")).Should().Be("a: 2\nb: |\n  a: 1\n  ---\n  a: 2\n");
        File.WriteAllText(file, "a: [1\n");
        FluentActions.Invoking(() => Merge(ValuesSource.File(file))).Should().Throw<ValuesException>()
            .WithMessage($"failed to parse {file}: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line *");
        FluentActions.Invoking(() => Merge(ValuesSource.File(folder + "/none"))).Should().Throw<ValuesException>().WithMessage($"open {folder}/none: no such file or directory");
    }

    [Fact]
    public void Objects_become_values() =>
        Merge(ValuesSource.Object(new Settings(3, ["x"]), SettingsContext.Default.Settings)).Should().Be("Hosts:\n- x\nReplicas: 3\n");

    [Fact]
    public void A_source_is_not_changed_by_what_comes_after()
    {
        GoMap source = HelmYaml.ReadMap("a: {b: 1}");
        Merge(ValuesSource.Map(source), ValuesSource.Set("a.b=2"));
        TestCharts.Yaml(source).Should().Be("a:\n  b: 1\n");
    }

    [Fact]
    public void Hostile_expressions_end_in_an_exception()
    {
        FluentActions.Invoking(() => Merge(ValuesSource.Set("a" + string.Concat(Enumerable.Repeat("[0]", 100_000)) + "=1"))).Should().Throw<ValuesException>();
        FluentActions.Invoking(() => Merge(ValuesSource.Set(string.Concat(Enumerable.Repeat("a.", 100_000)) + "b=1"))).Should().Throw<ValuesException>();
    }

    internal sealed record Settings(int Replicas, string[] Hosts);

    [JsonSerializable(typeof(Settings))]
    internal sealed partial class SettingsContext : JsonSerializerContext;
}
