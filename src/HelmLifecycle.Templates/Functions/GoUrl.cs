using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>A URL as Go's <c>net/url</c> takes it apart and puts it together.</summary>
internal sealed class GoUrl
{
    private enum Part
    {
        Path,
        User,
        Host,
        Zone,
        Fragment,
    }

    private sealed class UrlException(string message) : Exception(message);

    public string Scheme { get; set; } = "";
    public string Opaque { get; set; } = "";
    /// <summary>The user, and password, escaped; null when there is none.</summary>
    public string? User { get; set; }
    public string Host { get; set; } = "";
    /// <summary>The path without escapes.</summary>
    public string Path { get; set; } = "";
    public string Query { get; set; } = "";
    /// <summary>The fragment without escapes.</summary>
    public string Fragment { get; set; } = "";

    /// <summary>The host without port and brackets.</summary>
    public string HostName
    {
        get
        {
            string host = Host;
            int colon = host.LastIndexOf(':');
            if (colon >= 0 && IsOptionalPort(host.AsSpan(colon)))
                host = host[..colon];
            return host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        }
    }

    /// <summary>Takes a URL apart.</summary>
    /// <returns>Null when it is not valid; the error is Go's then.</returns>
    public static GoUrl? Parse(string text, out string? error)
    {
        error = null;
        int hash = text.IndexOf('#');
        string main = hash < 0 ? text : text[..hash];
        var url = new GoUrl();
        string at = main;
        try
        {
            url.ParseMain(main);
            at = text;
            url.Fragment = hash < 0 ? "" : Unescape(text[(hash + 1)..], Part.Fragment);
            return url;
        }
        catch (UrlException e)
        {
            error = $"parse {Strconv.Quote(at)}: {e.Message}";
            return null;
        }
    }

    private void ParseMain(string text)
    {
        if (text.Any(static c => c is < ' ' or '\x7f'))
            throw new UrlException("net/url: invalid control character in URL");
        string rest = text;
        int colon = SchemeEnd(text);
        if (colon > 0)
        {
            Scheme = text[..colon].ToLowerInvariant();
            rest = text[(colon + 1)..];
        }

        int query = rest.IndexOf('?');
        if (query >= 0)
        {
            Query = rest[(query + 1)..];
            rest = rest[..query];
        }

        if (!rest.StartsWith('/'))
        {
            if (Scheme.Length > 0)
            {
                Opaque = rest;
                return;
            }

            if (rest.AsSpan(0, rest.IndexOf('/') is >= 0 and var slash ? slash : rest.Length).Contains(':'))
                throw new UrlException("first path segment in URL cannot contain colon");
        }

        if (rest.StartsWith("//", StringComparison.Ordinal) && (Scheme.Length > 0 || !rest.StartsWith("///", StringComparison.Ordinal)))
        {
            int end = rest.IndexOf('/', 2);
            end = end < 0 ? rest.Length : end;
            ParseAuthority(rest[2..end]);
            rest = rest[end..];
        }

        Path = Unescape(rest, Part.Path);
    }

    private static int SchemeEnd(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiLetter(c) || (i > 0 && (char.IsAsciiDigit(c) || c is '+' or '-' or '.')))
                continue;
            if (c != ':')
                return -1;
            return i > 0 ? i : throw new UrlException("missing protocol scheme");
        }

        return -1;
    }

    private void ParseAuthority(string authority)
    {
        int at = authority.LastIndexOf('@');
        Host = ParseHost(authority[(at + 1)..]);
        if (at < 0)
            return;
        string user = authority[..at];
        foreach (char c in user)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-._:~!$&'()*+,;=%@".Contains(c))
                throw new UrlException("net/url: invalid userinfo");
        }

        int colon = user.IndexOf(':');
        User = colon < 0
            ? Escape(Unescape(user, Part.User), Part.User)
            : Escape(Unescape(user[..colon], Part.User), Part.User) + ":" + Escape(Unescape(user[(colon + 1)..], Part.User), Part.User);
    }

    private static string ParseHost(string host)
    {
        int open = host.LastIndexOf('[');
        if (open > 0)
            throw new UrlException("invalid IP-literal");
        if (open < 0)
        {
            int colon = host.LastIndexOf(':');
            if (colon >= 0)
                CheckPort(host[colon..]);
            return Unescape(host, Part.Host);
        }

        int close = host.LastIndexOf(']');
        if (close < 0)
            throw new UrlException("missing ']' in host");
        string port = host[(close + 1)..];
        CheckPort(port);
        string name = host[1..close];
        int zone = name.IndexOf("%25", StringComparison.Ordinal);
        name = zone < 0 ? Unescape(name, Part.Host) : Unescape(name[..zone], Part.Host) + Unescape(name[zone..], Part.Zone);
        string address = name.Contains('%') ? name[..name.IndexOf('%')] : name;
        if (!IPAddress.TryParse(address, out IPAddress? ip))
            throw new UrlException($"invalid host: ParseAddr({Strconv.Quote(name)}): unable to parse IP");
        if (ip.AddressFamily == AddressFamily.InterNetwork)
            throw new UrlException("invalid IP-literal");
        return "[" + name + "]" + port;
    }

    private static void CheckPort(string port)
    {
        if (!IsOptionalPort(port))
            throw new UrlException($"invalid port {Strconv.Quote(port)} after host");
    }

    private static bool IsOptionalPort(ReadOnlySpan<char> port) =>
        port.IsEmpty || (port[0] == ':' && port[1..].IndexOfAnyExceptInRange('0', '9') < 0);

    private static string Unescape(string text, Part part)
    {
        string bytes = GoBytes.Of(text);
        var result = new StringBuilder(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            char c = bytes[i];
            if (c != '%')
            {
                if (part is Part.Host or Part.Zone && c < 0x80 && MustEscape(c, part))
                    throw new UrlException($"invalid character {Strconv.Quote(c.ToString())} in host name");
                result.Append(c);
                continue;
            }

            string escape = GoBytes.From(bytes.Substring(i, Math.Min(3, bytes.Length - i)));
            if (i + 2 >= bytes.Length || !char.IsAsciiHexDigit(bytes[i + 1]) || !char.IsAsciiHexDigit(bytes[i + 2]))
                throw new UrlException("invalid URL escape " + Strconv.Quote(escape));
            char value = (char)byte.Parse(bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            // In a host only what is not ASCII may be escaped, and the sign before a zone.
            bool isForbidden = (part == Part.Host && value < 0x80) || (part == Part.Zone && value != ' ' && MustEscape(value, Part.Host));
            if (escape != "%25" && isForbidden)
                throw new UrlException("invalid URL escape " + Strconv.Quote(escape));
            result.Append(value);
            i += 2;
        }

        return GoBytes.From(result.ToString());
    }

    private static string Escape(string text, Part part)
    {
        var result = new StringBuilder(text.Length);
        foreach (char b in GoBytes.Of(text))
        {
            if (MustEscape(b, part))
                result.Append(CultureInfo.InvariantCulture, $"%{(int)b:X2}");
            else
                result.Append(b);
        }

        return result.ToString();
    }

    private static bool MustEscape(char c, Part part)
    {
        if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~')
            return false;
        bool isHost = part is Part.Host or Part.Zone;
        if (isHost && "!$&'()*+,;=:[]<>\"".Contains(c))
            return false;
        if ("$&+,/:;=?@".Contains(c))
        {
            return part switch
            {
                Part.Path => c == '?',
                Part.User => c is '@' or '/' or '?' or ':',
                Part.Fragment => false,
                _ => true,
            };
        }

        return part != Part.Fragment || !"!()*".Contains(c);
    }

    /// <summary>Puts the URL together.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Scheme.Length > 0)
            text.Append(Scheme).Append(':');
        if (Opaque.Length > 0)
            text.Append(Opaque);
        else
            AppendHostAndPath(text);
        if (Query.Length > 0)
            text.Append('?').Append(Query);
        if (Fragment.Length > 0)
            text.Append('#').Append(Escape(Fragment, Part.Fragment));
        return text.ToString();
    }

    private void AppendHostAndPath(StringBuilder text)
    {
        if (Scheme.Length > 0 || Host.Length > 0 || User is not null)
        {
            if (Host.Length > 0 || Path.Length > 0 || User is not null)
                text.Append("//");
            if (User is not null)
                text.Append(User).Append('@');
            text.Append(Escape(Host, Part.Host));
        }

        string path = Path == "*" ? "*" : Escape(Path, Part.Path);
        if (path.Length > 0 && path[0] != '/' && Host.Length > 0)
            text.Append('/');
        // A first segment with a colon would be taken for a scheme.
        if (text.Length == 0 && path.AsSpan(0, path.IndexOf('/') is >= 0 and var slash ? slash : path.Length).Contains(':'))
            text.Append("./");
        text.Append(path);
    }
}
