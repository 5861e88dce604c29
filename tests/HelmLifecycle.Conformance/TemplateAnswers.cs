namespace HelmLifecycle.Conformance;

public class TemplateAnswers
{
    [Fact]
    public void Templates_and_functions_give_what_Helm_gives_errors_included() =>
        RecordedAnswers.ShouldBeGiven("templates.jsonl.gz", KnownMappings.WithoutAddresses);
}
