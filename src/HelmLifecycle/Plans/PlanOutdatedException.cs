namespace HelmLifecycle;

/// <summary>A plan was not applied, since the release or a live object has changed after the plan was made. Make a new plan.</summary>
public sealed class PlanOutdatedException : ReleaseException
{
    internal PlanOutdatedException(string message)
        : base(message)
    {
    }
}
