namespace HelmLifecycle.Templates;

/// <summary>
/// One Go template, to be used without charts. It cannot be changed: <see cref="WithFunctions(GoFunction[])"/> and its kind give another
/// one. It may be rendered by many threads at once.
/// </summary>
/// <example>
/// <code>
/// GoTemplate hello = GoTemplate.Parse("Hello {{ .name | shout }}!").WithFunction("shout", (string s) => s.ToUpperInvariant() + "!");
/// string text = hello.Render(new GoMap { ["name"] = "Ada" });
/// </code>
/// </example>
public sealed class GoTemplate
{
    private readonly string _name;
    private readonly string _text;
    private readonly FunctionTable _functions;
    private readonly Lazy<TemplateSet> _set;

    private GoTemplate(string name, string text, FunctionTable functions)
    {
        _name = name;
        _text = text;
        _functions = functions;
        // A name that is no function yet is an error only when the template is used, so that functions can be added first.
        _set = new Lazy<TemplateSet>(() => TemplateSet.Parse([new TemplateSource(name, text)], new TemplateSetOptions { Functions = functions }));
    }

    /// <summary>The name, which errors show.</summary>
    public string Name => _name;

    /// <summary>
    /// Makes a template of a text, with the functions of Go's text/template. Call <see cref="Check"/> after adding functions to see
    /// errors early; without it they come at the first rendering.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name that errors show.</param>
    public static GoTemplate Parse(string text, string name = "template")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return new GoTemplate(name, text, FunctionTable.Builtins);
    }

    /// <summary>The same template with all of these functions instead, such as <see cref="FunctionTable.Sprig"/>.</summary>
    public GoTemplate WithFunctions(FunctionTable functions)
    {
        ArgumentNullException.ThrowIfNull(functions);
        return new GoTemplate(_name, _text, functions);
    }

    /// <summary>The same template with these functions added.</summary>
    public GoTemplate WithFunctions(params GoFunction[] functions) => WithFunctions(_functions.With(functions));

    /// <summary>The same template with a function without parameters added.</summary>
    public GoTemplate WithFunction(string name, Func<GoValue> function) => WithFunctions(GoFunction.Of(name, function));

    /// <summary>The same template with a function of one value added.</summary>
    public GoTemplate WithFunction(string name, Func<GoValue, GoValue> function) => WithFunctions(GoFunction.Of(name, function));

    /// <summary>The same template with a function of two values added; a piped value is the second.</summary>
    public GoTemplate WithFunction(string name, Func<GoValue, GoValue, GoValue> function) => WithFunctions(GoFunction.Of(name, function));

    /// <summary>The same template with a function of a text added; other arguments are errors.</summary>
    public GoTemplate WithFunction(string name, Func<string, string> function) => WithFunctions(GoFunction.Of(name, function));

    /// <summary>The same template with a function of two texts added; a piped value is the second.</summary>
    public GoTemplate WithFunction(string name, Func<string, string, string> function) => WithFunctions(GoFunction.Of(name, function));

    /// <summary>Parses the text now.</summary>
    /// <returns>This template.</returns>
    /// <exception cref="TemplateException">The text is no template, or calls a function that is not there.</exception>
    public GoTemplate Check()
    {
        _ = _set.Value;
        return this;
    }

    /// <summary>Renders the template.</summary>
    /// <param name="data">What <c>.</c> and <c>$</c> are at the start.</param>
    /// <param name="options">Services and limits; <see cref="RenderOptions.Default"/> when left out.</param>
    /// <param name="cancellationToken">Ends the rendering early.</param>
    /// <returns>
    /// The text. A value that is not there prints nothing, as in Helm, where Go prints <c>&lt;no value&gt;</c>.
    /// </returns>
    /// <exception cref="TemplateException">The text is no template, or its execution failed.</exception>
    /// <exception cref="TemplateLimitException">The budget of the options was used up.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string Render(GoValue data = default, RenderOptions? options = null, CancellationToken cancellationToken = default) =>
        _set.Value.Execute(_name, data, options, cancellationToken);
}
