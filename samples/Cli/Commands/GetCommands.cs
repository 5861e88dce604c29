using System.Text;
using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

/// <summary>The verbs below <c>get</c>.</summary>
internal static class GetCommands
{
    public static Command Make() => new CommandGroup(
        "get",
        "download extended information of a named release",
        new GetAll(),
        new GetValues(),
        new GetManifest(),
        new GetHooks(),
        new GetNotes(),
        new GetMetadata());

    private abstract class Get : Command
    {
        protected Get(string name, string summary)
            : base($"{name} RELEASE_NAME", summary) => Revision = Int("revision", "get the named release with revision");

        protected IntFlag Revision { get; }

        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

        protected async Task<Release> ReleaseAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct) =>
            await (await session.ReleasesAsync(ct).ConfigureAwait(false)).GetAsync(arguments[0], Revision, ct).ConfigureAwait(false);

        protected static string HooksOf(Release release)
        {
            var text = new StringBuilder();
            foreach (ReleaseHook hook in release.Hooks)
                text.Append("---\n# Source: ").Append(hook.Path).Append('\n').Append(hook.Manifest).Append('\n');
            return text.ToString();
        }

        protected static string ValuesOf(GoMap values) => values.Count == 0 ? "null\n" : HelmYaml.Write(values);
    }

    private sealed class GetAll : Get
    {
        private readonly TextFlag _template;

        public GetAll()
            : base("all", "download all information for a named release") =>
            _template = Text("template", "go template for formatting the output, eg: {{.Release.Name}}");

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            Release release = await ReleaseAsync(session, arguments, ct).ConfigureAwait(false);
            if (_template.Value.Length > 0)
            {
                GoValue data = new GoMap { ["Release"] = ReleaseObject.Of(release) };
                session.Out.Write(GoTemplate.Parse(_template.Value, "template").Render(data, cancellationToken: ct));
                return 0;
            }

            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            GoMap computed = await releases.GetValuesAsync(release.Name, release.Revision, all: true, ct).ConfigureAwait(false);
            ReleaseOutput.Write(session.Out, release, new ReleaseView { ShowChart = true, ShowNotes = false });
            session.Out.Write("USER-SUPPLIED VALUES:\n" + ValuesOf(release.Config) + "\nCOMPUTED VALUES:\n" + ValuesOf(computed) + "\n");
            session.Out.Write("HOOKS:\n" + HooksOf(release) + "MANIFEST:\n" + release.Manifest + "\n");
            if (release.Notes.Length > 0)
                session.Out.Write("NOTES:\n" + release.Notes.Trim() + "\n");
            return 0;
        }
    }

    private sealed class GetValues : Get
    {
        private readonly BoolFlag _all;
        private readonly TextFlag _output;

        public GetValues()
            : base("values", "download the values file for a named release")
        {
            _all = Bool("all", "dump all (computed) values", 'a');
            _output = Add(OutputFlag.Make());
        }

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            GoMap values = await releases.GetValuesAsync(arguments[0], Revision, _all, ct).ConfigureAwait(false);
            switch (OutputFlag.Of(_output))
            {
                case OutputFormat.Json:
                    session.Out.Write((values.Count == 0 ? "null" : HelmJson.Write(values)) + "\n");
                    break;
                case OutputFormat.Yaml:
                    session.Out.Write(ValuesOf(values));
                    break;
                default:
                    session.Out.Write((_all ? "COMPUTED VALUES:\n" : "USER-SUPPLIED VALUES:\n") + ValuesOf(values));
                    break;
            }

            return 0;
        }
    }

    private sealed class GetManifest() : Get("manifest", "download the manifest for a named release")
    {
        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            session.Out.Write((await ReleaseAsync(session, arguments, ct).ConfigureAwait(false)).Manifest + "\n");
            return 0;
        }
    }

    private sealed class GetHooks() : Get("hooks", "download all hooks for a named release")
    {
        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            session.Out.Write(HooksOf(await ReleaseAsync(session, arguments, ct).ConfigureAwait(false)));
            return 0;
        }
    }

    private sealed class GetNotes() : Get("notes", "download the notes for a named release")
    {
        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            Release release = await ReleaseAsync(session, arguments, ct).ConfigureAwait(false);
            if (release.Notes.Length > 0)
                session.Out.Write("NOTES:\n" + release.Notes + "\n");
            return 0;
        }
    }

    private sealed class GetMetadata : Get
    {
        private readonly TextFlag _output;

        public GetMetadata()
            : base("metadata", "This command fetches metadata for a given release") => _output = Add(OutputFlag.Make());

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            Release release = await ReleaseAsync(session, arguments, ct).ConfigureAwait(false);
            Charts.ChartMetadata chart = release.Chart.Metadata;
            string annotations = string.Join(",", (chart.Annotations ?? new Dictionary<string, string>()).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
            string dependencies = string.Join(",", (chart.Dependencies ?? []).Select(d => d.Name));
            string labels = string.Join(",", release.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
            string method = release.ApplyMethod switch { ApplyMethod.ServerSide => "ssa", ApplyMethod.ClientSide => "csa", _ => "" };
            OutputFormat format = OutputFlag.Of(_output);
            if (format == OutputFormat.Table)
            {
                session.Out.Write($"NAME: {release.Name}\nCHART: {chart.Name}\nVERSION: {chart.Version}\nAPP_VERSION: {chart.AppVersion}\n"
                    + $"ANNOTATIONS: {annotations}\nLABELS: {labels}\nDEPENDENCIES: {dependencies}\nNAMESPACE: {release.Namespace}\nREVISION: {release.Revision}\n"
                    + $"STATUS: {release.Status.ToText()}\nDEPLOYED_AT: {release.Info.LastDeployed}\nAPPLY_METHOD: {(method.Length > 0 ? method : "client-side apply (defaulted)")}\n");
                return 0;
            }

            var json = new JsonObject { ["name"] = release.Name, ["chart"] = chart.Name, ["version"] = chart.Version, ["appVersion"] = chart.AppVersion };
            if (annotations.Length > 0)
                json["annotations"] = new JsonObject(chart.Annotations!.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
            if (labels.Length > 0)
                json["labels"] = new JsonObject(release.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
            json["namespace"] = release.Namespace;
            json["revision"] = release.Revision;
            json["status"] = release.Status.ToText();
            json["deployedAt"] = release.Info.LastDeployed.ToString();
            if (method.Length > 0)
                json["applyMethod"] = method;
            OutputFlag.Write(session.Out, format, json);
            return 0;
        }
    }
}
