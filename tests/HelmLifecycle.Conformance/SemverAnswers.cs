namespace HelmLifecycle.Conformance;

public class SemverAnswers
{
    [Fact]
    public void Version_constraints_accept_what_Helm_accepts_errors_included() => RecordedAnswers.ShouldBeGiven("semver.jsonl.gz");
}
