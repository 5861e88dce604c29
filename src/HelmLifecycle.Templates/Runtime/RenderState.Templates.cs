namespace HelmLifecycle.Templates;

/// <summary>A template was named that is not there. Go gives this error a text like that of an execution but it is none.</summary>
internal sealed class NotAssociated(string name)
    : Exception($"template: no template {Strconv.Quote(name)} associated with template \"{TemplateSet.RootName}\"");

internal sealed partial class RenderState
{
    private const int MaxSameInclude = 1000;

    private string[] _included = new string[16];
    private int _includeDepth;

    public override string Include(string name, GoValue data)
    {
        if (_includeDepth > MaxSameInclude && _included.AsSpan(0, _includeDepth).Count(name) > MaxSameInclude)
            throw new GoFunctionException($"rendering template has a nested reference name: {name}: unable to execute template");
        if (!Scope.TryFind(name, out Template? template))
            throw new NotAssociated(name);
        if (template.StaticText is { } text)
            return text;
        if (_includeDepth == _included.Length)
            Array.Resize(ref _included, _included.Length * 2);
        _included[_includeDepth++] = name;
        string result = Expand(template, data);
        _includeDepth--;
        return result;
    }

    public override string ExpandText(string text, GoValue data)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
            return TemplateSet.WithoutNoValue(text);
        ParsedText parsed;
        try
        {
            parsed = _set.ParseText(text);
        }
        catch (ParseException e)
        {
            throw new GoFunctionException($"cannot parse template {Strconv.Quote(text)}: {e.Message}", e);
        }

        TemplateScope around = Scope;
        Scope = TemplateScope.Over(around, parsed);
        ExecutionFailure failure;
        try
        {
            string result = Expand(parsed.Main, data);
            Scope = around;
            return TemplateSet.WithoutNoValue(result);
        }
        catch (ExecutionFailure e)
        {
            failure = e;
        }

        throw new GoFunctionException($"error during tpl function execution for {Strconv.Quote(text)}: {failure.Message}", failure);
    }

    /// <summary>Executes a template and gives its text.</summary>
    internal string Expand(Template template, in GoValue data)
    {
        int start = Output.BeginCapture();
        int depth = _depth;
        _depth = 0;
        Execute(template, data);
        _depth = depth;
        string text = Output.EndCapture(start);
        Charge(text.Length);
        return GoString.Normalize(text);
    }

    /// <summary>Executes the template that the rendering is of.</summary>
    internal RenderedText ExpandMain(Template template, in GoValue data)
    {
        Execute(template, data);
        return Output.ToRenderedText();
    }

    /// <summary>Executes what <c>{{ template }}</c> names, writing to the same output.</summary>
    internal void ExecuteNested(string name, PipeNode? pipe)
    {
        if (!Scope.TryFind(name, out Template? template))
            throw Fail($"template {Strconv.Quote(name)} not defined");
        if (_depth == MaxTemplateDepth)
            throw Fail($"exceeded maximum template depth ({MaxTemplateDepth})");
        if (_depth >= _options.Budget.MaxDepth)
            throw new TemplateLimitException($"templates are nested more than {_options.Budget.MaxDepth} deep");
        GoValue data = pipe is null ? default : pipe.EvaluateHere(this);
        _depth++;
        Execute(template, data);
        _depth--;
    }

    private void Execute(Template template, in GoValue data)
    {
        Step();
        (Template outer, Node? node, GoValue dot, bool dotIsInterface) = (Template, Node, Dot, DotIsInterface);
        (int frame, int mark) = (_frame, _variableCount);
        _frame = _variableCount;
        PushVariable("$", data);
        Template = template;
        Node = null;
        Dot = data;
        DotIsInterface = false;
        if (TryEnter())
        {
            template.Root.Render(this);
            Leave();
        }
        else
        {
            OnLargeStack(static (state, root) => root.Render(state), template.Root);
        }

        (Template, Node, Dot, DotIsInterface) = (outer, node, dot, dotIsInterface);
        (_frame, _variableCount) = (frame, mark);
    }
}
