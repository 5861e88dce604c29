namespace HelmLifecycle.Templates;

/// <summary>The type of a function's parameter, as far as Go's template engine checks it before the call.</summary>
public enum GoParameter : byte
{
    /// <summary><c>interface {}</c>: anything, nil too.</summary>
    Any,
    /// <summary><c>bool</c></summary>
    Bool,
    /// <summary><c>int</c></summary>
    Int,
    /// <summary><c>int64</c></summary>
    Int64,
    /// <summary><c>uint32</c></summary>
    Uint32,
    /// <summary><c>float64</c></summary>
    Float64,
    /// <summary><c>string</c></summary>
    String,
    /// <summary><c>map[string]interface {}</c>; a named map type such as that of <c>.Values</c> is accepted.</summary>
    Map,
    /// <summary><c>[]interface {}</c></summary>
    List,
    /// <summary><c>[]string</c></summary>
    StringList,
    /// <summary>An object; its Go type is in <see cref="GoFunction.ObjectTypes"/>.</summary>
    Object,
}

/// <summary>What a function does. Arguments have been counted and checked against the parameters.</summary>
/// <param name="context">The render that calls: services, budget, and the templates for <c>include</c> and <c>tpl</c>.</param>
/// <param name="arguments">The arguments; a piped value is the last one. Valid only during the call.</param>
/// <exception cref="GoFunctionException">The call failed; the template error names function and position.</exception>
public delegate GoValue GoFunctionBody(GoCallContext context, ReadOnlySpan<GoValue> arguments);

/// <summary>A function or method that templates can call.</summary>
public sealed partial class GoFunction
{
    /// <summary>Makes a function with a fixed number of parameters.</summary>
    public GoFunction(string name, GoParameter[] parameters, GoFunctionBody body)
        : this(name, parameters, false, body)
    {
    }

    /// <summary>Makes a function.</summary>
    /// <param name="name">Its name in templates and in error messages.</param>
    /// <param name="parameters">The types of its parameters.</param>
    /// <param name="variadic">Whether the last parameter may be given any number of times, none included.</param>
    /// <param name="body">What it does.</param>
    public GoFunction(string name, GoParameter[] parameters, bool variadic, GoFunctionBody body)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(body);
        Name = name;
        ParameterArray = parameters;
        IsVariadic = variadic;
        Body = body;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The parameter types.</summary>
    public IReadOnlyList<GoParameter> Parameters => ParameterArray;

    internal GoParameter[] ParameterArray { get; }

    /// <summary>The type of an argument; those past the last parameter of a variadic function have its type.</summary>
    internal GoParameter ParameterAt(int index) => ParameterArray[Math.Min(index, ParameterArray.Length - 1)];

    /// <summary>Go's name for the type of an argument.</summary>
    internal string ParameterTypeName(int index) => ParameterAt(index) switch
    {
        GoParameter.Any => "interface {}",
        GoParameter.Bool => "bool",
        GoParameter.Int => "int",
        GoParameter.Int64 => "int64",
        GoParameter.Uint32 => "uint32",
        GoParameter.Float64 => "float64",
        GoParameter.String => "string",
        GoParameter.Map => "map[string]interface {}",
        GoParameter.List => "[]interface {}",
        GoParameter.StringList => "[]string",
        _ => ObjectTypeAt(index)?.Name ?? "interface {}",
    };

    internal GoType? ObjectTypeAt(int index)
    {
        int at = Math.Min(index, ParameterArray.Length - 1);
        return at < ObjectTypes.Count ? ObjectTypes[at] : null;
    }

    /// <summary>Whether the last parameter may be given any number of times.</summary>
    public bool IsVariadic { get; }

    /// <summary>For parameters of kind <see cref="GoParameter.Object"/>: the Go types, by parameter.</summary>
    public IReadOnlyList<GoType?> ObjectTypes { get; init; } = [];

    /// <summary>Whether it is told the two kinds of nil apart, see <see cref="GoValue.NilInterface"/>.</summary>
    internal bool SeesNilInterfaces { get; init; }

    /// <summary>The cost of what takes tens of milliseconds: some hundred calls use up the budget.</summary>
    internal const int SlowCost = 200_000;

    /// <summary>What a call takes from the budget besides what it makes.</summary>
    internal int Cost { get; init; }

    /// <summary>What it does.</summary>
    public GoFunctionBody Body { get; }

    /// <summary>The Go type of the function value.</summary>
    public GoType Type { get; init; } = new("func()", GoKind.Func, "func");
}

/// <summary>A function failed. The engine turns it into a template error <c>error calling NAME: MESSAGE</c>.</summary>
public sealed class GoFunctionException : Exception
{
    /// <summary>Makes the exception.</summary>
    public GoFunctionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public GoFunctionException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
