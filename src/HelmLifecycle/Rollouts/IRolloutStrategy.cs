namespace HelmLifecycle;

/// <summary>
/// Brings the objects of a new revision into the cluster and waits for them, between the hooks before and the hooks after.
/// Called once for each install, upgrade and rollback. A strategy holds no state between calls. It throws to fail the revision.
/// </summary>
public interface IRolloutStrategy
{
    /// <summary>The name shown in events and logs, such as <c>rolling</c>.</summary>
    string Name { get; }

    /// <summary>Rolls the target of the context out.</summary>
    Task RolloutAsync(RolloutContext context, CancellationToken ct);
}

/// <summary>Helm's way: everything is applied in install order, what is gone is deleted, then it is waited for, if asked.</summary>
public sealed class RollingApply : IRolloutStrategy
{
    /// <summary>The one there is.</summary>
    public static RollingApply Instance { get; } = new();

    private RollingApply()
    {
    }

    /// <inheritdoc/>
    public string Name => "rolling";

    /// <inheritdoc/>
    public async Task RolloutAsync(RolloutContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        await context.ApplyAsync(ct).ConfigureAwait(false);
        await context.WaitAsync(ct).ConfigureAwait(false);
    }
}
