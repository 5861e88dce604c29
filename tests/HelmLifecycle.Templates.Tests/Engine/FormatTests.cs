using static HelmLifecycle.Templates.Tests.Engine.Rendering;

namespace HelmLifecycle.Templates.Tests.Engine;

public class FormatTests
{
    // The expected texts are those of Go's fmt.
    [Theory]
    [InlineData("\"%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%#b\" 42 42 42 42 42 42 42 42 42 42 42 42 42 42", "42|   42|42   |00042|+42| 42|2a|2A|0x2a|52|052|0o52|101010|0b101010")]
    [InlineData("\"%c|%q|%U|%#U\" 97 97 97 97", "a|'a'|U+0061|U+0061 'a'")]
    [InlineData("\"%f|%.2f|%8.3f|%-8.1f|%08.2f|%e|%E|%g|%G\" 3.14159 3.14159 3.14159 3.14159 3.14159 3.14159 3.14159 3.14159 3.14159", "3.141590|3.14|   3.142|3.1     |00003.14|3.141590e+00|3.141590E+00|3.14159|3.14159")]
    [InlineData("\"%.0f %.0f %.0f %.1f\" 0.5 1.5 2.5 0.25", "0 2 2 0.2")]
    [InlineData("\"%v %v %v %v %v\" 1e6 1e20 1e-5 123456.789 1234567.8", "1e+06 1e+20 1e-05 123456.789 1.2345678e+06")]
    [InlineData("\"%#g %#.3g %#v %+.1f %x %b\" 1.0 1.0 1.0 1.0 1.0 1.0", "1.00000 1.00 1 +1.0 0x1p+00 4503599627370496p-52")]
    [InlineData("\"%6.2f%%\" 99.5", " 99.50%")]
    [InlineData("\"%s|%10s|%-10s|%.2s|%q|%x|% x|%#x|%X\" \"héé\" \"héé\" \"héé\" \"héé\" \"h\\n\\\"\" \"hé\" \"hé\" \"hé\" \"hé\"", "héé|       héé|héé       |hé|\"h\\n\\\"\"|68c3a9|68 c3 a9|0x68c3a9|68C3A9")]
    [InlineData("\"%+q %#q\" \"é\" \"a\"", "\"\\u00e9\" `a`")]
    [InlineData("\"%t %v %5t|\" true false true", "true false  true|")]
    [InlineData("\"%d\" \"a\"", "%!d(string=a)")]
    [InlineData("\"%s\" 3", "%!s(int=3)")]
    [InlineData("\"%d\" 3.0", "%!d(float64=3)")]
    [InlineData("\"%.2f\" 3", "%!f(int=03)")]
    [InlineData("\"%s\" nil", "%!s(<nil>)")]
    [InlineData("\"%d %d\" 1", "1 %!d(MISSING)")]
    [InlineData("\"%d\" 1 2 \"x\"", "1%!(EXTRA int=2, string=x)")]
    [InlineData("\"%z %!\" 1", "%!z(int=1) %!!(MISSING)")]
    [InlineData("\"100%\"", "100%!(NOVERB)")]
    [InlineData("\"%[2]d %[1]d\" 1 2", "2 1")]
    [InlineData("\"%[3]d\" 1 2", "%!d(BADINDEX)")]
    [InlineData("\"%*d|%-*d|\" 5 42 5 42", "   42|42   |")]
    [InlineData("\"%.*f\" 1 3.14159", "3.1")]
    [InlineData("\"%*d\" \"x\" 1", "%!(BADWIDTH)1")]
    [InlineData("\"%v %T|%v %T\" 1i 1i 'a' 'a'", "(0+1i) complex128|97 int")]
    [InlineData("\"%v %T\" nil nil", "<nil> <nil>")]
    [InlineData("\"%#x %#X\" -0.5 -0.5", "-0x1.0000p-01 -0X1.P-01")]
    [InlineData("\"%w %w\" 1 nil", "%!w(int=1) %!w(<nil>)")]
    public void Printf_writes_what_Go_writes(string arguments, string expected) =>
        Render("{{ printf " + arguments + " }}").Should().Be(expected);

    [Theory]
    [InlineData("{{ printf \"%v %+v %d\" .list .map .list }}", "[a b 3] map[a:1 b:2 c:map[d:deep]] [%!d(string=a) %!d(string=b) %!d(float64=3)]")]
    [InlineData("{{ printf \"%#v\" .list }}", "[]interface {}{\"a\", \"b\", 3}")]
    [InlineData("{{ printf \"%#v\" .map }}", "map[string]interface {}{\"a\":1, \"b\":2, \"c\":map[string]interface {}{\"d\":\"deep\"}}")]
    [InlineData("{{ printf \"%q\" .list }}", "[\"a\" \"b\" %!q(float64=3)]")]
    [InlineData("{{ printf \"%w\" .list }}", "%!w([]interface {}=[a b 3])")]
    [InlineData("{{ printf \"%T %T\" .list .map }}", "[]interface {} map[string]interface {}")]
    [InlineData("{{ print \"a\" 1 \"b\" }}|{{ print 1 2 }}|{{ print 1 .nul }}|{{ println 1 \"a\" }}", "a1b|1 2|1 <nil>|1 a\n")]
    public void Print_writes_containers_as_Go_does(string text, string expected) => Render(text, Data).Should().Be(expected);

    [Theory]
    [InlineData("0x1F 0o17 0b11 010 1_000 +3 -3 'a' '\\n' 0x1p4 1. .5 1e3", "31 15 3 8 1000 3 -3 97 10 16 1 0.5 1000")]
    public void Literals_are_read_in_all_their_forms(string literals, string expected) =>
        Render("{{ println " + literals + " }}").TrimEnd().Should().Be(expected);

    [Theory]
    [InlineData("{{ html \"<a href='x'>T&C</a>\" }}", "&lt;a href=&#39;x&#39;&gt;T&amp;C&lt;/a&gt;")]
    [InlineData("{{ js \"it's <b>&=\\n\" }}", "it\\'s \\u003Cb\\u003E\\u0026\\u003D\\u000A")]
    [InlineData("{{ urlquery \"a b&c=d/é\" }}", "a+b%26c%3Dd%2F%C3%A9")]
    [InlineData("{{ len \"hé\" }} {{ index \"hé\" 1 }} {{ slice \"hello\" 1 3 }} {{ len .map }}", "3 195 el 3")]
    public void Builtins_work_on_bytes_as_in_Go(string text, string expected) => Render(text, Data).Should().Be(expected);
}
