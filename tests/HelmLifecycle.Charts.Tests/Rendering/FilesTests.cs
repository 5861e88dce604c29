namespace HelmLifecycle.Charts.Tests;

public class FilesTests
{
    private static readonly (string, string)[] s_files = [("a.txt", "one\ntwo\n"), ("conf/b.txt", "bee"), ("conf/deep/c.json", "{}"), ("empty", "")];

    [Theory]
    [InlineData("{{ .Files.Get \"a.txt\" }}", "one\ntwo\n")]
    [InlineData("{{ .Files.Get \"none\" }}", "")]
    [InlineData("{{ range .Files.Lines \"a.txt\" }}<{{ . }}>{{ end }}", "<one><two>")]
    [InlineData("{{ len (.Files.Lines \"empty\") }}", "0")]
    [InlineData("{{ range $name, $_ := .Files.Glob \"conf/**\" }}{{ $name }} {{ end }}", "conf/b.txt conf/deep/c.json ")]
    [InlineData("{{ (.Files.Glob \"conf/*\").AsConfig }}", "b.txt: bee")]
    [InlineData("{{ (.Files.Glob \"conf/*\").AsSecrets }}", "b.txt: YmVl")]
    [InlineData("{{ (.Files.Glob \"none/*\").AsConfig }}", "{}")]
    [InlineData("{{ range $n, $b := .Files.Glob \"conf/*\" }}{{ $b }} {{ toString $b }}{{ end }}", "[98 101 101] bee")]
    [InlineData("{{ if .Files.Glob \"none\" }}some{{ else }}none{{ end }}", "none")]
    [InlineData("{{ len .Files }} {{ index .Files \"conf/b.txt\" | toString }}", "4 bee")]
    public void Files_can_be_read(string template, string text) => TestCharts.Out(template, "", s_files).Should().Be(text);

    [Theory]
    [InlineData("*", "a.txt", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("**/*.txt", "a.txt", false)]
    [InlineData("**.txt", "a/b.txt", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("{a,b*}.txt", "bee.txt", true)]
    [InlineData("{a,b{c,d}}x", "bdx", true)]
    [InlineData("[ab]c", "bc", true)]
    [InlineData("[!ab]c", "bc", false)]
    [InlineData("[^a]c", "^c", true)]
    [InlineData("[^a]c", "bc", false)]
    [InlineData("[a-c]", "b", true)]
    [InlineData("[!a-c]", "b", false)]
    [InlineData(@"\*", "*", true)]
    [InlineData("[a-", "anything/at/all", true)]
    [InlineData("[a-cx]", "anything/at/all", true)]
    [InlineData("a{b,", "ab", true)]
    public void Patterns_match_as_gobwas_glob(string pattern, string name, bool matches) =>
        GlobPattern.Parse(pattern).IsMatch(name).Should().Be(matches);

    [Fact]
    public void Hostile_patterns_take_no_time() =>
        GlobPattern.Parse(string.Concat(Enumerable.Repeat("*a", 500)) + "b").IsMatch(new string('a', 5000)).Should().BeFalse();
}
