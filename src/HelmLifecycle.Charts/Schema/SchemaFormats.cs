using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HelmLifecycle.Charts;

/// <summary>The formats that Helm's schema library knows, and its words for what does not fit. Other formats are not looked at.</summary>
internal static partial class SchemaFormats
{
    /// <summary>What is wrong with a text, or null.</summary>
    public static string? Check(string format, string text) => format switch
    {
        "json-pointer" => JsonPointer(text),
        "relative-json-pointer" => RelativeJsonPointer(text),
        "uuid" => Uuid(text),
        "duration" => Duration(text),
        "period" => Period(text),
        "ipv4" => Ipv4(text),
        "ipv6" => Ipv6(text),
        "hostname" => Hostname(text),
        "email" => Email(text),
        "date" => Date(text),
        "time" => Time(text),
        "date-time" => DateTime(text),
        "uri" => UriText(text, false, false),
        "iri" => UriText(text, true, false),
        "uri-reference" => UriText(text, false, true),
        "iri-reference" => UriText(text, true, true),
        "uri-template" => UriTemplate(text),
        "semver" => Semver(text),
        "regex" => Regex(text),
        _ => null,
    };

    private static string? Regex(string text)
    {
        try
        {
            GoRegex.Compile(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static string? JsonPointer(string text)
    {
        if (text.Length == 0)
            return null;
        if (text[0] != '/')
            return "not starting with /";
        for (int i = text.IndexOf('~'); i >= 0; i = text.IndexOf('~', i + 1))
        {
            if (i + 1 >= text.Length || text[i + 1] is not ('0' or '1'))
                return "~ must be followed by 0 or 1";
        }

        return null;
    }

    private static string? RelativeJsonPointer(string text)
    {
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (digits == 0)
            return "must start with non-negative integer";
        if (digits > 1 && text[0] == '0')
            return "starts with zero";
        return text[digits..] is "#" ? null : JsonPointer(text[digits..]);
    }

    private static string? Uuid(string text)
    {
        int[] lengths = [8, 4, 4, 4, 12];
        string[] groups = text.Split('-');
        if (groups.Length != lengths.Length)
            return "must have 5 elements";
        for (int i = 0; i < groups.Length; i++)
        {
            if (groups[i].Length != lengths[i])
                return $"element {i + 1} must be {lengths[i]} characters long";
            if (groups[i].FirstOrDefault(c => !char.IsAsciiHexDigit(c)) is var bad && bad != '\0')
                return $"non-hex character {SchemaText.Quote(bad.ToString())}";
        }

        return null;
    }

    private static string? Duration(string text)
    {
        if (!text.StartsWith('P'))
            return "must start with P";
        string rest = text[1..];
        if (rest.Length == 0)
            return "nothing after P";
        if (rest.EndsWith('W'))
            return rest.Length == 1 ? "no number in week" : rest[..^1].All(char.IsAsciiDigit) ? null : "invalid week";
        string[] parts = rest.Split('T');
        for (int i = 0; i < parts.Length; i++)
        {
            if (i != 0 && parts[i].Length == 0)
                return "no time elements";
            if (i > 1)
                return "more than one T";
            string all = i == 0 ? "YMD" : "HMS";
            string units = all;
            string part = parts[i];
            while (part.Length > 0)
            {
                int digits = part.TakeWhile(char.IsAsciiDigit).Count();
                if (digits == 0)
                    return "missing number";
                if (digits == part.Length)
                    return "missing unit";
                char unit = part[digits];
                int at = units.IndexOf(unit);
                if (at < 0)
                    return all.Contains(unit) ? $"unit {SchemaText.Quote(unit.ToString())} out of order" : $"invalid unit {SchemaText.Quote(unit.ToString())}";
                units = units[(at + 1)..];
                part = part[(digits + 1)..];
            }
        }

        return null;
    }

    private static string? Period(string text)
    {
        int slash = text.IndexOf('/');
        if (slash < 0)
            return "missing slash";
        (string start, string end) = (text[..slash], text[(slash + 1)..]);
        if (start.StartsWith('P'))
            return Within("invalid start duration", Duration(start)) ?? Within("invalid end date-time", DateTime(end));
        return Within("invalid start date-time", DateTime(start))
            ?? (end.StartsWith('P') ? Within("invalid end duration", Duration(end)) : Within("invalid end date-time", DateTime(end)));
    }

    private static string? Within(string what, string? problem) => problem is null ? null : $"{what}: {problem}";

    private static string? Ipv4(string text)
    {
        string[] groups = text.Split('.');
        if (groups.Length != 4)
            return "expected four decimals";
        foreach (string group in groups)
        {
            if (group.Length > 1 && group[0] == '0')
                return "leading zeros";
            if (group.Length == 0 || !group.All(char.IsAsciiDigit))
                return $"strconv.Atoi: parsing \"{group}\": invalid syntax";
            if (group.Length > 3 || int.Parse(group, CultureInfo.InvariantCulture) > 255)
                return "decimal must be between 0 and 255";
        }

        return null;
    }

    private static string? Ipv6(string text)
    {
        if (!text.Contains(':'))
            return "missing colon";
        if (text.Contains('%'))
            return "zone id is not a part of ipv6 address";
        bool plain = text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        // .NET takes more than four digits in a group, and forms of IPv4 that are none.
        if (plain && text.Split(':').All(g => g.Contains('.') ? Ipv4(g) is null : g.Length <= 4)
            && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return null;
        }

        return $"ParseAddr(\"{text}\"): unable to parse IP";
    }

    private static string? Hostname(string text)
    {
        if (text.EndsWith('.'))
            text = text[..^1];
        if (text.Length > 253)
            return "more than 253 characters long";
        foreach (string label in text.Split('.'))
        {
            if (label.Length is < 1 or > 63)
                return "label must be 1 to 63 characters long";
            if (label[0] == '-')
                return "label starts with hyphen";
            if (label[^1] == '-')
                return "label ends with hyphen";
            if (label.FirstOrDefault(c => !char.IsAsciiLetterOrDigit(c) && c != '-') is var bad && bad != '\0')
                return $"invalid character {SchemaText.Quote(bad.ToString())}";
        }

        return null;
    }

    private static string? Email(string text)
    {
        if (text.Length > 254)
            return "more than 255 characters long";
        int at = text.LastIndexOf('@');
        if (at < 0)
            return "missing @";
        (string local, string domain) = (text[..at], text[(at + 1)..]);
        if (local.Length > 64)
            return "local part more than 64 characters long";
        if (local.Length > 1 && local[0] == '"' && local[^1] == '"')
        {
            if (local.AsSpan(1, local.Length - 2).IndexOfAny('\\', '"') >= 0)
                return "backslash and quote are not allowed within quoted local part";
        }
        else if (LocalPart(local) is { } problem)
        {
            return problem;
        }

        if (domain.StartsWith('[') && domain.EndsWith(']'))
        {
            string address = domain[1..^1];
            return address.StartsWith("IPv6:", StringComparison.Ordinal)
                ? Within("invalid ipv6 address", Ipv6(address[5..]))
                : Within("invalid ipv4 address", Ipv4(address));
        }

        return Within("invalid domain", Hostname(domain));
    }

    private static string? LocalPart(string local)
    {
        if (local.StartsWith('.'))
            return "starts with dot";
        if (local.EndsWith('.'))
            return "ends with dot";
        if (local.Contains("..", StringComparison.Ordinal))
            return "consecutive dots";
        char bad = local.FirstOrDefault(c => !char.IsAsciiLetterOrDigit(c) && !".!#$%&'*+-/=?^_`{|}~".Contains(c));
        return bad == '\0' ? null : $"invalid character {SchemaText.Quote(bad.ToString())}";
    }

    private static string? Semver(string text)
    {
        // The grammar of semver.org: no leading v, nothing left out.
        string core = text.Split('+', 2)[0];
        string[] parts = core.Split('-', 2)[0].Split('.');
        if (parts.Length != 3)
            return "must have three dot separated numbers";
        return parts.All(p => p.Length > 0 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0')) && SemanticVersion.TryParse(text, out _)
            ? null
            : "invalid semantic version";
    }
}
