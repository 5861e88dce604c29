namespace HelmLifecycle.Templates;

/// <summary>TOML's dates and times, which become Go times; the ones without a zone are marked by the name of theirs.</summary>
internal static class TomlTime
{
    private static readonly (string Layout, GoLocation Location)[] s_layouts =
    [
        ("2006-01-02T15:04:05.999999999Z07:00", GoLocation.Utc),
        ("2006-01-02T15:04:05.999999999", GoLocation.Fixed("datetime-local", 0)),
        ("2006-01-02", GoLocation.Fixed("date-local", 0)),
        ("15:04:05.999999999", GoLocation.Fixed("time-local", 0)),
    ];

    /// <summary>Reads a text in one of TOML's forms, or gives null.</summary>
    public static GoValue? Parse(string text)
    {
        foreach ((string layout, GoLocation location) in s_layouts)
        {
            if (GoLayout.Parse(layout, text, location, out GoTime time) is null)
                return HasAllDigits(text, layout) ? GoValue.Object(time) : (GoValue?)null;
        }

        return null;
    }

    /// <summary>The text of a time that was read without a zone, as it stood; null of any other time.</summary>
    public static string? Local(GoTime time)
    {
        foreach ((string layout, GoLocation location) in s_layouts.AsSpan(1))
        {
            if (ReferenceEquals(time.Location, location))
                return GoLayout.Format(time, layout);
        }

        return null;
    }

    // Go takes 1:2:3 for 01:02:03, TOML does not.
    private static bool HasAllDigits(string text, string layout)
    {
        for (int i = 0; i < layout.Length && layout[i] is not ('.' or 'Z'); i++)
        {
            if (i >= text.Length || (!char.IsAsciiDigit(layout[i]) && text[i] != layout[i]))
                return false;
        }

        return true;
    }
}
