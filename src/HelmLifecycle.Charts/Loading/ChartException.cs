namespace HelmLifecycle.Charts;

/// <summary>A chart could not be loaded, is not valid, or its dependencies cannot be worked out. The message is Helm's where Helm has one.</summary>
public class ChartException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ChartException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ChartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
