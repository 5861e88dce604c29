using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What the controllers of Endpoints and EndpointSlices share: a Service is looked at again when it or one of its pods changes.</summary>
internal abstract class ServiceController(ClusterLoop loop, string name) : Controller(loop, name)
{
    private readonly Dictionary<string, HashSet<string>> _memberOf = [];

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Services, ClusterResources.Pods];

    public override void OnPod(StoreEventType type, PodView pod)
    {
        // Services that select the pod now, and those that did before its labels changed.
        var now = new HashSet<string>();
        foreach (StoredObject service in Store.List(ClusterResources.Services, pod.Namespace))
        {
            if (LabelQuery.FromMap(service.View.At("spec", "selector")) is { IsEmpty: false } selector && selector.Matches(pod.Labels))
            {
                now.Add(service.Name);
            }
        }

        if (_memberOf.Remove(pod.Uid, out HashSet<string>? before))
        {
            foreach (string service in before)
            {
                Enqueue(pod.Namespace, service);
            }
        }

        foreach (string service in now)
        {
            Enqueue(pod.Namespace, service);
        }

        if (type != StoreEventType.Deleted && now.Count > 0)
        {
            _memberOf[pod.Uid] = now;
        }
    }

    /// <summary>When the change that leads to a new state happened: the youngest of the Service's creation and the pods' readiness.</summary>
    protected static string Trigger(JsonObject service, IEnumerable<PodView> pods)
    {
        DateTimeOffset last = service.Created();
        foreach (PodView pod in pods)
        {
            if (pod.IsReady && pod.ReadySince > last)
            {
                last = pod.ReadySince;
            }
        }

        return ClusterClock.Format(last);
    }
}

/// <summary>Keeps the Endpoints of every Service that has a selector.</summary>
internal sealed class EndpointsController(ClusterLoop loop) : ServiceController(loop, "endpoint-controller")
{
    private const string TriggerTime = "endpoints.kubernetes.io/last-change-trigger-time";

    public override void Reconcile(string ns, string name)
    {
        JsonObject? service = Read(ClusterResources.Services, ns, name);
        JsonObject? existing = Read(ClusterResources.Endpoints, ns, name);
        if (service is null)
        {
            if (existing?.Annotation(TriggerTime) is not null)
            {
                Delete(ClusterResources.Endpoints, ns, name);
            }

            return;
        }

        if (service.At("spec", "selector") is null || service.Text("spec", "type") == "ExternalName")
        {
            return;
        }

        List<PodView> pods = ServiceBackends.Select(service, Loop.Pods(ns), includeTerminating: false);
        JsonArray subsets = Subsets(service, pods);
        JsonObject labels = service.Labels()?.Copy() ?? [];
        labels.Remove("service.kubernetes.io/headless");
        if (ServiceBackends.IsHeadless(service))
        {
            labels["service.kubernetes.io/headless"] = "";
        }

        if (existing is not null && JsonNode.DeepEquals(existing.At("subsets") ?? new JsonArray(), subsets) && JsonNode.DeepEquals(existing.Labels() ?? [], labels))
        {
            return;
        }

        JsonObject endpoints = existing?.Copy() ?? new JsonObject
        {
            ["kind"] = "Endpoints",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        };
        endpoints.Annotate(TriggerTime, Trigger(service, pods));
        if (labels.Count > 0)
        {
            endpoints.Section("metadata")["labels"] = labels;
        }
        else
        {
            endpoints.Section("metadata").Remove("labels");
        }

        endpoints.Remove("subsets");
        if (subsets.Count > 0)
        {
            endpoints["subsets"] = subsets;
        }

        if (existing is null)
        {
            Api.Create(ClusterResources.Endpoints, ns, endpoints, Caller);
        }
        else
        {
            Api.Update(ClusterResources.Endpoints, ns, name, endpoints, Caller);
        }
    }

    /// <summary>Pods with the same ports share a subset, ready and not ready ones apart.</summary>
    private static JsonArray Subsets(JsonObject service, List<PodView> pods)
    {
        bool publishAll = service.Flag("spec", "publishNotReadyAddresses");
        var groups = new SortedDictionary<string, (JsonArray Ports, JsonArray Ready, JsonArray NotReady)>(StringComparer.Ordinal);
        foreach (PodView pod in pods)
        {
            List<(string Name, int Port, string Protocol, string? App)> ports = ServiceBackends.Ports(service, pod.Json);
            if (ports.Count == 0 && service.Items("spec", "ports").Any())
            {
                continue;
            }

            string key = string.Join(';', ports.Select(p => $"{p.Port:D5}/{p.Protocol}/{p.Name}"));
            if (!groups.TryGetValue(key, out var group))
            {
                var list = new JsonArray();
                foreach ((string portName, int number, string protocol, string? app) in ports)
                {
                    var port = new JsonObject();
                    if (portName.Length > 0)
                    {
                        port["name"] = portName;
                    }

                    port["port"] = number;
                    port["protocol"] = protocol;
                    if (app is not null)
                    {
                        port["appProtocol"] = app;
                    }

                    list.Add((JsonNode)port);
                }

                groups[key] = group = (list, [], []);
            }

            var address = new JsonObject { ["ip"] = pod.Ip };
            if (pod.Json.Text("spec", "hostname") is { Length: > 0 } host && pod.Json.Text("spec", "subdomain") == service.Name())
            {
                address["hostname"] = host;
            }

            if (pod.NodeName is not null)
            {
                address["nodeName"] = pod.NodeName;
            }

            address["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid };
            (publishAll || pod.IsReady ? group.Ready : group.NotReady).Add((JsonNode)address);
        }

        var subsets = new JsonArray();
        foreach ((JsonArray ports, JsonArray ready, JsonArray notReady) in groups.Values)
        {
            var subset = new JsonObject();
            if (ready.Count > 0)
            {
                subset["addresses"] = ready;
            }

            if (notReady.Count > 0)
            {
                subset["notReadyAddresses"] = notReady;
            }

            if (ports.Count > 0)
            {
                subset["ports"] = ports;
            }

            subsets.Add((JsonNode)subset);
        }

        return subsets;
    }
}

/// <summary>Keeps the EndpointSlices of every Service that has a selector: one per hundred pods with the same ports.</summary>
internal sealed class EndpointSliceController(ClusterLoop loop) : ServiceController(loop, "endpointslice-controller")
{
    private const int MostPerSlice = 100;
    private const string ServiceName = "kubernetes.io/service-name";
    private const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    private const string Manager = "endpointslice-controller.k8s.io";

    public override void Reconcile(string ns, string name)
    {
        List<JsonObject> existing =
        [
            .. Store.List(ClusterResources.EndpointSlices, ns).Select(s => s.View).Where(s => s.Label(ServiceName) == name && s.Label(ManagedBy) == Manager && !s.IsDeleting()),
        ];
        if (Read(ClusterResources.Services, ns, name) is not { } service || service.At("spec", "selector") is null || service.Text("spec", "type") == "ExternalName")
        {
            foreach (JsonObject slice in existing)
            {
                Delete(ClusterResources.EndpointSlices, ns, slice.Name());
            }

            return;
        }

        List<PodView> pods = ServiceBackends.Select(service, Loop.Pods(ns), includeTerminating: true);
        List<(JsonNode? Ports, JsonNode? Endpoints)> wanted = Slices(service, pods);

        // Slices that hold what is wanted stay; the others are filled anew, made or deleted.
        for (int i = existing.Count - 1; i >= 0; i--)
        {
            int match = wanted.FindIndex(w => JsonNode.DeepEquals(w.Ports, existing[i]["ports"]) && JsonNode.DeepEquals(w.Endpoints, existing[i]["endpoints"]));
            if (match >= 0)
            {
                wanted.RemoveAt(match);
                existing.RemoveAt(i);
            }
        }

        string trigger = Trigger(service, pods);
        foreach ((JsonNode? ports, JsonNode? endpoints) in wanted)
        {
            JsonObject? reuse = existing.FirstOrDefault(e => JsonNode.DeepEquals(e["ports"], ports)) ?? existing.FirstOrDefault();
            if (reuse is not null)
            {
                existing.Remove(reuse);
                JsonObject changed = reuse.Copy();
                changed.Annotate("endpoints.kubernetes.io/last-change-trigger-time", trigger);
                changed["endpoints"] = endpoints?.DeepClone();
                changed["ports"] = ports?.DeepClone();
                Api.Update(ClusterResources.EndpointSlices, ns, changed.Name(), changed, Caller);
                continue;
            }

            JsonObject labels = [];
            foreach ((string key, JsonNode? value) in service.Labels() ?? [])
            {
                if (key is not "service.kubernetes.io/headless" and not ManagedBy and not ServiceName)
                {
                    labels[key] = value?.DeepClone();
                }
            }

            labels[ManagedBy] = Manager;
            labels[ServiceName] = name;
            if (ServiceBackends.IsHeadless(service))
            {
                labels["service.kubernetes.io/headless"] = "";
            }

            Api.Create(
                ClusterResources.EndpointSlices,
                ns,
                new JsonObject
                {
                    ["kind"] = "EndpointSlice",
                    ["apiVersion"] = "discovery.k8s.io/v1",
                    ["metadata"] = new JsonObject
                    {
                        ["generateName"] = name + "-",
                        ["namespace"] = ns,
                        ["labels"] = labels,
                        ["annotations"] = new JsonObject { ["endpoints.kubernetes.io/last-change-trigger-time"] = trigger },
                        ["ownerReferences"] = new JsonArray(JsonReading.OwnerReference(service)),
                    },
                    ["addressType"] = "IPv4",
                    ["endpoints"] = endpoints?.DeepClone(),
                    ["ports"] = ports?.DeepClone(),
                },
                Caller);
        }

        foreach (JsonObject slice in existing)
        {
            Delete(ClusterResources.EndpointSlices, ns, slice.Name());
        }
    }

    private List<(JsonNode? Ports, JsonNode? Endpoints)> Slices(JsonObject service, List<PodView> pods)
    {
        bool publishAll = service.Flag("spec", "publishNotReadyAddresses");
        var groups = new SortedDictionary<string, (JsonArray Ports, List<JsonNode> Endpoints)>(StringComparer.Ordinal);
        foreach (PodView pod in pods)
        {
            List<(string Name, int Port, string Protocol, string? App)> ports = ServiceBackends.Ports(service, pod.Json);
            string key = string.Join(';', ports.Select(p => $"{p.Port:D5}/{p.Protocol}/{p.Name}"));
            if (!groups.TryGetValue(key, out var group))
            {
                var list = new JsonArray();
                foreach ((string portName, int number, string protocol, string? app) in ports)
                {
                    var port = new JsonObject { ["name"] = portName, ["protocol"] = protocol, ["port"] = number };
                    if (app is not null)
                    {
                        port["appProtocol"] = app;
                    }

                    list.Add((JsonNode)port);
                }

                groups[key] = group = (list, []);
            }

            var endpoint = new JsonObject
            {
                ["addresses"] = new JsonArray((JsonNode)pod.Ip!),
                ["conditions"] = new JsonObject
                {
                    ["ready"] = publishAll || (pod.IsReady && !pod.IsDeleting),
                    ["serving"] = pod.IsReady,
                    ["terminating"] = pod.IsDeleting,
                },
                ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid },
            };
            if (pod.Json.Text("spec", "hostname") is { Length: > 0 } host && pod.Json.Text("spec", "subdomain") == service.Name())
            {
                endpoint["hostname"] = host;
            }

            if (pod.NodeName is { } nodeName)
            {
                endpoint["nodeName"] = nodeName;
                if (Read(ClusterResources.Nodes, "", nodeName)?.Label("topology.kubernetes.io/zone") is { } zone)
                {
                    endpoint["zone"] = zone;
                }
            }

            group.Endpoints.Add(endpoint);
        }

        if (groups.Count == 0)
        {
            // Kubernetes keeps one slice without ports and endpoints for a Service that no pod is ready for.
            return [(null, null)];
        }

        var slices = new List<(JsonNode?, JsonNode?)>();
        foreach ((JsonArray ports, List<JsonNode> endpoints) in groups.Values)
        {
            foreach (JsonNode[] chunk in endpoints.Chunk(MostPerSlice))
            {
                slices.Add((ports.DeepClone(), new JsonArray(chunk)));
            }
        }

        return slices;
    }
}
