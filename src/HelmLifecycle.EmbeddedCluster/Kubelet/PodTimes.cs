using System.Globalization;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Durations as the pod annotations write them.</summary>
internal static class PodTimes
{
    /// <summary>A Go duration such as <c>500ms</c>, <c>1h30m</c>, <c>2s</c>; null when it is none.</summary>
    public static TimeSpan? ParseDuration(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        double seconds = 0;
        int i = 0;
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        while (i < text.Length)
        {
            int start = i;
            while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
            {
                i++;
            }

            if (!double.TryParse(text.AsSpan(start, i - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return null;
            }

            int unit = i;
            while (i < text.Length && !char.IsAsciiDigit(text[i]) && text[i] != '.')
            {
                i++;
            }

            double factor = text.AsSpan(unit, i - unit) switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => -1,
            };
            if (factor < 0)
            {
                return null;
            }

            seconds += number * factor;
        }

        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }
}
