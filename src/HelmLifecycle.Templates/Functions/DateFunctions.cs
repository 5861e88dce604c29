using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on times. The clock and the local zone are those of the render.</summary>
internal static class DateFunctions
{
    private static readonly GoParameter[] StringAnyString = [GoParameter.String, GoParameter.Any, GoParameter.String];
    private static readonly GoParameter[] StringTime = [GoParameter.String, GoParameter.Object];
    private static readonly GoType?[] SecondIsTime = [null, GoTime.Type];

    internal static IEnumerable<GoFunction> All =>
    [
        new("now", GoParameters.None, static (c, _) => GoValue.Object(GoTime.Now(c.Time))),
        new("date", GoParameters.StringAny, static (c, a) => Format(c, a[0], a[1], "Local")),
        new("dateInZone", StringAnyString, static (c, a) => Format(c, a[0], a[1], a[2].AsString!)),
        new("date_in_zone", StringAnyString, static (c, a) => Format(c, a[0], a[1], a[2].AsString!)),
        new("htmlDate", GoParameters.Any, static (c, a) => Format(c, "2006-01-02", a[0], "Local")),
        new("htmlDateInZone", [GoParameter.Any, GoParameter.String], static (c, a) => Format(c, "2006-01-02", a[0], a[1].AsString!)),
        new("dateModify", StringTime, static (_, a) => Modify(a, false)) { ObjectTypes = SecondIsTime },
        new("date_modify", StringTime, static (_, a) => Modify(a, false)) { ObjectTypes = SecondIsTime },
        new("mustDateModify", StringTime, static (_, a) => Modify(a, true)) { ObjectTypes = SecondIsTime },
        new("must_date_modify", StringTime, static (_, a) => Modify(a, true)) { ObjectTypes = SecondIsTime },
        new("toDate", GoParameters.StringString, static (c, a) => Parse(c, a, false)),
        new("mustToDate", GoParameters.StringString, static (c, a) => Parse(c, a, true)),
        new("unixEpoch", [GoParameter.Object], static (_, a) => ((GoTime)a[0].AsObject!).Unix.ToString(CultureInfo.InvariantCulture))
        {
            ObjectTypes = [GoTime.Type],
        },
        new("ago", GoParameters.Any, Ago),
        new("duration", GoParameters.Any, static (_, a) => Duration(a[0])),
        new("durationRound", GoParameters.Any, Round),
    ];

    // What is neither a time nor seconds since 1970 is now.
    private static GoTime TimeOf(GoCallContext context, GoValue value)
    {
        if (value.AsObject is GoTime time)
            return time;
        return value.Type == GoType.Int || value.Type == GoType.Int64 || value.Type == GoType.Int32
            ? new GoTime(value.IntValue, 0, GoLocation.Local(context.Time.LocalTimeZone))
            : GoTime.Now(context.Time);
    }

    private static GoValue Format(GoCallContext context, GoValue layout, GoValue date, string zone)
    {
        string text = layout.AsString!;
        context.Charge(text.Length);
        GoLocation location = GoLocation.Load(zone, context.Time.LocalTimeZone) ?? GoLocation.Utc;
        return TimeOf(context, date).In(location).Format(text);
    }

    private static GoValue Modify(ReadOnlySpan<GoValue> a, bool must)
    {
        string? error = GoDuration.Parse(a[0].AsString!, out long nanoseconds);
        if (error is null)
            return GoValue.Object(((GoTime)a[1].AsObject!).Add(nanoseconds));
        return must ? throw new GoFunctionException(error) : a[1];
    }

    private static GoValue Parse(GoCallContext context, ReadOnlySpan<GoValue> a, bool must)
    {
        GoLocation local = GoLocation.Local(context.Time.LocalTimeZone);
        string? error = GoLayout.Parse(a[0].AsString!, a[1].AsString!, local, out GoTime time);
        return must && error is not null ? throw new GoFunctionException(error) : GoValue.Object(time);
    }

    private static GoValue Ago(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        GoTime now = GoTime.Now(context.Time);
        GoTime then = a[0].Type == GoType.Int32 ? now : TimeOf(context, a[0]);
        return GoDuration.Format(GoDuration.Round(now.Since(then), GoDuration.Second));
    }

    private static GoValue Duration(GoValue value)
    {
        long seconds = 0;
        if (value.AsString is { } text)
            seconds = MathFunctions.ParseDecimal(text);
        else if (value.Type == GoType.Int64)
            seconds = value.IntValue;
        return GoDuration.Format(unchecked(seconds * GoDuration.Second));
    }

    // The largest unit that fits more than once.
    private static GoValue Round(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        long nanoseconds = 0;
        if (a[0].AsString is { } text)
            GoDuration.Parse(text, out nanoseconds);
        else if (a[0].Type == GoType.Int64)
            nanoseconds = a[0].IntValue;
        else if (a[0].AsObject is GoTime time)
            nanoseconds = GoTime.Now(context.Time).Since(time);
        ulong d = nanoseconds < 0 ? unchecked((ulong)-nanoseconds) : (ulong)nanoseconds;
        const ulong Hour = GoDuration.Hour, Day = 24 * Hour;
        (ulong Unit, string Name)[] units =
        [
            (365 * Day, "y"), (30 * Day, "mo"), (Day, "d"), (Hour, "h"), (GoDuration.Minute, "m"), (GoDuration.Second, "s"),
        ];
        foreach ((ulong unit, string name) in units)
        {
            if (d > unit)
                return (d / unit).ToString(CultureInfo.InvariantCulture) + name;
        }

        return "0s";
    }
}
