namespace HelmLifecycle.Cli;

/// <summary>A verb of the command line: its words, its flags and what it does.</summary>
internal abstract class Command
{
    private readonly List<Flag> _flags = [];
    private readonly List<Command> _commands = [];

    protected Command(string use, string summary)
    {
        Use = use;
        Summary = summary;
    }

    /// <summary>The usage after the name: <c>install [NAME] [CHART]</c>.</summary>
    public string Use { get; }

    public string Summary { get; }

    /// <summary>What help says at length; the summary when left out.</summary>
    public virtual string Long => Summary;

    public string Name => Use.Split(' ')[0];

    public virtual IReadOnlyList<string> Aliases => [];

    public Command? Parent { get; private set; }

    public IReadOnlyList<Flag> Flags => _flags;

    public virtual IReadOnlyList<Command> Commands => _commands;

    /// <summary>The command below this one that goes by a word.</summary>
    public virtual Command? Find(string word)
    {
        foreach (Command command in Commands)
        {
            if (command.Name == word || command.Aliases.Contains(word))
                return command;
        }

        return null;
    }

    public string FullName => Parent is null ? Name : $"{Parent.FullName} {Name}";

    public virtual bool CanRun => true;

    /// <summary>Checks how many arguments there are, in helm's words.</summary>
    public virtual void CheckArguments(IReadOnlyList<string> arguments)
    {
    }

    public abstract Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct);

    /// <summary>What may stand at the place of the word that is being typed; for shell completion.</summary>
    public virtual Task<IReadOnlyList<string>> CompleteAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    protected void Add(params ReadOnlySpan<Command> commands)
    {
        foreach (Command command in commands)
        {
            Adopt(command);
            _commands.Add(command);
        }
    }

    /// <summary>Makes a command one below this, without listing it.</summary>
    protected void Adopt(Command command) => command.Parent = this;

    protected T Add<T>(T flag)
        where T : Flag
    {
        _flags.Add(flag);
        return flag;
    }

    protected BoolFlag Bool(string name, string usage, char shorthand = '\0', bool value = false) => Add(BoolFlag.Make(name, usage, shorthand, value));

    protected TextFlag Text(string name, string usage, string value = "", char shorthand = '\0') => Add(new TextFlag(name, usage, value, shorthand));

    protected IntFlag Int(string name, string usage, int value = 0, char shorthand = '\0') => Add(new IntFlag(name, usage, value, shorthand));

    protected void Exactly(IReadOnlyList<string> arguments, int count)
    {
        if (arguments.Count != count)
            throw Wrong(count == 0 ? "accepts no arguments" : $"requires {count} {Plural(count)}");
    }

    protected void AtLeast(IReadOnlyList<string> arguments, int count)
    {
        if (arguments.Count < count)
            throw Wrong($"requires at least {count} {Plural(count)}");
    }

    protected void AtMost(IReadOnlyList<string> arguments, int count)
    {
        if (arguments.Count > count)
            throw Wrong(count == 0 ? "accepts no arguments" : $"accepts at most {count} {Plural(count)}");
    }

    private static string Plural(int count) => count == 1 ? "argument" : "arguments";

    private UsageException Wrong(string what) => new($"\"{FullName}\" {what}\n\nUsage:  {HelpText.UseLine(this)}");
}

/// <summary>A verb that only groups others: <c>get</c>, <c>repo</c>.</summary>
internal class CommandGroup : Command
{
    public CommandGroup(string use, string summary, params ReadOnlySpan<Command> commands)
        : base(use, summary) => Add(commands);

    public override bool CanRun => false;

    public override Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        session.Out.Write(HelpText.Of(this));
        return Task.FromResult(0);
    }
}
