namespace HelmLifecycle;

/// <summary>What a warning of a plan is about.</summary>
public enum PlanWarningKind
{
    /// <summary>The API server will refuse the change of a field that cannot be changed.</summary>
    ImmutableField,
    /// <summary>The cluster's version deprecates the API version.</summary>
    DeprecatedApi,
    /// <summary>The cluster's version does not serve the API version.</summary>
    RemovedApi,
    /// <summary>Requests may fail while the change is rolled out.</summary>
    Downtime,
    /// <summary>Data, or objects that hang on this one, will be lost.</summary>
    DataLoss,
    /// <summary>The API server refused the change in a dry run.</summary>
    Refused,
    /// <summary>The live object differs from the revision's manifest.</summary>
    Drift,
}

/// <summary>Something to look at before a plan is applied.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Object">The object: <c>Deployment/web</c>.</param>
/// <param name="Text">One sentence.</param>
public sealed record PlanWarning(PlanWarningKind Kind, string Object, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Object}: {Text}";
}
