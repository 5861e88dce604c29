namespace HelmLifecycle.Tests.Shared;

/// <summary>A program that users have beside the library and that some tests run: a server, kubectl, age, openssl.</summary>
internal static class RealPart
{
    /// <summary>Why a test is skipped: null where the part is here, and in CI, where a test without its part has to fail.</summary>
    public static string? SkipReason(bool isHere, string reason) => isHere || Environment.GetEnvironmentVariable("CI") == "true" ? null : reason;

    /// <summary>Whether a folder of PATH holds the program.</summary>
    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
