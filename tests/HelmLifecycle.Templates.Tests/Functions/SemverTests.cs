using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Functions;

public class SemverTests
{
    private static readonly Gen<SemanticVersion> Versions =
        Gen.Choose(0, 3).Zip(Gen.Choose(0, 3)).Zip(Gen.Choose(0, 3)).Zip(Gen.Elements("", "-alpha", "-alpha.1", "-alpha.2", "-beta", "-1", "-10", "-rc.1.x"))
            .Select(p => SemanticVersion.Parse($"{p.Item1.Item1.Item1}.{p.Item1.Item1.Item2}.{p.Item1.Item2}{p.Item2}"));

    [Fact]
    public void The_order_of_the_specification_is_kept()
    {
        string[] ascending =
        [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1", "2",
        ];
        ascending.Select(SemanticVersion.Parse).Should().BeInAscendingOrder();
    }

    [Theory]
    [InlineData("v1.2", "1.2.0")]
    [InlineData("01.2.3-rc.1+b", "1.2.3-rc.1+b")]
    public void Versions_are_read_leniently(string text, string canonical) => SemanticVersion.Parse(text).ToString().Should().Be(canonical);

    [Theory]
    [InlineData("", "invalid semantic version")]
    [InlineData("1.2.3.4", "invalid semantic version")]
    [InlineData("1.2.3-01", "version segment starts with 0")]
    [InlineData("1.2.99999999999999999999", "error parsing version segment: strconv.ParseUint: parsing \"99999999999999999999\": value out of range")]
    public void What_is_no_version_gives_the_words_of_the_library(string text, string error)
    {
        Action parse = () => SemanticVersion.Parse(text);
        parse.Should().Throw<FormatException>().WithMessage(error);
    }

    [Theory]
    [InlineData("1.2.3.4 - 5", "improper constraint: 1.>= 2.3.4, <= 5 ")]
    [InlineData("1|2", "constraint parser error")]
    [InlineData(">1 bad", "improper constraint: >1 bad")]
    public void What_is_no_constraint_gives_the_words_of_the_library(string text, string error)
    {
        Action parse = () => VersionConstraint.Parse(text);
        parse.Should().Throw<FormatException>().WithMessage(error);
    }

    [Fact]
    public void A_constraint_prints_as_it_was_read() =>
        VersionConstraint.Parse(">=1.2,<2||^3").ToString().Should().Be(">=1.2 <2 || ^3");

    [Fact]
    public void The_order_is_total() =>
        Prop.ForAll(Arb.From(Versions.Zip(Versions).Zip(Versions)), sample =>
        {
            ((SemanticVersion a, SemanticVersion b), SemanticVersion c) = sample;
            bool antisymmetric = Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a));
            bool transitive = a.CompareTo(b) > 0 || b.CompareTo(c) > 0 || a.CompareTo(c) <= 0;
            return antisymmetric && transitive && (a.CompareTo(b) == 0) == a.Equals(b);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Of_a_bound_and_its_opposite_exactly_one_holds() =>
        Prop.ForAll(Arb.From(Versions.Zip(Versions)), sample =>
        {
            // Both name a pre-release, so that pre-releases count.
            string bound = $"{sample.Item1.Major}.{sample.Item1.Minor}.{sample.Item1.Patch}-{(sample.Item1.Prerelease.Length > 0 ? sample.Item1.Prerelease : "0")}";
            return VersionConstraint.Parse("<" + bound).IsSatisfiedBy(sample.Item2) != VersionConstraint.Parse(">=" + bound).IsSatisfiedBy(sample.Item2);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void No_text_raises_anything_but_the_format_exception()
    {
        Gen<string> pieces = Gen.Elements("1", "2.", ".3", "x", "*", "-", " - ", "||", ",", " ", ">", "<", "=", "~", "^", "!", "v", "-rc.1", "+b", "|", "99999999999999999999999");
        Prop.ForAll(Arb.From(pieces.ListOf().Select(list => string.Concat(list))), text =>
        {
            VersionConstraint.TryParse(text, out VersionConstraint? constraint);
            constraint?.IsSatisfiedBy(SemanticVersion.Parse("1.2.3"));
            SemanticVersion.TryParse(text, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData("{{ (semver \"v1.2.3-b+m\").Major }}{{ (semver \"1.2.3-b+m\").Prerelease }}{{ (semver \"v1.2.3\").Original }}", "1bv1.2.3")]
    [InlineData("{{ (semver \"1.2.3\").Compare (semver \"1.2.4\") }} {{ (semver \"v1.2.3\").IncMinor }} {{ (semver \"v1.2.3\").IncMinor.Original }}", "-1 1.3.0 v1.3.0")]
    [InlineData("{{ semverCompare \">=1.19-0\" \"v1.30.2-gke.100\" }} {{ semverCompare \">=1.19\" \"v1.30.2-gke.100\" }}", "true false")]
    public void Templates_compare_versions(string text, string expected) => Sprig.Render(text).Should().Be(expected);
}
