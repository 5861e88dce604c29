namespace HelmLifecycle.Charts;

/// <summary>What templates see as <c>.Chart</c>: since Helm 4 a map with the names of Go's fields.</summary>
internal static class ChartObject
{
    internal static GoMap Of(ChartMetadata metadata, bool isRoot) => new(18)
    {
        ["Name"] = metadata.Name,
        ["Home"] = metadata.Home,
        ["Sources"] = Texts(metadata.Sources),
        ["Version"] = metadata.Version,
        ["Description"] = metadata.Description,
        ["Keywords"] = Texts(metadata.Keywords),
        ["Maintainers"] = List(metadata.Maintainers, m => new GoMap(3) { ["Name"] = m.Name, ["Email"] = m.Email, ["URL"] = m.Url }),
        ["Icon"] = metadata.Icon,
        ["APIVersion"] = metadata.ApiVersion,
        ["Condition"] = metadata.Condition,
        ["Tags"] = metadata.Tags,
        ["AppVersion"] = metadata.AppVersion,
        ["Deprecated"] = metadata.Deprecated,
        ["Annotations"] = Annotations(metadata.Annotations),
        ["KubeVersion"] = metadata.KubeVersion,
        ["Dependencies"] = List(metadata.Dependencies, Dependency),
        ["Type"] = metadata.Type,
        ["IsRoot"] = isRoot,
    };

    private static GoMap Dependency(ChartDependency dependency) => new(8)
    {
        ["Name"] = dependency.Name,
        ["Version"] = dependency.Version,
        ["Repository"] = dependency.Repository,
        ["Condition"] = dependency.Condition,
        ["Tags"] = Texts(dependency.Tags),
        ["Enabled"] = dependency.Enabled,
        ["ImportValues"] = dependency.ImportValues is { Count: > 0 } imports ? new GoList([.. imports]) : GoList.Empty,
        ["Alias"] = dependency.Alias,
    };

    private static GoMap Annotations(IReadOnlyDictionary<string, string>? annotations)
    {
        var map = new GoMap(annotations?.Count ?? 0, GoType.StringMap);
        foreach ((string key, string value) in annotations ?? new Dictionary<string, string>())
            map[key] = value;
        return map;
    }

    private static GoList Texts(IReadOnlyList<string>? texts) =>
        texts is { Count: > 0 } ? new GoList([.. texts.Select(GoValue.String)]) : GoList.Empty;

    private static GoList List<T>(IReadOnlyList<T>? items, Func<T, GoMap> map) =>
        items is { Count: > 0 } ? new GoList([.. items.Select(i => (GoValue)map(i))]) : GoList.Empty;
}
