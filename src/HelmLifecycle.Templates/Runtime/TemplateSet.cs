using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

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
    /// <summary>The name of the template that holds all others, as Helm's errors show it.</summary>
    internal const string RootName = "gotpl";

    internal static readonly Template Nothing = new("", new TemplateText("", ""), new ListNode(0, []));

    internal const string NoValue = "<no value>";
    private const int MaxKeptCharacters = 2_000_000;
    private const int MaxCachedTexts = 4096;
    private const int MaxCachedCharacters = 2_000_000;

    private readonly FunctionTable _functions;
    private readonly Dictionary<string, Template> _templates;
    private readonly ConcurrentDictionary<string, ParsedText> _texts = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<string, string> _cleanTexts = [];
    private int _cachedCharacters;
    private RenderState? _idle;

    private TemplateSet(FunctionTable functions, Dictionary<string, Template> templates)
    {
        _functions = functions;
        _templates = templates;
        Scope = new TemplateScope(null, templates);
    }

    internal TemplateScope Scope { get; }

    /// <summary>Parses templates, in order: a later <c>define</c> of a name replaces an earlier one unless it is empty.</summary>
    /// <exception cref="TemplateException">A text is no template; the message is Helm's <c>parse error at (file:line): ...</c>.</exception>
    public static TemplateSet Parse(IReadOnlyList<TemplateSource> sources, TemplateSetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        FunctionTable functions = options?.Functions ?? FunctionTable.Helm;
        var templates = new Dictionary<string, Template>(StringComparer.Ordinal);
        foreach (TemplateSource source in sources)
        {
            try
            {
                foreach (Template template in Parser.Parse(source.Name, source.Text, functions).Named)
                {
                    if (!template.IsEmpty || !templates.ContainsKey(template.Name))
                        templates[template.Name] = template;
                }
            }
            catch (ParseException e)
            {
                throw ParseFailed(e);
            }
        }

        return new TemplateSet(functions, templates);
    }

    /// <summary>Whether there is a template of this name.</summary>
    public bool Contains(string name) => _templates.ContainsKey(name);

    /// <summary>Executes a template.</summary>
    /// <param name="name">The name of a source, or one that a source defines.</param>
    /// <param name="data">What <c>.</c> and <c>$</c> are at the start.</param>
    /// <param name="options">Services and limits.</param>
    /// <param name="cancellationToken">Ends the execution early.</param>
    /// <returns>Its text without <c>&lt;no value&gt;</c>, as Helm takes it out.</returns>
    /// <exception cref="TemplateException">The execution failed; the message is Helm's.</exception>
    /// <exception cref="TemplateLimitException">The budget of the options was used up.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string Execute(string name, GoValue data, RenderOptions? options = null, CancellationToken cancellationToken = default) =>
        Render(name, data, options, cancellationToken).ToString();

    /// <summary>Executes a template as <see cref="Execute"/> does, without copying long texts of it together.</summary>
    /// <inheritdoc cref="Execute"/>
    public RenderedText Render(string name, GoValue data, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_templates.TryGetValue(name, out Template? template))
            throw new TemplateException(new NotAssociated(name).Message) { TemplateName = name };
        if (template.StaticText is { } text && IsClean(text))
            return new RenderedText(text);
        RenderState state = Interlocked.Exchange(ref _idle, null) ?? new RenderState(this);
        try
        {
            state.Start(options ?? RenderOptions.Default, cancellationToken);
            RenderedText rendered = state.ExpandMain(template, data);
            state.Stop();
            // Only a state that ended well is used again, and only when it does not keep much.
            if (state.Output.Capacity <= MaxKeptCharacters)
                Volatile.Write(ref _idle, state);
            return rendered;
        }
        catch (ExecutionFailure e)
        {
            throw e.ToTemplateException();
        }
        catch (InsufficientExecutionStackException)
        {
            throw DeepStack.Exhausted();
        }
    }

    internal bool IsClean(string text)
    {
        // Texts of templates live as long as the set; the set of those known to be clean does not keep others alive.
        if (_cleanTexts.TryGetValue(text, out _))
            return true;
        if (!RenderBuffer.IsClean(text))
            return false;
        _cleanTexts.TryAdd(text, text);
        return true;
    }

    /// <summary>Parses a text for <c>tpl</c>. Charts give it the same few texts again and again, so they are kept.</summary>
    internal ParsedText ParseText(string text)
    {
        if (_texts.TryGetValue(text, out ParsedText? parsed))
            return parsed;
        parsed = Parser.Parse(RootName, text, _functions);
        if (text.Length > MaxCachedCharacters / 8)
            return parsed;
        if (_texts.Count >= MaxCachedTexts || Interlocked.Add(ref _cachedCharacters, text.Length) > MaxCachedCharacters)
        {
            _texts.Clear();
            Interlocked.Exchange(ref _cachedCharacters, 0);
        }

        return _texts.GetOrAdd(text, parsed);
    }

    internal static string WithoutNoValue(string text) =>
        text.Contains(NoValue, StringComparison.Ordinal) ? text.Replace(NoValue, "", StringComparison.Ordinal) : text;

    // Helm keeps the place and the last part of Go's message, wherever a colon stands in it.
    private static TemplateException ParseFailed(ParseException e)
    {
        string[] parts = e.Message.Split(": ");
        return new TemplateException($"parse error at ({parts[1]}): {parts[^1]}", e) { TemplateName = e.File, Line = e.Line };
    }
}
