using System.Text.Json.Nodes;

namespace HelmLifecycle.Templates.Tests.Formats;

public class YamlTests
{
    private static string Rewrite(string yaml) => HelmYaml.Write(HelmYaml.Read(yaml));

    [Theory]
    [InlineData("0777", 511)]
    [InlineData("0o777", 511)]
    [InlineData("0b101", 5)]
    [InlineData("1_000", 1000)]
    [InlineData("+1", 1)]
    [InlineData(".5", 0.5)]
    [InlineData("12345678901234567890", 12345678901234567890.0)]
    public void Numbers_are_read_by_the_rules_of_yaml_1_1(string text, double expected) =>
        HelmYaml.Read(text).FloatValue.Should().Be(expected);

    [Theory]
    [InlineData("1:30")]
    [InlineData("2020-01-01")]
    [InlineData("yEs")]
    [InlineData("0xZZ")]
    [InlineData("1e400")]
    public void What_only_looks_like_a_type_stays_text(string text) =>
        HelmYaml.Read(text).AsString.Should().Be(text);

    [Fact]
    public void Keys_that_are_truth_values_or_numbers_become_their_text() =>
        Rewrite("y: 1\nNO: 2\n0x10: 3\n1.5: 4\n").Should().Be("\"1.5\": 4\n\"16\": 3\n\"false\": 2\n\"true\": 1\n");

    [Fact]
    public void A_merge_key_takes_effect_where_it_stands() =>
        Rewrite("a: &x {k: 1, l: 2}\nb:\n  k: 3\n  <<: *x\nc:\n  <<: *x\n  k: 3\n")
            .Should().Be("a:\n  k: 1\n  l: 2\nb:\n  k: 1\n  l: 2\nc:\n  k: 3\n  l: 2\n");

    [Fact]
    public void What_an_alias_stands_for_is_a_copy_of_its_own()
    {
        GoMap map = HelmYaml.ReadMap("a: &x {k: 1}\nb: *x\n");
        map["a"].AsMap!["k"] = "changed";
        map["b"].AsMap!["k"].FloatValue.Should().Be(1);
    }

    [Fact]
    public void A_text_that_grows_through_aliases_is_refused()
    {
        string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [" + string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9)) + "]\n"));
        FluentActions.Invoking(() => HelmYaml.Read(yaml)).Should().Throw<YamlException>()
            .WithMessage("error converting YAML to JSON: yaml: document contains excessive aliasing");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void A_text_nested_without_end_is_refused(string level) =>
        FluentActions.Invoking(() => HelmYaml.Read(string.Concat(Enumerable.Repeat(level, 200_000)))).Should().Throw<YamlException>()
            .WithMessage("*exceeded max depth of 10000");

    [Fact]
    public void A_map_that_holds_itself_is_refused()
    {
        var map = new GoMap();
        map["self"] = GoValue.Map(map);
        FluentActions.Invoking(() => HelmYaml.Write(map)).Should().Throw<YamlException>()
            .WithMessage("error marshaling into JSON: json: unsupported value: encountered a cycle via map[string]interface {}");
    }

    [Fact]
    public void An_error_names_line_and_column()
    {
        YamlException error = FluentActions.Invoking(() => HelmYaml.Read("a: 1\nb: c: d\n")).Should().Throw<YamlException>()
            .WithMessage("error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context").Which;
        (error.Line, error.Column).Should().Be((2, 5));
    }

    [Fact]
    public void Pretty_yaml_puts_letters_first_behind_a_digit()
    {
        var map = HelmYaml.Read("{a1b: 1, a10: 2, a1-b: 3, ab: 4, a-b: 5}");
        HelmYaml.Write(map).Should().Be("a-b: 5\na1-b: 3\na10: 2\na1b: 1\nab: 4\n");
        HelmYaml.WritePretty(map).Should().Be("a-b: 5\na1b: 1\na1-b: 3\na10: 2\nab: 4\n");
    }

    // What an empty value leaves where a key should stand.
    [Theory]
    [InlineData("a: 1\n{}\n", "yaml: line 1: did not find expected key")]
    [InlineData("a: 1\n[]\nb: 2\n", "yaml: line 1: did not find expected key")]
    [InlineData("a: 1\n{}: x\n", "yaml: line 1: did not find expected key")]
    [InlineData("- a\n{}\n", "yaml: line 1: did not find expected '-' indicator")]
    [InlineData("a: 1\n[b]\n", "yaml: line 3: could not find expected ':'")]
    public void Braces_where_a_key_is_expected_are_refused_in_the_words_of_go(string yaml, string message) =>
        FluentActions.Invoking(() => HelmYaml.Read(yaml)).Should().Throw<YamlException>().WithMessage("*" + message);

    [Fact]
    public void Only_the_first_document_is_read() => Rewrite("a: 1\n---\nb: [\n").Should().Be("a: 1\n");

    [Fact]
    public void A_stream_is_split_at_its_separators_with_the_lines_kept() =>
        HelmYaml.SplitDocuments("# head\n---\na: 1\n--- \nb: |\n  --- no\n---x: 1\n").Should().Equal(
            new YamlDocument("# head\n", 1), new YamlDocument("a: 1\n", 3), new YamlDocument("b: |\n  --- no\n---x: 1\n", 5));

    [Fact]
    public void Every_document_of_a_stream_is_read_but_the_empty_ones() =>
        HelmYaml.ReadAll("---\n# nothing\n---\na\n---\nb\n").Select(v => v.AsString).Should().Equal("a", "b");

    [Fact]
    public void A_map_is_wanted_and_anything_else_refused()
    {
        HelmYaml.ReadMap("# nothing\n").Count.Should().Be(0);
        FluentActions.Invoking(() => HelmYaml.ReadMap("[1]")).Should().Throw<YamlException>().WithMessage(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}");
    }

    [Fact]
    public void Json_nodes_keep_integers()
    {
        JsonNode node = HelmYaml.ReadJson("big: 9007199254740993\nhuge: 18446744073709551615\nwhole: 1e3\nhalf: 0.5\n")!;
        node["big"]!.GetValue<long>().Should().Be(9007199254740993);
        node["huge"]!.GetValue<ulong>().Should().Be(18446744073709551615);
        node["whole"]!.GetValue<long>().Should().Be(1000);
        node["half"]!.GetValue<double>().Should().Be(0.5);
        HelmYaml.WriteJson(node).Should().Be("big: 9007199254740993\nhalf: 0.5\nhuge: 18446744073709551615\nwhole: 1000\n");
    }

    [Fact]
    public void Long_lines_fold_after_eighty_characters_but_not_in_pretty_yaml()
    {
        string text = string.Join(' ', Enumerable.Repeat("word", 20));
        GoValue value = new GoMap { ["key"] = text };
        HelmYaml.Write(value).Should().Be("key: " + string.Join(' ', Enumerable.Repeat("word", 16)) + "\n  word word word word\n");
        HelmYaml.WritePretty(value).Should().Be("key: " + text + "\n");
    }

    [Fact]
    public void Pretty_yaml_indents_lists_and_writes_floats_as_go_does() =>
        HelmYaml.WritePretty(HelmYaml.Read("l: [1, [2, {a: b, c: 1000000}]]\nt: \"x\\ty\\n\"\n'y': 'yes'\n"))
            .Should().Be("l:\n  - 1\n  - - 2\n    - a: b\n      c: 1e+06\nt: |\n  x\ty\n\"y\": \"yes\"\n");

    [Fact]
    public void Binary_text_that_is_no_utf8_is_replaced_as_json_does() =>
        HelmYaml.Read("!!binary /w==").AsString.Should().Be("\uFFFD");

    [Theory]
    [InlineData("a\u007f")]
    [InlineData("a\u0085b\u0085")]
    public void Texts_that_break_on_the_way_through_json_change_or_break_as_in_helm(string text)
    {
        GoValue value = new GoMap { ["k"] = text };
        string json = HelmJson.Write(value);
        string? expected = null;
        try
        {
            expected = HelmYaml.Read(json).AsMap!["k"].AsString;
        }
        catch (YamlException)
        {
        }

        if (expected is null)
            FluentActions.Invoking(() => HelmYaml.Write(value)).Should().Throw<YamlException>();
        else
            HelmYaml.Read(HelmYaml.Write(value)).AsMap!["k"].AsString.Should().Be(expected);
    }
}
