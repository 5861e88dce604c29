using System.Diagnostics.CodeAnalysis;

namespace HelmLifecycle.Templates;

/// <summary>An unchangeable table of functions, by name. A template is parsed against one: a name that is not in it is a parse error.</summary>
public sealed class FunctionTable
{
    // Not frozen: to freeze the table costs a short-lived program more than its lookups, one for each call that is parsed.
    private readonly Dictionary<string, GoFunction> _functions;

    private FunctionTable(Dictionary<string, GoFunction> functions) => _functions = functions;

    /// <summary>The functions that Go's text/template itself has: <c>and</c>, <c>eq</c>, <c>index</c>, <c>len</c>, <c>printf</c> and so on.</summary>
    public static FunctionTable Builtins { get; } = Empty.With(BuiltinFunctions.All);

    /// <summary>The builtins and Sprig's functions, as Helm has them: without <c>env</c> and <c>expandenv</c>.</summary>
    public static FunctionTable Sprig { get; } = Builtins.With(SprigGroups());

    /// <summary>All that a chart may call: <see cref="Sprig"/> and Helm's own <c>include</c>, <c>tpl</c>, <c>required</c>, <c>toYaml</c> and so on.</summary>
    public static FunctionTable Helm { get; } = Sprig.With(HelmGroups());

    private static FunctionTable Empty => new(new Dictionary<string, GoFunction>(StringComparer.Ordinal));

    /// <summary>The names of all functions.</summary>
    public IReadOnlyCollection<string> Names => _functions.Keys;

    /// <summary>A table with these functions added; one with a name that is there already replaces it.</summary>
    public FunctionTable With(params GoFunction[] functions) => With((IEnumerable<GoFunction>)functions);

    /// <summary>A table with these functions added; one with a name that is there already replaces it.</summary>
    public FunctionTable With(IEnumerable<GoFunction> functions)
    {
        ArgumentNullException.ThrowIfNull(functions);
        var all = new Dictionary<string, GoFunction>(_functions, StringComparer.Ordinal);
        foreach (GoFunction function in functions)
            all[function.Name] = function;
        return new FunctionTable(all);
    }

    /// <summary>Finds a function.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out GoFunction? function) => _functions.TryGetValue(name, out function);

    private static IEnumerable<GoFunction> SprigGroups() =>
    [
        ..StringFunctions.All,
        ..ListFunctions.All,
        ..DictFunctions.All,
        ..DefaultFunctions.All,
        ..MathFunctions.All,
        ..DateFunctions.All,
        ..RegexFunctions.All,
        ..SemverFunctions.All,
        ..CryptoFunctions.All,
        ..EncodingFunctions.All,
        ..PathFunctions.All,
        ..TypeFunctions.All,
        ..UrlFunctions.All,
        ..RandomFunctions.All,
        ..FormatFunctions.Sprig,
    ];

    private static IEnumerable<GoFunction> HelmGroups() =>
    [
        ..FlowFunctions.All,
        ..FormatFunctions.Helm,
    ];
}
