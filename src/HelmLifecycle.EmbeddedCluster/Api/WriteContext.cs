namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What a write is about, as rules of kinds see it.</summary>
internal sealed class WriteContext
{
    public required ApiServer Server { get; init; }

    public required ResourceDefinition Resource { get; init; }

    public required string Version { get; init; }

    public string? Namespace { get; init; }

    public string? Subresource { get; init; }

    public required Caller Caller { get; init; }

    public bool DryRun { get; init; }

    /// <summary><c>Ignore</c>, <c>Warn</c>, <c>Strict</c> or "" (as Warn).</summary>
    public string FieldValidation { get; init; } = "";

    /// <summary>Texts for Warning headers.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Undo steps for allocations when the write fails later.</summary>
    public List<Action> Rollbacks { get; } = [];
}
