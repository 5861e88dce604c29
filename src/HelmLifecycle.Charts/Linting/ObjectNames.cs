using System.Text.RegularExpressions;

namespace HelmLifecycle.Charts;

/// <summary>The rules for names of objects, by kind, in the API server's words.</summary>
internal static partial class ObjectNames
{
    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string ServiceLabel =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character "
        + "(e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    /// <returns>What is wrong with the name; null when nothing.</returns>
    public static string? Problem(string kind, string name)
    {
        var problems = new List<string>();
        void Add(string text) => problems.Add($"metadata.name: Invalid value: \"{name}\": {text}");
        void Check(int length, Regex format, string words)
        {
            if (name.Length > length)
                Add($"must be no more than {length} characters");
            if (!format.IsMatch(name))
                Add(words);
        }

        switch (kind.ToLowerInvariant())
        {
            case "service":
                Check(63, ServiceFormat(), ServiceLabel);
                break;
            case "namespace":
                Check(63, LabelFormat(), Label);
                break;
            case "role" or "clusterrole" or "rolebinding" or "clusterrolebinding":
                if (name is "." or "..")
                    Add($"may not be '{name}'");
                foreach (char c in (ReadOnlySpan<char>)['/', '%'])
                {
                    if (name.Contains(c))
                        Add($"may not contain '{c}'");
                }

                break;
            case "certificatesigningrequest":
                break;
            default:
                Check(253, SubdomainFormat(), Subdomain);
                break;
        }

        return problems.Count switch { 0 => null, 1 => problems[0], _ => "[" + string.Join(", ", problems) + "]" };
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex SubdomainFormat();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex LabelFormat();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex ServiceFormat();
}
