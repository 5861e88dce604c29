using System.Runtime.CompilerServices;

namespace HelmLifecycle.Templates;

/// <summary>Numbers out of anything, never failing: the rules of spf13/cast 1.7, which Sprig's arithmetic follows.</summary>
internal static class GoCast
{
    public static long ToInt64(GoValue value) => value.Kind switch
    {
        GoKind.Int or GoKind.Uint => IsPlain(value.Type!) ? value.IntValue : 0,
        GoKind.Float => Truncate(value.FloatValue),
        GoKind.Bool => value.BoolValue ? 1 : 0,
        GoKind.String => Strconv.TryParseInt(TrimZeroDecimal(value.AsString), out long number) ? number : 0,
        _ => 0,
    };

    public static double ToFloat64(GoValue value) => value.Kind switch
    {
        GoKind.Int => IsPlain(value.Type!) ? value.IntValue : 0,
        GoKind.Uint => IsPlain(value.Type!) ? (ulong)value.IntValue : 0,
        GoKind.Float => value.FloatValue,
        GoKind.Bool => value.BoolValue ? 1 : 0,
        GoKind.String => Strconv.TryParseFloat(value.AsString, out double number) ? number : 0,
        _ => 0,
    };

    // Of the named number types, the library knows months and weekdays only.
    private static bool IsPlain(GoType type) => type.Name == type.KindName || type.Name is "time.Month" or "time.Weekday";

    /// <summary>A float as an integer, as the processors convert on which Helm runs: what does not fit is the lowest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Truncate(double value) => value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue;

    // "12.00" is 12; "12.01" stays and is no integer then.
    private static ReadOnlySpan<char> TrimZeroDecimal(ReadOnlySpan<char> text)
    {
        bool sawZero = false;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == '0')
                sawZero = true;
            else if (text[i] != '.')
                return text;
            else if (sawZero)
                return text[..i];
        }

        return text;
    }
}
