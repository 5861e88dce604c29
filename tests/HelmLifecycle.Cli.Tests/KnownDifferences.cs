namespace HelmLifecycle.Cli.Tests;

/// <summary>Recorded command lines (scenario, step from 0) that <c>hlc</c> answers otherwise, each with why.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyDictionary<(string Scenario, int Step), string> Reasons { get; } = new Dictionary<(string, int), string>
    {
        [("54-list-all-namespaces", 3)] = "the recorded cluster still held a release of another recording",
        [("54-list-all-namespaces", 4)] = "the recorded cluster still held a release of another recording",
        [("47-test-ok", 2)] = "Helm 4 names the container of a log",
        [("helm4/a8-deprecated-flags", 0)] = "Helm 3's flag is understood, so that its scripts run",
        [("helm4/a8-deprecated-flags", 1)] = "the step before was accepted",
        [("helm4/a8-deprecated-flags", 13)] = "Helm 3's flag is understood, so that its scripts run",
        [("helm4/a8-deprecated-flags", 14)] = "Helm 3's flag is understood, so that its scripts run",
        [("helm4/a8-deprecated-flags", 20)] = "a commit of Helm's",
        [("64-lint", 2)] = "worded as Helm 4 does",
        [("64-lint", 9)] = "violations of a schema are worded as Helm 4 does",
        [("64-lint", 13)] = "errors of templates span several lines as Helm 4's do",
        [("65-template-validate", 11)] = "the text of a manifest that cannot be parsed is not printed with --debug",
        [("92-outputs", 5)] = "Helm 4 has the flag",
        [("92-outputs", 6)] = "Helm 4 has the flag",
    };
}
