namespace HelmLifecycle.Templates.Tests.Formats;

public class TomlTests
{
    [Fact]
    public void Tables_follow_plain_keys_and_are_indented_by_depth() =>
        HelmToml.Write(HelmYaml.Read("b: {c: {d: 1}, x: z}\na: [1, a, {k: v}]\nt: [{m: 1}, {m: 2, s: {q: true}}]\n\"q k\": 1e21\n"))
            .Should().Be("""
                a = [1.0, "a", {k = "v"}]
                "q k" = 1000000000000000000000.0

                [b]
                  x = "z"
                  [b.c]
                    d = 1.0

                [[t]]
                  m = 1.0

                [[t]]
                  m = 2.0
                  [t.s]
                    q = true

                """.ReplaceLineEndings("\n"));

    [Fact]
    public void Nil_is_left_out_of_tables_and_refused_in_lists()
    {
        HelmToml.Write(HelmYaml.Read("a: null\nb: 1\n")).Should().Be("b = 1.0\n");
        FluentActions.Invoking(() => HelmToml.Write(HelmYaml.Read("a: [1, null]\n"))).Should().Throw<TomlException>()
            .WithMessage("toml: cannot encode array with nil element");
    }

    [Fact]
    public void All_forms_of_values_are_read()
    {
        GoMap map = HelmToml.Read(""""
            # comment
            s = "a\tb\u00e9" # more
            r = 'C:\x'
            m = """
            one \
               two
            three"""
            i = 0xFF
            u = 1_000
            f = -1.5e3
            t = true
            l = [1, [2], # x
              "three",
            ]
            a.b.c = 1
            inline = { x = 1, y.z = 2 }
            when = 2020-01-02T03:04:05Z
            [[list]]
            n = 1
            [[list]]
            n = 2
            [list.sub]
            k = "v"
            [deep.er."q.k"]
            z = inf
            """".ReplaceLineEndings("\n"));
        HelmJson.Write(GoValue.Map(new GoMap { ["s"] = map["s"], ["r"] = map["r"], ["m"] = map["m"], ["l"] = map["l"], ["a"] = map["a"], ["inline"] = map["inline"], ["list"] = map["list"], ["when"] = map["when"] }))
            .Should().Be("{\"a\":{\"b\":{\"c\":1}},\"inline\":{\"x\":1,\"y\":{\"z\":2}},\"l\":[1,[2],\"three\"],\"list\":[{\"n\":1},{\"n\":2,\"sub\":{\"k\":\"v\"}}],"
                + "\"m\":\"one two\\nthree\",\"r\":\"C:\\\\x\",\"s\":\"a\\tbé\",\"when\":\"2020-01-02T03:04:05Z\"}");
        map["i"].IntValue.Should().Be(255);
        map["u"].IntValue.Should().Be(1000);
        map["f"].FloatValue.Should().Be(-1500);
        map["deep"].AsMap!["er"].AsMap!["q.k"].AsMap!["z"].FloatValue.Should().Be(double.PositiveInfinity);
    }

    [Theory]
    [InlineData("a = 1\na = 2\n", "toml: line 2 (last key \"a\"): Key 'a' has already been defined.")]
    [InlineData("[t]\n[t]\n", "toml: line 2: Key 't' has already been defined.")]
    [InlineData("a = \n", "toml: line 2 (last key \"a\"): expected value but found '\\n' instead")]
    [InlineData("a = 01\n", "toml: line 1 (last key \"a\"): Invalid integer \"01\": cannot have leading zeroes")]
    [InlineData("= 1\n", "toml: line 1: unexpected '=': key name appears blank")]
    [InlineData("a = yes\n", "toml: line 1 (last key \"a\"): expected value but found \"yes\" instead")]
    [InlineData("a = 1 b = 2\n", "toml: line 1: expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead")]
    [InlineData("a = 99999999999999999999\n", "toml: line 1 (last key \"a\"): 99999999999999999999 is out of range for int64")]
    [InlineData("it's", "toml: line 1: expected '.' or '=', but got '\\'' instead")]
    [InlineData("a\n", "toml: line 2: expected '.' or '=', but got '\\n' instead")]
    [InlineData("a", "toml: line 0: unexpected EOF; expected key separator '='")]
    [InlineData("[", "toml: line 1: unexpected end of table name (table names cannot be empty)")]
    [InlineData("[a\n", "toml: line 2: expected '.' or ']' to end table name, but got '\\n' instead")]
    [InlineData("a = {", "toml: line 1 (last key \"a\"): unexpected '=': key name appears blank")]
    [InlineData("a = {b = 1", "toml: line 0 (last key \"a.b\"): expected a comma or an inline table terminator '}', but got end of file instead")]
    [InlineData("a = \"x\\u12\"", "toml: line 1 (last key \"a\"): expected four hexadecimal digits after '\\u', but got \"x\\\\u12\\\"\" instead")]
    [InlineData("a.b = 1\na.c = 2\na = 3\n", "toml: line 3 (last key \"a\"): Key 'a' has already been defined.")]
    public void Errors_name_the_line_and_the_key(string toml, string message) =>
        FluentActions.Invoking(() => HelmToml.Read(toml)).Should().Throw<TomlException>().Which.Message.Should().Be(message);

    [Fact]
    public void A_table_made_on_the_way_to_a_key_keeps_what_it_has_when_it_is_named_once() =>
        HelmYaml.Write(HelmToml.Read("a.b = 1\na = 2\n")).Should().Be("a:\n  b: 1\n");

    [Fact]
    public void Deep_nesting_is_refused() =>
        FluentActions.Invoking(() => HelmToml.Read("a = " + new string('[', 100_000))).Should().Throw<TomlException>();

    [Fact]
    public void A_date_without_a_zone_is_written_as_it_was_read()
    {
        const string Text = "a = 2020-01-02\nb = 10:20:30\nc = 2020-01-02T10:20:30.5\nd = 2020-01-02T10:20:30Z\n";
        GoTemplate.Parse("{{ fromToml . | toToml }}").WithFunctions(FunctionTable.Helm).Render(Text).Should().Be(Text);
    }
}
