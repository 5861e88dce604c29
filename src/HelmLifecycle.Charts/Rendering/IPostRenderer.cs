namespace HelmLifecycle.Charts;

/// <summary>Changes a manifest after rendering and before it is stored and applied.</summary>
public interface IPostRenderer
{
    /// <summary>Changes the manifest.</summary>
    /// <param name="manifest">The manifest: YAML documents with <c># Source:</c> lines.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The manifest that counts from now on.</returns>
    Task<string> RunAsync(string manifest, CancellationToken cancellationToken = default);
}
