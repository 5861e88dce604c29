using System.Text.Json.Nodes;

namespace HelmLifecycle.Conformance.Cli;

/// <summary><c>semver</c>: whether a version meets a constraint.</summary>
public sealed class SemverOperation : IOperation
{
    public string Name => "semver";

    public JsonObject Answer(JsonObject request)
    {
        VersionConstraint constraint = VersionConstraint.Parse((string)request["constraint"]!);
        SemanticVersion version = SemanticVersion.Parse((string)request["version"]!);
        return new JsonObject { ["ok"] = constraint.IsSatisfiedBy(version) };
    }
}
