using System.Text.RegularExpressions;

namespace HelmLifecycle.Charts;

/// <summary>Checks what <c>Chart.yaml</c> says, in Helm's words, and cleans its texts.</summary>
internal static partial class ChartChecks
{
    /// <exception cref="ChartException">Something is missing or not allowed.</exception>
    internal static ChartMetadata Check(ChartMetadata raw)
    {
        ChartMetadata metadata = Clean(raw);
        if (metadata.ApiVersion.Length == 0)
            throw Invalid("chart.metadata.apiVersion is required");
        if (metadata.Name.Length == 0)
            throw Invalid("chart.metadata.name is required");
        if (metadata.Name.Contains('/', StringComparison.Ordinal))
            throw Invalid($"chart.metadata.name {GoQuote.String(metadata.Name)} is invalid");
        if (metadata.Name is "." or "..")
            throw Invalid($"chart.metadata.name {GoQuote.String(metadata.Name)} is not allowed");
        if (metadata.Version.Length == 0)
            throw Invalid("chart.metadata.version is required");
        if (!SemanticVersion.TryParse(metadata.Version, out _))
            throw Invalid($"chart.metadata.version {GoQuote.String(metadata.Version)} is invalid");
        if (metadata.Type is not ("" or "application" or "library"))
            throw Invalid("chart.metadata.type must be application or library");
        return metadata with
        {
            Maintainers = metadata.Maintainers is { } maintainers ? [.. maintainers.Select(Check)] : null,
            Dependencies = metadata.Dependencies is { } dependencies ? Check(dependencies) : null,
        };
    }

    private static ChartMetadata Clean(ChartMetadata raw) => raw with
    {
        Name = GoText.Sanitize(raw.Name),
        Description = GoText.Sanitize(raw.Description),
        Home = GoText.Sanitize(raw.Home),
        Icon = GoText.Sanitize(raw.Icon),
        Condition = GoText.Sanitize(raw.Condition),
        Tags = GoText.Sanitize(raw.Tags),
        AppVersion = GoText.Sanitize(raw.AppVersion),
        KubeVersion = GoText.Sanitize(raw.KubeVersion),
        Sources = raw.Sources is { } sources ? [.. sources.Select(GoText.Sanitize)] : null,
        Keywords = raw.Keywords is { } keywords ? [.. keywords.Select(GoText.Sanitize)] : null,
    };

    private static ChartMaintainer Check(ChartMaintainer? maintainer) => maintainer is null
        ? throw Invalid("maintainers must not contain empty or null nodes")
        : new(GoText.Sanitize(maintainer.Name), GoText.Sanitize(maintainer.Email), GoText.Sanitize(maintainer.Url));

    private static List<ChartDependency> Check(IReadOnlyList<ChartDependency?> dependencies)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var all = new List<ChartDependency>(dependencies.Count);
        foreach (ChartDependency? raw in dependencies)
        {
            if (raw is null)
                throw Invalid("dependencies must not contain empty or null nodes");
            ChartDependency dependency = raw with
            {
                Name = GoText.Sanitize(raw.Name),
                Version = GoText.Sanitize(raw.Version),
                Repository = GoText.Sanitize(raw.Repository),
                Condition = GoText.Sanitize(raw.Condition),
                Tags = raw.Tags is { } tags ? [.. tags.Select(GoText.Sanitize)] : null,
            };
            if (dependency.Alias.Length > 0 && !AliasFormat().IsMatch(dependency.Alias))
                throw Invalid($"dependency {GoQuote.String(dependency.Name)} has disallowed characters in the alias");
            string key = dependency.Alias.Length > 0 ? dependency.Alias : dependency.Name;
            if (!keys.Add(key))
                throw Invalid($"more than one dependency with name or alias {GoQuote.String(key)}");
            all.Add(dependency);
        }

        return all;
    }

    private static ChartException Invalid(string what) => new("validation: " + what);

    [GeneratedRegex(@"^[a-zA-Z0-9_-]+\z")]
    private static partial Regex AliasFormat();
}
