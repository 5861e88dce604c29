using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Renders a chart for a release.</summary>
internal static class ChartRendering
{
    public static RenderRequest Request(
        ActionContext context, ChartActionOptions options, Chart chart, GoMap values, string ns, int revision, bool isUpgrade, Capabilities capabilities) => new()
        {
            Chart = chart,
            Values = values,
            ReleaseName = context.Name,
            Namespace = ns,
            Revision = revision,
            IsUpgrade = isUpgrade,
            Capabilities = capabilities,
            Lookup = options.DryRun == DryRun.Client || context.Client.Cluster is null ? null : new ClusterLookup(context.Cluster),
            Dns = options.EnableDns ? new SystemDns() : null,
            SkipSchemaValidation = options.SkipSchemaValidation,
            SubNotes = options.SubchartNotes,
            PostRenderers = options.PostRenderers,
            Rules = context.Helm3 ? ManifestRules.Helm3 : ManifestRules.Helm4,
            Time = context.Time,
            Warn = context.Warn,
        };

    /// <summary>Renders. Helm 3 shows Go's own text of a template error, Helm 4 a frame for each template; each has its words for values that break a schema.</summary>
    public static async Task<RenderedChart> RenderAsync(ActionContext context, RenderRequest request, CancellationToken ct)
    {
        try
        {
            return await context.Client.Renderer.RenderAsync(request, ct).ConfigureAwait(false);
        }
        catch (TemplateException e) when (context.Helm3 && e.InnerException is { } go && !e.Message.StartsWith("execution error", StringComparison.Ordinal))
        {
            throw new TemplateException(go.Message, e) { TemplateName = e.TemplateName, Line = e.Line, Column = e.Column };
        }
    }

    public static void CheckLabels(ActionContext context, IReadOnlyDictionary<string, string> labels)
    {
        if (!labels.Keys.Any(k => RecordLabels.System.Contains(k))) return;
        throw new ReleaseException(
            $"user {(context.Helm3 ? "suplied" : "supplied")} labels contains system reserved label name. System labels: [{string.Join(' ', RecordLabels.System)}]");
    }

    /// <summary>What a dry run shows: without Secrets when asked so.</summary>
    public static Release Shown(Release release, bool hideSecrets)
    {
        if (!hideSecrets) return release;
        var text = new System.Text.StringBuilder();
        foreach (var document in ManifestSplitter.Read(release.Manifest))
        {
            bool hide = document.Head is { Kind: "Secret", ApiVersion: "v1" };
            text.Append("---\n");
            if (hide && document.Path.Length > 0) text.Append("# Source: ").Append(document.Path).Append('\n');
            text.Append(hide ? "# HIDDEN: The Secret output has been suppressed" : document.Text).Append('\n');
        }

        return release with { Manifest = text.ToString() };
    }

    private sealed class ClusterLookup(KubernetesClient cluster) : ILookup
    {
        // The engine asks synchronously; a render has a thread of its own.
        public GoMap Lookup(string apiVersion, string kind, string ns, string name, CancellationToken cancellationToken) =>
            Task.Run(() => LookupAsync(GroupVersionKind.From(apiVersion, kind), ns, name, cancellationToken), cancellationToken).GetAwaiter().GetResult();

        private async Task<GoMap> LookupAsync(GroupVersionKind gvk, string ns, string name, CancellationToken ct)
        {
            try
            {
                var resource = await cluster.ResourceForAsync(gvk, ct).ConfigureAwait(false);
                string? where = resource.Namespaced && ns.Length > 0 ? ns : null;
                if (name.Length > 0)
                {
                    // Without a namespace the API has no path for an object of a namespaced kind, and Helm finds nothing.
                    if (resource.Namespaced && where is null) return new GoMap();
                    var o = await cluster.TryGetAsync(gvk, where, name, ct).ConfigureAwait(false);
                    return o is null ? new GoMap() : HelmJson.Read(o.ToJson()).AsMap ?? new GoMap();
                }

                var answer = await cluster.SendJsonAsync(
                    new KubernetesRequest { Method = HttpMethod.Get, Path = resource.Path(where) }, ct).ConfigureAwait(false);
                return HelmJson.Read(answer?.ToJsonString() ?? "{}").AsMap ?? new GoMap();
            }
            catch (NoMatchException)
            {
                return new GoMap();
            }
            catch (KubernetesApiException e) when (e.IsNotFound)
            {
                return new GoMap();
            }
            catch (KubernetesException e)
            {
                throw new GoFunctionException(e.Message);
            }
        }
    }

    private sealed class SystemDns : IDnsResolver
    {
        public string Resolve(string host, CancellationToken cancellationToken)
        {
            try
            {
                return System.Net.Dns.GetHostAddresses(host).FirstOrDefault()?.ToString() ?? "";
            }
            catch (System.Net.Sockets.SocketException)
            {
                return "";
            }
        }
    }
}
