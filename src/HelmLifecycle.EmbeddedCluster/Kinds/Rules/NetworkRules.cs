using System.Net;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Ingress, IngressClass and NetworkPolicy.</summary>
internal static class NetworkRules
{
    public static void Ingress(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject? standard = Json.Object(spec, "defaultBackend");
        if (Json.IsEmpty(spec["rules"]) && standard is null)
        {
            errors.Invalid("spec", "networking.IngressSpec{IngressClassName:(*string)(nil), DefaultBackend:(*networking.IngressBackend)(nil), TLS:[]networking.IngressTLS(nil), Rules:[]networking.IngressRule(nil)}", "either `defaultBackend` or `rules` must be specified");
        }

        if (standard is not null)
        {
            Backend(standard, "spec.defaultBackend", errors);
        }

        int r = 0;
        foreach (JsonObject rule in Json.Objects(spec, "rules"))
        {
            string path = $"spec.rules[{r++}]";
            string host = Json.Text(rule, "host");
            if (host.Length > 0)
            {
                Host(host, path + ".host", errors);
            }

            if (Json.Object(rule, "http") is { } http)
            {
                Paths(http, path + ".http", errors);
            }
        }

        int t = 0;
        foreach (JsonObject tls in Json.Objects(spec, "tls"))
        {
            int h = 0;
            foreach (string host in Json.StringItems(tls, "hosts"))
            {
                Host(host, $"spec.tls[{t}].hosts[{h++}]", errors);
            }

            t++;
        }

        if (Json.Text(spec, "ingressClassName") is { Length: > 0 } name)
        {
            foreach (string error in MetadataRules.SubdomainErrors(name))
            {
                errors.InvalidText("spec.ingressClassName", name, error);
            }
        }
    }

    private static void Host(string host, string path, FieldErrors errors)
    {
        if (IPAddress.TryParse(host, out _))
        {
            errors.InvalidText(path, host, "must be a DNS name, not an IP address");
            return;
        }

        if (host.StartsWith("*.", StringComparison.Ordinal))
        {
            if (MetadataRules.SubdomainErrors(host[2..]).Any())
            {
                errors.InvalidText(path, host, "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
            }

            return;
        }

        foreach (string error in MetadataRules.SubdomainErrors(host))
        {
            errors.InvalidText(path, host, error);
        }
    }

    private static void Paths(JsonObject http, string path, FieldErrors errors)
    {
        if (Json.IsEmpty(http["paths"]))
        {
            errors.Required(path + ".paths");
        }

        int index = 0;
        foreach (JsonObject entry in Json.Objects(http, "paths"))
        {
            string at = $"{path}.paths[{index++}]";
            string type = Json.Text(entry, "pathType");
            string text = Json.Text(entry, "path");
            switch (type)
            {
                case "":
                    errors.Required(at + ".pathType", "pathType must be specified");
                    break;
                case "Exact" or "Prefix":
                    if (!text.StartsWith('/'))
                    {
                        errors.InvalidText(at + ".path", text, "must be an absolute path");
                    }
                    else
                    {
                        foreach (string bad in new[] { "//", "/./", "/../", "%2f", "%2F" })
                        {
                            if (text.Contains(bad, StringComparison.Ordinal))
                            {
                                errors.InvalidText(at + ".path", text, "must not contain '" + bad + "'");
                            }
                        }
                    }

                    break;
                case "ImplementationSpecific":
                    if (text.Length > 0 && !text.StartsWith('/'))
                    {
                        errors.InvalidText(at + ".path", text, "must be an absolute path");
                    }

                    break;
                default:
                    errors.NotSupported(at + ".pathType", GoText.Quote(type), "Exact", "ImplementationSpecific", "Prefix");
                    break;
            }

            Backend(Json.Ensure(entry, "backend"), at + ".backend", errors);
        }
    }

    private static void Backend(JsonObject backend, string path, FieldErrors errors)
    {
        JsonObject? service = Json.Object(backend, "service");
        if (Json.Object(backend, "resource") is not null)
        {
            if (service is not null)
            {
                errors.Invalid(path, "", "cannot set both resource and service backends");
            }

            return;
        }

        if (service is null)
        {
            errors.Required(path, "resource or service backend is required");
            return;
        }

        string name = Json.Text(service, "name");
        if (name.Length == 0)
        {
            errors.Required(path + ".service.name");
        }
        else
        {
            foreach (string error in MetadataRules.Label1035Errors(name))
            {
                errors.InvalidText(path + ".service.name", name, error);
            }
        }

        string portName = Json.Text(service, "port", "name");
        long number = Json.Long(service, "port", "number") ?? 0;
        if (portName.Length > 0 && number > 0)
        {
            errors.Invalid(path, "", "cannot set both port name & port number");
        }
        else if (portName.Length > 0)
        {
            foreach (string error in ServiceRules.PortNameErrors(portName))
            {
                errors.InvalidText(path + ".service.port.name", portName, error);
            }
        }
        else if (number > 0)
        {
            ServiceRules.PortNumber(number, path + ".service.port.number", errors);
        }
        else
        {
            errors.Required(path, "port name or number is required");
        }
    }

    public static void IngressClass(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string controller = Json.Text(json, "spec", "controller");
        if (controller.Length > 250)
        {
            errors.TooLong("spec.controller", 250);
        }

        foreach (string error in MetadataRules.QualifiedNameErrors(controller).Take(controller.Length == 0 ? 1 : int.MaxValue))
        {
            if (controller.Length == 0)
            {
                errors.Required("spec.controller");
            }
            else if (!controller.Contains('/', StringComparison.Ordinal))
            {
                errors.InvalidText("spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            }
            else
            {
                errors.InvalidText("spec.controller", controller, error);
            }
        }
    }

    public static void Policy(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        SelectorRules.Check(Json.Object(spec, "podSelector"), "spec.podSelector", errors);
        foreach ((string list, string peers) in new[] { ("ingress", "from"), ("egress", "to") })
        {
            int i = 0;
            foreach (JsonObject rule in Json.Objects(spec, list))
            {
                string path = $"spec.{list}[{i++}]";
                int p = 0;
                foreach (JsonObject port in Json.Objects(rule, "ports"))
                {
                    PolicyPort(port, $"{path}.ports[{p++}]", errors);
                }

                int q = 0;
                foreach (JsonObject peer in Json.Objects(rule, peers))
                {
                    Peer(peer, $"{path}.{peers}[{q++}]", errors);
                }
            }
        }

        string[] types = [.. Json.StringItems(spec, "policyTypes")];
        for (int i = 0; i < types.Length; i++)
        {
            if (types[i] is not ("Ingress" or "Egress"))
            {
                errors.NotSupported($"spec.policyTypes[{i}]", GoText.Quote(types[i]), "Egress", "Ingress");
            }
        }
    }

    private static void PolicyPort(JsonObject port, string path, FieldErrors errors)
    {
        string protocol = Json.Text(port, "protocol");
        if (protocol is not ("TCP" or "UDP" or "SCTP"))
        {
            errors.NotSupported(path + ".protocol", GoText.Quote(protocol), "SCTP", "TCP", "UDP");
        }

        if (port["port"] is { } number)
        {
            ServiceRules.PortNumberOrName(number, path + ".port", errors);
        }

        if (Json.Long(port, "endPort") is { } end)
        {
            if (Json.Long(port, "port") is not { } from)
            {
                errors.Required(path + ".endPort", "must be specified when `port` is specified and numeric");
            }
            else if (end < from)
            {
                errors.Invalid(path + ".endPort", Json.Number(end), "must be greater than or equal to `port`");
            }
        }
    }

    private static void Peer(JsonObject peer, string path, FieldErrors errors)
    {
        int count = peer.Count(p => p.Value is not null);
        if (count == 0)
        {
            errors.Required(path, "must specify a peer");
        }
        else if (count > 1 && peer["ipBlock"] is not null)
        {
            errors.Forbidden(path, "may not specify both ipBlock and another peer");
        }

        SelectorRules.Check(Json.Object(peer, "podSelector"), path + ".podSelector", errors);
        SelectorRules.Check(Json.Object(peer, "namespaceSelector"), path + ".namespaceSelector", errors);
        if (Json.Object(peer, "ipBlock") is not { } block)
        {
            return;
        }

        string cidr = Json.Text(block, "cidr");
        if (cidr.Length == 0)
        {
            errors.Required(path + ".ipBlock.cidr");
        }
        else if (!Cidr(cidr, out IPNetwork network))
        {
            errors.InvalidText(path + ".ipBlock.cidr", cidr, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
        else
        {
            int i = 0;
            foreach (string except in Json.StringItems(block, "except"))
            {
                string at = $"{path}.ipBlock.except[{i++}]";
                if (!Cidr(except, out IPNetwork inner))
                {
                    errors.InvalidText(at, except, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
                }
                else if (!network.Contains(inner.BaseAddress) || inner.PrefixLength <= network.PrefixLength)
                {
                    errors.InvalidText(at, except, "must be a strict subset of `cidr`");
                }
            }
        }
    }

    private static bool Cidr(string text, out IPNetwork network)
    {
        network = default;
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out IPAddress? address) || !int.TryParse(parts[1], out int bits) || bits < 0 || bits > address.GetAddressBytes().Length * 8)
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        for (int bit = bits; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), bits);
        return true;
    }
}
