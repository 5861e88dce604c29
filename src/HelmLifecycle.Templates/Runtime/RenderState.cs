namespace HelmLifecycle.Templates;

/// <summary>
/// The state of one execution: where it is, what dot and the variables are, and what has been written. Nodes render themselves
/// into it. A failure leaves it unusable until <see cref="Start"/>; nothing inside a template can catch one.
/// </summary>
internal sealed partial class RenderState : GoCallContext
{
    private const int StepsBetweenChecks = 4096;
    private const int MaxTemplateDepth = 100_000;

    private readonly TemplateSet _set;
    private RenderOptions _options = RenderOptions.Default;
    private CancellationToken _cancellation;
    private long _stepsLeft;
    private long _charactersLeft;
    private int _fuel;
    private int _depth;
    private Variable[] _variables = new Variable[16];
    private int _variableCount;
    private int _frame;

    internal RenderState(TemplateSet set)
    {
        _set = set;
        Output = new RenderBuffer(this);
        Scope = set.Scope;
        Template = TemplateSet.Nothing;
    }

    internal RenderBuffer Output { get; }

    /// <summary>The template being executed.</summary>
    internal Template Template { get; private set; }

    /// <summary>The node that an error now would be blamed on, by Go's rules.</summary>
    internal Node? Node { get; set; }

    internal GoValue Dot { get; set; }

    /// <summary>Whether dot came out of an <c>interface {}</c>, as items of lists do; Go names that type in errors.</summary>
    internal bool DotIsInterface { get; set; }

    internal bool Strict => _options.Strict;

    internal TemplateScope Scope { get; private set; }

    public override TimeProvider Time => _options.Time;

    public override IRandomSource Random => _options.Random;

    public override CancellationToken CancellationToken => _cancellation;

    public override IDnsResolver? Dns => _options.Dns;

    public override ILookup? Lookup => _options.Lookup;

    public override bool LintMode => _options.LintMode;

    /// <summary>Makes the state ready for an execution.</summary>
    internal void Start(RenderOptions options, CancellationToken cancellation)
    {
        _options = options;
        _cancellation = cancellation;
        _stepsLeft = options.Budget.MaxSteps;
        _charactersLeft = options.Budget.MaxOutput;
        _fuel = 0;
        _depth = 0;
        _levels = 0;
        _levelLimit = LevelsOnCallersStack;
        _largeStacks = 0;
        _includeDepth = 0;
        _argumentCount = 0;
        _variableCount = 0;
        _frame = 0;
        Scope = _set.Scope;
        Output.Reset();
        Node = null;
        Dot = default;
    }

    /// <summary>Lets go of what the execution held.</summary>
    internal void Stop()
    {
        _options = RenderOptions.Default;
        _cancellation = default;
        Array.Clear(_variables);
        Array.Clear(_arguments);
        Array.Clear(_included);
        Scope = _set.Scope;
        Template = TemplateSet.Nothing;
        Node = null;
        Dot = default;
        Output.Reset();
    }

    /// <summary>Counts a piece of work.</summary>
    internal void Step()
    {
        if (--_fuel < 0)
            Refuel();
    }

    private void Refuel()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_stepsLeft <= 0)
            throw new TemplateLimitException($"the template did more than {_options.Budget.MaxSteps} steps");
        _fuel = (int)Math.Min(StepsBetweenChecks, _stepsLeft);
        _stepsLeft -= _fuel;
    }

    public override void Charge(long characters)
    {
        if (characters <= 0)
            return;
        _charactersLeft -= characters;
        if (_charactersLeft < 0)
            throw TooMuchOutput();
        if (characters > 65536)
            _cancellation.ThrowIfCancellationRequested();
        Step();
    }

    internal long MaxOutput => _options.Budget.MaxOutput;

    /// <summary>See <see cref="RenderBuffer.IsClean"/>; long texts of templates are looked through once for all renderings.</summary>
    internal bool IsClean(string text) => _set.IsClean(text);

    internal TemplateLimitException TooMuchOutput() =>
        new($"the template made more than {_options.Budget.MaxOutput} characters");

    internal ExecutionFailure Fail(string reason, Exception? cause = null) => new(Template, Node, reason, cause);

    private struct Variable
    {
        internal string Name;
        internal GoValue Value;
        internal bool IsInterface;
    }

    internal int VariableMark => _variableCount;

    internal void PopVariables(int mark) => _variableCount = mark;

    internal void PushVariable(string name, in GoValue value)
    {
        if (_variableCount == _variables.Length)
            Array.Resize(ref _variables, _variables.Length * 2);
        ref Variable variable = ref _variables[_variableCount++];
        variable.Name = name;
        variable.Value = value;
        variable.IsInterface = false;
    }

    /// <summary>Sets the variable that was pushed last, or the one before it.</summary>
    internal void SetTopVariable(int fromTop, in GoValue value, bool isInterface)
    {
        ref Variable variable = ref _variables[_variableCount - fromTop];
        variable.Value = value;
        variable.IsInterface = isInterface;
    }

    internal void SetVariable(string name, in GoValue value, bool isInterface)
    {
        ref Variable variable = ref FindVariable(name);
        variable.Value = value;
        variable.IsInterface = isInterface;
    }

    internal GoValue GetVariable(string name, out bool isInterface)
    {
        ref Variable variable = ref FindVariable(name);
        isInterface = variable.IsInterface;
        return variable.Value;
    }

    private ref Variable FindVariable(string name)
    {
        for (int i = _variableCount - 1; i >= _frame; i--)
        {
            if (_variables[i].Name == name)
                return ref _variables[i];
        }

        throw Fail("undefined variable: " + name);
    }
}
