using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>What a piece of a layout stands for.</summary>
internal enum LayoutPart
{
    None,
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekDay,
    WeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    IsoZone,
    IsoSecondsZone,
    IsoShortZone,
    IsoColonZone,
    IsoColonSecondsZone,
    NumZone,
    NumSecondsZone,
    NumShortZone,
    NumColonZone,
    NumColonSecondsZone,
    /// <summary>A fraction of exactly so many digits.</summary>
    Fraction0,
    /// <summary>A fraction without the zeros at its end.</summary>
    Fraction9,
}

/// <summary>Go's date layouts, written as the reference time <c>Mon Jan 2 15:04:05 MST 2006</c>: formatting.</summary>
internal static partial class GoLayout
{
    internal static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    internal static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Zones = ["070000", "07:00:00", "0700", "07:00", "07"];

    private static readonly LayoutPart[] NumZones =
    [
        LayoutPart.NumSecondsZone, LayoutPart.NumColonSecondsZone, LayoutPart.NumZone, LayoutPart.NumColonZone, LayoutPart.NumShortZone,
    ];

    private static readonly LayoutPart[] IsoZones =
    [
        LayoutPart.IsoSecondsZone, LayoutPart.IsoColonSecondsZone, LayoutPart.IsoZone, LayoutPart.IsoColonZone, LayoutPart.IsoShortZone,
    ];

    /// <summary>Finds the next piece of a layout that stands for something.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="start">Where the piece starts; the length of the layout when there is none.</param>
    /// <param name="end">Where the rest starts.</param>
    internal static LayoutPart Next(ReadOnlySpan<char> layout, out int start, out int end)
    {
        for (int i = 0; i < layout.Length; i++)
        {
            (LayoutPart part, int length) = At(layout, i);
            if (part == LayoutPart.None)
                continue;
            // "_2006" is an underscore and a year.
            start = part == LayoutPart.LongYear && layout[i] == '_' ? i + 1 : i;
            end = i + length;
            return part;
        }

        start = end = layout.Length;
        return LayoutPart.None;
    }

    private static (LayoutPart Part, int Length) At(ReadOnlySpan<char> layout, int i)
    {
        ReadOnlySpan<char> rest = layout[i..];
        switch (rest[0])
        {
            case 'J':
                if (rest.StartsWith("January"))
                    return (LayoutPart.LongMonth, 7);
                return rest.StartsWith("Jan") && !StartsWithLower(rest[3..]) ? (LayoutPart.Month, 3) : default;
            case 'M':
                if (rest.StartsWith("Monday"))
                    return (LayoutPart.LongWeekDay, 6);
                if (rest.StartsWith("Mon") && !StartsWithLower(rest[3..]))
                    return (LayoutPart.WeekDay, 3);
                return rest.StartsWith("MST") ? (LayoutPart.ZoneName, 3) : default;
            case '0':
                if (rest.Length >= 2 && rest[1] is >= '1' and <= '6')
                {
                    LayoutPart part = rest[1] switch
                    {
                        '1' => LayoutPart.ZeroMonth,
                        '2' => LayoutPart.ZeroDay,
                        '3' => LayoutPart.ZeroHour12,
                        '4' => LayoutPart.ZeroMinute,
                        '5' => LayoutPart.ZeroSecond,
                        _ => LayoutPart.Year,
                    };
                    return (part, 2);
                }

                return rest.StartsWith("002") ? (LayoutPart.ZeroYearDay, 3) : default;
            case '1':
                return rest.StartsWith("15") ? (LayoutPart.Hour, 2) : (LayoutPart.NumMonth, 1);
            case '2':
                return rest.StartsWith("2006") ? (LayoutPart.LongYear, 4) : (LayoutPart.Day, 1);
            case '_':
                if (rest.StartsWith("_2006"))
                    return (LayoutPart.LongYear, 5);
                if (rest.StartsWith("_2"))
                    return (LayoutPart.UnderDay, 2);
                return rest.StartsWith("__2") ? (LayoutPart.UnderYearDay, 3) : default;
            case '3':
                return (LayoutPart.Hour12, 1);
            case '4':
                return (LayoutPart.Minute, 1);
            case '5':
                return (LayoutPart.Second, 1);
            case 'P':
                return rest.StartsWith("PM") ? (LayoutPart.UpperPm, 2) : default;
            case 'p':
                return rest.StartsWith("pm") ? (LayoutPart.LowerPm, 2) : default;
            case '-' or 'Z':
                for (int z = 0; z < Zones.Length; z++)
                {
                    if (rest[1..].StartsWith(Zones[z]))
                        return (rest[0] == 'Z' ? IsoZones[z] : NumZones[z], Zones[z].Length + 1);
                }

                return default;
            case '.' or ',':
                return Fraction(rest);
            default:
                return default;
        }
    }

    private static (LayoutPart Part, int Length) Fraction(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2 || rest[1] is not ('0' or '9'))
            return default;
        int end = 1;
        while (end < rest.Length && rest[end] == rest[1])
            end++;
        if (end < rest.Length && char.IsAsciiDigit(rest[end]))
            return default;
        return (rest[1] == '0' ? LayoutPart.Fraction0 : LayoutPart.Fraction9, end);
    }

    private static bool StartsWithLower(ReadOnlySpan<char> text) => !text.IsEmpty && char.IsAsciiLetterLower(text[0]);

    /// <summary>Formats a time.</summary>
    internal static string Format(GoTime time, ReadOnlySpan<char> layout)
    {
        var text = new StringBuilder(layout.Length + 16);
        (int offset, string zone) = time.Zone;
        (long year, int month, int day) = time.Date;
        (int hour, int minute, int second) = time.Clock;
        while (true)
        {
            LayoutPart part = Next(layout, out int start, out int end);
            text.Append(layout[..start]);
            if (part == LayoutPart.None)
                return text.ToString();
            switch (part)
            {
                case LayoutPart.Year:
                    Append(text, Math.Max(year, 0) % 100, 2);
                    break;
                case LayoutPart.LongYear:
                    Append(text, year, 4);
                    break;
                case LayoutPart.Month:
                    text.Append(Months[month - 1], 0, 3);
                    break;
                case LayoutPart.LongMonth:
                    text.Append(Months[month - 1]);
                    break;
                case LayoutPart.NumMonth or LayoutPart.ZeroMonth:
                    Append(text, month, part == LayoutPart.ZeroMonth ? 2 : 0);
                    break;
                case LayoutPart.WeekDay:
                    text.Append(Days[time.WeekDay], 0, 3);
                    break;
                case LayoutPart.LongWeekDay:
                    text.Append(Days[time.WeekDay]);
                    break;
                case LayoutPart.Day or LayoutPart.ZeroDay:
                    Append(text, day, part == LayoutPart.ZeroDay ? 2 : 0);
                    break;
                case LayoutPart.UnderDay:
                    text.Append(CultureInfo.InvariantCulture, $"{day,2}");
                    break;
                case LayoutPart.UnderYearDay:
                    text.Append(CultureInfo.InvariantCulture, $"{time.YearDay,3}");
                    break;
                case LayoutPart.ZeroYearDay:
                    Append(text, time.YearDay, 3);
                    break;
                case LayoutPart.Hour:
                    Append(text, hour, 2);
                    break;
                case LayoutPart.Hour12 or LayoutPart.ZeroHour12:
                    Append(text, hour % 12 == 0 ? 12 : hour % 12, part == LayoutPart.ZeroHour12 ? 2 : 0);
                    break;
                case LayoutPart.Minute or LayoutPart.ZeroMinute:
                    Append(text, minute, part == LayoutPart.ZeroMinute ? 2 : 0);
                    break;
                case LayoutPart.Second or LayoutPart.ZeroSecond:
                    Append(text, second, part == LayoutPart.ZeroSecond ? 2 : 0);
                    break;
                case LayoutPart.UpperPm:
                    text.Append(hour >= 12 ? "PM" : "AM");
                    break;
                case LayoutPart.LowerPm:
                    text.Append(hour >= 12 ? "pm" : "am");
                    break;
                case LayoutPart.ZoneName:
                    if (zone.Length != 0)
                        text.Append(zone);
                    else
                        AppendZone(text, LayoutPart.NumZone, offset);
                    break;
                case LayoutPart.Fraction0 or LayoutPart.Fraction9:
                    AppendFraction(text, layout[start], end - start - 1, part == LayoutPart.Fraction9, time.Nanosecond);
                    break;
                default:
                    AppendZone(text, part, offset);
                    break;
            }

            layout = layout[end..];
        }
    }

    private static void Append(StringBuilder text, long number, int width)
    {
        if (number < 0)
        {
            text.Append('-');
            number = -number;
        }

        text.Append(number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'));
    }

    private static void AppendZone(StringBuilder text, LayoutPart part, int offset)
    {
        if (offset == 0 && Array.IndexOf(IsoZones, part) >= 0)
        {
            text.Append('Z');
            return;
        }

        bool colon = part is LayoutPart.IsoColonZone or LayoutPart.NumColonZone or LayoutPart.IsoColonSecondsZone
            or LayoutPart.NumColonSecondsZone;
        int minutes = Math.Abs(offset / 60);
        text.Append(offset / 60 < 0 ? '-' : '+');
        Append(text, minutes / 60, 2);
        if (part is LayoutPart.IsoShortZone or LayoutPart.NumShortZone)
            return;
        if (colon)
            text.Append(':');
        Append(text, minutes % 60, 2);
        if (part is not (LayoutPart.IsoSecondsZone or LayoutPart.NumSecondsZone or LayoutPart.IsoColonSecondsZone
            or LayoutPart.NumColonSecondsZone))
            return;
        if (colon)
            text.Append(':');
        Append(text, Math.Abs(offset) % 60, 2);
    }

    private static void AppendFraction(StringBuilder text, char point, int digits, bool trim, int nanoseconds)
    {
        string fraction = nanoseconds.ToString("D9", CultureInfo.InvariantCulture);
        fraction = digits <= 9 ? fraction[..digits] : fraction;
        if (trim)
            fraction = fraction.TrimEnd('0');
        if (fraction.Length > 0)
            text.Append(point).Append(fraction);
    }

    /// <summary>Quotes a text for an error message, as Go's package time does.</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (byte b in GoString.ToBytes(text))
        {
            if (b is (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append((char)b);
            else if (b is >= 0x20 and < 0x80)
                quoted.Append((char)b);
            else
                quoted.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        return quoted.Append('"').ToString();
    }
}
