using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

public sealed partial class KubernetesClient
{
    /// <summary>Reads a pod's log.</summary>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="options">Options; null for the whole log of the only container.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused.</exception>
    public async Task<string> PodLogsAsync(string? ns, string pod, PodLogOptions? options = null, CancellationToken ct = default)
    {
        using Stream stream = await PodLogStreamAsync(ns, pod, options, ct).ConfigureAwait(false);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Opens a pod's log as a stream.</summary>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="options">Options; null for the whole log of the only container.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">The API refused.</exception>
    public async Task<Stream> PodLogStreamAsync(string? ns, string pod, PodLogOptions? options = null, CancellationToken ct = default)
    {
        options ??= new PodLogOptions();
        var query = new QueryText();
        query.Add("container", options.Container);
        if (options.Follow) query.Add("follow", "true");
        query.Add("limitBytes", options.LimitBytes?.ToString(CultureInfo.InvariantCulture));
        if (options.Previous) query.Add("previous", "true");
        query.Add("sinceSeconds", options.SinceSeconds?.ToString(CultureInfo.InvariantCulture));
        query.Add("tailLines", options.TailLines?.ToString(CultureInfo.InvariantCulture));
        if (options.Timestamps) query.Add("timestamps", "true");
        HttpResponseMessage response = await SendAsync(new KubernetesRequest
        {
            Method = HttpMethod.Get,
            Path = PodPath(ns, pod) + "/log" + query,
            Accept = "application/json, */*",
            Streaming = true,
        }, ct).ConfigureAwait(false);
        // Disposing the stream of an answer ends its connection; the message itself holds nothing else.
        return await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Evicts a pod: a deletion that respects disruption budgets.</summary>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="options">Options of the deletion; null for the defaults.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="KubernetesApiException">429 when a budget forbids it now.</exception>
    public async Task EvictAsync(string? ns, string pod, DeleteOptions? options = null, CancellationToken ct = default)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = ns ?? DefaultNamespace },
        };
        if (DeleteBody(options) is { } deletion) body["deleteOptions"] = deletion;
        await SendJsonAsync(new KubernetesRequest
        {
            Method = HttpMethod.Post,
            Path = PodPath(ns, pod) + "/eviction",
            Body = JsonText.WriteBytes(body),
        }, ct).ConfigureAwait(false);
    }

    /// <summary>GETs through the API's proxy from a pod or service. The caller disposes the answer.</summary>
    /// <param name="resource"><c>pods</c> or <c>services</c>.</param>
    /// <param name="ns">The namespace; null for the default one.</param>
    /// <param name="name">The name of the pod or service.</param>
    /// <param name="port">A port's number or name; null for the only one.</param>
    /// <param name="path">The path behind it, with query.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="ArgumentException">The resource is neither pods nor services.</exception>
    /// <exception cref="KubernetesApiException">The API, or what is behind it, answered with an error.</exception>
    public Task<HttpResponseMessage> ProxyGetAsync(
        string resource, string? ns, string name, string? port = null, string path = "", CancellationToken ct = default)
    {
        if (resource is not ("pods" or "services")) throw new ArgumentException("Only pods and services have a proxy.", nameof(resource));
        string target = Uri.EscapeDataString(name) + (port is null ? "" : ":" + Uri.EscapeDataString(port));
        return SendAsync(new KubernetesRequest
        {
            Method = HttpMethod.Get,
            Path = $"api/v1/namespaces/{Uri.EscapeDataString(ns ?? DefaultNamespace)}/{resource}/{target}/proxy/{path.TrimStart('/')}",
            Accept = "*/*",
        }, ct);
    }

    private string PodPath(string? ns, string pod) =>
        $"api/v1/namespaces/{Uri.EscapeDataString(ns ?? DefaultNamespace)}/pods/{Uri.EscapeDataString(pod)}";
}
