namespace HelmLifecycle.Conformance;

public class YamlAnswers
{
    [Fact]
    public void Yaml_is_read_and_written_as_Helm_does_errors_included() =>
        RecordedAnswers.ShouldBeGiven("yaml.jsonl.gz");
}
