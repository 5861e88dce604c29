namespace HelmLifecycle.Kubernetes;

/// <summary>
/// What kinds the API serves, and how they are reached. Answers are kept until <see cref="Invalidate"/>, or until an unknown kind is
/// asked for.
/// </summary>
public interface IDiscovery
{
    /// <summary>The server's version.</summary>
    /// <param name="ct">Stops the call.</param>
    Task<ServerVersion> VersionAsync(CancellationToken ct = default);

    /// <summary>Every resource of every version, preferred versions first within a group.</summary>
    /// <param name="ct">Stops the call.</param>
    Task<IReadOnlyList<ApiResource>> ResourcesAsync(CancellationToken ct = default);

    /// <summary>The resource of a kind, or null. Asks the server anew (at most once) when the kind is not known.</summary>
    /// <param name="gvk">The kind.</param>
    /// <param name="ct">Stops the call.</param>
    Task<ApiResource?> FindAsync(GroupVersionKind gvk, CancellationToken ct = default);

    /// <summary>
    /// The resource that a user means by a word as for <c>kubectl get</c>: plural, singular, short name or kind, with <c>.group</c> or
    /// <c>.version.group</c> behind it if wished.
    /// </summary>
    /// <param name="word">The word.</param>
    /// <param name="ct">Stops the call.</param>
    Task<ApiResource?> FindByWordAsync(string word, CancellationToken ct = default);

    /// <summary>
    /// The API set that charts see: <c>group/version</c> and <c>group/version/Kind</c> strings (subresource kinds included, as in Helm).
    /// </summary>
    /// <param name="ct">Stops the call.</param>
    Task<IReadOnlyList<string>> ApiVersionsAsync(CancellationToken ct = default);

    /// <summary>Forgets what is known, so that the next question asks the server.</summary>
    void Invalidate();
}
