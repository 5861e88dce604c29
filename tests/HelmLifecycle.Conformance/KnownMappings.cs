using System.Text.RegularExpressions;

namespace HelmLifecycle.Conformance;

/// <summary>
/// General rules by which an answer may differ from Helm's, because Helm's text holds an internal of Go that has no meaning here. Each has its reason.
/// </summary>
internal static partial class KnownMappings
{
    /// <summary>
    /// A pointer inside of a map prints as its address in memory, which differs from run to run in Helm too. (It does so in capitals after <c>upper</c>.)
    /// </summary>
    public static string WithoutAddresses(string text) => Address().Replace(text, "ADDRESS");

    [GeneratedRegex("0xc[0-9a-f]{9}", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
