using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>A failure after the revision was stored: the text Helm stores and shows, and the evidence.</summary>
internal sealed record DeployFailure(string Message, Exception Cause, Diagnosis? Diagnosis)
{
    public bool IsCancelled => Cause is OperationCanceledException;

    /// <summary>The text for the description: the message, and the evidence in a sentence when the client wants it.</summary>
    public string Described { get; private init; } = Message;

    /// <summary>Takes a failure in, with the evidence, before anything is undone.</summary>
    /// <param name="context">The action.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="lead">The words Helm puts before it, such as <c>failed pre-install: </c>.</param>
    /// <param name="objects">What was applied; asked for evidence when something was not ready in time.</param>
    public static async Task<DeployFailure> FromAsync(ActionContext context, Exception error, string lead, IReadOnlyList<KubernetesObject> objects)
    {
        if (error is OperationCanceledException) return new DeployFailure("context canceled", error, null);
        var diagnosis = error switch
        {
            HookFailedException hook => hook.Diagnosis,
            RolloutAbortedException aborted => aborted.Diagnosis,
            NotReadyException => await context.DiagnoseAsync(objects).ConfigureAwait(false),
            _ => null,
        };
        var failure = new DeployFailure(lead + error.Message, error, diagnosis);
        return diagnosis is { Summary.Length: > 0 } && context.Client.DescribeFailures
            ? failure with { Described = $"{failure.Message}: {diagnosis.Summary}" }
            : failure;
    }

    /// <summary>The exception for the caller.</summary>
    /// <param name="message">The message; what was undone may have been added to it.</param>
    /// <param name="release">The failed revision.</param>
    /// <param name="rolledBackTo">The revision rolled back to.</param>
    public Exception ToException(string message, Release release, Release? rolledBackTo = null)
    {
        var failed = new ReleaseFailedException(message, release, Diagnosis, Cause) { RolledBackTo = rolledBackTo };
        return Cause is OperationCanceledException cancelled ? new OperationCanceledException(message, failed, cancelled.CancellationToken) : failed;
    }
}
