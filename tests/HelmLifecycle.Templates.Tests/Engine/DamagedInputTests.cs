using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Engine;

public class DamagedInputTests
{
    private static readonly string[] Pieces =
    [
        "{{", "}}", "{{-", "-}}", "if", "else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", "(", ")", "|",
        ":=", "=", ",", "$", "$x", ".", ".a", ".list", ".map.c", "\"d\"", "`r`", "'c'", "1", "1.5", "0x", "1e", "1i", "true", " ", " ", " ", "\n",
        "printf", "print", "include", "tpl", "eq", "lt", "index", "len", "slice", "and", "or", "not", "required", "fail", "html", "call", "text", "é", "\\", "/*", "*/",
    ];

    [Fact]
    public void No_damaged_template_raises_anything_but_the_template_exception()
    {
        Gen<string> damaged = Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces));
        var options = new RenderOptions { Budget = new RenderBudget { MaxSteps = 20_000, MaxOutput = 20_000 } };
        Prop.ForAll(Arb.From(damaged), text =>
        {
            try
            {
                Rendering.Render(text, Rendering.Data.DeepCopy(), options);
                Rendering.Render("{{" + text + "}}{{end}}", Rendering.Data.DeepCopy(), options);
            }
            catch (TemplateException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(40));
    }

    [Fact]
    public void Any_string_quoted_reads_back_as_itself() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string valid = GoString.FromBytes(GoString.ToBytes(text ?? ""));
            return Strconv.Unquote(Strconv.Quote(valid)) == valid;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_number_printed_reads_back_as_itself() =>
        Prop.ForAll(ArbMap.Default.ArbFor<double>(), number =>
            !double.IsFinite(number)
            || (Strconv.TryParseFloat(Strconv.FormatFloat(number), out double read) && read.Equals(number))
            || number == 0).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
