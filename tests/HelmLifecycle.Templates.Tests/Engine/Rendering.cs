namespace HelmLifecycle.Templates.Tests.Engine;

/// <summary>Renders a text with the functions of charts that this room owns.</summary>
internal static class Rendering
{
    internal static string Render(string text, GoValue data = default, RenderOptions? options = null, CancellationToken ct = default) =>
        GoTemplate.Parse(text, "t").WithFunctions(FunctionTable.Builtins.With(FlowFunctions.All)).Render(data, options, ct);

    internal static string ErrorOf(string text, GoValue data = default, RenderOptions? options = null)
    {
        Action render = () => Render(text, data, options);
        return render.Should().Throw<TemplateException>().Which.Message;
    }

    internal static GoMap Data { get; } = new()
    {
        ["s"] = "text",
        ["n"] = 3.0,
        ["i"] = 7,
        ["nul"] = default(GoValue),
        ["list"] = GoValue.List("a", "b", 3.0),
        ["map"] = new GoMap { ["b"] = 2, ["a"] = 1, ["c"] = new GoMap { ["d"] = "deep" } },
    };
}
