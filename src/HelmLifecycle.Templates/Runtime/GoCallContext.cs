namespace HelmLifecycle.Templates;

/// <summary>What a function may use while it runs: injected services and the budget of the render.</summary>
public abstract class GoCallContext
{
    /// <summary>The clock for <c>now</c>, <c>ago</c>, certificates. <see cref="TimeProvider.System"/> by default.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>The source of random bytes for passwords, keys, UUIDs and <c>shuffle</c>.</summary>
    public abstract IRandomSource Random { get; }

    /// <summary>Cancels the render.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>
    /// Takes work from the budget of the render, before a function makes <paramref name="characters"/> characters or items.
    /// </summary>
    /// <exception cref="TemplateLimitException">The budget is used up.</exception>
    /// <exception cref="OperationCanceledException">The render was cancelled.</exception>
    public abstract void Charge(long characters);

    /// <summary>Answers <c>getHostByName</c>, or null when DNS is off.</summary>
    public virtual IDnsResolver? Dns => null;

    /// <summary>Answers <c>lookup</c>, or null when there is no cluster.</summary>
    public virtual ILookup? Lookup => null;

    /// <summary>Whether <c>required</c> and <c>fail</c> do not fail, as under <c>helm lint</c>.</summary>
    public virtual bool LintMode => false;

    /// <summary>Executes a named template and returns its text: what <c>include</c> does.</summary>
    public abstract string Include(string name, GoValue data);

    /// <summary>Parses a text against the current templates and executes it: what <c>tpl</c> does.</summary>
    public abstract string ExpandText(string text, GoValue data);
}

/// <summary>Where templates get randomness from.</summary>
public interface IRandomSource
{
    /// <summary>Fills the span with random bytes.</summary>
    void Fill(Span<byte> bytes);
}
