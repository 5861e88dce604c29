namespace HelmLifecycle.Templates;

/// <summary>What <c>semver</c> gives to templates: a version with the methods of Masterminds' type.</summary>
internal sealed class GoVersion(SemanticVersion version, bool isPointer = true) : IGoObject, IEquatable<GoVersion>
{
    private static readonly GoType PointerType = new("*semver.Version", GoKind.Object, "ptr");
    private static readonly GoType StructType = new("semver.Version", GoKind.Object, "struct");

    public GoType GoType => isPointer ? PointerType : StructType;

    public SemanticVersion Version => version;

    public bool TryGetField(string name, out GoValue value)
    {
        value = default;
        return false;
    }

    public GoFunction? GetMethod(string name) => name switch
    {
        "Major" => Method(name, Number(version.Major)),
        "Minor" => Method(name, Number(version.Minor)),
        "Patch" => Method(name, Number(version.Patch)),
        "Prerelease" => Method(name, version.Prerelease),
        "Metadata" => Method(name, version.Metadata),
        "Original" => Method(name, version.Original),
        "String" => Method(name, version.ToString()),
        "Compare" => Compare(name, order => order),
        "Equal" => Compare(name, order => order == 0),
        "LessThan" => Compare(name, order => order < 0),
        "LessThanEqual" => Compare(name, order => order <= 0),
        "GreaterThan" => Compare(name, order => order > 0),
        "GreaterThanEqual" => Compare(name, order => order >= 0),
        "IncMajor" => Method(name, Next(version.Major + 1, 0, 0)),
        "IncMinor" => Method(name, Next(version.Major, version.Minor + 1, 0)),
        "IncPatch" => Method(name, Next(version.Major, version.Minor, version.Prerelease.Length > 0 ? version.Patch : version.Patch + 1)),
        "SetPrerelease" => new(name, GoParameters.String, (_, a) => With(a[0].AsString!, version.Metadata, "invalid prerelease string")),
        "SetMetadata" => new(name, GoParameters.String, (_, a) => With(version.Prerelease, a[0].AsString!, "invalid metadata string")),
        _ => null,
    };

    private static GoValue Number(ulong number) => GoValue.Integer(unchecked((long)number), GoType.Uint64);

    private static GoFunction Method(string name, GoValue result) => new(name, GoParameters.None, (_, _) => result);

    private GoFunction Compare(string name, Func<int, GoValue> result) =>
        new(name, [GoParameter.Object], (_, a) => result(version.CompareTo(((GoVersion)a[0].AsObject!).Version))) { ObjectTypes = [PointerType] };

    private string Prefix => version.Original.StartsWith('v') ? "v" : "";

    private GoValue Next(ulong major, ulong minor, ulong patch)
    {
        var next = new SemanticVersion(major, minor, patch, "", "", null);
        return GoValue.Object(new GoVersion(new SemanticVersion(major, minor, patch, "", "", Prefix + next), false));
    }

    private GoValue With(string prerelease, string metadata, string message)
    {
        string text = $"{version.Major}.{version.Minor}.{version.Patch}"
            + (prerelease.Length > 0 ? "-" + prerelease : "") + (metadata.Length > 0 ? "+" + metadata : "");
        SemanticVersion? changed = SemanticVersion.Read(Prefix + text, out string? error);
        if (changed is null || changed.Prerelease != prerelease || changed.Metadata != metadata)
            throw new GoFunctionException(error is null or "invalid semantic version" ? message : error);
        return GoValue.Object(new GoVersion(changed, false));
    }

    public string Print() => version.ToString();

    public bool Equals(GoVersion? other) => other is not null && version.Original == other.Version.Original;

    public override bool Equals(object? obj) => Equals(obj as GoVersion);

    public override int GetHashCode() => version.Original.GetHashCode(StringComparison.Ordinal);
}
