using System.Diagnostics;
using HelmLifecycle.Charts;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Replay;

/// <summary>What a command came to: exit status and the sentence after "Error: ".</summary>
internal sealed record HelmOutcome(int Exit, string Error, bool Skipped = false);

/// <summary>A command line of helm as calls of the library.</summary>
internal sealed class HelmCommand(ReleaseClient client, string folder, HelmGeneration generation, string? plugins = null)
{
    private static readonly HashSet<string> s_withValue =
    [
        "-f", "--values", "--set", "--set-string", "--set-json", "--set-file", "--set-literal", "-n", "--namespace", "--timeout", "--description", "--labels",
        "--history-max", "--revision", "--max", "-m", "--offset", "--filter", "-l", "--selector", "-o", "--output", "--name-template", "--post-renderer",
        "--post-renderer-args", "--cascade", "--kube-version", "-s", "--show-only", "--version", "--time-format", "--kube-apiserver", "--kube-as-user",
        "--kube-as-group", "--template", "-a", "--api-versions",
    ];

    private readonly List<(string Flag, string Value)> _flags = [];
    private readonly List<string> _arguments = [];

    public async Task<HelmOutcome> RunAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        Parse(words);
        string verb = words[1];
        string prefix = verb switch { "install" => "INSTALLATION FAILED: ", "upgrade" => "UPGRADE FAILED: ", _ => "" };
        try
        {
            switch (verb)
            {
                case "install": await InstallAsync(ct); break;
                case "upgrade":
                    if (Has("--install", "-i") && await IsNewAsync(ct)) prefix = "";
                    await UpgradeAsync(ct);
                    break;
                case "rollback": await RollbackAsync(ct); break;
                case "uninstall": await UninstallAsync(ct); break;
                case "test": await TestAsync(ct); break;
                case "status": await client.StatusAsync(Argument(0), Number("--revision") ?? 0, ct); break;
                case "history": await client.HistoryAsync(Argument(0), Number("--max", "-m") ?? 256, ct); break;
                case "list": await client.ListAsync(Filter(), ct); break;
                case "get": await client.GetAsync(Argument(1), Number("--revision") ?? 0, ct); break;
                case "template": await TemplateAsync(ct); break;
                default: return new HelmOutcome(0, "", Skipped: true);
            }

            return new HelmOutcome(0, "");
        }
        catch (CommandLineException e)
        {
            return new HelmOutcome(1, e.Message, e.Skip);
        }
        catch (Exception e) when (e is ReleaseException or ChartException or ValuesException or ManifestException or KubernetesException
            or HelmLifecycle.Templates.TemplateException or HelmLifecycle.Templates.YamlException or RegistryException or OperationCanceledException or HttpRequestException)
        {
            if (verb == "template" && !Has("--debug") && IsRenderError(e)) return new HelmOutcome(1, e.Message + "\n\nUse --debug flag to render out invalid YAML");
            string message = e is OperationCanceledException && e.InnerException is not ReleaseException ? "context canceled" : e.Message;
            return new HelmOutcome(1, prefix + message);
        }
    }

    private static bool IsRenderError(Exception e) => e is ManifestException or HelmLifecycle.Templates.TemplateException
        || e is ChartException && e.Message.StartsWith("chart requires kubeVersion", StringComparison.Ordinal);

    private void Parse(IReadOnlyList<string> words)
    {
        bool literal = false;
        for (int i = 2; i < words.Count; i++)
        {
            string word = words[i];
            if (literal || !word.StartsWith('-') || word == "-") _arguments.Add(word);
            else if (word == "--") literal = true;
            else if (word.StartsWith("--", StringComparison.Ordinal) && word.Contains('=')) _flags.Add((word[..word.IndexOf('=')], word[(word.IndexOf('=') + 1)..]));
            else if (s_withValue.Contains(word) && !(word is "-a" && words[1] is "list" or "get") && i + 1 < words.Count) _flags.Add((word, words[++i]));
            else _flags.Add((word, ""));
        }
    }

    private async Task InstallAsync(CancellationToken ct)
    {
        bool onlyChart = _arguments.Count == 1;
        if (_arguments.Count == 0) throw new CommandLineException("", skip: true);
        var install = client.Install(onlyChart ? "" : Argument(0)).Chart(Chart(_arguments[^1]));
        if (Has("--generate-name")) install = install.GenerateName();
        if (Value("--name-template") is { } template) install = install.NameTemplate(template);
        if (Has("--replace")) install = install.Replace();
        if (generation == HelmGeneration.Helm4 && Value("--server-side") is { } side)
        {
            install = install.ServerSide(side switch
            {
                "true" => ServerSideApply.True,
                "false" => ServerSideApply.False,
                _ => throw new CommandLineException($"invalid argument \"{side}\" for \"--server-side\" flag: strconv.ParseBool: parsing \"{side}\": invalid syntax"),
            });
        }

        await Charting(install).RunAsync(ct);
    }

    private async Task UpgradeAsync(CancellationToken ct)
    {
        if (_arguments.Count < 2) throw new CommandLineException("", skip: true);
        var upgrade = client.Upgrade(Argument(0)).Chart(Chart(Argument(1)));
        if (Has("--install", "-i")) upgrade = upgrade.Install();
        if (Has("--reset-then-reuse-values")) upgrade = upgrade.ResetThenReuseValues();
        if (Has("--reuse-values")) upgrade = upgrade.ReuseValues();
        if (Has("--reset-values")) upgrade = upgrade.ResetValues();
        if (Has("--recreate-pods")) upgrade = upgrade.RecreatePods();
        upgrade = ServerSide(upgrade, "UPGRADE FAILED: ");
        await Charting(upgrade).RunAsync(ct);
    }

    private async Task<bool> IsNewAsync(CancellationToken ct)
    {
        try
        {
            var history = await client.Store.QueryAsync(new RevisionQuery { Namespace = Namespace, Name = Argument(0) }, ct);
            return history.Count == 0 || history[^1].Status == ReleaseStatus.Uninstalled;
        }
        catch (RevisionStoreException)
        {
            return true;
        }
    }

    private string Namespace => Value("-n", "--namespace") ?? client.Namespace;

    private async Task RollbackAsync(CancellationToken ct)
    {
        if (_arguments.Count == 0) throw new CommandLineException("", skip: true);
        var rollback = Deploying(client.Rollback(Argument(0)));
        if (_arguments.Count > 1)
        {
            if (!int.TryParse(_arguments[1], out int revision))
            {
                throw new CommandLineException($"could not convert revision to a number: strconv.Atoi: parsing \"{_arguments[1]}\": invalid syntax");
            }

            rollback = rollback.To(revision);
        }

        if (Has("--recreate-pods")) rollback = rollback.RecreatePods();
        await ServerSide(rollback, "").RunAsync(ct);
    }

    private async Task UninstallAsync(CancellationToken ct)
    {
        if (Value("--dry-run") is { Length: > 0 } word && word is not ("true" or "false"))
        {
            throw new CommandLineException($"invalid argument \"{word}\" for \"--dry-run\" flag: strconv.ParseBool: parsing \"{word}\": invalid syntax");
        }

        foreach (string name in _arguments)
        {
            var uninstall = Acting(client.Uninstall(name)).KeepHistory(Has("--keep-history")).IgnoreNotFound(Has("--ignore-not-found"));
            if (Value("--cascade") is { } cascade) uninstall = uninstall.Cascade(Enum.Parse<Cascade>(cascade, ignoreCase: true));
            if (WaitMode() is { } wait) uninstall = uninstall.Wait(wait);
            await uninstall.RunAsync(ct);
        }
    }

    private async Task TestAsync(CancellationToken ct)
    {
        var test = Acting(client.Test(Argument(0))).WithLogs(Has("--logs"));
        foreach (string filter in Values("--filter"))
        {
            foreach (string part in filter.Split(','))
            {
                if (part.StartsWith("name=", StringComparison.Ordinal)) test = test.Only(part[5..]);
                if (part.StartsWith("!name=", StringComparison.Ordinal)) test = test.Except(part[6..]);
            }
        }

        await test.RunAsync(ct);
    }

    private async Task TemplateAsync(CancellationToken ct)
    {
        var template = client.Template(_arguments.Count > 1 ? Argument(0) : "release-name").Chart(Chart(_arguments[^1]))
            .IncludeCrds(Has("--include-crds")).IsUpgrade(Has("--is-upgrade")).SkipTests(Has("--skip-tests"))
            .Validate(Has("--validate") || Value("--dry-run") == "server").ShowOnly([.. Values("-s"), .. Values("--show-only")]);
        if (Value("--kube-version") is { } version) template = template.KubeVersion(version);
        foreach (string api in Values("--api-versions")) template = template.ApiVersions(api);
        await Charting(template).RunAsync(ct);
    }

    private ReleaseFilter Filter()
    {
        if (Value("-o", "--output") is { } format && format is not ("table" or "json" or "yaml")) throw new CommandLineException("", skip: true);
        var statuses = new List<ReleaseStatus>();
        if (Has("--deployed")) statuses.Add(ReleaseStatus.Deployed);
        if (Has("--failed")) statuses.Add(ReleaseStatus.Failed);
        if (Has("--superseded")) statuses.Add(ReleaseStatus.Superseded);
        if (Has("--uninstalled")) statuses.Add(ReleaseStatus.Uninstalled);
        if (Has("--uninstalling")) statuses.Add(ReleaseStatus.Uninstalling);
        if (Has("--pending")) statuses.AddRange([ReleaseStatus.PendingInstall, ReleaseStatus.PendingUpgrade, ReleaseStatus.PendingRollback]);
        return new ReleaseFilter
        {
            AllNamespaces = Has("-A"),
            AllStatuses = Has("-a", "--all"),
            NamePattern = Value("--filter"),
            LabelSelector = Value("-l", "--selector"),
            Statuses = statuses,
            Max = Number("-m", "--max") ?? 256,
            Offset = Number("--offset") ?? 0,
            ByDate = Has("-d"),
            Reverse = Has("-r"),
        };
    }

    private TBuilder Charting<TBuilder, TOptions>(ChartActionBuilder<TBuilder, TOptions> builder)
        where TBuilder : ChartActionBuilder<TBuilder, TOptions>
        where TOptions : ChartActionOptions
    {
        foreach (var source in Sources()) builder = builder.Values(source);
        foreach (string pair in Values("--labels").SelectMany(l => l.Split(',')))
        {
            int at = pair.IndexOf('=');
            builder = builder.Label(pair[..at], pair[(at + 1)..]);
        }

        if (Value("--post-renderer") is { } program)
        {
            builder = builder.PostRender(generation == HelmGeneration.Helm4
                ? new Plugin(Path.Combine(folder, plugins!, program), [.. Values("--post-renderer-args")])
                : new Program(Path.Combine(folder, program), [.. Values("--post-renderer-args")]));
        }

        builder = builder
            .CreateNamespace(Has("--create-namespace")).TakeOwnership(Has("--take-ownership")).HideSecrets(Has("--hide-secret"))
            .DisableOpenApiValidation(Has("--disable-openapi-validation")).SkipSchemaValidation(Has("--skip-schema-validation"))
            .SubchartNotes(Has("--render-subchart-notes")).RollbackOnFailure(Has("--atomic", "--rollback-on-failure"));
        if (Has("--skip-crds")) builder = builder.Crds(CrdPolicy.Skip);
        return Deploying(builder);
    }

    private TBuilder Deploying<TBuilder, TOptions>(DeployBuilder<TBuilder, TOptions> builder)
        where TBuilder : DeployBuilder<TBuilder, TOptions>
        where TOptions : DeployOptions
    {
        if (Has("--force-replace", "--force") && Has("--force-conflicts")) throw new CommandLineException("", skip: true);
        if (WaitMode() is { } wait) builder = builder.Wait(wait);
        builder = builder.WaitForJobs(Has("--wait-for-jobs")).ForceReplace(Has("--force", "--force-replace")).ForceConflicts(Has("--force-conflicts"))
            .CleanupOnFail(Has("--cleanup-on-fail"));
        if (Number("--history-max") is { } max) builder = builder.MaxHistory(max);
        return Acting(builder);
    }

    private TBuilder Acting<TBuilder, TOptions>(ActionBuilder<TBuilder, TOptions> builder)
        where TBuilder : ActionBuilder<TBuilder, TOptions>
        where TOptions : ActionOptions
    {
        if (Value("-n", "--namespace") is { } ns) builder = builder.InNamespace(ns);
        if (Value("--timeout") is { } timeout) builder = builder.Timeout(Duration(timeout));
        if (Value("--description") is { } description) builder = builder.Description(description);
        builder = builder.NoHooks(Has("--no-hooks"));
        return builder.DryRun(DryRunMode());
    }

    private DryRun DryRunMode()
    {
        if (!Has("--dry-run")) return DryRun.None;
        return Value("--dry-run") switch
        {
            "" or "client" or "true" => DryRun.Client,
            "server" => DryRun.Server,
            "none" or "false" => DryRun.None,
            var other when generation == HelmGeneration.Helm4 => throw new CommandLineException($"invalid dry-run value (\"{other}\"). Must be \"none\", \"server\", or \"client\""),
            _ => throw new CommandLineException("Invalid dry-run flag. Flag must one of the following: false, true, none, client, server"),
        };
    }

    private WaitMode? WaitMode()
    {
        if (!Has("--wait")) return null;
        string value = Value("--wait") ?? "";
        if (generation == HelmGeneration.Helm3) return value is "" or "true" ? HelmLifecycle.WaitMode.Legacy : null;
        return value switch
        {
            "" or "watcher" or "true" => HelmLifecycle.WaitMode.Watcher,
            "legacy" => HelmLifecycle.WaitMode.Legacy,
            "false" => null,
            _ => throw new CommandLineException($"invalid argument \"{value}\" for \"--wait\" flag: invalid wait input \"{value}\". Valid inputs are watcher, and legacy"),
        };
    }

    private TBuilder ServerSide<TBuilder, TOptions>(DeployBuilder<TBuilder, TOptions> builder, string prefix)
        where TBuilder : DeployBuilder<TBuilder, TOptions>
        where TOptions : DeployOptions => Value("--server-side") switch
        {
            null or "auto" => builder.ServerSide(ServerSideApply.Auto),
            "true" or "" => builder.ServerSide(ServerSideApply.True),
            "false" => builder.ServerSide(ServerSideApply.False),
            var other => throw new CommandLineException($"{prefix}invalid/unknown release server-side apply method: {other}"),
        };

    // Helm merges by kind of flag, in this order, not in the order of the command line.
    private IEnumerable<ValuesSource> Sources()
    {
        foreach (string file in _flags.Where(f => f.Flag is "-f" or "--values").Select(f => f.Value)) yield return ValuesSource.File(Path.Combine(folder, file));
        foreach (string e in Values("--set-json")) yield return ValuesSource.SetJson(e);
        foreach (string e in Values("--set")) yield return ValuesSource.Set(e);
        foreach (string e in Values("--set-string")) yield return ValuesSource.SetString(e);
        foreach (string e in Values("--set-file"))
        {
            int at = e.IndexOf('=');
            yield return ValuesSource.SetFile($"{e[..at]}={Path.Combine(folder, e[(at + 1)..])}");
        }

        foreach (string e in Values("--set-literal")) yield return ValuesSource.SetLiteral(e);
    }

    private string Chart(string text)
    {
        string path = Path.Combine(folder, text);
        if (Directory.Exists(path) || File.Exists(path)) return path;
        throw new CommandLineException("", skip: true);
    }

    private static TimeSpan Duration(string text)
    {
        double number = double.Parse(text.TrimEnd('s', 'm', 'h'), System.Globalization.CultureInfo.InvariantCulture);
        return text.EndsWith("ms", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(number)
            : text.EndsWith('s') ? TimeSpan.FromSeconds(number) : text.EndsWith('m') ? TimeSpan.FromMinutes(number) : TimeSpan.FromHours(number);
    }

    private string Argument(int index) => index < _arguments.Count ? _arguments[index] : throw new CommandLineException("", skip: true);

    private bool Has(params string[] flags) => _flags.Any(f => flags.Contains(f.Flag) && f.Value != "false");

    private string? Value(params string[] flags) => _flags.Where(f => flags.Contains(f.Flag)).Select(f => f.Value).LastOrDefault();

    private IEnumerable<string> Values(string flag) => _flags.Where(f => f.Flag == flag).Select(f => f.Value);

    private int? Number(params string[] flags) => Value(flags) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>A plugin of type postrenderer/v1, in the words of Helm 4.</summary>
    private sealed class Plugin(string directory, IReadOnlyList<string> arguments) : IPostRenderer
    {
        public async Task<string> RunAsync(string manifest, CancellationToken cancellationToken = default)
        {
            string name = Path.GetFileName(directory);
            var about = HelmLifecycle.Templates.HelmYaml.ReadJson(await File.ReadAllTextAsync(Path.Combine(directory, "plugin.yaml"), cancellationToken))!;
            string command = about["runtimeConfig"]!["platformCommand"]![0]!["command"]!.GetValue<string>().Replace("${HELM_PLUGIN_DIR}", directory, StringComparison.Ordinal);
            string output;
            try
            {
                output = await new Program(command, arguments).RunAsync(manifest, cancellationToken);
            }
            catch (ReleaseException)
            {
                throw new ReleaseException($"error while running post render on files: failed to invoke post-renderer plugin \"{name}\": plugin \"{name}\" exited with error");
            }

            return output.Trim().Length > 0 ? output : throw new ReleaseException($"error while running post render on files: post-renderer \"{name}\" produced empty output");
        }
    }

    private sealed class Program(string path, IReadOnlyList<string> arguments) : IPostRenderer
    {
        public async Task<string> RunAsync(string manifest, CancellationToken cancellationToken = default)
        {
            var start = new ProcessStartInfo("/bin/sh", [path, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            try
            {
                await process.StandardInput.WriteAsync(manifest);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // A program need not read what it is given.
            }

            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new ReleaseException($"error while running post render on files: error while running command {path}. error output:\n{await error}: exit status {process.ExitCode}");
            }

            return await output;
        }
    }
}

/// <summary>What the command line itself refuses; skipped when it is no matter of the library.</summary>
internal sealed class CommandLineException(string message, bool skip = false) : Exception(message)
{
    public bool Skip => skip;
}
