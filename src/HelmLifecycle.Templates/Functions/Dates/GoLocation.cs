namespace HelmLifecycle.Templates;

/// <summary>A time zone as Go's <c>time.Location</c>: an offset and a short name for each moment.</summary>
internal sealed class GoLocation
{
    private readonly TimeZoneInfo? _zone;
    private readonly int _offset;
    private readonly string _abbreviation;

    private GoLocation(string name, TimeZoneInfo? zone, int offset, string abbreviation)
    {
        Name = name;
        _zone = zone;
        _offset = offset;
        _abbreviation = abbreviation;
    }

    public static GoLocation Utc { get; } = new("UTC", null, 0, "UTC");

    /// <summary>What Go's <c>Location</c> prints.</summary>
    public string Name { get; }

    /// <summary>A zone that is always so many seconds east of UTC.</summary>
    public static GoLocation Fixed(string name, int offset) => new(name, null, offset, name);

    /// <summary>The zone of the machine.</summary>
    public static GoLocation Local(TimeZoneInfo zone) => IsUtc(zone) ? new GoLocation("Local", null, 0, "UTC") : new("Local", zone, 0, "");

    private static bool IsUtc(TimeZoneInfo zone) =>
        zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime
        && zone.Id is "UTC" or "Etc/UTC" or "Universal" or "Zulu" or "Etc/UCT";

    /// <summary>The zone with an IANA name; null when there is none. An empty name is UTC.</summary>
    public static GoLocation? Load(string name, TimeZoneInfo local)
    {
        if (name is "" or "UTC")
            return Utc;
        if (name == "Local")
            return Local(local);
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '+' or '/'))
                return null;
        }

        return name[0] != '/' && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) && zone.Id == name
            ? new GoLocation(name, zone, 0, "")
            : null;
    }

    /// <summary>The offset in seconds east of UTC at a moment, and the short name of the zone then.</summary>
    public (int Offset, string Abbreviation) At(long unixSeconds)
    {
        if (_zone is null)
            return (_offset, _abbreviation);
        DateTime moment = DateTime.UnixEpoch.AddSeconds(Math.Clamp(unixSeconds, -62135596800, 253402300799));
        int offset = (int)_zone.GetUtcOffset(moment).TotalSeconds;
        return (offset, ZoneAbbreviations.Find(_zone.Id, _zone.IsDaylightSavingTime(moment), offset));
    }

    /// <summary>The offset of the wall clock time, given as seconds as if in UTC.</summary>
    public int OffsetOfLocal(long localSeconds)
    {
        // As Go guesses: the offset of that moment in UTC, then the one that the guess leads to.
        int offset = At(localSeconds).Offset;
        if (offset == 0)
            return 0;
        int again = At(localSeconds - offset).Offset;
        return again;
    }
}
