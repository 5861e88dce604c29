using System.Runtime.CompilerServices;

namespace HelmLifecycle.Templates;

/// <summary>Numbers out of anything, never failing: the rules of spf13/cast 1.10, which Sprig's arithmetic follows.</summary>
internal static class GoCast
{
    public static long ToInt64(GoValue value) => value.Kind switch
    {
        GoKind.Int or GoKind.Uint => value.IntValue,
        GoKind.Float => Truncate(value.FloatValue),
        GoKind.Bool => value.BoolValue ? 1 : 0,
        GoKind.String => Strconv.TryParseInt(TrimDecimal(value.AsString), out long number) ? number : 0,
        _ => 0,
    };

    public static double ToFloat64(GoValue value) => value.Kind switch
    {
        GoKind.Int => value.IntValue,
        GoKind.Uint => (ulong)value.IntValue,
        GoKind.Float => value.FloatValue,
        GoKind.Bool => value.BoolValue ? 1 : 0,
        GoKind.String => Strconv.TryParseFloat(value.AsString, out double number) ? number : 0,
        _ => 0,
    };

    /// <summary>A float as an integer, as the processors convert on which Helm runs: what does not fit is the lowest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Truncate(double value) => value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue;

    // Of a plain decimal number only what stands before the point: "12.75" is 12, "-.5" is 0.
    private static ReadOnlySpan<char> TrimDecimal(ReadOnlySpan<char> text)
    {
        int point = text.IndexOf('.');
        if (point < 0)
            return text;
        ReadOnlySpan<char> whole = text[..point];
        ReadOnlySpan<char> digits = !whole.IsEmpty && whole[0] is '+' or '-' ? whole[1..] : whole;
        if (digits.IndexOfAnyExceptInRange('0', '9') >= 0 || text[(point + 1)..].IndexOfAnyExceptInRange('0', '9') >= 0)
            return text;
        return digits.IsEmpty ? "0" : whole;
    }
}
