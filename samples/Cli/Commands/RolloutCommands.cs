namespace HelmLifecycle.Cli;

/// <summary>The verbs below <c>rollout</c>: look at and steer a rollout that runs, here or in another process. Not helm's own.</summary>
internal static class RolloutCommands
{
    public static Command Make() => new CommandGroup(
        "rollout",
        "look at and steer a running rollout",
        new Status(),
        new Steer("promote", "end the present pause, or give the approval that is waited for", "promoted", (r, ct) => r.PromoteAsync(ct)),
        new Steer("pause", "hold the rollout before its next step", "paused", (r, ct) => r.PauseAsync(ct)),
        new Steer("skip", "leave out the steps that are still to come", "skips its steps", (r, ct) => r.SkipAsync(ct)),
        new Steer("abort", "bring traffic and workloads back to the old version", "aborted", (r, ct) => r.AbortAsync(ct)));

    private sealed class Status() : Command("status RELEASE_NAME", "show how far the rollout is")
    {
        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            RolloutState state = await releases.Rollouts(arguments[0]).StateAsync(ct).ConfigureAwait(false)
                ?? throw new UsageException($"no rollout of \"{arguments[0]}\" runs");
            session.Out.Write($"NAME: {arguments[0]}\nSTRATEGY: {state.Strategy}\nREVISION: {state.BaseRevision} -> {state.Revision}\n"
                + $"STEP: {state.Step}\nPHASE: {state.Phase}\nWEIGHT: {state.Weight}%\n{(state.Message.Length > 0 ? $"MESSAGE: {state.Message}\n" : "")}");
            return 0;
        }
    }

    private sealed class Steer(string verb, string summary, string done, Func<RolloutControl, CancellationToken, Task> action) : Command($"{verb} RELEASE_NAME", summary)
    {
        public override void CheckArguments(IReadOnlyList<string> arguments) => Exactly(arguments, 1);

        public override async Task<int> RunAsync(Session session, IReadOnlyList<string> arguments, CancellationToken ct)
        {
            ReleaseClient releases = await session.ReleasesAsync(ct).ConfigureAwait(false);
            await action(releases.Rollouts(arguments[0]), ct).ConfigureAwait(false);
            session.Out.Write($"rollout of \"{arguments[0]}\" {done}\n");
            return 0;
        }
    }
}
