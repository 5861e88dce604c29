namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on semantic versions.</summary>
internal static class SemverFunctions
{
    private const int MaxCachedLength = 256;
    private static readonly BoundedCache<string, (VersionConstraint? Value, string? Error)> Constraints = new(512);
    private static readonly BoundedCache<string, (SemanticVersion? Value, string? Error)> Versions = new(512);

    internal static IEnumerable<GoFunction> All =>
    [
        new("semver", GoParameters.String, static (_, a) => GoValue.Object(new GoVersion(Version(a[0].AsString!)))),
        new("semverCompare", GoParameters.StringString, static (_, a) => Compare(a[0].AsString!, a[1].AsString!)),
    ];

    private static GoValue Compare(string constraint, string version)
    {
        (VersionConstraint? parsed, string? error) = constraint.Length > MaxCachedLength
            ? (VersionConstraint.Read(constraint, out string? why), why)
            : Constraints.GetOrAdd(constraint, static text => (VersionConstraint.Read(text, out string? e), e));
        return parsed is null ? throw new GoFunctionException(error!) : parsed.IsSatisfiedBy(Version(version));
    }

    private static SemanticVersion Version(string text)
    {
        (SemanticVersion? parsed, string? error) = text.Length > MaxCachedLength
            ? (SemanticVersion.Read(text, out string? why), why)
            : Versions.GetOrAdd(text, static text => (SemanticVersion.Read(text, out string? e), e));
        return parsed ?? throw new GoFunctionException(error!);
    }
}
