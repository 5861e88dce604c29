using System.Globalization;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// A cron line with five fields as robfig/cron's standard parser reads it: lists, ranges, steps, names, <c>@daily</c> and its like, <c>@every 5m</c>, and a leading <c>TZ=</c>.
/// </summary>
internal sealed class CronSchedule
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private ulong _minutes, _hours, _monthDays, _months, _weekDays;
    private bool _anyMonthDay, _anyWeekDay;
    private TimeSpan _every;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    /// <summary>Reads a line; null when it is not a schedule.</summary>
    public static CronSchedule? TryParse(string? text, string? timeZone)
    {
        string line = (text ?? "").Trim();
        var schedule = new CronSchedule();
        foreach (string prefix in (ReadOnlySpan<string>)["TZ=", "CRON_TZ="])
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                int space = line.IndexOf(' ', StringComparison.Ordinal);
                if (space < 0)
                {
                    return null;
                }

                timeZone = line[prefix.Length..space];
                line = line[space..].Trim();
                break;
            }
        }

        if (!string.IsNullOrEmpty(timeZone))
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out TimeZoneInfo? zone))
            {
                return null;
            }

            schedule._zone = zone;
        }

        if (line.StartsWith('@'))
        {
            if (line.StartsWith("@every ", StringComparison.Ordinal))
            {
                return PodTimes.ParseDuration(line[7..].Trim()) is { } every && every >= TimeSpan.FromSeconds(1) ? schedule.Each(every) : null;
            }

            line = line switch
            {
                "@yearly" or "@annually" => "0 0 1 1 *",
                "@monthly" => "0 0 1 * *",
                "@weekly" => "0 0 * * 0",
                "@daily" or "@midnight" => "0 0 * * *",
                "@hourly" => "0 * * * *",
                _ => "",
            };
        }

        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5
            || !Field(fields[0], 0, 59, null, 0, out schedule._minutes, out _)
            || !Field(fields[1], 0, 23, null, 0, out schedule._hours, out _)
            || !Field(fields[2], 1, 31, null, 0, out schedule._monthDays, out schedule._anyMonthDay)
            || !Field(fields[3], 1, 12, s_months, 1, out schedule._months, out _)
            || !Field(fields[4], 0, 7, s_days, 0, out schedule._weekDays, out schedule._anyWeekDay))
        {
            return null;
        }

        if ((schedule._weekDays & (1UL << 7)) != 0)
        {
            schedule._weekDays |= 1;
        }

        return schedule;
    }

    /// <summary>The first time after <paramref name="after"/>, or null when there is none within five years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_every > TimeSpan.Zero)
        {
            return after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)) + _every;
        }

        DateTime local = TimeZoneInfo.ConvertTime(after, _zone).DateTime;
        var time = new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, 0);
        time = time.AddMinutes(1);
        int lastYear = time.Year + 5;
        while (time.Year <= lastYear)
        {
            if (!Has(_months, time.Month))
            {
                time = new DateTime(time.Year, time.Month, 1).AddMonths(1);
            }
            else if (!DayMatches(time))
            {
                time = time.Date.AddDays(1);
            }
            else if (!Has(_hours, time.Hour))
            {
                time = time.Date.AddHours(time.Hour + 1);
            }
            else if (!Has(_minutes, time.Minute))
            {
                time = time.AddMinutes(1);
            }
            else if (_zone.IsInvalidTime(time))
            {
                time = time.AddHours(1);
            }
            else
            {
                return new DateTimeOffset(time, _zone.GetUtcOffset(time)).ToUniversalTime();
            }
        }

        return null;
    }

    private CronSchedule Each(TimeSpan every)
    {
        _every = every;
        return this;
    }

    private bool DayMatches(DateTime time)
    {
        bool month = Has(_monthDays, time.Day);
        bool week = Has(_weekDays, (int)time.DayOfWeek);
        return _anyMonthDay || _anyWeekDay ? month && week : month || week;
    }

    private static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;

    private static bool Field(string text, int min, int max, string[]? names, int nameBase, out ulong bits, out bool any)
    {
        bits = 0;
        any = false;
        foreach (string part in text.Split(','))
        {
            string[] stepped = part.Split('/');
            int step = 1;
            if (stepped.Length > 2 || (stepped.Length == 2 && (!int.TryParse(stepped[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1)))
            {
                return false;
            }

            int from, to;
            if (stepped[0] is "*" or "?")
            {
                (from, to) = (min, max);
                any |= stepped.Length == 1;
            }
            else
            {
                string[] range = stepped[0].Split('-');
                if (range.Length > 2 || !Value(range[0], names, nameBase, out from))
                {
                    return false;
                }

                to = stepped.Length == 2 && range.Length == 1 ? max : from;
                if (range.Length == 2 && !Value(range[1], names, nameBase, out to))
                {
                    return false;
                }
            }

            if (from < min || to > max || from > to)
            {
                return false;
            }

            for (int i = from; i <= to; i += step)
            {
                bits |= 1UL << i;
            }
        }

        return bits != 0;
    }

    private static bool Value(string text, string[]? names, int nameBase, out int value)
    {
        int index = names is null ? -1 : Array.IndexOf(names, text.ToLowerInvariant());
        value = index + nameBase;
        return index >= 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
