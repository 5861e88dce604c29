namespace HelmLifecycle.Charts.Tests;

/// <summary>A test that needs installed programs; skipped, with the reason, where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresProgramFactAttribute : FactAttribute
{
    public RequiresProgramFactAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(p => !RealPart.IsOnPath(p))];
        Skip = RealPart.SkipReason(missing.Length == 0, "not installed: " + string.Join(", ", missing));
    }
}
