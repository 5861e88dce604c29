using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Go's <c>time.Time</c>: a moment, seen in a zone. Templates reach its methods, such as <c>now.Year</c>.</summary>
internal sealed class GoTime : IGoObject, IEquatable<GoTime>
{
    private const string StringLayout = "2006-01-02 15:04:05.999999999 -0700 MST";
    private const long ZeroSeconds = -62135596800;

    private readonly GoLocation _location;
    private readonly long _unix;

    public GoTime(long unixSeconds, int nanosecond, GoLocation location)
    {
        _unix = unixSeconds;
        Nanosecond = nanosecond;
        _location = location;
    }

    /// <summary>The Go type of a time.</summary>
    public static GoType Type { get; } = new("time.Time", GoKind.Object, "struct");

    private static readonly GoType MonthType = new("time.Month", GoKind.Int, "int")
    {
        Methods = static (v, name) => name == "String" ? Method(name, GoLayout.Months[v.IntValue - 1]) : null,
    };

    private static readonly GoType WeekDayType = new("time.Weekday", GoKind.Int, "int")
    {
        Methods = static (v, name) => name == "String" ? Method(name, GoLayout.Days[v.IntValue]) : null,
    };

    /// <summary>The first moment of the year 1 in UTC: Go's zero time.</summary>
    public static GoTime Zero { get; } = new(ZeroSeconds, 0, GoLocation.Utc);

    public static GoTime Of(DateTimeOffset time, GoLocation location)
    {
        long ticks = time.UtcTicks - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        return new GoTime(seconds, (int)rest * 100, location);
    }

    public static GoTime Now(TimeProvider clock) => Of(clock.GetUtcNow(), GoLocation.Local(clock.LocalTimeZone));

    GoType IGoObject.GoType => Type;

    /// <summary>Seconds since 1970 began in UTC.</summary>
    public long Unix => _unix;

    public int Nanosecond { get; }

    public GoLocation Location => _location;

    public (int Offset, string Abbreviation) Zone => _location.At(_unix);

    private long Wall => _unix + Zone.Offset;

    public (long Year, int Month, int Day) Date => Civil(Math.DivRem(Wall - Mod(Wall, 86400), 86400, out _));

    public (int Hour, int Minute, int Second) Clock
    {
        get
        {
            int second = (int)Mod(Wall, 86400);
            return (second / 3600, second / 60 % 60, second % 60);
        }
    }

    public int WeekDay => (int)Mod((Wall - Mod(Wall, 86400)) / 86400 + 4, 7);

    public int YearDay
    {
        get
        {
            (long year, int month, int day) = Date;
            return (int)(DaysOf(year, month, day) - DaysOf(year, 1, 1)) + 1;
        }
    }

    private static long Mod(long value, long by) => (value % by + by) % by;

    // Days since 1970 to a date of the Gregorian calendar and back; years are counted from March on.
    private static (long Year, int Month, int Day) Civil(long days)
    {
        days += 719468;
        long era = (days >= 0 ? days : days - 146096) / 146097;
        long ofEra = days - era * 146097;
        long yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
        long ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shifted = (int)((5 * ofYear + 2) / 153);
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, (int)(ofYear - (153 * shifted + 2) / 5 + 1));
    }

    private static long DaysOf(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        long era = (year >= 0 ? year : year - 399) / 400;
        long yearOfEra = year - era * 400;
        long ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719468;
    }

    public static int DaysIn(long year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>The seconds since 1970 of a time of day, as if in UTC.</summary>
    public static long SecondsOf(long year, int month, int day, int hour, int minute, int second) =>
        DaysOf(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;

    public GoTime In(GoLocation location) => new(_unix, Nanosecond, location);

    public GoTime Add(long nanoseconds)
    {
        long seconds = nanoseconds / GoDuration.Second;
        int rest = Nanosecond + (int)(nanoseconds % GoDuration.Second);
        if (rest < 0)
            return new GoTime(unchecked(_unix + seconds - 1), rest + 1_000_000_000, _location);
        return rest >= 1_000_000_000
            ? new GoTime(unchecked(_unix + seconds + 1), rest - 1_000_000_000, _location)
            : new GoTime(unchecked(_unix + seconds), rest, _location);
    }

    /// <summary>The time between in nanoseconds, the largest or lowest number when it does not fit.</summary>
    public long Since(GoTime other)
    {
        Int128 difference = ((Int128)_unix - other._unix) * GoDuration.Second + (Nanosecond - other.Nanosecond);
        return difference > long.MaxValue ? long.MaxValue : difference < long.MinValue ? long.MinValue : (long)difference;
    }

    public string Format(string layout) => GoLayout.Format(this, layout);

    /// <summary>The form in JSON and YAML: RFC 3339 with what fraction there is.</summary>
    public string MarshalJson() => "\"" + Format(GoDate.Rfc3339Nano) + "\"";

    public string Print() => Format(StringLayout);

    /// <inheritdoc/>
    public override string ToString() => Print();

    public bool TryGetField(string name, out GoValue value)
    {
        value = default;
        return false;
    }

    private static GoFunction Method(string name, GoValue result) => new(name, GoParameters.None, (_, _) => result);

    private static GoFunction Compare(string name, Func<GoTime, GoValue> body) =>
        new(name, [GoParameter.Object], (_, a) => body((GoTime)a[0].AsObject!)) { ObjectTypes = [Type] };

    public GoFunction? GetMethod(string name) => name switch
    {
        "Year" => Method(name, GoValue.Int(Date.Year)),
        "Month" => Method(name, GoValue.Integer(Date.Month, MonthType)),
        "Day" => Method(name, Date.Day),
        "Hour" => Method(name, Clock.Hour),
        "Minute" => Method(name, Clock.Minute),
        "Second" => Method(name, Clock.Second),
        "Nanosecond" => Method(name, Nanosecond),
        "Weekday" => Method(name, GoValue.Integer(WeekDay, WeekDayType)),
        "YearDay" => Method(name, YearDay),
        "Unix" => Method(name, GoValue.Int64(_unix)),
        "UnixMilli" => Method(name, GoValue.Int64(unchecked(_unix * 1000 + Nanosecond / 1_000_000))),
        "UnixMicro" => Method(name, GoValue.Int64(unchecked(_unix * 1_000_000 + Nanosecond / 1000))),
        "UnixNano" => Method(name, GoValue.Int64(unchecked(_unix * 1_000_000_000 + Nanosecond))),
        "UTC" => Method(name, GoValue.Object(In(GoLocation.Utc))),
        "Local" => new(name, GoParameters.None, (c, _) => GoValue.Object(In(GoLocation.Local(c.Time.LocalTimeZone)))),
        "IsZero" => Method(name, _unix == ZeroSeconds && Nanosecond == 0),
        "String" => Method(name, Print()),
        "GoString" => Method(name, Print()),
        "Format" => new(name, GoParameters.String, (_, a) => Format(a[0].AsString!)),
        "Add" => new(name, [GoParameter.Int64], (_, a) => GoValue.Object(Add(a[0].IntValue))),
        "AddDate" => new(name, [GoParameter.Int, GoParameter.Int, GoParameter.Int],
            (_, a) => GoValue.Object(AddDate(a[0].IntValue, a[1].IntValue, a[2].IntValue))),
        "Round" => new(name, [GoParameter.Int64], (_, a) => GoValue.Object(Round(a[0].IntValue, true))),
        "Truncate" => new(name, [GoParameter.Int64], (_, a) => GoValue.Object(Round(a[0].IntValue, false))),
        "Sub" => Compare(name, other => GoDuration.Of(Since(other))),
        "Before" => Compare(name, other => CompareTo(other) < 0),
        "After" => Compare(name, other => CompareTo(other) > 0),
        "Equal" => Compare(name, other => CompareTo(other) == 0),
        "Compare" => Compare(name, other => CompareTo(other)),
        _ => null,
    };

    private int CompareTo(GoTime other) => _unix != other._unix ? _unix.CompareTo(other._unix) : Nanosecond.CompareTo(other.Nanosecond);

    private GoTime AddDate(long years, long months, long days)
    {
        (long year, int month, int day) = Date;
        long total = month - 1 + months;
        long shifted = year + years + (total - Mod(total, 12)) / 12;
        long wall = (DaysOf(shifted, (int)Mod(total, 12) + 1, 1) + day - 1 + days) * 86400 + Mod(Wall, 86400);
        return new GoTime(wall - _location.OffsetOfLocal(wall), Nanosecond, _location);
    }

    // Rounds the time since the zero time, half up.
    private GoTime Round(long multiple, bool up)
    {
        if (multiple <= 0)
            return this;
        Int128 since = ((Int128)_unix - ZeroSeconds) * GoDuration.Second + Nanosecond;
        long rest = (long)(since % multiple);
        if (rest < 0)
            rest += multiple;
        return up && (Int128)rest * 2 >= multiple ? Add(multiple - rest) : Add(-rest);
    }

    public bool Equals(GoTime? other) => other is not null && CompareTo(other) == 0 && _location.Name == other._location.Name;

    public override bool Equals(object? obj) => Equals(obj as GoTime);

    public override int GetHashCode() => HashCode.Combine(_unix, Nanosecond);
}
