namespace HelmLifecycle.Templates.Tests.Engine;

public class GoTemplateTests
{
    [Fact]
    public void A_template_renders_data_by_itself() =>
        GoTemplate.Parse("Hello {{ .name }}!").Render(new GoMap { ["name"] = "Ada" }).Should().Be("Hello Ada!");

    [Fact]
    public void Delegates_become_functions()
    {
        GoTemplate template = GoTemplate.Parse("{{ .name | shout }} {{ join \"a\" \"b\" }} {{ twice 4 }} {{ now }}")
            .WithFunction("shout", (string s) => s.ToUpperInvariant())
            .WithFunction("join", (string a, string b) => a + "-" + b)
            .WithFunction("twice", (GoValue v) => v.IntValue * 2)
            .WithFunction("now", () => "today");
        template.Render(new GoMap { ["name"] = "Ada" }).Should().Be("ADA a-b 8 today");
    }

    [Fact]
    public void What_a_delegate_throws_becomes_an_error_of_the_template()
    {
        GoTemplate template = GoTemplate.Parse("{{ bad 1 }}", "mail").WithFunction("bad", (GoValue _) => throw new InvalidOperationException("broken"));
        Action render = () => template.Render();
        render.Should().Throw<TemplateException>().WithMessage("template: mail:1:3: executing \"mail\" at <bad 1>: error calling bad: broken");
    }

    [Fact]
    public void An_unknown_function_is_told_by_Check()
    {
        GoTemplate template = GoTemplate.Parse("{{ shout . }}");
        Action check = () => template.Check();
        check.Should().Throw<TemplateException>().WithMessage("*function \"shout\" not defined");
        template.WithFunction("shout", (string s) => s).Check().Should().NotBeNull();
    }

    [Fact]
    public void Objects_have_fields_and_methods()
    {
        GoTemplate template = GoTemplate.Parse("{{ .Name }} {{ .Greet \"hi\" }} {{ . }}", "o");
        template.Render(GoValue.Object(new Person())).Should().Be("Ada hi Ada person");
        Action missing = () => GoTemplate.Parse("{{ .Age }}", "o").Render(GoValue.Object(new Person()));
        missing.Should().Throw<TemplateException>().WithMessage("*can't evaluate field Age in type demo.Person");
    }

    private sealed class Person : IGoObject
    {
        public GoType GoType { get; } = new("demo.Person", GoKind.Object, "struct");

        public bool TryGetField(string name, out GoValue value)
        {
            value = "Ada";
            return name == "Name";
        }

        public GoFunction? GetMethod(string name) => name == "Greet" ? GoFunction.Of("Greet", (string s) => s + " Ada") : null;

        public string Print() => "person";
    }
}
