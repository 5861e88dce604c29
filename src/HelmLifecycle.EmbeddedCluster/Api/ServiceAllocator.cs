using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Service addresses (10.96.0.0/16) and node ports (30000-32767), each given once. What is in use follows from the stored Services.</summary>
internal sealed class ServiceAllocator
{
    private const int FirstPort = 30000;
    private const int LastPort = 32767;
    private static readonly ResourceKey s_services = new("", "services");

    private readonly ApiServer _server;
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Protocol, long Port), string> _ports = [];

    public ServiceAllocator(ApiServer server)
    {
        _server = server;
        server.Store.Subscribe(Follow);
    }

    private void Follow(StoreEvent change)
    {
        if (change.Resource != s_services)
        {
            return;
        }

        if (change.Previous is { } previous)
        {
            Forget(previous.View);
        }

        if (change.Type != StoreEventType.Deleted)
        {
            Note(change.Object.View);
        }
    }

    /// <summary>Takes stock again, after a restore.</summary>
    public void Rebuild()
    {
        _addresses.Clear();
        _ports.Clear();
        foreach (StoredObject service in _server.Store.List(s_services))
        {
            Note(service.View);
        }
    }

    private void Note(JsonObject service)
    {
        string uid = Json.Text(service, "metadata", "uid");
        foreach (string address in Json.StringItems(service, "spec", "clusterIPs").Where(a => a is not ("None" or "")))
        {
            _addresses[address] = uid;
        }

        foreach ((string protocol, long port) in Ports(service))
        {
            _ports[(protocol, port)] = uid;
        }
    }

    private void Forget(JsonObject service)
    {
        foreach (string address in Json.StringItems(service, "spec", "clusterIPs"))
        {
            _addresses.Remove(address);
        }

        foreach ((string protocol, long port) in Ports(service))
        {
            _ports.Remove((protocol, port));
        }
    }

    private static IEnumerable<(string Protocol, long Port)> Ports(JsonObject service)
    {
        foreach (JsonObject port in Json.Objects(service, "spec", "ports"))
        {
            if (Json.Long(port, "nodePort") is > 0 and { } number)
            {
                yield return (Json.Text(port, "protocol"), number);
            }
        }

        if (Json.Long(service, "spec", "healthCheckNodePort") is > 0 and { } health)
        {
            yield return ("TCP", health);
        }
    }

    /// <summary>Gives a Service its addresses and ports, before it is stored. Refuses what is taken or out of range.</summary>
    public void Allocate(WriteContext context, JsonObject service, JsonObject? old)
    {
        if (context.Resource.Key != s_services)
        {
            return;
        }

        JsonObject spec = Json.Ensure(service, "spec");
        string uid = Json.Text(service, "metadata", "uid");
        var errors = new FieldErrors();
        Address(context, spec, uid, errors);
        NodePorts(context, spec, old, uid, errors);
        if (errors.Any)
        {
            throw errors.ToError("", "Service", Json.Text(service, "metadata", "name"));
        }
    }

    private void Address(WriteContext context, JsonObject spec, string uid, FieldErrors errors)
    {
        if (Json.Text(spec, "type") == "ExternalName")
        {
            foreach (string field in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy" })
            {
                spec.Remove(field);
            }

            return;
        }

        string address = Json.Text(spec, "clusterIP");
        if (address == "None")
        {
            spec["clusterIPs"] = Json.Strings("None");
            Headless(spec);
            return;
        }

        if (address.Length == 0)
        {
            address = context.DryRun ? "10.96.0.0" : Free();
        }
        else if (!_addresses.TryGetValue(address, out string? owner))
        {
            if (!InRange(address))
            {
                errors.Invalid("spec.clusterIPs", "[]string{" + GoText.Quote(address) + "}", $"failed to allocate IP {address}: the provided IP ({address}) is not in the valid range. The range of valid IPs is 10.96.0.0/16");
            }
        }
        else if (owner != uid)
        {
            errors.Invalid("spec.clusterIPs", "[]string{" + GoText.Quote(address) + "}", $"failed to allocate IP {address}: provided IP is already allocated");
        }

        spec["clusterIP"] = address;
        spec["clusterIPs"] = Json.Strings(address);
        Json.Default(spec, "ipFamilies", Json.Strings("IPv4"));
        Json.Default(spec, "ipFamilyPolicy", "SingleStack");
    }

    // Without a selector nothing binds a headless service to the cluster's own family: it is given both, even where the cluster has one.
    private static void Headless(JsonObject spec)
    {
        bool both = spec["ipFamilyPolicy"] is null ? Json.IsEmpty(spec["selector"]) && Json.StringItems(spec, "ipFamilies").All(f => f is "IPv4" or "IPv6")
            : Json.IsEmpty(spec["selector"]) && Json.Text(spec, "ipFamilyPolicy") is "RequireDualStack" or "PreferDualStack";
        string first = Json.StringItems(spec, "ipFamilies").FirstOrDefault() ?? "IPv4";
        if (both && Json.StringItems(spec, "ipFamilies").Count() < 2)
        {
            spec["ipFamilies"] = Json.Strings(first, first == "IPv4" ? "IPv6" : "IPv4");
        }

        Json.Default(spec, "ipFamilies", Json.Strings(first));
        Json.Default(spec, "ipFamilyPolicy", both ? "RequireDualStack" : "SingleStack");
    }

    private static bool InRange(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.GetAddressBytes() is [10, 96, var third, var fourth] && (third, fourth) is not ((0, 0) or (255, 255));

    private string Free()
    {
        for (int tries = 0; tries < 100_000; tries++)
        {
            int host = 1 + _server.NextRandom(65533);
            string address = string.Create(CultureInfo.InvariantCulture, $"10.96.{host / 256}.{host % 256}");
            if (!_addresses.ContainsKey(address))
            {
                return address;
            }
        }

        throw ApiErrors.Internal("failed to allocate a serviceIP: range is full");
    }

    private void NodePorts(WriteContext context, JsonObject spec, JsonObject? old, string uid, FieldErrors errors)
    {
        string type = Json.Text(spec, "type");
        bool wants = type == "NodePort" || (type == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"]?.GetValue<bool>() != false);
        var taken = new HashSet<(string, long)>();
        var duplicates = new HashSet<(string, long)>();
        int index = 0;
        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            string path = "spec.ports[" + Json.Number(index++) + "].nodePort";
            string protocol = Json.Text(port, "protocol");
            long number = Json.Long(port, "nodePort") ?? 0;
            if (number == 0)
            {
                continue;
            }

            if (!wants && type is not "LoadBalancer")
            {
                continue;
            }

            if (old is not null && !duplicates.Add((protocol, number)) && _ports.GetValueOrDefault((protocol, number)) == uid)
            {
                throw ApiErrors.Internal($"duplicate nodePort: {{{protocol} {number}}}");
            }

            if (number is < FirstPort or > LastPort)
            {
                errors.Invalid(path, Json.Number(number), $"provided port is not in the valid range. The range of valid ports is {FirstPort}-{LastPort}");
            }
            else if (!taken.Add((protocol, number)) || (_ports.TryGetValue((protocol, number), out string? owner) && owner != uid))
            {
                errors.Invalid(path, Json.Number(number), "provided port is already allocated");
            }
        }

        if (!errors.Any)
        {
            HealthCheckPort(spec, type, taken);
        }

        if (!wants || errors.Any)
        {
            return;
        }

        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            if ((Json.Long(port, "nodePort") ?? 0) == 0)
            {
                string protocol = Json.Text(port, "protocol");

                // The same number serves a port that is offered over two protocols.
                long shared = Json.Objects(spec, "ports").Where(p => p != port && Json.Long(p, "port") == Json.Long(port, "port") && Json.Text(p, "protocol") != protocol)
                    .Select(p => Json.Long(p, "nodePort") ?? 0).FirstOrDefault(n => n > 0 && !_ports.ContainsKey((protocol, n)));
                long number = shared > 0 ? shared : FreePort(protocol, taken);
                taken.Add((protocol, number));
                port["nodePort"] = number;
            }
        }
    }

    private void HealthCheckPort(JsonObject spec, string type, HashSet<(string, long)> taken)
    {
        if (type == "LoadBalancer" && Json.Text(spec, "externalTrafficPolicy") == "Local" && (Json.Long(spec, "healthCheckNodePort") ?? 0) == 0)
        {
            long port = FreePort("TCP", taken);
            taken.Add(("TCP", port));
            spec["healthCheckNodePort"] = port;
        }
    }

    private long FreePort(string protocol, HashSet<(string, long)> taken)
    {
        for (int tries = 0; tries < 100_000; tries++)
        {
            long port = FirstPort + _server.NextRandom(LastPort - FirstPort + 1);
            if (!_ports.ContainsKey((protocol, port)) && !taken.Contains((protocol, port)))
            {
                return port;
            }
        }

        throw ApiErrors.Internal("failed to allocate a nodePort: range is full");
    }
}
