namespace HelmLifecycle.Charts;

/// <summary>A chart registry or repository refused, does not answer, or has not what was asked for.</summary>
public sealed class RegistryException : Exception
{
    /// <summary>Makes the exception.</summary>
    public RegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public RegistryException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The HTTP status, or 0 when there was no answer.</summary>
    public int StatusCode { get; init; }
}
