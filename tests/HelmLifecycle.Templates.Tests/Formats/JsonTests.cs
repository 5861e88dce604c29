namespace HelmLifecycle.Templates.Tests.Formats;

public class JsonTests
{
    [Theory]
    [InlineData("", "unexpected end of JSON input")]
    [InlineData("{\"a\": ", "unexpected end of JSON input")]
    [InlineData("x", "invalid character 'x' looking for beginning of value")]
    [InlineData("[1 2]", "invalid character '2' after array element")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\": 1 \"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("{a: 1}", "invalid character 'a' looking for beginning of object key string")]
    [InlineData("[1,]", "invalid character ']' looking for beginning of value")]
    [InlineData("truth", "invalid character 't' in literal true (expecting 'e')")]
    [InlineData("01", "invalid character '1' after top-level value")]
    [InlineData("-x", "invalid character 'x' in numeric literal")]
    [InlineData("1.x", "invalid character 'x' after decimal point in numeric literal")]
    [InlineData("1e+", "unexpected end of JSON input")]
    [InlineData("\"\\q\"", "invalid character 'q' in string escape code")]
    [InlineData("\"\\u12x4\"", "invalid character 'x' in \\u hexadecimal character escape")]
    [InlineData("\"a\nb\"", "invalid character '\\n' in string literal")]
    [InlineData("é", "invalid character 'Ã' looking for beginning of value")]
    public void Errors_have_the_words_of_go(string json, string message) =>
        FluentActions.Invoking(() => HelmJson.Read(json)).Should().Throw<JsonSyntaxException>().WithMessage(message.Replace("?", "[?]"));

    [Fact]
    public void Texts_are_escaped_for_html_unless_it_is_not_wanted()
    {
        HelmJson.Write("<a>&\u2028\u0001\t").Should().Be("\"\\u003ca\\u003e\\u0026\\u2028\\u0001\\t\"");
        HelmJson.Write("<a>&\u2028", escapeHtml: false).Should().Be("\"<a>&\\u2028\"");
    }

    [Theory]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.5, "1.5")]
    [InlineData(-0.0, "-0")]
    [InlineData(123456789.125, "123456789.125")]
    public void Floats_are_written_as_go_does(double value, string expected) => HelmJson.Write(value).Should().Be(expected);

    [Fact]
    public void Pretty_json_leaves_empty_collections_on_one_line() =>
        HelmJson.Write(HelmJson.Read("{\"b\": [], \"a\": {}, \"c\": [1]}"), indent: "  ")
            .Should().Be("{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    1\n  ]\n}");

    [Fact]
    public void Lone_surrogates_are_replaced() => HelmJson.Read("\"\\ud800x\\ud83d\\ude00\\udc00\"").AsString.Should().Be("\uFFFDx😀\uFFFD");

    [Fact]
    public void Byte_lists_are_base64() => HelmJson.Write(GoValue.List(GoList.OfBytes("hi"u8))).Should().Be("\"aGk=\"");

    [Fact]
    public void Deep_nesting_is_refused() =>
        FluentActions.Invoking(() => HelmJson.Read(new string('[', 1_000_000))).Should().Throw<JsonSyntaxException>().WithMessage("exceeded max depth");

    [Fact]
    public void The_first_value_of_a_text_can_be_read_alone()
    {
        HelmJson.ReadFirst(" [1], rest", out int length).AsList!.Count.Should().Be(1);
        length.Should().Be(4);
    }
}
