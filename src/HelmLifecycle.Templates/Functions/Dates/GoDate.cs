namespace HelmLifecycle.Templates;

/// <summary>Dates and durations as Go writes and reads them.</summary>
public static class GoDate
{
    /// <summary>The layout of RFC 3339 with a fraction as long as need be: how Kubernetes and Helm store times.</summary>
    public const string Rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

    /// <summary>
    /// Formats a time by a Go layout, such as <c>2006-01-02 15:04:05 -0700</c>. The zone has an offset, but no name but UTC.
    /// </summary>
    public static string Format(DateTimeOffset time, string layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        GoLocation zone = time.Offset == TimeSpan.Zero ? GoLocation.Utc : GoLocation.Fixed("", (int)time.Offset.TotalSeconds);
        return GoTime.Of(time, zone).Format(layout);
    }

    /// <summary>Reads a time by a Go layout. A text that names no zone is in UTC; fractions are cut to 100 nanoseconds.</summary>
    /// <exception cref="FormatException">The text does not fit the layout; the message is Go's.</exception>
    public static DateTimeOffset Parse(string layout, string text)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(text);
        string? error = GoLayout.Parse(layout, text, GoLocation.Utc, out GoTime time);
        if (error is not null)
            throw new FormatException(error);
        var offset = TimeSpan.FromSeconds(time.Zone.Offset);
        try
        {
            return DateTimeOffset.UnixEpoch.AddSeconds(time.Unix).AddTicks(time.Nanosecond / 100).ToOffset(offset);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"parsing time {GoLayout.Quote(text)}: year out of range", e);
        }
    }

    /// <summary>Reads a duration such as <c>1h15m30.5s</c>; units are ns, us, ms, s, m and h.</summary>
    /// <exception cref="FormatException">It is none; the message is Go's.</exception>
    public static TimeSpan ParseDuration(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? error = GoDuration.Parse(text, out long nanoseconds);
        return error is null ? TimeSpan.FromTicks(nanoseconds / 100) : throw new FormatException(error);
    }

    /// <summary>Writes a duration as Go does: <c>5m0s</c>, <c>1h15m30.5s</c>.</summary>
    /// <exception cref="OverflowException">It is longer than 292 years.</exception>
    public static string FormatDuration(TimeSpan duration) => GoDuration.Format(checked(duration.Ticks * 100));
}
