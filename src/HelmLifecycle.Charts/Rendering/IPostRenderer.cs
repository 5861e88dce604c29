namespace HelmLifecycle.Charts;

/// <summary>
/// Changes manifests after rendering and before they are stored and applied. By the rules of Helm 4 it is given the documents of all files in the order of their paths, hooks among them, each
/// with the name of its file in the annotation <c>postrenderer.helm.sh/postrender-filename</c>; what it returns is sorted. By those of Helm 3 it is given the documents in install order, without
/// hooks; what it returns is taken as it stands and not sorted again.
/// </summary>
public interface IPostRenderer
{
    /// <summary>Changes the manifest.</summary>
    /// <param name="manifest">The YAML documents; with <c># Source:</c> lines by the rules of Helm 3.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The manifest that counts from now on.</returns>
    /// <exception cref="PostRenderException">It failed.</exception>
    Task<string> RunAsync(string manifest, CancellationToken cancellationToken = default);
}

/// <summary>A post-renderer failed.</summary>
public sealed class PostRenderException : Exception
{
    /// <summary>Makes the exception.</summary>
    public PostRenderException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public PostRenderException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Post-renderers of the kinds that Helm's users know.</summary>
public static class PostRenderer
{
    /// <summary>A post-renderer of a function.</summary>
    public static IPostRenderer From(Func<string, CancellationToken, Task<string>> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new FunctionPostRenderer(change);
    }

    /// <summary>A post-renderer of a function that does not wait for anything.</summary>
    public static IPostRenderer From(Func<string, string> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new FunctionPostRenderer((manifest, _) => Task.FromResult(change(manifest)));
    }

    /// <summary>An external program: the manifest goes to its standard input, and its standard output is taken.</summary>
    /// <param name="program">The path of the program, or its name when it lies on the <c>PATH</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    public static IPostRenderer Program(string program, params string[] arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        return new ProgramPostRenderer(program, arguments);
    }

    private sealed class FunctionPostRenderer(Func<string, CancellationToken, Task<string>> change) : IPostRenderer
    {
        public Task<string> RunAsync(string manifest, CancellationToken cancellationToken) => change(manifest, cancellationToken);
    }
}
