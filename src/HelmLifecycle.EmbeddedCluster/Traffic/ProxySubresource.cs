using System.Globalization;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The proxy of the API server: <c>services/[SCHEME:]NAME[:PORT]/proxy/PATH</c> and the same for pods, answered by the simulated pods.</summary>
internal static class ProxySubresource
{
    public static ApiResponse Answer(ObjectStore store, VirtualNetwork network, ApiRequest request, RequestPath path, ResourceKey resource)
    {
        string[] parts = path.Name.Split(':');
        string name = parts.Length == 3 ? parts[1] : parts[0];
        string? port = parts.Length == 3 ? parts[2] : parts.Length == 2 ? parts[1] : null;
        string ns = path.Namespace ?? "";
        if (store.Get(resource, ns, name) is not { } target)
        {
            throw ApiErrors.NotFound(resource, name);
        }

        int at = request.Path.IndexOf("/proxy", StringComparison.Ordinal);
        string inner = request.Path[(at + 6)..];
        var asked = new VirtualRequest { Method = request.Method, Path = inner.Length == 0 ? "/" : inner, Host = request.Host };
        VirtualResponse? answer;
        if (resource == ClusterResources.Services)
        {
            answer = network.AskService(ns, name, port, asked)
                ?? throw new ApiError(503, "ServiceUnavailable", $"no endpoints available for service \"{name}{(port is null ? "" : ":" + port)}\"");
        }
        else
        {
            int number = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int given)
                ? given
                : target.View.Items("spec", "containers").SelectMany(c => c.Items("ports")).FirstOrDefault(p => port is null || p.Text("name") == port).Int(80, "containerPort");
            answer = network.AskPod(ns, name, number, asked)
                ?? throw new ApiError(503, "ServiceUnavailable", "error trying to reach service: dial tcp " + (target.View.Text("status", "podIP") ?? "") + ":" + number.ToString(CultureInfo.InvariantCulture) + ": connect: connection refused");
        }

        return ApiResponse.Text(answer.Body, answer.Status, answer.ContentType);
    }
}
