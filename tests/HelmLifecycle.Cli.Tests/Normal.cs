using System.Text.RegularExpressions;

namespace HelmLifecycle.Cli.Tests;

/// <summary>Takes out of a text what differs from run to run, and what Helm 4 prints otherwise than Helm 3.</summary>
internal static partial class Normal
{
    public static string Text(string text, bool helm3)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        text = Rfc3339().Replace(text, "<time>");
        text = GoDefault().Replace(text, "<time>");
        text = Ansic().Replace(text, "<time>");
        text = text.Replace("\"<time>\"", "<time>", StringComparison.Ordinal);
        text = Age().Replace(text, " <age>\n");
        text = Server().Replace(text, "$1<server>");
        text = Generated().Replace(text, "-<id> ");
        text = ClusterAddress().Replace(text, "<clusterIP>");
        text = text.Replace("\"<uid>\"", "<server>", StringComparison.Ordinal).Replace("\"<rv>\"", "<server>", StringComparison.Ordinal);
        text = text.Replace("<uid>", "<server>", StringComparison.Ordinal).Replace("<rv>", "<server>", StringComparison.Ordinal);
        text = Blanks().Replace(text, " ");
        text = BlankBeforeTab().Replace(text, "$1");
        text = Resources().Replace(text, m => string.Join("==>", m.Value.Split("==>").Order(StringComparer.Ordinal)));
        if (!helm3)
            return text;
        // Helm 4 shows the description, leaves times out that are not set, and says how objects were applied.
        text = Description().Replace(text, "");
        text = ResourcesOfHelm4().Replace(text, "");
        text = Helm3Only().Replace(text, "");
        return Helm4Only().Replace(text, "");
    }

    /// <summary>Deprecated flags, and the text from <c>Error:</c> on, with this program's name, in helm's way of writing. Lines of helm's log are not its sentence.</summary>
    public static string Error(string text, bool helm3)
    {
        string flags = string.Concat(text.Split('\n').Where(l => l.StartsWith("Flag --", StringComparison.Ordinal)).Select(l => l + "\n"));
        int at = text.StartsWith("Error: ", StringComparison.Ordinal) ? 0 : text.IndexOf("\nError: ", StringComparison.Ordinal) + 1;
        if (!text[at..].StartsWith("Error: ", StringComparison.Ordinal))
            return helm3 ? "" : flags;
        text = (helm3 ? "" : flags) + text[at..].Replace("\"helm ", "\"hlc ", StringComparison.Ordinal).Replace("Usage:  helm ", "Usage:  hlc ", StringComparison.Ordinal).TrimEnd();
        if (helm3)
        {
            // Helm 4 begins its sentences with small letters and words these otherwise.
            text = text.ToLowerInvariant()
                .Replace("cannot re-use", "cannot reuse", StringComparison.Ordinal)
                .Replace("release name check failed: ", "", StringComparison.Ordinal)
                .Replace("suplied", "supplied", StringComparison.Ordinal);
        }

        return text;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} [A-Z+-]\w+")]
    private static partial Regex GoDefault();

    [GeneratedRegex(@"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}")]
    private static partial Regex Ansic();

    [GeneratedRegex(@" +(\d+[smhd]){1,2}\n")]
    private static partial Regex Age();

    [GeneratedRegex("(?:-[a-z0-9]{8,10})?-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|<id>) ")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\b10\.\d+\.\d+\.\d+\b")]
    private static partial Regex ClusterAddress();

    [GeneratedRegex("(\"?(?:uid|resourceVersion)\"?: ?)\"?[0-9a-f-]+\"?")]
    private static partial Regex Server();

    // Helm prints the kinds in any order.
    [GeneratedRegex("(?<=^RESOURCES:\n)(==> (.+\n)+\n)+", RegexOptions.Multiline)]
    private static partial Regex Resources();

    [GeneratedRegex("^RESOURCES:\n(==> (.+\n)+\n)+\n", RegexOptions.Multiline)]
    private static partial Regex ResourcesOfHelm4();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(" +([\t\n])")]
    private static partial Regex BlankBeforeTab();

    [GeneratedRegex("^DESCRIPTION: .*\n", RegexOptions.Multiline)]
    private static partial Regex Description();

    [GeneratedRegex("""\"(deleted|started_at|completed_at)":"",?|^ *(- )?(deleted|started_at|completed_at): ""\n""", RegexOptions.Multiline)]
    private static partial Regex Helm3Only();

    [GeneratedRegex("""^(ANNOTATIONS|LABELS|DEPENDENCIES|APPLY_METHOD):.*\n|,"applyMethod":"[a-z]*"|,"apply_method":"[a-z]*"|^apply_?[mM]ethod: .*\n|"schemamodtime":<time>,|^ *schemamodtime: .*\n|"annotations":\{[^{}]*\},(?="namespace":)|^annotations:\n( .*\n)+""", RegexOptions.Multiline)]
    private static partial Regex Helm4Only();
}
