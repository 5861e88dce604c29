namespace HelmLifecycle.Templates;

/// <summary>Helm's functions that steer a render: <c>include</c>, <c>tpl</c>, <c>required</c>, <c>fail</c>, <c>lookup</c>.</summary>
internal static class FlowFunctions
{
    internal static IEnumerable<GoFunction> All => [];
}
