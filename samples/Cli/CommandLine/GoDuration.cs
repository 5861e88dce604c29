using System.Globalization;

namespace HelmLifecycle.Cli;

/// <summary>Durations as helm's flags have them: <c>5m0s</c>, <c>1h30m</c>, <c>250ms</c>.</summary>
internal static class GoDuration
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
            return true;
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart("+-");
        if (rest.IsEmpty)
            return false;
        double total = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return false;
            rest = rest[digits..];
            int letters = rest.IndexOfAny("0123456789.");
            ReadOnlySpan<char> unit = letters < 0 ? rest : rest[..letters];
            double? seconds = unit switch { "ns" => 1e-9, "us" or "µs" => 1e-6, "ms" => 1e-3, "s" => 1, "m" => 60, "h" => 3600, _ => null };
            if (seconds is null)
                return false;
            total += number * seconds.Value;
            rest = rest[unit.Length..];
        }

        if (total > TimeSpan.MaxValue.TotalSeconds / 2)
            return false;
        duration = TimeSpan.FromSeconds(text[0] == '-' ? -total : total);
        return true;
    }

    public static string Format(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms");
        string text = string.Create(CultureInfo.InvariantCulture, $"{span.Seconds + span.Milliseconds / 1000.0}s");
        if (span.TotalMinutes >= 1)
            text = string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m{text}");
        return span.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h{text}") : text;
    }
}
