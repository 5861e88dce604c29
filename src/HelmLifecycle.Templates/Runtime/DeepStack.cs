using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace HelmLifecycle.Templates;

/// <summary>
/// Lets recursion go as deep as Go's, whose stacks grow: work that runs out of stack goes on in a thread with a larger one. How
/// often is limited, so that endless recursion ends in an exception.
/// </summary>
internal static class DeepStack
{
    private const int StackBytes = 64 << 20;

    /// <summary>Whether there is stack for a few more calls.</summary>
    internal static bool IsEnough => RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <exception cref="TemplateLimitException">The stack is used up.</exception>
    internal static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Exhausted();
    }

    internal static TemplateLimitException Exhausted() => new("the template is nested too deeply");

    /// <summary>Runs work here, or again in a thread with a large stack when it needs more than there is here.</summary>
    internal static TResult Run<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        try
        {
            return work(state);
        }
        catch (TemplateLimitException)
        {
            return OnLargeStack(work, state);
        }
    }

    /// <summary>Runs work in a thread with a large stack and waits for it.</summary>
    internal static TResult OnLargeStack<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        TResult result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work(state);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes)
        {
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
