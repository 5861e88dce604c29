namespace HelmLifecycle.Charts.Tests;

public class IgnoreTests
{
    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "deep/a.txt", true)]
    [InlineData("/a.txt", "a.txt", true)]
    [InlineData("/a.txt", "deep/a.txt", false)]
    [InlineData("deep/*.txt", "deep/a.txt", true)]
    [InlineData("deep/*.txt", "deep/er/a.txt", false)]
    [InlineData("cargo/", "cargo", false)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[^a-c].txt", "b.txt", false)]
    [InlineData(@"\*.txt", "*.txt", true)]
    [InlineData("!keep.txt", "keep.txt", false)]
    [InlineData("!keep.txt", "other.txt", true)]
    [InlineData("!keep/", "other.txt", true)]
    [InlineData("", "templates/.dot", true)]
    public void Rules_match_as_in_Helm(string rule, string path, bool ignored) =>
        IgnoreRules.Parse(rule).Ignores(path, isFolder: false).Should().Be(ignored);

    [Fact]
    public void A_rule_with_a_final_slash_matches_folders_alone() =>
        IgnoreRules.Parse("cargo/").Ignores("cargo", isFolder: true).Should().BeTrue();

    [Fact]
    public void The_first_rule_that_decides_wins() =>
        IgnoreRules.Parse("!*.txt\na.txt").Ignores("a.txt", isFolder: false).Should().BeTrue();

    [Theory]
    [InlineData("a/**", "double-star (**) syntax is not supported")]
    [InlineData("[", "syntax error in pattern")]
    [InlineData("[]a]", "syntax error in pattern")]
    [InlineData("a\\", "syntax error in pattern")]
    public void Bad_rules_are_refused(string rule, string message) =>
        FluentActions.Invoking(() => IgnoreRules.Parse(rule)).Should().Throw<ChartException>().WithMessage(message);

    [Theory]
    [InlineData("a*b*c", "a/b", false)]
    [InlineData("*/b*c", "a/bxc", true)]
    [InlineData("*a*b", "xaxb", true)]
    [InlineData("a*", "a", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b", false)]
    public void Stars_stay_inside_a_folder(string pattern, string name, bool matches) =>
        GoPath.IsMatch(pattern, name).Should().Be(matches);

    [Theory]
    [InlineData("a//b/./c/../d", "a/b/d")]
    [InlineData("../a", "../a")]
    [InlineData("/../a", "/a")]
    [InlineData("", ".")]
    public void Paths_are_cleaned_as_Go_does(string path, string clean) => GoPath.Clean(path).Should().Be(clean);
}
