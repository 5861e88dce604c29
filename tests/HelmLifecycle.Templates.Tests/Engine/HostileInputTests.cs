using System.Text;
using static HelmLifecycle.Templates.Tests.Engine.Rendering;

namespace HelmLifecycle.Templates.Tests.Engine;

public class HostileInputTests
{
    private static readonly RenderOptions Small = new() { Budget = new RenderBudget { MaxSteps = 100_000, MaxOutput = 100_000 } };

    [Fact]
    public void A_map_that_holds_itself_cannot_be_printed()
    {
        var map = new GoMap { ["a"] = "x" };
        map["self"] = map;
        Action print = () => Render("{{ .self }}{{ . }}", map);
        print.Should().Throw<TemplateLimitException>();
    }

    [Fact]
    public void A_template_that_includes_itself_gets_Helms_error() =>
        ErrorOf("{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}")
            .Should().EndWith("error calling include: rendering template has a nested reference name: a: unable to execute template");

    [Fact]
    public void A_template_that_calls_itself_ends_at_Gos_depth_or_at_the_stack()
    {
        Action render = () => Render("{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}");
        render.Should().Throw<TemplateException>().Which.Message.Should().Contain("exceeded maximum template depth (100000)");
    }

    [Fact]
    public void An_endless_loop_ends_with_the_budget()
    {
        Action render = () => Render("{{ range 1000000000 }}{{ range 1000000000 }}{{ end }}{{ end }}", default, Small);
        render.Should().Throw<TemplateLimitException>();
    }

    [Fact]
    public void A_loop_that_writes_ends_with_the_budget()
    {
        Action render = () => Render("{{ range 1000000000 }}0123456789{{ end }}", default, Small);
        render.Should().Throw<TemplateLimitException>();
    }

    [Fact]
    public void Text_that_doubles_ends_with_the_budget()
    {
        Action render = () => Render("{{ $x := \"0123456789\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}");
        render.Should().Throw<TemplateLimitException>();
    }

    [Theory]
    [InlineData("{{ $x | toYaml | len }}")]
    [InlineData("{{ $x | quote | len }}")]
    [InlineData("{{ deepCopy $x | len }}")]
    [InlineData("{{ $y := dict }}{{ range until 40 }}{{ $y = dict \"a\" $y \"b\" $y }}{{ end }}{{ deepEqual $x $y }}")]
    public void A_small_value_whose_parts_are_shared_without_end_is_bounded(string use)
    {
        string text = "{{ $x := dict }}{{ range until 40 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}" + use;
        TemplateSet set = TemplateSet.Parse([new TemplateSource("t", text)]);
        Action render = () => set.Execute("t", default);
        render.Should().Throw<TemplateLimitException>();
    }

    [Fact]
    public void A_wide_number_is_bounded() => Render("{{ printf \"%2000000d\" 1 | len }}").Should().NotBeEmpty();

    [Fact]
    public void A_loop_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        GoFunction cancel = GoFunction.Of("cancel", () =>
        {
            source.Cancel();
            return "";
        });
        Action render = () => GoTemplate.Parse("{{ range 1000000000 }}{{ cancel }}{{ end }}").WithFunctions(cancel).Render(default, null, source.Token);
        render.Should().Throw<OperationCanceledException>();
    }

    [Theory]
    [InlineData(9_000, true)]
    [InlineData(20_000, false)]
    [InlineData(2_000_000, false)]
    public void Nested_parentheses_are_parsed_up_to_Gos_limit(int depth, bool works)
    {
        string text = "{{ " + new string('(', depth) + "1" + new string(')', depth) + " }}";
        if (works)
            Render(text).Should().Be("1");
        else
            ErrorOf(text).Should().Contain("max expression depth exceeded");
    }

    [Fact]
    public void Ifs_nested_without_end_do_not_kill_the_process()
    {
        const int depth = 1_000_000;
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++)
            text.Append("{{if 1}}");
        Action render = () => Render(text.ToString());
        render.Should().Throw<TemplateException>();
    }

    [Fact]
    public void Long_chains_of_else_if_work()
    {
        var text = new StringBuilder("{{ if false }}");
        for (int i = 0; i < 3_000; i++)
            text.Append("{{ else if false }}");
        Render(text.Append("{{ else }}last{{ end }}").ToString()).Should().Be("last");
    }

    [Fact]
    public void A_set_renders_in_many_threads_at_once()
    {
        TemplateSet set = TemplateSet.Parse(
            [new("m", "{{ range .list }}{{ include \"d\" . }}{{ tpl \"{{ . }}\" . }}{{ end }}{{ define \"d\" }}<{{ . }}>{{ end }}")]);
        Parallel.For(0, 200, _ => set.Execute("m", Data).Should().Be("<a>a<b>b<3>3"));
    }

    [Fact]
    public void Bytes_cut_apart_come_together_again()
    {
        string first = GoString.FromBytes([0xC3]), second = GoString.FromBytes([0xA9]);
        Render("{{ print .a .b | len }}{{ print .a .b }}", new GoMap { ["a"] = first, ["b"] = second }).Should().Be("2é");
        Render("{{ .a }}{{ .b }}", new GoMap { ["a"] = first, ["b"] = second }).Should().Be("é");
    }
}
