using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

/// <summary>A release as <c>get all --template</c> sees it: Go's field names.</summary>
internal static class ReleaseObject
{
    public static GoMap Of(Release release) => new()
    {
        ["Name"] = release.Name,
        ["Namespace"] = release.Namespace,
        ["Version"] = release.Revision,
        ["Manifest"] = release.Manifest,
        ["Config"] = release.Config,
        ["Info"] = new GoMap
        {
            ["FirstDeployed"] = release.Info.FirstDeployed.ToString(),
            ["LastDeployed"] = release.Info.LastDeployed.ToString(),
            ["Deleted"] = release.Info.Deleted.ToString(),
            ["Description"] = release.Description,
            ["Status"] = release.Status.ToText(),
            ["Notes"] = release.Notes,
        },
        ["Chart"] = new GoMap
        {
            ["Metadata"] = new GoMap
            {
                ["Name"] = release.Chart.Metadata.Name,
                ["Version"] = release.Chart.Metadata.Version,
                ["AppVersion"] = release.Chart.Metadata.AppVersion,
                ["Description"] = release.Chart.Metadata.Description,
                ["APIVersion"] = release.Chart.Metadata.ApiVersion,
                ["Type"] = release.Chart.Metadata.Type,
            },
        },
        ["Hooks"] = GoValue.List([.. release.Hooks.Select(h => (GoValue)new GoMap { ["Name"] = h.Name, ["Kind"] = h.Kind, ["Path"] = h.Path, ["Manifest"] = h.Manifest })]),
    };
}
