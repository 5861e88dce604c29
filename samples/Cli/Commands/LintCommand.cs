using HelmLifecycle.Charts;

namespace HelmLifecycle.Cli;

internal sealed class LintCommand : ChartCommand
{
    private readonly BoolFlag _strict, _withSubcharts, _quiet, _skipSchema;
    private readonly TextFlag _kubeVersion;

    public LintCommand()
        : base("lint PATH", "examine a chart for possible issues")
    {
        _strict = Bool("strict", "fail on lint warnings");
        _withSubcharts = Bool("with-subcharts", "lint dependent charts");
        _quiet = Bool("quiet", "print only warnings and errors");
        _skipSchema = Bool("skip-schema-validation", "if set, disables JSON schema validation");
        _kubeVersion = Text("kube-version", "Kubernetes version used for capabilities and deprecation checks");
    }

    public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        IReadOnlyList<string> paths = arguments.Count > 0 ? arguments : ["."];
        var options = new LintOptions
        {
            Values = await new HelmValuesMerger().MergeAsync(await ValuesAsync(session, ct).ConfigureAwait(false), ct).ConfigureAwait(false),
            Namespace = session.LocalNamespace,
            KubeVersion = _kubeVersion.Value.Length > 0 ? KubeVersion.Parse(_kubeVersion.Value) : KubeVersion.Default,
            WithSubcharts = _withSubcharts,
            SkipSchemaValidation = _skipSchema,
        };
        int failed = 0, linted = 0;
        var linter = new ChartLinter(new SchemaValidator());
        foreach (string path in paths)
        {
            IReadOnlyList<LintResult> results;
            try
            {
                results = await linter.LintAsync(path, options, ct).ConfigureAwait(false);
            }
            catch (ChartException e)
            {
                session.Out.Write($"==> Linting {path}\nError {e.Message}\n\n");
                linted++;
                failed++;
                continue;
            }

            foreach (LintResult result in results)
            {
                linted++;
                failed += result.Passes(_strict) ? 0 : 1;
                LintMessage[] shown = [.. result.Messages.Where(m => !_quiet || m.Severity > LintSeverity.Info)];
                if (_quiet && shown.Length == 0)
                    continue;
                session.Out.Write($"==> Linting {result.Chart}\n" + string.Concat(shown.Select(m => m + "\n")) + "\n");
            }
        }

        string sum = $"{linted} chart(s) linted, {failed} chart(s) failed";
        if (failed > 0)
            throw new UsageException(sum);
        if (!_quiet)
            session.Out.Write(sum + "\n");
        return 0;
    }
}
