using System.Text.Json.Nodes;

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

    /// <summary>Whether the body gives an empty list or map of labels in its spec (or list of webhooks): decoded objects do not show it any more.</summary>
    public bool HasEmptyParts { get; private set; }

    /// <summary>Texts for Warning headers.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Undo steps for allocations when the write fails later.</summary>
    public List<Action> Rollbacks { get; } = [];

    /// <summary>Notes what of a body is lost when it is decoded.</summary>
    public void NoteEmptyParts(JsonObject body) =>
        HasEmptyParts = Resource is BuiltInKind { TellsEmptyFromNone: true } && body.Any(p => p.Key is "spec" or "webhooks" && HasEmpty(p.Value));

    private static bool HasEmpty(JsonNode? node) => node switch
    {
        JsonArray list => list.Count == 0 || list.Any(HasEmpty),
        JsonObject json => json.Any(p => p.Value is JsonObject { Count: 0 } ? p.Key == "matchLabels" : HasEmpty(p.Value)),
        _ => false,
    };
}
