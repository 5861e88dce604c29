using static HelmLifecycle.Templates.Tests.Engine.Rendering;

namespace HelmLifecycle.Templates.Tests.Engine;

public class ControlFlowTests
{
    [Theory]
    [InlineData("a {{- /* c */ -}} b", "ab")]
    [InlineData("a {{ 1 }} b", "a 1 b")]
    [InlineData("a \n\t{{- 1 -}}\n b", "a1b")]
    [InlineData("{{ 1 -}}\r\n x", "1x")]
    [InlineData("{{-3}}", "-3")]
    [InlineData("{{- 3}}", "3")]
    public void Trim_marks_take_white_space_of_the_text_beside_them(string text, string expected) =>
        Render(text).Should().Be(expected);

    [Theory]
    [InlineData("{{ if .s }}y{{ else }}n{{ end }}", "y")]
    [InlineData("{{ if .nul }}y{{ else if .i }}z{{ else }}n{{ end }}", "z")]
    [InlineData("{{ with .map.c }}{{ .d }}{{ end }}", "deep")]
    [InlineData("{{ with .nope }}x{{ else with .s }}{{ . }}{{ end }}", "text")]
    [InlineData("{{ range .list }}[{{ . }}]{{ end }}", "[a][b][3]")]
    [InlineData("{{ range $i, $e := .list }}{{ $i }}={{ $e }};{{ end }}", "0=a;1=b;2=3;")]
    [InlineData("{{ range $k, $v := .map }}{{ $k }}:{{ $v }},{{ end }}", "a:1,b:2,c:map[d:deep],")]
    [InlineData("{{ range .nope }}x{{ else }}none{{ end }}", "none")]
    [InlineData("{{ range 3 }}{{ . }}{{ end }}", "012")]
    [InlineData("{{ range $i := 2 }}{{ $i }}{{ end }}", "01")]
    [InlineData("{{ range .list }}{{ if eq . \"b\" }}{{ break }}{{ end }}{{ . }}{{ end }}!", "a!")]
    [InlineData("{{ range $i, $_ := .list }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ $i }}{{ end }}", "02")]
    [InlineData("{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .s }}{{ include \"d\" 1 }}", "<text><1>")]
    [InlineData("{{ block \"b\" .i }}[{{ . }}]{{ end }}", "[7]")]
    [InlineData("{{ template \"x\" }}{{ define \"x\" }}{{ . }}|{{ end }}", "|")]
    [InlineData("{{ tpl \"{{ .s }}{{ define \\\"q\\\" }}Q{{ end }}{{ include \\\"q\\\" . }}\" . }}", "textQ")]
    public void Actions_do_what_they_do_in_Go(string text, string expected) => Render(text, Data).Should().Be(expected);

    [Theory]
    [InlineData("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2")]
    [InlineData("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1")]
    [InlineData("{{ $x := 1 }}{{ range .list }}{{ $x = . }}{{ end }}{{ $x }}", "3")]
    [InlineData("{{ with $x := .s }}{{ $x }}{{ end }}", "text")]
    [InlineData("{{ range .list }}{{ $.i }}{{ end }}", "777")]
    [InlineData("{{ range $i, $e := .nope }}{{ else }}{{ $e }}e{{ end }}", "e")]
    public void Variables_live_until_the_end_of_their_block(string text, string expected) => Render(text, Data).Should().Be(expected);

    [Theory]
    [InlineData("{{ .nope }}", "")]
    [InlineData("{{ (.nope).a.b }}", "")]
    [InlineData("{{ $q := .nope }}{{ $q.a.b }}", "")]
    [InlineData("{{ and .nope .nope.a }}", "")]
    [InlineData("{{ or .s .nope.a }}", "text")]
    [InlineData("{{ print .nul }}", "<nil>")]
    public void Nothing_is_nothing_where_Go_lets_it(string text, string expected) => Render(text, Data).Should().Be(expected);

    [Fact]
    public void A_map_changed_while_it_is_ranged_over_is_seen_as_it_was()
    {
        var map = new GoMap { ["a"] = 1, ["b"] = 2 };
        GoFunction drop = GoFunction.Of("drop", (GoValue key) =>
        {
            map.Remove("b");
            return "";
        });
        GoTemplate.Parse("{{ range $k, $v := . }}{{ drop $k }}{{ $k }}{{ $v }}{{ end }}").WithFunctions(drop).Render(map).Should().Be("a1b2");
    }

    [Fact]
    public void A_later_definition_replaces_an_earlier_one_unless_it_is_empty()
    {
        TemplateSet set = TemplateSet.Parse(
        [
            new("one", "{{ define \"n\" }}1{{ end }}{{ define \"m\" }}1{{ end }}"),
            new("two", "{{ define \"n\" }}2{{ end }}{{ define \"m\" }} {{/* nothing */}} {{ end }}"),
            new("main", "{{ template \"n\" }}{{ template \"m\" }}"),
        ]);
        set.Execute("main", default).Should().Be("21");
    }

    [Fact]
    public void A_text_given_to_tpl_defines_for_itself_only() =>
        ErrorOf("{{ tpl \"{{ define \\\"z\\\" }}Z{{ end }}\" . }}{{ include \"z\" . }}", Data)
            .Should().Contain("no template \"z\" associated with template \"gotpl\"");

    [Fact]
    public void Definitions_in_tpl_are_seen_by_templates_it_includes() =>
        Render("{{ define \"outer\" }}{{ include \"inner\" . }}{{ end }}{{ define \"inner\" }}1{{ end }}"
            + "{{ tpl \"{{ define \\\"inner\\\" }}2{{ end }}{{ include \\\"outer\\\" . }}\" . }}{{ include \"outer\" . }}", Data).Should().Be("21");
}
