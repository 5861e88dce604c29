using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Which pods stand behind a Service, and on which ports.</summary>
internal static class ServiceBackends
{
    /// <summary>The pods that a Service selects and that have an address, in order of names.</summary>
    public static List<PodView> Select(JsonNode service, IEnumerable<PodView> pods, bool includeTerminating)
    {
        if (LabelQuery.FromMap(service.At("spec", "selector")) is not { IsEmpty: false } selector)
        {
            return [];
        }

        return [.. pods.Where(p => !p.IsFinished && p.Ip is not null && (includeTerminating || !p.IsDeleting) && selector.Matches(p.Labels))];
    }

    /// <summary>The ports of a pod as the Service names them; a named target port that the pod lacks is left out.</summary>
    public static List<(string Name, int Port, string Protocol, string? App)> Ports(JsonNode service, JsonNode pod)
    {
        var ports = new List<(string, int, string, string?)>();
        foreach (JsonNode port in service.Items("spec", "ports"))
        {
            string protocol = port.Text("protocol") ?? "TCP";
            if (Target(port, pod, protocol) is { } number)
            {
                ports.Add((port.Text("name") ?? "", number, protocol, port.Text("appProtocol")));
            }
        }

        return ports;
    }

    public static bool IsHeadless(JsonNode service) => service.Text("spec", "clusterIP") is null or "" or "None";

    private static int? Target(JsonNode port, JsonNode pod, string protocol)
    {
        JsonNode? target = port.At("targetPort");
        if (target.Number() is { } number)
        {
            return number == 0 ? port.Int(0, "port") : (int)number;
        }

        if (target.Text() is not { Length: > 0 } name)
        {
            return port.Int(0, "port");
        }

        foreach (JsonNode container in pod.Items("spec", "containers"))
        {
            foreach (JsonNode candidate in container.Items("ports"))
            {
                if (candidate.Text("name") == name && (candidate.Text("protocol") ?? "TCP") == protocol)
                {
                    return candidate.Int(0, "containerPort");
                }
            }
        }

        return null;
    }
}
