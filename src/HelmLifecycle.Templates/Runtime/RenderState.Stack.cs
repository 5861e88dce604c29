namespace HelmLifecycle.Templates;

internal sealed partial class RenderState
{
    // A level of nesting takes one to two kilobytes of stack. The caller's stack may be small and functions need some of it too, so
    // the work moves early to a thread with a large one; only recursion without end needs the last of them.
    private const int LevelsOnCallersStack = 150;
    private const int LevelsOnLargeStack = 22_000;
    private const int MaxLargeStacks = 6;

    private int _levels;
    private int _levelLimit = LevelsOnCallersStack;
    private int _largeStacks;

    /// <summary>
    /// Goes one level deeper; pair it with <see cref="Leave"/>. When it gives <see langword="false"/>, the work must be done in
    /// <see cref="OnLargeStack"/> instead, which leaves the level itself.
    /// </summary>
    internal bool TryEnter() => ++_levels <= _levelLimit && DeepStack.IsEnough;

    internal void Leave() => _levels--;

    internal TResult OnLargeStack<TNode, TResult>(Func<RenderState, TNode, TResult> work, TNode node)
    {
        if (_largeStacks == MaxLargeStacks)
            throw DeepStack.Exhausted();
        (int levels, int limit) = (_levels - 1, _levelLimit);
        _largeStacks++;
        (_levels, _levelLimit) = (0, LevelsOnLargeStack);
        TResult result = DeepStack.OnLargeStack(static call => call.work(call.state, call.node), (work, state: this, node));
        _largeStacks--;
        (_levels, _levelLimit) = (levels, limit);
        return result;
    }
}
