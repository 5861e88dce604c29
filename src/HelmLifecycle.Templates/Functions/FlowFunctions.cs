namespace HelmLifecycle.Templates;

/// <summary>Helm's functions that steer a render: <c>include</c>, <c>tpl</c>, <c>required</c>, <c>fail</c>, <c>lookup</c>.</summary>
internal static class FlowFunctions
{
    // Helm marks the message of required and fail so, and shows nothing else of an error that holds the marks.
    internal const string MessageStart = "HELM_ERR_START";
    internal const string MessageEnd = "HELM_ERR_END";

    internal static IEnumerable<GoFunction> All =>
    [
        new("include", [GoParameter.String, GoParameter.Any],
            static (context, arguments) => context.Include(arguments[0].AsString!, arguments[1])),
        new("tpl", [GoParameter.String, GoParameter.Any],
            static (context, arguments) => context.ExpandText(arguments[0].AsString!, arguments[1])),
        new("required", [GoParameter.String, GoParameter.Any], Required),
        new("fail", [GoParameter.String],
            static (context, arguments) => context.LintMode ? "" : throw Failure(arguments[0].AsString!)),
        new("lookup", [GoParameter.String, GoParameter.String, GoParameter.String, GoParameter.String], Lookup),
        new("getHostByName", [GoParameter.String],
            static (context, arguments) => context.Dns?.Resolve(arguments[0].AsString!, context.CancellationToken) ?? ""),
    ];

    private static GoValue Required(GoCallContext context, ReadOnlySpan<GoValue> arguments)
    {
        GoValue value = arguments[1];
        if (!value.IsNil && value.AsString is not "")
            return value;
        return context.LintMode ? "" : throw Failure(arguments[0].AsString!);
    }

    private static GoValue Lookup(GoCallContext context, ReadOnlySpan<GoValue> arguments) => context.LintMode || context.Lookup is null
        ? new GoMap()
        : context.Lookup.Lookup(
            arguments[0].AsString!, arguments[1].AsString!, arguments[2].AsString!, arguments[3].AsString!, context.CancellationToken);

    private static GoFunctionException Failure(string message) => new(MessageStart + message + MessageEnd);
}
