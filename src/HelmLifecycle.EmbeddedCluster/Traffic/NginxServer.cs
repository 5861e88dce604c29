using System.Globalization;
using System.Text;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Answers as nginx does from a configuration of <c>server</c> blocks with <c>listen</c>, <c>server_name</c>, <c>location</c>, <c>return</c>, <c>default_type</c> and <c>add_header Content-Type</c>.
/// Other directives are passed over.
/// </summary>
internal sealed class NginxServer
{
    private readonly List<Block> _servers;

    private NginxServer(List<Block> servers) => _servers = servers;

    /// <summary>The servers of a configuration file, or null when it holds none or cannot be read.</summary>
    public static NginxServer? TryParse(string text)
    {
        if (!text.Contains("server", StringComparison.Ordinal) || !text.Contains('{'))
        {
            return null;
        }

        int at = 0;
        List<Block>? blocks = ParseBlocks(text, ref at, 0);
        if (blocks is null)
        {
            return null;
        }

        List<Block> servers = [.. blocks.Concat(blocks.Where(b => b.Name == "http").SelectMany(b => b.Blocks)).Where(b => b.Name == "server")];
        return servers.Count > 0 ? new NginxServer(servers) : null;
    }

    /// <summary>The answer to a request, or null when no server listens on its port.</summary>
    public VirtualResponse? Respond(VirtualRequest request)
    {
        List<Block> listening = [.. _servers.Where(s => request.Port == 0 || Ports(s).Contains(request.Port))];
        if (listening.Count == 0)
        {
            return null;
        }

        Block server = listening.FirstOrDefault(s => s.Directive("server_name") is { } names && names.Contains(request.Host)) ?? listening[0];
        string path = request.Path.Split('?')[0];
        Block? location = Find(server, path);
        string type = location?.Directive("default_type")?[0] ?? server.Directive("default_type")?[0] ?? "text/plain";
        foreach (string[] header in (location?.All("add_header") ?? []).Concat(server.All("add_header")))
        {
            if (header.Length >= 2 && header[0].Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                type = header[1];
            }
        }

        string[]? answer = location?.Directive("return") ?? server.Directive("return");
        if (answer is null)
        {
            return location is null ? new VirtualResponse(404, "<html>\n<head><title>404 Not Found</title></head>\n</html>\n", "text/html") : new VirtualResponse(200, "", type);
        }

        bool coded = int.TryParse(answer[0], NumberStyles.None, CultureInfo.InvariantCulture, out int status);
        string body = coded ? string.Join(' ', answer.Skip(1)) : answer[0];
        return new VirtualResponse(coded ? status : 302, Expand(body, request, path), type);
    }

    private static Block? Find(Block server, string path)
    {
        Block? prefix = null;
        int longest = -1;
        foreach (Block location in server.Blocks.Where(b => b.Name == "location" && b.Arguments.Length > 0))
        {
            string mode = location.Arguments.Length > 1 ? location.Arguments[0] : "";
            string pattern = location.Arguments[^1];
            if (mode == "=" && pattern == path)
            {
                return location;
            }

            if (mode is "" or "^~" && path.StartsWith(pattern, StringComparison.Ordinal) && pattern.Length > longest)
            {
                (prefix, longest) = (location, pattern.Length);
            }
        }

        if (prefix?.Arguments[0] == "^~")
        {
            return prefix;
        }

        foreach (Block location in server.Blocks.Where(b => b.Name == "location" && b.Arguments.Length == 2 && b.Arguments[0] is "~" or "~*"))
        {
            if (PathPattern.Matches(location.Arguments[1], path, location.Arguments[0] == "~*"))
            {
                return location;
            }
        }

        return prefix;
    }

    private static IEnumerable<int> Ports(Block server)
    {
        bool any = false;
        foreach (string[] listen in server.All("listen"))
        {
            string port = listen[0][(listen[0].LastIndexOf(':') + 1)..];
            if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                any = true;
                yield return number;
            }
        }

        if (!any)
        {
            yield return 80;
        }
    }

    private static string Expand(string text, VirtualRequest request, string path) => !text.Contains('$') ? text : text
        .Replace("$request_uri", request.Path, StringComparison.Ordinal)
        .Replace("$uri", path, StringComparison.Ordinal)
        .Replace("$host", request.Host, StringComparison.Ordinal)
        .Replace("$request_method", request.Method, StringComparison.Ordinal);

    private static List<Block>? ParseBlocks(string text, ref int at, int depth)
    {
        var root = new Block("", []);
        return Parse(text, ref at, root, depth) ? root.Blocks : null;
    }

    private static bool Parse(string text, ref int at, Block into, int depth)
    {
        if (depth > 16)
        {
            return false;
        }

        var words = new List<string>();
        while (at < text.Length)
        {
            char c = text[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c == '#')
            {
                int end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
            }
            else if (c == ';')
            {
                at++;
                if (words.Count > 0)
                {
                    into.Directives.Add([.. words]);
                    words.Clear();
                }
            }
            else if (c == '{')
            {
                at++;
                if (words.Count == 0)
                {
                    return false;
                }

                var block = new Block(words[0], [.. words.Skip(1)]);
                words.Clear();
                if (!Parse(text, ref at, block, depth + 1))
                {
                    return false;
                }

                into.Blocks.Add(block);
            }
            else if (c == '}')
            {
                at++;
                return depth > 0 && words.Count == 0;
            }
            else
            {
                words.Add(Word(text, ref at));
            }
        }

        return depth == 0 && words.Count == 0;
    }

    private static string Word(string text, ref int at)
    {
        char quote = text[at] is '"' or '\'' ? text[at++] : '\0';
        var word = new StringBuilder();
        while (at < text.Length)
        {
            char c = text[at];
            if (quote != '\0' ? c == quote : char.IsWhiteSpace(c) || c is ';' or '{' or '}')
            {
                if (quote != '\0')
                {
                    at++;
                }

                break;
            }

            at++;
            if (c == '\\' && at < text.Length)
            {
                char escaped = text[at++];
                word.Append(escaped switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    '"' or '\'' or '\\' => escaped.ToString(),
                    _ => "\\" + escaped,
                });
            }
            else
            {
                word.Append(c);
            }
        }

        return word.ToString();
    }

    private sealed class Block(string name, string[] arguments)
    {
        public string Name => name;

        public string[] Arguments => arguments;

        public List<string[]> Directives { get; } = [];

        public List<Block> Blocks { get; } = [];

        public string[]? Directive(string directive) => All(directive).LastOrDefault();

        public IEnumerable<string[]> All(string directive) => Directives.Where(d => d[0] == directive && d.Length > 1).Select(d => d[1..]);
    }
}

/// <summary>Regular expressions of routes: unanchored or whole, and never at the mercy of a bad one.</summary>
internal static class PathPattern
{
    public static bool Matches(string pattern, string text, bool ignoreCase = false, bool whole = false)
    {
        try
        {
            var options = System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.CultureInvariant
                | (ignoreCase ? System.Text.RegularExpressions.RegexOptions.IgnoreCase : System.Text.RegularExpressions.RegexOptions.None);
            return System.Text.RegularExpressions.Regex.IsMatch(text, whole ? $"^(?:{pattern})$" : pattern, options);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
