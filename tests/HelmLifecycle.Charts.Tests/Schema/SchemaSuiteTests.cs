namespace HelmLifecycle.Charts.Tests.Schema;

public class SchemaSuiteTests
{
    // What is wrong by the suite is right by Helm, whose library reads these formats as loosely. Patterns are Go's, not ECMAScript's;
    // numbers are float64 before a schema sees them; content is not looked into; and of Punycode only the form is checked.
    private static readonly Dictionary<string, int> s_known = new()
    {
        ["bignum.json"] = 4,
        ["content.json"] = 4,
        ["ecmascript-regex.json"] = 14,
        ["format/ecmascript-regex.json"] = 9,
        ["format/duration.json"] = 2,
        ["format/email.json"] = 1,
        ["format/hostname.json"] = 24,
        ["format/idn-email.json"] = 2,
        ["format/idn-hostname.json"] = 54,
        ["format/iri-reference.json"] = 2,
        ["format/iri.json"] = 1,
        ["format/uri-reference.json"] = 2,
        ["format/uri-template.json"] = 10,
        ["format/uri.json"] = 1,
        ["zeroTerminatedFloats.json"] = 1,
    };

    public static TheoryData<string> Required => [.. SchemaSuite.Files.Where(f => !f.Contains("/optional/", StringComparison.Ordinal))];

    public static TheoryData<string> Optional => [.. SchemaSuite.Files.Where(f => f.Contains("/optional/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Required))]
    public void Every_required_answer_of_the_published_suite_is_right(string file)
    {
        (int right, List<string> wrong) = SchemaSuite.Run(file);
        wrong.Should().BeEmpty();
        right.Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Optional))]
    public void Of_the_optional_answers_only_those_differ_that_Helm_gives_otherwise(string file)
    {
        string name = file[(file.IndexOf("/optional/", StringComparison.Ordinal) + "/optional/".Length)..];
        SchemaSuite.Run(file).Wrong.Count.Should().BeLessThanOrEqualTo(s_known.GetValueOrDefault(name), "{0} has no more", file);
    }
}
