using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace HelmLifecycle.Conformance.Cli;

/// <summary>
/// Renders templates made by chance, whole and damaged, calling every function with values and texts that seldom fit. Each must end in a text or in
/// a <see cref="TemplateException"/>, and soon.
/// </summary>
public sealed class Fuzzer(int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Making keys takes seconds each; they have tests of their own.
    private static readonly HashSet<string> Slow = new(StringComparer.Ordinal)
    {
        "genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "bcrypt",
        "htpasswd", "derivePassword",
    };

    private static readonly string[] Texts =
    [
        "", "a", "a,b,c", "true", "1", "-1.5", "1e400", "0x1F", "héé\\u2713", "\\xff\\xfe", "{{ . }}", "{{ bad", "a: b", "a: [1, {b: *c}]", "&a [*a]", "- - - x",
        "? a", "!!binary x", "{\\\"a\\\": [1, null]}", "[1,", "a = 1\\n[b]\\nc = 2020-01-01", "(a|b)*c{2,3}", "(?P<x>[^", "((a*)*)*b", "[[:alpha:]]+", ">=1.2 <2 || ~3",
        "1.2.3-rc.1+x", "2006-01-02T15:04:05Z07:00", "1h30m", "https://u:p@h:1/p?q#f", "%d %s %v %[3]*.[2]*[1]f", "%!", "$1 ${x}", "\\n\\n  \\t", "日本", "YWJj", "0", "9223372036854775807",
        "%5000d", "NaN", "\\U0001F600", "../..//x", "a.b.c",
    ];

    private static readonly string[] Atoms =
    [
        ".", "$", "nil", "true", "false", "0", "1", "-1", "3", "1_000", "0x10", "1.5", "1e3", "2i", "'x'", "9223372036854775807", ".s", ".n", ".i", ".nul", ".nope",
        ".list", ".map", ".map.c", ".map.c.d", ".bytes", ".deep", "$x", "(list 1 \"b\" nil)", "(dict \"k\" 1 \"l\" (list 1.5))", "now", "list", "dict",
    ];

    private static readonly string[] Maps = ["$", ".", ".map", ".map.c", "(dict \"k\" 1 \"l\" (list 1.5))", "(dict)", "(deepCopy .)"];

    private static readonly string[] Words = ["if", "with", "range", "range $i, $e :=", "range $x =", "else", "else if", "else with", "end", "define", "block", "template", "break", "continue"];

    private readonly Random _random = new(seed);
    private readonly string[] _functions = [.. FunctionTable.Helm.Names.Where(name => !Slow.Contains(name)).Order(StringComparer.Ordinal)];
    private readonly RenderOptions _options = new()
    {
        Budget = new RenderBudget { MaxSteps = 200_000, MaxOutput = 500_000 },
    };

    /// <summary>Runs for a time.</summary>
    /// <returns>Whether every input ended well.</returns>
    public bool Run(TimeSpan time, TextWriter log)
    {
        var clock = Stopwatch.StartNew();
        long runs = 0, rendered = 0, failed = 0, limited = 0, odd = 0;
        TimeSpan longest = TimeSpan.Zero;
        while (clock.Elapsed < time)
        {
            string text = Next();
            runs++;
            // Time of the processor, so that a busy machine does not count.
            TimeSpan start = Environment.CpuUsage.TotalTime;
            string current = text;
            using var alarm = new Timer(_ => log.WriteLine($"long at work on {current}"), null, Patience * 10, Timeout.InfiniteTimeSpan);
            try
            {
                TemplateSet.Parse([new TemplateSource("t", text)]).Execute("t", Data(), _options);
                rendered++;
            }
            catch (TemplateLimitException)
            {
                limited++;
            }
            catch (TemplateException)
            {
                failed++;
            }
            catch (Exception e)
            {
                odd++;
                log.WriteLine($"{e.GetType().Name}: {e.Message}\n  {text}\n  {e.StackTrace}");
            }

            TimeSpan took = Environment.CpuUsage.TotalTime - start;
            if (took > longest)
                longest = took;
            if (took > Patience)
            {
                odd++;
                log.WriteLine($"took {took.TotalSeconds:F1} s: {text}");
            }
        }

        log.WriteLine($"seed {seed}: {runs} inputs in {clock.Elapsed.TotalSeconds:F0} s: {rendered} rendered, {failed} template errors, {limited} limits, "
            + $"{odd} anything else; the longest took {longest.TotalMilliseconds:F0} ms");
        return odd == 0;
    }

    private static GoValue Data()
    {
        GoValue deep = "x";
        for (int i = 0; i < 50; i++)
            deep = new GoMap { ["d"] = GoValue.List(deep) };
        return new GoMap(GoType.Values)
        {
            ["s"] = "text",
            ["n"] = 3.25,
            ["i"] = 7,
            ["nul"] = default(GoValue),
            ["list"] = GoValue.List("b", "a", 3.0, default, "a"),
            ["map"] = new GoMap { ["b"] = 2.0, ["a"] = "x", ["c"] = new GoMap { ["d"] = "deep" } },
            ["bytes"] = GoString.FromBytes([0, 0xFF, 0xC3, 0x28, (byte)'a']),
            ["deep"] = deep,
        };
    }

    private string Next()
    {
        var text = new StringBuilder("{{ $x := 1 }}");
        int statements = _random.Next(1, 4);
        for (int i = 0; i < statements; i++)
            AddStatement(text, 3);
        return _random.Next(4) == 0 ? Damage(text) : text.ToString();
    }

    private void AddStatement(StringBuilder text, int depth)
    {
        switch (depth == 0 ? 0 : _random.Next(12))
        {
            case 0:
                text.Append("{{ if ").Append(Pipeline(2)).Append(" }}").Append(_random.Next(2) == 0 ? "y" : "").Append("{{ else }}n{{ end }}");
                break;
            case 1 or 2:
                text.Append("{{ ").Append(Words[_random.Next(4)]).Append(' ').Append(Pipeline(2)).Append(" }}");
                AddStatement(text, depth - 1);
                text.Append("{{ end }}");
                break;
            case 3:
                text.Append("{{ define \"d").Append(_random.Next(3)).Append("\" }}");
                AddStatement(text, depth - 1);
                text.Append("{{ end }}");
                break;
            case 4:
                text.Append("{{ template \"d").Append(_random.Next(3)).Append("\" ").Append(Operand(2)).Append(" }}");
                break;
            case 5:
                text.Append("{{ include \"d").Append(_random.Next(3)).Append("\" ").Append(Operand(1)).Append(" }}");
                break;
            case 6:
                text.Append("{{ $x = ").Append(Pipeline(3)).Append(" }}");
                break;
            case 7:
                text.Append("{{ $_ := set ").Append(Operand(0)).Append(" \"self\" ").Append(Operand(0)).Append(" }}");
                break;
            default:
                text.Append(_random.Next(2) == 0 ? "{{- " : "{{ ").Append(Pipeline(3)).Append(_random.Next(2) == 0 ? " -}}\n" : " }} ");
                break;
        }
    }

    private string Pipeline(int depth)
    {
        string pipeline = Command(depth);
        while (_random.Next(3) == 0)
            pipeline += " | " + Function() + Operands(depth - 1, _random.Next(3));
        return pipeline;
    }

    private string Command(int depth)
    {
        if (depth == 0 || _random.Next(5) == 0)
            return Operand(depth);
        string name = Function();
        return name + (_random.Next(6) == 0 ? Operands(depth - 1, _random.Next(5)) : Fitting(name, depth - 1));
    }

    // Arguments of the number and, mostly, of the types that the function wants.
    private string Fitting(string name, int depth)
    {
        FunctionTable.Helm.TryGet(name, out GoFunction? function);
        int count = function!.Parameters.Count - (function.IsVariadic ? 1 : 0) + (function.IsVariadic ? _random.Next(3) : 0);
        string operands = "";
        for (int i = 0; i < count; i++)
        {
            GoParameter parameter = function.Parameters[Math.Min(i, function.Parameters.Count - 1)];
            operands += " " + (_random.Next(12) == 0 ? Operand(depth) : parameter switch
            {
                GoParameter.String => "\"" + Texts[_random.Next(Texts.Length)] + "\"",
                GoParameter.Int or GoParameter.Int64 or GoParameter.Uint32 or GoParameter.Float64 => _random.Next(-3, 40).ToString(CultureInfo.InvariantCulture),
                GoParameter.Bool => _random.Next(2) == 0 ? "true" : "false",
                GoParameter.Map => Maps[_random.Next(Maps.Length)],
                GoParameter.List or GoParameter.StringList => "(list 3 \"b\" nil 1.5)",
                GoParameter.Object => "now",
                _ => Operand(depth),
            });
        }

        return operands;
    }

    private string Function() => _functions[_random.Next(_functions.Length)];

    private string Operands(int depth, int count)
    {
        string operands = "";
        for (int i = 0; i < count; i++)
            operands += " " + Operand(depth);
        return operands;
    }

    private string Operand(int depth) => _random.Next(depth > 0 ? 4 : 3) switch
    {
        0 => "\"" + Texts[_random.Next(Texts.Length)] + "\"",
        3 => "(" + Pipeline(depth - 1) + ")",
        _ => Atoms[_random.Next(Atoms.Length)],
    };

    private string Damage(StringBuilder text)
    {
        for (int i = _random.Next(1, 5); i > 0; i--)
        {
            int at = _random.Next(text.Length), length = Math.Min(_random.Next(1, 8), text.Length - at);
            switch (_random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2:
                    text.Insert(at, (char)_random.Next(1, 0x80));
                    break;
                default:
                    text.Insert(at, Words[_random.Next(Words.Length)]);
                    break;
            }

            if (text.Length == 0)
                break;
        }

        return text.ToString();
    }
}
