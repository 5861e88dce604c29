using System.Text;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>Renders a chart as an install would, without a release.</summary>
internal sealed class TemplateAction(ActionContext context, TemplateOptions options)
{
    public async Task<TemplateResult> RunAsync(CancellationToken ct)
    {
        if (!ActionContext.IsValidName(context.Name))
        {
            string lead = context.Helm3 ? "" : "release name check failed: ";
            throw new InvalidReleaseNameException(context.Name,
                $"{lead}release name {Go.Quote(context.Name)}: invalid release name, must match regex {ActionContext.NamePattern} and the length must not be longer than 53");
        }

        var (chart, values) = await ChartInput.LoadAsync(context, options, ct).ConfigureAwait(false);
        bool remote = options.Validate || options.DryRun == DryRun.Server;
        if (remote) await ReachAsync(ct).ConfigureAwait(false);
        var capabilities = await CapabilitiesAsync(remote, ct).ConfigureAwait(false);
        var request = ChartRendering.Request(context, options, chart, values, context.Namespace, 1, options.IsUpgrade, capabilities) with
        {
            IncludeCrds = options.IncludeCrds,
        };
        if (!remote) request = request with { Lookup = null };
        var rendered = await ChartRendering.RenderAsync(context, request, ct).ConfigureAwait(false);
        var release = new Release
        {
            Name = context.Name,
            Namespace = context.Namespace,
            Revision = 1,
            Chart = rendered.Chart,
            Config = values,
            Manifest = rendered.Manifest,
            Hooks = [.. rendered.Hooks.Select(ReleaseHook.From)],
            Labels = options.Labels,
            Info = new ReleaseInfo { Status = ReleaseStatus.PendingInstall, Description = "Dry run complete", Notes = rendered.Notes },
        };
        if (remote) await CheckAsync(release, ct).ConfigureAwait(false);
        release = ChartRendering.Shown(release, options.HideSecrets);
        return new TemplateResult(release, Only(Output(release)));
    }

    private async Task ReachAsync(CancellationToken ct)
    {
        try
        {
            await context.ReachAsync(ct).ConfigureAwait(false);
        }
        catch (ReleaseException e) when (!context.Helm3)
        {
            throw new ReleaseException("cluster reachability check failed: " + e.Message, e);
        }
    }

    private async Task<Capabilities> CapabilitiesAsync(bool remote, CancellationToken ct)
    {
        if (remote) return await context.CapabilitiesAsync(ct).ConfigureAwait(false);
        var capabilities = context.BuiltInCapabilities.WithApiVersions(options.ApiVersions);
        return options.KubeVersion is { } version ? capabilities.WithKubeVersion(version) : capabilities;
    }

    private async Task CheckAsync(Release release, CancellationToken ct)
    {
        IReadOnlyList<KubernetesObject> objects;
        try
        {
            objects = await ManifestObjects.BuildAsync(context.Cluster, release.Manifest, context.Namespace, !options.DisableOpenApiValidation, ct).ConfigureAwait(false);
        }
        catch (ReleaseException e)
        {
            throw new ReleaseException("unable to build kubernetes objects from release manifest: " + e.Message, e);
        }

        if (options.IsUpgrade) return;
        try
        {
            await Ownership.ExistingAsync(context.Cluster, objects, release.Name, release.Namespace, options.TakeOwnership, context.Helm3, ct).ConfigureAwait(false);
        }
        catch (OwnershipException e)
        {
            throw new OwnershipException(context.Sentence("Unable to continue with install: ") + e.Message);
        }
    }

    private string Output(Release release)
    {
        var text = new StringBuilder(release.Manifest.Trim()).Append('\n');
        if (options.DisableHooks) return text.ToString();
        foreach (var hook in release.Hooks)
        {
            if (options.SkipTests && hook.Events.Contains(HookEvent.Test)) continue;
            text.Append("---\n# Source: ").Append(hook.Path).Append('\n').Append(hook.Manifest).Append('\n');
        }

        return text.ToString();
    }

    private string Only(string output)
    {
        if (options.ShowOnly.Count == 0) return output;
        var documents = ManifestSplitter.Split(output).Select(d => (Text: d, Path: SourcePath(d))).ToList();
        var shown = new StringBuilder();
        foreach (string pattern in options.ShowOnly)
        {
            bool found = false;
            foreach (var (text, path) in documents)
            {
                if (path is null || !PathPattern.Matches(pattern.Replace('\\', '/'), path)) continue;
                found = true;
                shown.Append("---\n").Append(text).Append('\n');
            }

            if (!found) throw new ReleaseException($"could not find template {pattern} in chart");
        }

        return shown.ToString();
    }

    // The path behind the chart's name in the first source line of the document.
    private static string? SourcePath(string document)
    {
        const string Mark = "# Source: ";
        foreach (var line in document.AsSpan().EnumerateLines())
        {
            int at = line.IndexOf(Mark);
            if (at < 0) continue;
            var path = line[(at + Mark.Length)..].ToString();
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && slash < path.Length - 1) return path[(slash + 1)..];
        }

        return null;
    }
}
