namespace HelmLifecycle.Templates;

/// <summary>The functions of Go's text/template itself.</summary>
internal static class BuiltinFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
