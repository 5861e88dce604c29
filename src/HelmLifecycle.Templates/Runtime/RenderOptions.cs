namespace HelmLifecycle.Templates;

/// <summary>What a render may use. All of it is optional.</summary>
public sealed record RenderOptions
{
    /// <summary>The defaults.</summary>
    public static RenderOptions Default { get; } = new();

    /// <summary>How much work the render may do.</summary>
    public RenderBudget Budget { get; init; } = RenderBudget.Default;

    /// <summary>The clock. <see cref="TimeProvider.System"/> by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The source of randomness. The operating system's generator by default.</summary>
    public IRandomSource Random { get; init; } = SystemRandomSource.Instance;

    /// <summary>Answers <c>getHostByName</c>; null (the default) makes it give an empty text, as Helm without <c>--enable-dns</c>.</summary>
    public IDnsResolver? Dns { get; init; }

    /// <summary>Answers <c>lookup</c>; null (the default) makes it give an empty map, as <c>helm template</c>.</summary>
    public ILookup? Lookup { get; init; }

    /// <summary>Whether a missing map key is an error (<c>missingkey=error</c>). False by default.</summary>
    public bool Strict { get; init; }

    /// <summary>As <c>helm lint</c>: <c>required</c> and <c>fail</c> do not fail. False by default.</summary>
    public bool LintMode { get; init; }
}

/// <summary>The limits of one render; no real chart comes near the defaults.</summary>
public sealed record RenderBudget
{
    /// <summary>The defaults.</summary>
    public static RenderBudget Default { get; } = new();

    /// <summary>How deep templates may call templates. 100,000 by default, as in Go; the thread's stack may end it sooner.</summary>
    public int MaxDepth { get; init; } = 100_000;

    /// <summary>How many nodes may be executed and items made. 100 million by default.</summary>
    public long MaxSteps { get; init; } = 100_000_000;

    /// <summary>How many characters may be written, of all templates and functions together, and how many items lists and maps may get.
    /// 64 million by default.</summary>
    public long MaxOutput { get; init; } = 64_000_000;
}

/// <summary>Resolves host names for <c>getHostByName</c>.</summary>
public interface IDnsResolver
{
    /// <summary>One address of the host, or an empty text when it has none.</summary>
    string Resolve(string host, CancellationToken cancellationToken);
}

/// <summary>Reads objects of a cluster for <c>lookup</c>.</summary>
public interface ILookup
{
    /// <summary>
    /// The object as a map; a list object when <paramref name="name"/> is empty; an empty map when there is none.
    /// </summary>
    /// <param name="apiVersion">Such as <c>apps/v1</c>.</param>
    /// <param name="kind">Such as <c>Deployment</c>.</param>
    /// <param name="ns">The namespace; empty for all of them or for kinds without one.</param>
    /// <param name="name">The name; empty for a list.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="GoFunctionException">It could not be read; the render fails with this message.</exception>
    GoMap Lookup(string apiVersion, string kind, string ns, string name, CancellationToken cancellationToken);
}

internal sealed class SystemRandomSource : IRandomSource
{
    internal static readonly SystemRandomSource Instance = new();

    public void Fill(Span<byte> bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}
