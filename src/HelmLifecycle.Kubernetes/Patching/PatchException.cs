namespace HelmLifecycle.Kubernetes;

/// <summary>A patch cannot be made or applied. The message is that of the Kubernetes library concerned.</summary>
public sealed class PatchException : Exception
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">What is wrong.</param>
    public PatchException(string message) : base(message)
    {
    }
}
