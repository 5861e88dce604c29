namespace HelmLifecycle.Cli;

/// <summary>The program without its process: what tests run.</summary>
internal static class Hlc
{
    public static async Task<int> RunAsync(Session session, IReadOnlyList<string> words, CancellationToken ct)
    {
        session.Flags = new GlobalFlags();
        var root = new Root(session.Flags);
        try
        {
            if (words.Count > 0 && words[0] == "__complete")
                return await CompletionCommand.CompleteAsync(root, session, [.. words.Skip(1)], ct).ConfigureAwait(false);
            (Command command, List<string> arguments, bool help) = CommandLineParser.Parse(root, words);
            if (help)
            {
                session.Out.Write(HelpText.Of(command));
                return 0;
            }

            foreach (Flag flag in command.Flags)
            {
                if (flag is { IsGiven: true, Deprecated: { } instead })
                    session.Error.Write($"Flag --{flag.Name} has been deprecated, {instead}\n");
            }

            command.CheckArguments(arguments);
            return await command.RunAsync(session, arguments, ct).ConfigureAwait(false);
        }
        catch (ExitException e)
        {
            return e.Code;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            session.Error.Write("Error: context canceled\n");
            return 1;
        }
        catch (Exception e) when (Failure.IsExpected(e))
        {
            session.Error.Write($"Error: {e.Message}\n");
            return 1;
        }
    }
}
