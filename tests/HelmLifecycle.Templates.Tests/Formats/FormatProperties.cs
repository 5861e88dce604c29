using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Formats;

public class FormatProperties
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(500);

    // go-yaml cannot carry these itself: it takes NEL for a line break, and it writes the key << without quotes, which then merges.
    private static bool Survives(GoValue value) => value.Kind switch
    {
        GoKind.String => Survives(value.AsString!),
        GoKind.List => value.AsList!.All(Survives),
        GoKind.Map => value.AsMap!.All(entry => entry.Key != "<<" && Survives(entry.Key) && Survives(entry.Value)),
        _ => true,
    };

    private static bool Survives(string text) => !text.Contains('\u0085');

    [Fact]
    public void A_value_written_as_yaml_is_read_back_the_same() =>
        Check.One(s_config, Prop.ForAll(Values.Trees(), value =>
            !Survives(value) || Values.Same(value, HelmYaml.Read(HelmYaml.Write(value)))));

    [Fact]
    public void A_value_written_as_pretty_yaml_is_read_back_the_same() =>
        Check.One(s_config, Prop.ForAll(Values.Trees(), value =>
            !Survives(value) || HoldsTab(value) || Values.Same(value, HelmYaml.Read(HelmYaml.WritePretty(value)))));

    // go-yaml 3 writes tabs into block scalars, where at the start of a line they cannot be read again.
    private static bool HoldsTab(GoValue value) =>
        value.AsString?.Contains('\t') ?? value.AsList?.Any(HoldsTab) ?? value.AsMap?.Any(entry => entry.Key.Contains('\t') || HoldsTab(entry.Value)) ?? false;

    [Fact]
    public void A_value_written_as_json_is_read_back_the_same() =>
        Check.One(s_config, Prop.ForAll(Values.Trees(), value =>
            Values.Same(value, HelmJson.Read(HelmJson.Write(value))) && Values.Same(value, HelmJson.Read(HelmJson.Write(value, false, "  ")))));

    [Fact]
    public void Json_is_yaml_and_means_the_same() =>
        Check.One(s_config, Prop.ForAll(Values.Trees(), value =>
            !Survives(value) || Values.Same(value, HelmYaml.Read(HelmJson.Write(value)))));

    [Fact]
    public void Json_nodes_written_as_yaml_are_read_back_the_same() =>
        Check.One(s_config, Prop.ForAll(Values.Trees(), value =>
        {
            if (!Survives(value))
                return true;
            JsonNode? node = HelmYaml.ReadJson(HelmJson.Write(value));
            return JsonNode.DeepEquals(node, HelmYaml.ReadJson(HelmYaml.WriteJson(node)));
        }));

    [Fact]
    public void A_map_written_as_toml_is_read_back_but_for_nils() =>
        Check.One(s_config, Prop.ForAll(Values.Trees(), value =>
        {
            GoValue map = WithoutNils(new GoMap { ["v"] = value });
            GoMap back;
            try
            {
                back = HelmToml.Read(HelmToml.Write(map));
            }
            catch (TomlException)
            {
                // TOML has no form for control characters in comments, none for NUL; and an inline table may not end in a comma.
                return true;
            }

            return Values.Same(map, Untyped(back));
        }));

    private static GoValue WithoutNils(GoValue value)
    {
        if (value.AsList is { } list)
            return GoValue.List(list.Where(item => !item.IsNil).Select(WithoutNils).ToArray());
        if (value.AsMap is not { } map)
            return value;
        var result = new GoMap();
        foreach ((string key, GoValue item) in map)
        {
            if (!item.IsNil)
                result[key] = WithoutNils(item);
        }

        return GoValue.Map(result);
    }

    private static GoValue Untyped(GoValue value)
    {
        if (value.AsList is { } list)
            return GoValue.List(list.Select(Untyped).ToArray());
        if (value.AsMap is not { } map)
            return value.Kind == GoKind.Int ? GoValue.Float(value.IntValue) : value;
        var result = new GoMap();
        foreach ((string key, GoValue item) in map)
            result[key] = Untyped(item);
        return GoValue.Map(result);
    }

    [Fact]
    public void No_damaged_text_raises_anything_but_the_exception_of_its_format() =>
        Check.One(s_config.WithMaxTest(5000), Prop.ForAll(Values.Damaged(), text =>
        {
            ShouldThrowNothingBut<YamlException>(() => HelmYaml.Read(text));
            ShouldThrowNothingBut<YamlException>(() => HelmYaml.ReadJson(text));
            ShouldThrowNothingBut<JsonSyntaxException>(() => HelmJson.Read(text));
            ShouldThrowNothingBut<TomlException>(() => HelmToml.Read(text));
        }));

    private static void ShouldThrowNothingBut<TException>(Action read)
        where TException : Exception
    {
        try
        {
            read();
        }
        catch (TException)
        {
        }
    }
}
