using System.Globalization;

namespace HelmLifecycle.Charts;

internal static partial class SchemaFormats
{
    private static string? Date(string text)
    {
        if (text.Length != 10 || text[4] != '-' || text[7] != '-' || !Digits(text.AsSpan(0, 4)) || !Digits(text.AsSpan(5, 2)) || !Digits(text.AsSpan(8, 2)))
            return $"parsing time \"{text}\" as \"2006-01-02\": cannot parse \"{text}\" as \"2006\"";
        int year = int.Parse(text.AsSpan(0, 4), CultureInfo.InvariantCulture);
        int month = int.Parse(text.AsSpan(5, 2), CultureInfo.InvariantCulture);
        int day = int.Parse(text.AsSpan(8, 2), CultureInfo.InvariantCulture);
        if (month is < 1 or > 12)
            return $"parsing time \"{text}\": month out of range";
        // The year 0 is a leap year to Go, and none to .NET.
        return day < 1 || day > System.DateTime.DaysInMonth(year == 0 ? 4 : year, month) ? $"parsing time \"{text}\": day out of range" : null;
    }

    private static bool Digits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static string? Time(string text)
    {
        if (text.Length < 9)
            return "less than 9 characters long";
        if (text[2] != ':' || text[5] != ':')
            return "missing colon in correct place";
        if (!Digits(text.AsSpan(0, 2)) || !Digits(text.AsSpan(3, 2)) || !Digits(text.AsSpan(6, 2)))
            return "invalid hour/min/sec";
        int hour = int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture);
        int minute = int.Parse(text.AsSpan(3, 2), CultureInfo.InvariantCulture);
        int second = int.Parse(text.AsSpan(6, 2), CultureInfo.InvariantCulture);
        if (hour > 23 || minute > 59 || second > 60)
            return "hour/min/sec out of range";
        string rest = text[8..];
        if (rest.StartsWith('.'))
        {
            int digits = rest.Skip(1).TakeWhile(char.IsAsciiDigit).Count();
            if (digits == 0)
                return "no digits in second fraction";
            rest = rest[(digits + 1)..];
        }

        if (rest is not ("z" or "Z"))
        {
            if (rest.Length != 6)
                return "offset must be 6 characters long";
            if (rest[0] is not ('+' or '-'))
                return "offset must begin with plus/minus";
            if (rest[3] != ':')
                return "missing colon in offset in correct place";
            if (!Digits(rest.AsSpan(1, 2)) || !Digits(rest.AsSpan(4, 2)))
                return "invalid hour/min in offset";
            int hours = int.Parse(rest.AsSpan(1, 2), CultureInfo.InvariantCulture);
            int minutes = int.Parse(rest.AsSpan(4, 2), CultureInfo.InvariantCulture);
            if (hours > 23 || minutes > 59)
                return "hour/min in offset out of range";
            int offset = (hours * 60 + minutes) * (rest[0] == '+' ? -1 : 1);
            int total = (hour * 60 + minute + offset + 24 * 60) % (24 * 60);
            (hour, minute) = (total / 60, total % 60);
        }

        return second >= 60 && (hour != 23 || minute != 59) ? "invalid leap second" : null;
    }

    private static string? DateTime(string text)
    {
        if (text.Length < 20)
            return "less than 20 characters long";
        if (text[10] is not ('t' or 'T'))
            return "11th character must be t or T";
        return Within("invalid date element", Date(text[..10])) ?? Within("invalid time element", Time(text[11..]));
    }

    private static string? UriText(string text, bool international, bool reference)
    {
        if (!international)
        {
            if (text.Any(c => c > 0x7F))
                return "has unescaped non-ASCII characters";
            if (text.AsSpan().IndexOfAny("<>\" {}|\\^`") >= 0)
                return "has illegal ASCII characters";
        }

        if (ParseUrl(text, out bool absolute) is { } problem)
            return problem;
        return reference || absolute ? null : "relative url";
    }

    // What Go's url.Parse refuses.
    private static string? ParseUrl(string text, out bool absolute)
    {
        absolute = false;
        string Wrong(string why) => $"parse \"{text}\": {why}";
        if (text.Any(c => c is < ' ' or '\u007F'))
            return $"parse \"{text}\": net/url: invalid control character in URL";
        string rest = text.Split('#', 2)[0];
        for (int i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return Wrong($"invalid URL escape \"{text.Substring(i, Math.Min(3, text.Length - i))}\"");
        }

        int colon = rest.IndexOf(':');
        int slash = rest.AsSpan().IndexOfAny('/', '?');
        if (colon == 0)
            return Wrong("missing protocol scheme");
        if (colon > 0 && (slash < 0 || colon < slash))
        {
            string scheme = rest[..colon];
            if (char.IsAsciiLetter(scheme[0]) && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
            {
                absolute = true;
                rest = rest[(colon + 1)..];
            }
            else
            {
                return Wrong("first path segment in URL cannot contain colon");
            }
        }

        if (!rest.StartsWith("//", StringComparison.Ordinal))
            return null;
        int end = rest.AsSpan(2).IndexOfAny('/', '?');
        string authority = end < 0 ? rest[2..] : rest.Substring(2, end);
        string host = authority[(authority.LastIndexOf('@') + 1)..];
        if (authority.Length != host.Length && authority.AsSpan(0, authority.Length - host.Length - 1).IndexOfAny("[]") >= 0)
            return Wrong("net/url: invalid userinfo");
        if (host.StartsWith('['))
        {
            int close = host.LastIndexOf(']');
            if (close < 0)
                return Wrong("missing ']' in host");
            string port = host[(close + 1)..];
            if (port.Length > 0 && (port[0] != ':' || !Digits(port.AsSpan(1))))
                return Wrong($"invalid port \"{port}\" after host");
            return Within("invalid ipv6 address", Ipv6(host[1..close]));
        }

        if (host.Contains(' ') || host.AsSpan().IndexOfAny("<>\"\\^`{|}") >= 0)
            return Wrong($"invalid character \"{host.First(c => " <>\"\\^`{|}".Contains(c))}\" in host name");
        int portAt = host.LastIndexOf(':');
        if (portAt >= 0 && !Digits(host.AsSpan(portAt + 1)))
            return Wrong($"invalid port \"{host[portAt..]}\" after host");
        return host.Count(c => c == ':') > 1 ? "ipv6 address not enclosed in brackets" : null;
    }

    private static string? UriTemplate(string text)
    {
        bool open = false;
        foreach (char c in text)
        {
            if (c is not ('{' or '}'))
                continue;
            if (c == '{' == open)
                return "nested curly braces";
            open = !open;
        }

        if (open)
            return "no matching closing brace";
        return ParseUrl(text.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), out _);
    }
}
