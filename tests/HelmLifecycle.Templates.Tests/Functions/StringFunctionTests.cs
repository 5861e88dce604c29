namespace HelmLifecycle.Templates.Tests.Functions;

public class StringFunctionTests
{
    [Theory]
    [InlineData("{{ trunc 5 \"héllo\" }}", "héll")]
    [InlineData("{{ trunc -3 \"hello\" }}", "llo")]
    [InlineData("{{ trunc 2 \"hé\" | len }}", "2")]
    [InlineData("{{ trunc 2 \"hé\" | printf \"%x\" }}", "68c3")]
    [InlineData("{{ substr 1 3 \"hello\" }}", "el")]
    [InlineData("{{ substr -1 3 \"hello\" }}{{ substr 2 -1 \"hello\" }}", "helllo")]
    [InlineData("{{ abbrev 5 \"hello world\" }}|{{ abbrevboth 5 10 \"1234 5678 9123\" }}", "he...|...5678...")]
    [InlineData("{{ initials \"First Try\" }}", "FT")]
    [InlineData("{{ nospace \" a b\\tc \" }}", "abc")]
    [InlineData("{{ title \"hello wORLD-foo_bar\" }}", "Hello WORLD-Foo_bar")]
    [InlineData("{{ untitle \"Hello World\" }}", "hello world")]
    [InlineData("{{ swapcase \"This Is A.Test\" }}", "tHIS iS a.tEST")]
    [InlineData("{{ wrap 10 \"the quick brown fox\" }}", "the quick\nbrown fox")]
    [InlineData("{{ wrapWith 5 \"\\t\" \"Hello World\" }}", "Hello\tWorld")]
    [InlineData("{{ snakecase \"HTTPServer20xOK\" }}|{{ snakecase \"FirstName\" }}", "http_server_20x_ok|first_name")]
    [InlineData("{{ kebabcase \"GO PATH\" }}|{{ kebabcase \"Bld4Floor3rd\" }}", "go-path|bld4-floor-3rd")]
    [InlineData("{{ camelcase \"http_server\" }}|{{ camelcase \"ID\" }}|{{ camelcase \"__a_b\" }}", "HttpServer|Id|__AB")]
    [InlineData("{{ quote \"a\\\"b\" 1 nil true }}", "\"a\\\"b\" \"1\" \"true\"")]
    [InlineData("{{ squote \"it's\" nil 1.5 }}", "'it's' '1.5'")]
    [InlineData("{{ cat \"a\" nil 2 \"\" }}|", "a 2 |")]
    [InlineData("{{ \"a\\nb\\n\" | indent 2 }}|", "  a\n  b\n  |")]
    [InlineData("{{ \"a\" | nindent 2 }}", "\n  a")]
    [InlineData("{{ replace \"\" \"-\" \"añ\" }}", "-a-ñ-")]
    [InlineData("{{ trimAll \"$-\" \"--$5.00$\" }}|{{ trimSuffix \"-\" \"a--\" }}|{{ trimPrefix \"a\" \"aab\" }}", "5.00|a-|ab")]
    [InlineData("{{ \"  x \\n\" | trim }}", "x")]
    [InlineData("{{ plural \"one\" \"many\" 1 }}{{ plural \"one\" \"many\" 0 }}", "onemany")]
    [InlineData("{{ repeat 3 \"ab\" }}", "ababab")]
    [InlineData("{{ upper \"straße ı\" }}|{{ lower \"İK\" }}", "STRAßE I|ik")]
    public void Strings_are_cut_and_joined_as_in_Sprig(string text, string expected) => Sprig.Render(text).Should().Be(expected);

    [Theory]
    [InlineData("{{ repeat -1 \"a\" }}", "strings: negative Repeat count")]
    [InlineData("{{ substr 3 1 \"hello\" }}", "runtime error: slice bounds out of range [3:1]")]
    [InlineData("{{ substr 9 -1 \"hello\" }}", "runtime error: slice bounds out of range [9:5]")]
    [InlineData("{{ substr -1 9 \"hello\" }}", "runtime error: slice bounds out of range [:9] with length 5")]
    [InlineData("{{ indent -1 \"a\" }}", "strings: negative Repeat count")]
    public void What_makes_Go_panic_is_an_error_with_its_words(string text, string error) =>
        Sprig.ErrorOf(text).Should().EndWith(error);

    [Theory]
    [InlineData("{{ repeat 1000000000 \"aaaaaaaaaa\" }}")]
    [InlineData("{{ indent 2000000000 \"a\" }}")]
    [InlineData("{{ until 2000000000 }}")]
    [InlineData("{{ untilStep 0 9000000000000000000 1 }}")]
    [InlineData("{{ seq 9000000000000000000 }}")]
    [InlineData("{{ randAlphaNum 9000000000000000000 }}")]
    [InlineData("{{ $a := repeat 100000 \"a\" }}{{ replace \"a\" $a $a }}")]
    [InlineData("{{ $a := repeat 100000 \"a\" }}{{ replace \"\" $a $a }}")]
    [InlineData("{{ $a := repeat 20000 \"a\" }}{{ regexReplaceAll \"a\" (repeat 20000 \"a\") (repeat 20000 \"$0\") }}")]
    [InlineData("{{ $l := until 100000 }}{{ join (repeat 100000 \"x\") $l }}")]
    public void Huge_results_end_in_the_limit_before_they_are_made(string text)
    {
        Action render = () => Sprig.Render(text, default, Sprig.Options() with { Budget = new RenderBudget { MaxSteps = 5_000_000, MaxOutput = 5_000_000 } });
        render.Should().Throw<TemplateLimitException>();
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_survive_the_functions()
    {
        GoValue data = GoString.FromBytes([0xFF, 0x41, 0xC3, 0xA9, 0x80]);
        Sprig.Latin(Sprig.Render("{{ . | trimSuffix \"x\" | replace \"A\" \"B\" | b64enc | b64dec }}", data)).Should().Be("\u00FFB\u00C3\u00A9\u0080");
        Sprig.Render("{{ trunc 1 . | printf \"%x\" }} {{ trunc -2 . | printf \"%x\" }} {{ len . }}", data).Should().Be("ff a980 5");
        Sprig.Latin(Sprig.Render("{{ printf \"%s%s\" (trunc 3 .) (substr 3 5 .) }}", data)).Should().Be("\u00FFA\u00C3\u00A9\u0080");
    }
}
