using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>How the server treats unknown and repeated fields.</summary>
public enum FieldValidation
{
    /// <summary>The parameter is not sent; the server's default (Warn) holds.</summary>
    Unset,

    /// <summary>Silently dropped.</summary>
    Ignore,

    /// <summary>Dropped with a warning.</summary>
    Warn,

    /// <summary>Refused.</summary>
    Strict,
}

/// <summary>Options of a write.</summary>
public record WriteOptions
{
    /// <summary>Ask for a dry run: the server checks and answers, and stores nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>The treatment of unknown fields. Default: the parameter is not sent.</summary>
    public FieldValidation FieldValidation { get; init; }

    /// <summary>
    /// The field manager. Null: the client's own; empty: the parameter is not sent (the server then uses the user agent).
    /// </summary>
    public string? FieldManager { get; init; }

    /// <summary>The subresource written to (<c>status</c>, <c>scale</c>), or null.</summary>
    public string? Subresource { get; init; }
}

/// <summary>Options of a server-side apply.</summary>
public sealed record ApplyOptions : WriteOptions
{
    /// <summary>Take fields over that another manager owns with another value, instead of a conflict.</summary>
    public bool Force { get; init; }
}

/// <summary>What happens with the objects that an object owns when it is deleted.</summary>
public enum DeletePropagation
{
    /// <summary>The parameter is not sent; the server's default for the kind holds.</summary>
    Unset,

    /// <summary>The object goes at once, the owned ones soon after.</summary>
    Background,

    /// <summary>The owned objects go first.</summary>
    Foreground,

    /// <summary>The owned objects stay.</summary>
    Orphan,
}

/// <summary>Options of a delete.</summary>
public sealed record DeleteOptions
{
    /// <summary>What happens with owned objects. Default: not sent.</summary>
    public DeletePropagation Propagation { get; init; }

    /// <summary>Seconds that pods have for ending; null: the object's own.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>Delete only the object with this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only this version of the object.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Ask for a dry run.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Options of a list.</summary>
public sealed record ListOptions
{
    /// <summary>A label selector, <c>app=web,tier!=cache</c>; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>A field selector, <c>status.phase=Running</c>; null for all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects per page, 500 by default as kubectl asks; 0 asks for everything at once.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Start behind the page that gave this token (of <c>ListPageAsync</c>).</summary>
    public string? Continue { get; init; }

    /// <summary>The resourceVersion to read at; null for the newest.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary><c>Exact</c> or <c>NotOlderThan</c>, with <see cref="ResourceVersion"/>.</summary>
    public string? ResourceVersionMatch { get; init; }

    /// <summary>Ask for metadata alone (PartialObjectMetadata): the objects have no spec, status or data.</summary>
    public bool MetadataOnly { get; init; }
}

/// <summary>A list, or one page of it.</summary>
public sealed record KubernetesList
{
    /// <summary>The objects; apiVersion and kind are filled in (the API leaves them out of lists).</summary>
    public required IReadOnlyList<KubernetesObject> Items { get; init; }

    /// <summary>The resourceVersion of the list: where a watch goes on.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>The token of the next page, or null at the end.</summary>
    public string? Continue { get; init; }

    /// <summary>How many objects follow, if the server says so.</summary>
    public long? RemainingItemCount { get; init; }
}

/// <summary>What happened to an object.</summary>
public enum WatchEventType
{
    /// <summary>It is there (now, or already at the start).</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone; the object is its last known state.</summary>
    Deleted,

    /// <summary>Everything up to the object's resourceVersion has been told. The first one comes after the initial list.</summary>
    Bookmark,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after it; for a bookmark, an object with no more than kind and resourceVersion.</param>
public sealed record WatchEvent(WatchEventType Type, KubernetesObject Object);

/// <summary>Options of a watch.</summary>
public sealed record WatchOptions
{
    /// <summary>A label selector; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>A field selector; null for all. <c>metadata.name=x</c> watches one object.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Where to begin. Null: with a list, whose objects come as <see cref="WatchEventType.Added"/>, then a bookmark.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>
    /// After how long the server ends one watch request (it is then resumed). Default: five to ten minutes at random, as client-go does.
    /// </summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Ask for metadata alone.</summary>
    public bool MetadataOnly { get; init; }
}

/// <summary>The sorts of patches.</summary>
public enum PatchType
{
    /// <summary>RFC 6902, <c>application/json-patch+json</c>.</summary>
    Json,

    /// <summary>RFC 7386, <c>application/merge-patch+json</c>.</summary>
    Merge,

    /// <summary>Strategic merge, <c>application/strategic-merge-patch+json</c>; built-in kinds only.</summary>
    Strategic,

    /// <summary>Server-side apply, <c>application/apply-patch+yaml</c>.</summary>
    Apply,
}

/// <summary>A patch and its sort.</summary>
/// <param name="Type">The sort.</param>
/// <param name="Json">The patch: an object, or an array for <see cref="PatchType.Json"/>.</param>
public sealed record PatchBody(PatchType Type, JsonNode Json)
{
    /// <summary>The media type sent.</summary>
    public string ContentType => Type switch
    {
        PatchType.Json => "application/json-patch+json",
        PatchType.Merge => "application/merge-patch+json",
        PatchType.Strategic => "application/strategic-merge-patch+json",
        _ => "application/apply-patch+yaml",
    };
}

/// <summary>Options of reading a pod's log.</summary>
public sealed record PodLogOptions
{
    /// <summary>The container; null for the only one.</summary>
    public string? Container { get; init; }

    /// <summary>No more than this many last lines.</summary>
    public int? TailLines { get; init; }

    /// <summary>The log of the container's last ended run.</summary>
    public bool Previous { get; init; }

    /// <summary>Begin each line with its time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>No more than the lines of the last so many seconds.</summary>
    public int? SinceSeconds { get; init; }

    /// <summary>No more than this many bytes.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Go on with new lines until the container ends (<see cref="KubernetesClient.PodLogStreamAsync"/>).</summary>
    public bool Follow { get; init; }
}

/// <summary>A request to any path of the API.</summary>
public sealed record KubernetesRequest
{
    /// <summary>The method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The path with its query, relative to the API's address: <c>api/v1/pods?limit=1</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The body, or null.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The media types accepted.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>More headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The answer is a stream without end (watch, followed logs): no time-out per try beyond the answer's headers.</summary>
    public bool Streaming { get; init; }
}

/// <summary>A warning that the API sent with an answer (deprecated version, unknown field, ...).</summary>
/// <param name="Text">The warning.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Path">The request's path.</param>
public sealed record ApiWarning(string Text, string Method, string Path);
