using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>The base of what this library throws about a cluster.</summary>
public class KubernetesException : Exception
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="inner">The cause, if any.</param>
    public KubernetesException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>The cluster could not be reached, or its answer never came: name resolution, connection, TLS or time-out.</summary>
public sealed class ClusterUnreachableException : KubernetesException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="inner">The cause, if any.</param>
    public ClusterUnreachableException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>The connection's configuration (kubeconfig, certificate, credential plugin, service account) is unusable.</summary>
public sealed class ConnectionConfigurationException : KubernetesException
{
    /// <summary>An error with its message.</summary>
    /// <param name="message">What is wrong with the configuration.</param>
    /// <param name="inner">The cause, if any.</param>
    public ConnectionConfigurationException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>One cause in a refusal's <c>details.causes</c>.</summary>
/// <param name="Reason">Machine-readable, <c>FieldValueRequired</c> for instance.</param>
/// <param name="Message">For people.</param>
/// <param name="Field">The field's path, or null.</param>
public sealed record StatusCause(string Reason, string Message, string? Field);

/// <summary>The API refused a request. The message is the API's own.</summary>
public class KubernetesApiException : KubernetesException
{
    /// <summary>A refusal with its pieces.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="reason">The reason of the Status object (<c>NotFound</c>, <c>Conflict</c>, ...); empty if unknown.</param>
    /// <param name="message">The API's message.</param>
    /// <param name="status">The Status object, if the answer was one.</param>
    /// <param name="inner">The cause, if any.</param>
    public KubernetesApiException(int statusCode, string reason, string message, JsonObject? status = null, Exception? inner = null)
        : base(message, inner)
    {
        StatusCode = statusCode;
        Reason = reason;
        Status = status;
    }

    /// <summary>The HTTP status code.</summary>
    public int StatusCode { get; }

    /// <summary>
    /// The Status object's reason: <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Invalid</c>, ...; empty if the answer had
    /// none.
    /// </summary>
    public string Reason { get; }

    /// <summary>The Status object as received, or null if the answer was none.</summary>
    public JsonObject? Status { get; }

    /// <summary>How long the server asks to wait before another try, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The entries of <c>details.causes</c>; empty if there are none.</summary>
    public IReadOnlyList<StatusCause> Causes => Status?["details"]?["causes"] is JsonArray causes
        ? [.. causes.OfType<JsonObject>().Select(c => new StatusCause(
            KubernetesObject.Text(c, "reason") ?? "", KubernetesObject.Text(c, "message") ?? "", KubernetesObject.Text(c, "field")))]
        : [];

    /// <summary>404: the object (or the path) does not exist.</summary>
    public bool IsNotFound => StatusCode == 404;

    /// <summary>409 with reason AlreadyExists.</summary>
    public bool IsAlreadyExists => Reason == "AlreadyExists";

    /// <summary>409 with reason Conflict: a stale resourceVersion, a wrong uid, or field ownership in a server-side apply.</summary>
    public bool IsConflict => Reason == "Conflict" || StatusCode == 409 && Reason.Length == 0;

    /// <summary>403: the user has no right to do that.</summary>
    public bool IsForbidden => StatusCode == 403;

    /// <summary>422: the object is invalid.</summary>
    public bool IsInvalid => StatusCode == 422;

    /// <summary>410: the resourceVersion or continue token is too old.</summary>
    public bool IsGone => StatusCode == 410;

    /// <summary>Reads an API answer with an error status.</summary>
    internal static KubernetesApiException From(int statusCode, ReadOnlyMemory<byte> body, string method, string path)
    {
        JsonObject? status = null;
        try
        {
            if (body.Length > 0 && body.Span[0] == (byte)'{') status = JsonText.Parse(body) as JsonObject;
        }
        catch (FormatException)
        {
            // A proxy in between may answer anything; the raw text is used below.
        }
        if (status is not null && KubernetesObject.Text(status, "kind") == "Status")
        {
            int code = (int)(KubernetesObject.Number(status, "code") ?? statusCode);
            TimeSpan? retryAfter = status["details"] is JsonObject details && KubernetesObject.Number(details, "retryAfterSeconds") is long s && s > 0
                ? TimeSpan.FromSeconds(s) : null;
            string message = KubernetesObject.Text(status, "message") ?? "";
            return new KubernetesApiException(code == 0 ? statusCode : code, KubernetesObject.Text(status, "reason") ?? "",
                message.Length > 0 ? message : Generic(statusCode, "", method, path), status)
            { RetryAfter = retryAfter };
        }
        string text = System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 2048)]).Trim();
        return new KubernetesApiException(statusCode, ReasonFor(statusCode), Generic(statusCode, text, method, path));
    }

    // The words of apimachinery's NewGenericServerResponse.
    private static string Generic(int code, string text, string method, string path)
    {
        string message = code switch
        {
            400 => "the server rejected our request for an unknown reason",
            401 => "the server has asked for the client to provide credentials",
            403 => text.Length > 0 ? text : "unknown",
            404 => "the server could not find the requested resource",
            405 => "the server does not allow this method on the requested resource",
            406 => text.Length > 0 ? text : "the server was unable to respond with a content type that the client supports",
            409 => "the server reported a conflict",
            413 => "Request entity too large",
            415 => text.Length > 0 ? text : "the body of the request was in an unknown format",
            422 => "the server rejected our request due to an error in our request",
            429 => "the server has received too many requests and has asked us to try again later",
            503 => text.Length > 0 ? text : "the server is currently unable to handle the request",
            504 => "the server was unable to return a response in the time allotted, but may still be processing the request",
            >= 500 => $"an error on the server (\"{Quoted(text)}\") has prevented the request from succeeding",
            _ => $"the server responded with the status code {code} but did not return more information",
        };
        return Subject(path) is { Length: > 0 } subject ? $"{message} ({method.ToLowerInvariant()} {subject})" : message;
    }

    private static string Quoted(string text) => text.Replace("\"", "\\\"", StringComparison.Ordinal);

    // "deployments.apps web" out of apis/apps/v1/namespaces/x/deployments/web?...
    private static string Subject(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        string[] parts = (query < 0 ? path : path[..query]).Trim('/').Split('/');
        int at = parts[0] == "apis" ? 3 : 2;
        string group = parts[0] == "apis" && parts.Length > 1 ? "." + parts[1] : "";
        if (parts[0] is not ("api" or "apis") || parts.Length <= at) return "";
        if (parts[at] == "namespaces" && parts.Length > at + 2) at += 2;
        return parts[at] + group + (parts.Length > at + 1 ? " " + Uri.UnescapeDataString(parts[at + 1]) : "");
    }

    private static string ReasonFor(int code) => code switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Expired",
        413 => "RequestEntityTooLarge",
        415 => "UnsupportedMediaType",
        422 => "Invalid",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        >= 500 => "InternalError",
        _ => "Unknown",
    };
}

/// <summary>The API has no such kind. The message is that of client-go: <c>no matches for kind "K" in version "g/v"</c>.</summary>
public sealed class NoMatchException : KubernetesException
{
    /// <summary>An error about a kind.</summary>
    /// <param name="gvk">The kind that the API does not serve.</param>
    public NoMatchException(GroupVersionKind gvk) : base($"no matches for kind \"{gvk.Kind}\" in version \"{gvk.ApiVersion}\"") => Gvk = gvk;

    /// <summary>The kind that the API does not serve.</summary>
    public GroupVersionKind Gvk { get; }

    /// <summary>The text of kubectl's resource builder, which Helm shows: <c>resource mapping not found for name: ...</c>.</summary>
    /// <param name="o">The object whose kind is unknown.</param>
    public string ForObject(KubernetesObject o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return $"resource mapping not found for name: \"{o.Name}\" namespace: \"{o.Namespace}\" from \"\": {Message}\n"
            + "ensure CRDs are installed first";
    }
}
