namespace HelmLifecycle.Templates;

/// <summary>A template to parse: a file of a chart.</summary>
/// <param name="Name">The name, such as <c>web/templates/deployment.yaml</c>.</param>
/// <param name="Text">The text.</param>
public readonly record struct TemplateSource(string Name, string Text);

/// <summary>How a set is parsed.</summary>
public sealed record TemplateSetOptions
{
    /// <summary>The functions that the templates may call. Helm's by default.</summary>
    public FunctionTable Functions { get; init; } = FunctionTable.Helm;
}

/// <summary>
/// Parsed templates that may call each other. It cannot be changed once made and may be executed by many threads at once.
/// </summary>
public sealed class TemplateSet
{
    private TemplateSet()
    {
    }

    /// <summary>Parses templates, in order: a later <c>define</c> of a name replaces an earlier one unless it is empty.</summary>
    /// <exception cref="TemplateException">A text is no template; the message is Helm's <c>parse error at (file:line): ...</c>.</exception>
    public static TemplateSet Parse(IReadOnlyList<TemplateSource> sources, TemplateSetOptions? options = null) =>
        throw new NotImplementedException();

    /// <summary>Whether there is a template of this name.</summary>
    public bool Contains(string name) => throw new NotImplementedException();

    /// <summary>Executes a template.</summary>
    /// <returns>Its text; outside strict mode without <c>&lt;no value&gt;</c>, as Helm takes it out.</returns>
    /// <exception cref="TemplateException">The execution failed; the message is Helm's.</exception>
    public string Execute(string name, GoValue data, RenderOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
