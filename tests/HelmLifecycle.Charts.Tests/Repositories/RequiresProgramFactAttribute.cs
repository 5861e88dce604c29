namespace HelmLifecycle.Charts.Tests;

/// <summary>A test that needs an installed program; skipped, with the reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresProgramFactAttribute : FactAttribute
{
    public RequiresProgramFactAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(p => !IsInstalled(p))];
        if (missing.Length > 0)
            Skip = "not installed: " + string.Join(", ", missing);
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
