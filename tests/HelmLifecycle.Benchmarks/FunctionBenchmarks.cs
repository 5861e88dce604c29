using BenchmarkDotNet.Attributes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Benchmarks;

/// <summary>The ten functions that charts call most, each called a thousand times by a template. Times are per call.</summary>
[MemoryDiagnoser]
public class FunctionBenchmarks
{
    private const int Calls = 1000;

    private readonly GoMap _data = new()
    {
        ["name"] = "release-name-web",
        ["empty"] = "",
        ["version"] = "v1.34.0",
        ["resources"] = new GoMap
        {
            ["limits"] = new GoMap { ["cpu"] = "500m", ["memory"] = "256Mi" },
            ["requests"] = new GoMap { ["cpu"] = 0.25, ["memory"] = "128Mi" },
        },
        ["labels"] = "app: web\ntier: front\nteam: a\n",
    };

    private TemplateSet _set = null!;

    /// <summary>Parses the templates.</summary>
    [GlobalSetup]
    public void Parse()
    {
        (string Name, string Call)[] calls =
        [
            ("nothing", "{{ $.name }}"),
            ("include", "{{ include \"labels\" $ }}"),
            ("tpl", "{{ tpl \"{{ .name }}-x\" $ }}"),
            ("toYaml", "{{ toYaml $.resources }}"),
            ("nindent", "{{ $.labels | nindent 8 }}"),
            ("default", "{{ default \"x\" $.empty }}"),
            ("quote", "{{ quote $.name }}"),
            ("printf", "{{ printf \"%s-%d\" $.name 5 }}"),
            ("dict", "{{ $x := dict \"a\" 1 \"b\" $.name }}"),
            ("merge", "{{ $x := merge (dict \"limits\" (dict \"cpu\" \"1\")) $.resources }}"),
            ("semverCompare", "{{ semverCompare \">=1.19-0\" $.version }}"),
        ];
        _set = TemplateSet.Parse(
        [
            new TemplateSource("_helpers", "{{ define \"labels\" }}app: {{ .name }}\nmanaged-by: Helm{{ end }}"),
            .. calls.Select(call => new TemplateSource(call.Name, $"{{{{ range {Calls} }}}}{call.Call}{{{{ end }}}}")),
        ]);
    }

    /// <summary>What the loop around the calls takes.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public RenderedText Field() => Render("nothing");

    /// <summary><c>include</c> of a template with a field.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Include() => Render("include");

    /// <summary><c>tpl</c> of a text with a field.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Tpl() => Render("tpl");

    /// <summary><c>toYaml</c> of a small map.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText ToYaml() => Render("toYaml");

    /// <summary><c>nindent</c> of three lines.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Nindent() => Render("nindent");

    /// <summary><c>default</c> that is taken.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Default() => Render("default");

    /// <summary><c>quote</c> of a name.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Quote() => Render("quote");

    /// <summary><c>printf</c> of a text and a number.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Printf() => Render("printf");

    /// <summary><c>dict</c> of two entries.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Dict() => Render("dict");

    /// <summary><c>merge</c> of nested maps.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText Merge() => Render("merge");

    /// <summary><c>semverCompare</c> of a version.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public RenderedText SemverCompare() => Render("semverCompare");

    private RenderedText Render(string name) => _set.Render(name, _data);
}
