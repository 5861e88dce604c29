namespace HelmLifecycle.Cli;

/// <summary>The command line cannot be understood. The message is helm's.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command ends with this exit code, and nothing more is to be said.</summary>
internal sealed class ExitException(int code) : Exception
{
    public int Code { get; } = code;
}
