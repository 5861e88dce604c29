using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Charts;

/// <summary>What <c>helm lint</c> asks of Chart.yaml.</summary>
internal static class ChartFileRules
{
    private const string FileName = "Chart.yaml";

    public static void Check(string folder, List<LintMessage> messages)
    {
        string path = Path.Combine(folder, FileName);
        void Error(string text) => messages.Add(new(LintSeverity.Error, FileName, text));
        if (Directory.Exists(path))
        {
            Error("should be a file, not a directory");
            return;
        }

        JsonObject json;
        ChartMetadata metadata;
        try
        {
            json = HelmYaml.ReadJson(File.ReadAllText(path)) as JsonObject ?? [];
            metadata = ChartMetadata.FromJson(json);
        }
        catch (Exception e) when (e is YamlException or ChartException or IOException)
        {
            Error("unable to parse YAML\n\t" + e.Message);
            return;
        }

        if (metadata.Name.Length == 0)
            Error("name is required");
        else if (metadata.Name.Contains('/'))
            Error($"chart name \"{metadata.Name}\" is invalid");

        if (metadata.ApiVersion.Length == 0)
            Error("apiVersion is required. The value must be either \"v1\" or \"v2\"");
        else if (metadata.ApiVersion is not ("v1" or "v2"))
            Error($"apiVersion '{metadata.ApiVersion}' is not valid. The value must be either \"v1\" or \"v2\"");

        NeedsText(json, "version", Error);
        Version(metadata.Version, Error);
        NeedsText(json, "appVersion", Error);
        foreach (ChartMaintainer maintainer in metadata.Maintainers ?? [])
        {
            if (maintainer.Name.Length == 0)
                Error("each maintainer requires a name");
            else if (maintainer.Email.Length > 0 && !IsEmail(maintainer.Email))
                Error($"invalid email '{maintainer.Email}' for maintainer '{maintainer.Name}'");
            else if (maintainer.Url.Length > 0 && !IsUrl(maintainer.Url, schemeNeeded: false))
                Error($"invalid url '{maintainer.Url}' for maintainer '{maintainer.Name}'");
            else
                continue;
            break;
        }

        if (metadata.Sources?.FirstOrDefault(s => !IsUrl(s, schemeNeeded: true)) is { } source)
            Error($"invalid source URL '{source}'");
        if (metadata.Icon.Length == 0)
            messages.Add(new(LintSeverity.Info, FileName, "icon is recommended"));
        else if (!IsUrl(metadata.Icon, schemeNeeded: true))
            Error($"invalid icon URL '{metadata.Icon}'");
        if (metadata.Type.Length > 0 && metadata.ApiVersion != "v2")
            Error($"chart type is not valid in apiVersion '{metadata.ApiVersion}'. It is valid in apiVersion 'v2'");
        if (metadata.Dependencies is { Count: > 0 } && metadata.ApiVersion != "v2")
            Error($"dependencies are not valid in the Chart file with apiVersion '{metadata.ApiVersion}'. They are valid in apiVersion 'v2'");
    }

    private static void Version(string text, Action<string> error)
    {
        if (text.Length == 0)
            error("version is required");
        else if (!SemanticVersion.TryParse(text, out SemanticVersion? version))
            error($"version '{text}' is not a valid SemVer");
        else if (version.Major == 0 && version.Minor == 0 && version.Patch == 0 && version.Prerelease.Length == 0)
            error($"version {text} is less than or equal to 0.0.0-0");
    }

    private static void NeedsText(JsonObject json, string key, Action<string> error)
    {
        if (json[key] is not { } value || value.GetValueKind() == JsonValueKind.String)
            return;
        string type = value.GetValueKind() switch
        {
            JsonValueKind.Number => "float64",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "[]interface {}",
            _ => "map[string]interface {}",
        };
        error($"{key} should be of type string but it's of type {type}");
    }

    private static bool IsEmail(string text)
    {
        int at = text.LastIndexOf('@');
        return at > 0 && at < text.Length - 1 && !text.Any(char.IsWhiteSpace) && text.IndexOf('.', at) > at + 1 && !text.EndsWith('.');
    }

    private static bool IsUrl(string text, bool schemeNeeded) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) || schemeNeeded ? text : "http://" + text, UriKind.Absolute, out Uri? address)
        && address.Scheme.Length > 1 && (address.Host.Length > 0 || address.IsFile || address.Scheme is "data");
}
