using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Where requests go inside the cluster: from a Service to the pods behind it, and what a pod answers. Thread-safe; sees the cluster as stored.</summary>
internal sealed class VirtualNetwork(ObjectStore store, PodScripts scripts, PodFiles files)
{
    public ObjectStore Store => store;

    /// <summary>
    /// The pods that a Service sends requests to now: those ready; else, when all are ending, those of them that still serve. As kube-proxy, by the EndpointSlices.
    /// </summary>
    public List<(StoredObject Pod, int Port)> Backends(string ns, string service, string? port, LabelQuery? subset = null)
    {
        var ready = new List<(StoredObject, int)>();
        var serving = new List<(StoredObject, int)>();
        JsonNode? servicePort = ServicePort(ns, service, port);
        foreach (StoredObject slice in store.List(ClusterResources.EndpointSlices, ns))
        {
            if (slice.View.Label("kubernetes.io/service-name") != service)
            {
                continue;
            }

            string portName = servicePort.Text("name") ?? "";
            JsonNode? target = slice.View.Items("ports").FirstOrDefault(p => (p.Text("name") ?? "") == portName) ?? (servicePort is null ? slice.View.Items("ports").FirstOrDefault() : null);
            if (target is null)
            {
                continue;
            }

            foreach (JsonNode endpoint in slice.View.Items("endpoints"))
            {
                if (store.Get(ClusterResources.Pods, ns, endpoint.Text("targetRef", "name") ?? "") is not { } pod || pod.Uid != endpoint.Text("targetRef", "uid")
                    || subset?.Matches(pod.View.Labels()) == false)
                {
                    continue;
                }

                if (endpoint.At("conditions", "ready") is null || endpoint.Flag("conditions", "ready"))
                {
                    ready.Add((pod, target.Int(0, "port")));
                }
                else if (endpoint.Flag("conditions", "serving") && endpoint.Flag("conditions", "terminating"))
                {
                    serving.Add((pod, target.Int(0, "port")));
                }
            }
        }

        return ready.Count > 0 ? ready : serving;
    }

    public bool HasService(string ns, string service) => store.Get(ClusterResources.Services, ns, service) is not null;

    /// <summary>What a pod answers: as its script says, else as the nginx configuration that it mounted when it started, else its name.</summary>
    public VirtualResponse Respond(StoredObject pod, VirtualRequest request)
    {
        var simulated = new SimulatedPod(pod.View);
        if (scripts.For(pod.View).Respond is { } respond)
        {
            return respond(request, simulated);
        }

        foreach ((string _, string text) in files.Of(pod.Uid))
        {
            if (NginxServer.TryParse(text)?.Respond(request) is { } response)
            {
                return response;
            }
        }

        return new VirtualResponse(200, pod.Name + "\n");
    }

    /// <summary>For the API server's proxy to <c>services/NAME:PORT</c>: the answer, or null when no pod is ready.</summary>
    public VirtualResponse? AskService(string ns, string service, string? port, VirtualRequest request)
    {
        List<(StoredObject Pod, int Port)> backends = Backends(ns, service, port);
        return backends.Count == 0 ? null : Respond(backends[0].Pod, request with { Port = backends[0].Port });
    }

    /// <summary>For the API server's proxy to <c>pods/NAME:PORT</c>: the answer, or null when the pod does not run.</summary>
    public VirtualResponse? AskPod(string ns, string pod, int port, VirtualRequest request) =>
        store.Get(ClusterResources.Pods, ns, pod) is { } stored && stored.View.Text("status", "phase") == "Running" ? Respond(stored, request with { Port = port }) : null;

    /// <summary>What a container has written: by script or annotation; else nothing.</summary>
    public string Logs(JsonNode pod, string container)
    {
        var logs = scripts.For(pod).Logs;
        return logs.GetValueOrDefault(container) ?? logs.GetValueOrDefault("") ?? "";
    }

    private JsonNode? ServicePort(string ns, string service, string? port)
    {
        if (store.Get(ClusterResources.Services, ns, service) is not { } stored)
        {
            return null;
        }

        List<JsonNode> ports = [.. stored.View.Items("spec", "ports")];
        return string.IsNullOrEmpty(port)
            ? ports.FirstOrDefault()
            : ports.FirstOrDefault(p => p.Text("name") == port || p.Number("port")?.ToString(System.Globalization.CultureInfo.InvariantCulture) == port);
    }
}
