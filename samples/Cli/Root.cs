namespace HelmLifecycle.Cli;

/// <summary>The program's own command. A verb is built when it is asked for; all of them only for help and completion.</summary>
internal sealed class Root : CommandGroup
{
    private static readonly string[] s_verbs =
    [
        "install", "upgrade", "rollback", "uninstall", "list", "history", "status", "get", "template", "lint", "show", "package", "pull", "push", "repo", "registry",
        "search", "dependency", "test", "plan", "diff", "drift", "rollout", "export", "import", "completion", "version", "env",
    ];

    private bool _complete;

    public Root(GlobalFlags flags)
        : base("hlc", "The Helm package manager's command line, on HelmLifecycle")
    {
        foreach (Flag flag in flags.All)
            Add(flag);
    }

    public override IReadOnlyList<Command> Commands
    {
        get
        {
            if (!_complete)
            {
                _complete = true;
                foreach (string verb in s_verbs)
                    Add(Make(verb)!);
            }

            return base.Commands;
        }
    }

    public override Command? Find(string word)
    {
        if (_complete)
            return base.Find(word);
        if (Make(word) is not { } command)
            return null;
        Adopt(command);
        return command;
    }

    private static Command? Make(string word) => word switch
    {
        "install" => new InstallCommand(),
        "upgrade" => new UpgradeCommand(),
        "rollback" => new RollbackCommand(),
        "uninstall" or "del" or "delete" or "un" => new UninstallCommand(),
        "list" or "ls" => new ListCommand(),
        "history" or "hist" => new HistoryCommand(),
        "status" => new StatusCommand(),
        "get" => GetCommands.Make(),
        "template" => new TemplateCommand(),
        "lint" => new LintCommand(),
        "show" or "inspect" => ShowCommand.Make(),
        "package" => new PackageCommand(),
        "pull" or "fetch" => new PullCommand(),
        "push" => new PushCommand(),
        "repo" => RepositoryCommands.Repo(),
        "registry" => RepositoryCommands.Registry(),
        "search" => RepositoryCommands.Search(),
        "dependency" or "dep" or "dependencies" => RepositoryCommands.Dependency(),
        "test" => new TestCommand(),
        "plan" => new PlanCommand(),
        "diff" => new DiffCommand(),
        "drift" => new DriftCommand(),
        "rollout" => RolloutCommands.Make(),
        "export" => new ExportCommand(),
        "import" => new ImportCommand(),
        "completion" => new CompletionCommand(),
        "version" => new VersionCommand(),
        "env" => new EnvCommand(),
        _ => null,
    };
}
