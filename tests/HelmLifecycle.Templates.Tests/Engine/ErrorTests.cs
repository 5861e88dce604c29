using static HelmLifecycle.Templates.Tests.Engine.Rendering;

namespace HelmLifecycle.Templates.Tests.Engine;

public class ErrorTests
{
    [Theory]
    [InlineData("{{ if true }}", "unexpected EOF")]
    [InlineData("{{ end }}", "unexpected {{end}}")]
    [InlineData("{{ else }}", "unexpected {{else}}")]
    [InlineData("{{ if }}x{{ end }}", "missing value for if")]
    [InlineData("{{ foo }}", "function \"foo\" not defined")]
    [InlineData("{{ $x }}", "undefined variable \"$x\"")]
    [InlineData("{{ .a", "unclosed action")]
    [InlineData("{{ (.a }}", "unclosed left paren")]
    [InlineData("{{ .a) }}", "unexpected right paren")]
    [InlineData("{{ .a-b }}", "bad character U+002D '-'")]
    [InlineData("{{ \"a }}", "unterminated quoted string")]
    [InlineData("{{ `a }}", "unterminated raw quoted string")]
    [InlineData("{{ 'a }}", "unterminated character constant")]
    [InlineData("{{ break }}", "{{break}} outside {{range}}")]
    [InlineData("{{ if true }}{{ define \"a\" }}{{ end }}{{ end }}", "unexpected <define> in command")]
    [InlineData("{{ 1 | 2 }}", "non executable command in pipeline stage 2")]
    [InlineData("{{ define \"a\" }}1{{ end }}{{ define \"a\" }}2{{ end }}", "multiple definition of template \"a\"")]
    [InlineData("{{ $a, $b := 1 }}", "too many declarations in command")]
    [InlineData("{{/* a", "unclosed comment")]
    [InlineData("{{/* a */ }}", "comment ends before closing delimiter")]
    [InlineData("{{ nil }}", null)]
    [InlineData("{{ 99999999999999999999 }}", "\"99999999999999999999\"")]
    [InlineData("{{ 1.2.3 }}", "unexpected \".3\" in operand")]
    public void What_is_no_template_is_refused_in_the_words_of_Go(string text, string? message)
    {
        string error = ErrorOf(text);
        if (message is null)
            error.Should().Be("t:1:3\n  executing \"t\" at <nil>:\n    nil is not a command");
        else
            error.Should().Be($"parse error at (t:1): {message}");
    }

    [Theory]
    [InlineData("{{ .nope.a }}", "<.nope.a>", "nil pointer evaluating interface {}.a")]
    [InlineData("{{ .nul.a }}", "<.nul.a>", "nil pointer evaluating interface {}.a")]
    [InlineData("{{ .s.a }}", "<.s.a>", "can't evaluate field a in type interface {}")]
    [InlineData("{{ .map.a 1 }}", "<.map.a>", "a is not a method but has arguments")]
    [InlineData("{{ \"x\" 1 }}", "<\"x\">", "can't give argument to non-function \"x\"")]
    [InlineData("{{ printf 1 }}", "<1>", "expected string; found 1")]
    [InlineData("{{ printf .n }}", "<.n>", "wrong type for value; expected string; got float64")]
    [InlineData("{{ printf .nope }}", "<.nope>", "wrong type for value; expected string; got interface {}")]
    [InlineData("{{ printf (print | or nil) }}", "<or nil>", null)]
    [InlineData("{{ printf }}", "<printf>", "wrong number of args for printf: want at least 1 got 0")]
    [InlineData("{{ not 1 2 }}", "<not>", "wrong number of args for not: want 1 got 2")]
    [InlineData("{{ range 3.5 }}{{ end }}", "<3.5>", "range can't iterate over 3.5")]
    [InlineData("{{ 9223372036854775808 }}", "<9223372036854775808>", "9223372036854775808 overflows int")]
    [InlineData("{{ template \"nope\" }}", "<{{template \"nope\"}}>", "template \"nope\" not defined")]
    [InlineData("{{ $z = 1 }}", "<1>", "undefined variable: $z")]
    public void A_failing_node_is_named_with_the_reason(string text, string node, string? reason)
    {
        if (reason is null)
            return;
        ErrorOf(text, Data).Should().Match($"t:1:*\n  executing \"t\" at {node}:\n    {reason}");
    }

    [Fact]
    public void A_failing_function_gives_Gos_text_of_one_line() =>
        ErrorOf("é {{ index .list 5 }}", Data)
            .Should().Be("template: t:1:6: executing \"t\" at <index .list 5>: error calling index: index out of range: 5");

    [Theory]
    [InlineData("{{ call .s }}", "non-function .s of type string")]
    [InlineData("{{ call nil }}", "call of nil")]
    [InlineData("{{ call .f 1 2 }}", "wrong number of args for .f: got 2 want 1")]
    [InlineData("{{ call .f 1 }}", "arg 0: value has type int; should be string")]
    [InlineData("{{ len nil }}", "reflect: call of reflect.Value.Type on zero Value")]
    [InlineData("{{ len .nope }}", "len of nil pointer")]
    [InlineData("{{ len 3 }}", "len of type int")]
    [InlineData("{{ index .list 3 }}", "reflect: slice index out of range")]
    [InlineData("{{ index .list 4 }}", "index out of range: 4")]
    [InlineData("{{ index .list 1.0 }}", "cannot index slice/array with type float64")]
    [InlineData("{{ index .map 1 }}", "value has type int; should be string")]
    [InlineData("{{ index .nope 1 }}", "index of untyped nil")]
    [InlineData("{{ index .map \"zz\" 1 }}", "index of nil pointer")]
    [InlineData("{{ eq 1 1.0 }}", "incompatible types for comparison: int and float64")]
    [InlineData("{{ eq .list .map }}", "non-comparable types [a b %!s(float64=3)]: []interface {}, map[string]interface {}: map[a:1 b:2 c:map[d:deep]]")]
    [InlineData("{{ lt nil 1 }}", "invalid type for comparison")]
    [InlineData("{{ eq 1 }}", "missing argument for comparison")]
    public void Builtins_fail_with_Gos_reason(string text, string reason)
    {
        GoMap data = Data.DeepCopy();
        data["f"] = GoValue.Func(GoFunction.Of("f", (string s) => s));
        ErrorOf(text, data).Should().StartWith("template: t:1:3: executing \"t\" at <").And.EndWith(": " + reason);
    }

    [Fact]
    public void Nested_templates_give_one_frame_each() =>
        ErrorOf("{{ define \"in\" }}\n{{ .nope.x }}{{ end }}{{ include \"in\" . }}", Data).Should().Be(
            "t:2:25\n  executing \"t\" at <include \"in\" .>:\n    error calling include:\n"
            + "t:2:8\n  executing \"in\" at <.nope.x>:\n    nil pointer evaluating interface {}.x");

    [Fact]
    public void Required_and_fail_show_their_message_alone()
    {
        ErrorOf("{{ required \"need a: b\" .nope }}", Data).Should().Be("execution error at (t:1:3): need a: b");
        ErrorOf("\n  {{ fail \"no\nway\" }}".Replace("no\nway", "no", StringComparison.Ordinal), Data).Should().Be("execution error at (t:2:5): no");
        Render("{{ required \"m\" 0 }}", Data).Should().Be("0");
    }

    [Fact]
    public void Strict_mode_refuses_missing_keys()
    {
        var strict = new RenderOptions { Strict = true };
        ErrorOf("{{ .nope }}", Data, strict).Should().EndWith("map has no entry for key \"nope\"");
        Render("{{ .nul }}", Data, strict).Should().BeEmpty();
    }

    [Fact]
    public void The_exception_knows_the_place()
    {
        Action render = () => Render("a\n{{ .s.x }}", Data);
        TemplateException error = render.Should().Throw<TemplateException>().Which;
        error.TemplateName.Should().Be("t");
        error.Line.Should().Be(2);
        error.Column.Should().Be(5);
    }
}
