using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace HelmLifecycle.Templates;

/// <summary>
/// A value of the template language: what Go calls an <c>interface {}</c>. A small struct, so that numbers and truth values are
/// not boxed. The default value is nil.
/// </summary>
[DebuggerDisplay("{DebugText}")]
public readonly struct GoValue
{
    // A scalar keeps its GoType here and its bits in _bits; everything else keeps itself here.
    private readonly object? _object;
    private readonly long _bits;

    private GoValue(object? value, long bits = 0)
    {
        _object = value;
        _bits = bits;
    }

    /// <summary>Nil.</summary>
    public static GoValue Nil => default;

    // Go tells apart no value at all and an interface that holds nil, which is what a missing or null map entry is: a field of the
    // first is nothing again, a field of the second an error. Only the engine sees the difference.
    internal static GoValue NilInterface => new(null, 1);

    internal bool IsNilInterface => _object is null && _bits != 0;

    /// <summary>The value <c>true</c>.</summary>
    public static GoValue True => new(GoType.Bool, 1);

    /// <summary>The value <c>false</c>.</summary>
    public static GoValue False => new(GoType.Bool, 0);

    /// <summary>A truth value.</summary>
    public static GoValue Bool(bool value) => new(GoType.Bool, value ? 1 : 0);

    /// <summary>Go's <c>int</c>: literals, lengths, indexes, <c>int</c>'s result.</summary>
    public static GoValue Int(long value) => new(GoType.Int, value);

    /// <summary>Go's <c>int64</c>: results of arithmetic and numbers set with <c>--set</c>.</summary>
    public static GoValue Int64(long value) => new(GoType.Int64, value);

    /// <summary>An integer of the given type, whose kind is <see cref="GoKind.Int"/> or <see cref="GoKind.Uint"/>.</summary>
    public static GoValue Integer(long bits, GoType type) => new(type, bits);

    /// <summary>Go's <c>float64</c>: every number from YAML or JSON.</summary>
    public static GoValue Float(double value) => new(GoType.Float64, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A complex number.</summary>
    public static GoValue Complex(Complex value) => new(new StrongBox<Complex>(value));

    /// <summary>Text. See <see cref="GoString"/> for bytes that are not UTF-8.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public static GoValue String(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A list.</summary>
    public static GoValue List(GoList value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A list of type <c>[]interface {}</c>.</summary>
    public static GoValue List(params GoValue[] items) => new(new GoList(items));

    /// <summary>A map.</summary>
    public static GoValue Map(GoMap value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>An object with fields and methods.</summary>
    public static GoValue Object(IGoObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A function value, callable with <c>call</c>.</summary>
    public static GoValue Func(GoFunction value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>The kind of the value.</summary>
    public GoKind Kind => _object switch
    {
        null => GoKind.Nil,
        string => GoKind.String,
        GoType type => type.Kind,
        GoMap => GoKind.Map,
        GoList => GoKind.List,
        IGoObject => GoKind.Object,
        GoFunction => GoKind.Func,
        _ => GoKind.Complex,
    };

    /// <summary>The Go type of the value, or <see langword="null"/> for nil.</summary>
    public GoType? Type => _object switch
    {
        null => null,
        string => GoType.String,
        GoType type => type,
        GoMap map => map.Type,
        GoList list => list.Type,
        IGoObject o => o.GoType,
        GoFunction f => f.Type,
        _ => GoType.Complex128,
    };

    /// <summary>Whether the value is nil.</summary>
    public bool IsNil => _object is null;

    /// <summary>The text, or <see langword="null"/> when the value is no string.</summary>
    public string? AsString => _object as string;

    /// <summary>The list, or <see langword="null"/> when the value is no list.</summary>
    public GoList? AsList => _object as GoList;

    /// <summary>The map, or <see langword="null"/> when the value is no map.</summary>
    public GoMap? AsMap => _object as GoMap;

    /// <summary>The object, or <see langword="null"/> when the value is no object.</summary>
    public IGoObject? AsObject => _object as IGoObject;

    /// <summary>The function, or <see langword="null"/> when the value is no function.</summary>
    public GoFunction? AsFunc => _object as GoFunction;

    /// <summary>The truth value of a <see cref="GoKind.Bool"/>; not Go's truth, for which see <see cref="IsTrue"/>.</summary>
    public bool BoolValue => _bits != 0;

    /// <summary>The number of a <see cref="GoKind.Int"/>, or the bits of a <see cref="GoKind.Uint"/>.</summary>
    public long IntValue => _bits;

    /// <summary>The number of a <see cref="GoKind.Float"/>.</summary>
    public double FloatValue => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The number of a <see cref="GoKind.Complex"/>.</summary>
    public Complex ComplexValue => ((StrongBox<Complex>)_object!).Value;

    /// <summary>
    /// Truth as <c>if</c> sees it: false for false, zero, nil, and empty strings, lists and maps; objects are always true.
    /// </summary>
    public bool IsTrue => _object switch
    {
        null => false,
        string s => s.Length != 0,
        GoType type => type.Kind == GoKind.Float ? FloatValue != 0 : _bits != 0,
        GoMap map => map.Count != 0,
        GoList list => list.Count != 0,
        StrongBox<Complex> c => c.Value != System.Numerics.Complex.Zero,
        _ => true,
    };

    /// <summary>Text.</summary>
    public static implicit operator GoValue(string? value) => value is null ? default : new(value);

    /// <summary>A truth value.</summary>
    public static implicit operator GoValue(bool value) => Bool(value);

    /// <summary>Go's <c>int</c>.</summary>
    public static implicit operator GoValue(int value) => Int(value);

    /// <summary>Go's <c>float64</c>.</summary>
    public static implicit operator GoValue(double value) => Float(value);

    /// <summary>A list.</summary>
    public static implicit operator GoValue(GoList? value) => new(value);

    /// <summary>A map.</summary>
    public static implicit operator GoValue(GoMap? value) => new(value);

    private string DebugText => _object switch
    {
        null => "nil",
        string s => '"' + s + '"',
        GoType { Kind: GoKind.Float } => FloatValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        GoType { Kind: GoKind.Bool } => BoolValue ? "true" : "false",
        GoType => _bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Type?.Name ?? "?",
    };
}
