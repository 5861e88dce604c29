namespace HelmLifecycle.Cli;

/// <summary><c>completion bash|zsh|fish|powershell</c>: scripts that ask the hidden command <c>__complete</c>.</summary>
internal sealed class CompletionCommand() : Command("completion SHELL", "generate autocompletion scripts for the specified shell: bash, zsh, fish or powershell")
{
    public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

    public override Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        session.Out.Write(arguments[0] switch
        {
            "bash" => """
                _hlc() { local IFS=$'\n'; COMPREPLY=($(hlc __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)); }
                complete -o default -F _hlc hlc

                """,
            "zsh" => """
                #compdef hlc
                _hlc() { local -a found; found=(${(f)"$(hlc __complete "${(@)words[2,CURRENT]}" 2>/dev/null)"}); compadd -a found || _files }
                compdef _hlc hlc

                """,
            "fish" => """
                function __hlc; set -l words (commandline -opc) (commandline -ct); hlc __complete $words[2..-1] 2>/dev/null; end
                complete -c hlc -a '(__hlc)'

                """,
            "powershell" => """
                Register-ArgumentCompleter -Native -CommandName hlc -ScriptBlock { param($word, $ast, $at)
                  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" }); if ($word -eq '') { $words += '' }
                  hlc __complete @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) } }

                """,
            _ => throw new UsageException($"unknown shell \"{arguments[0]}\": bash, zsh, fish or powershell"),
        });
        return Task.FromResult(0);
    }

    /// <summary>What may stand in the place of the last word: sub-commands, flags, or names of releases.</summary>
    public static async Task<int> CompleteAsync(Command root, Session session, IReadOnlyList<string> words, CancellationToken ct)
    {
        string typed = words.Count > 0 ? words[^1] : "";
        Command command = root;
        var arguments = new List<string>();
        foreach (string word in words.Take(Math.Max(0, words.Count - 1)).Where(w => !w.StartsWith('-')))
        {
            if (arguments.Count == 0 && command.Commands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word)) is { } next)
                command = next;
            else
                arguments.Add(word);
        }

        IEnumerable<string> found = typed.StartsWith('-')
            ? command.Flags.Concat(root.Flags).Where(f => !f.IsHidden).Select(f => "--" + f.Name)
            : command.Commands.Count > 0 ? command.Commands.Select(c => c.Name) : [];
        if (!typed.StartsWith('-') && command.Commands.Count == 0 && arguments.Count == 0 &&
            command.Name is "upgrade" or "rollback" or "uninstall" or "status" or "history" or "test" or "values" or "manifest" or "hooks" or "notes" or "metadata" or "all" or "diff" or "drift" or "plan")
        {
            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            found = (await releases.ListAsync(new ReleaseFilter { AllStatuses = true }, ct).ConfigureAwait(false)).Select(r => r.Name);
        }

        foreach (string word in found.Where(f => f.StartsWith(typed, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            session.Out.Write(word + "\n");
        return 0;
    }
}
