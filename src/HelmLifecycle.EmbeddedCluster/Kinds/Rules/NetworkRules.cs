using System.Net;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Ingress, IngressClass and NetworkPolicy.</summary>
internal static class NetworkRules
{
    private const string ClassAnnotation = "kubernetes.io/ingress.class";
    private static readonly string[] s_forbiddenParts = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] s_forbiddenEnds = ["/..", "/."];

    public static void Ingress(WriteContext context, JsonObject json, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject? standard = Json.Object(spec, "defaultBackend");
        if (Json.IsEmpty(spec["rules"]) && standard is null)
        {
            errors.Invalid("spec", "[]networking.IngressRule(nil)", "either `defaultBackend` or `rules` must be specified");
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
            if (AddressRules.TryParse(host, out _))
            {
                errors.InvalidText(path + ".host", host, "must be a DNS name, not an IP address");
            }

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

            if (Json.Text(tls, "secretName") is { Length: > 0 } secret)
            {
                foreach (string error in MetadataRules.SubdomainErrors(secret))
                {
                    errors.InvalidText($"spec.tls[{t}].secretName", secret, error);
                }
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

    public static void IngressUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors) => Ingress(context, json, errors);

    private static void Host(string host, string path, FieldErrors errors)
    {
        if (host.Contains('*', StringComparison.Ordinal))
        {
            if (!host.StartsWith("*.", StringComparison.Ordinal) || MetadataRules.SubdomainErrors(host[2..]).Any())
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
                    continue;
                case "Exact" or "Prefix":
                    if (!text.StartsWith('/'))
                    {
                        errors.InvalidText(at + ".path", text, "must be an absolute path");
                    }

                    foreach (string bad in s_forbiddenParts.Where(b => text.Contains(b, StringComparison.Ordinal)))
                    {
                        errors.InvalidText(at + ".path", text, "must not contain '" + bad + "'");
                    }

                    foreach (string bad in s_forbiddenEnds.Where(b => text.EndsWith(b, StringComparison.Ordinal)))
                    {
                        errors.InvalidText(at + ".path", text, "cannot end with '" + bad + "'");
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
        if (Json.Object(backend, "resource") is { } resource)
        {
            if (service is not null)
            {
                errors.InvalidText(path, "", "cannot set both resource and service backends");
            }
            else
            {
                Reference(resource, path + ".resource", errors);
            }

            return;
        }

        if (service is null)
        {
            errors.InvalidText(path, "", "resource or service backend is required");
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
            errors.InvalidText(path, "", "cannot set both port name & port number");
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

    private static void Reference(JsonObject reference, string path, FieldErrors errors)
    {
        if (Json.Text(reference, "apiGroup") is { Length: > 0 } group)
        {
            foreach (string error in MetadataRules.SubdomainErrors(group))
            {
                errors.InvalidText(path + ".apiGroup", group, error);
            }
        }

        foreach (string field in new[] { "kind", "name" })
        {
            string value = Json.Text(reference, field);
            if (value.Length == 0)
            {
                errors.Required(path + "." + field, field + " is required");
                continue;
            }

            foreach (string error in MetadataRules.PathSegmentErrors(value))
            {
                errors.InvalidText(path + "." + field, value, error);
            }
        }
    }

    /// <summary>The older annotation and the field for the class must agree; the annotation alone earns a warning.</summary>
    public static void IngressCreate(WriteContext context, JsonObject json, FieldErrors errors)
    {
        Ingress(context, json, errors);
        if (Json.String(json, "metadata", "annotations", ClassAnnotation) is not { } annotation)
        {
            return;
        }

        if (Json.String(json, "spec", "ingressClassName") is not { } name)
        {
            context.Warnings.Add($"annotation {GoText.Quote(ClassAnnotation)} is deprecated, please use 'spec.ingressClassName' instead");
        }
        else if (name != annotation)
        {
            errors.InvalidText("annotations." + ClassAnnotation, annotation, "must match `ingressClassName` when both are specified");
        }
    }

    public static void IngressClass(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string controller = Json.Text(json, "spec", "controller");
        if (controller.Length > 250)
        {
            errors.TooLong("spec.controller", 250);
        }

        string[] parts = controller.Split('/', 2);
        if (controller.Length == 0)
        {
            errors.Required("spec.controller");
        }
        else if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            errors.InvalidText("spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        }
        else
        {
            foreach (string error in MetadataRules.SubdomainErrors(parts[0]))
            {
                errors.InvalidText("spec.controller", parts[0], error);
            }
        }

        if (Json.Object(json, "spec", "parameters") is { } parameters)
        {
            Parameters(parameters, errors);
        }
    }

    private static void Parameters(JsonObject parameters, FieldErrors errors)
    {
        const string path = "spec.parameters";
        Reference(parameters, path, errors);
        string? ns = Json.String(parameters, "namespace");
        switch (Json.Text(parameters, "scope"))
        {
            case "":
                errors.Required(path + ".scope");
                break;
            case "Namespace" when ns is null:
                errors.Required(path + ".namespace", "`parameters.scope` is set to 'Namespace'");
                break;
            case "Namespace":
                foreach (string error in MetadataRules.LabelErrors(ns!))
                {
                    errors.InvalidText(path + ".namespace", ns!, error);
                }

                break;
            case "Cluster" when ns is not null:
                errors.Forbidden(path + ".namespace", "`parameters.scope` is set to 'Cluster'");
                break;
            case "Cluster":
                break;
            case var other:
                errors.NotSupported(path + ".scope", GoText.Quote(other), "Cluster", "Namespace");
                break;
        }
    }

    public static void IngressClassUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        SelectorRules.Immutable(Json.Get(json, "spec", "controller"), Json.Get(old, "spec", "controller"), "spec.controller", errors);
        IngressClass(context, json, errors);
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
        if (types.Length > 2)
        {
            errors.Invalid("spec.policyTypes", "[]networking.PolicyType{" + string.Join(", ", types.Select(GoText.Quote)) + "}", "may not specify more than two policyTypes");
            return;
        }

        for (int i = 0; i < types.Length; i++)
        {
            if (types[i] is not ("Ingress" or "Egress"))
            {
                errors.NotSupported($"spec.policyTypes[{i}]", GoText.Quote(types[i]), "Ingress", "Egress");
            }
        }
    }

    private static void PolicyPort(JsonObject port, string path, FieldErrors errors)
    {
        string protocol = Json.Text(port, "protocol");
        if (protocol is not ("TCP" or "UDP" or "SCTP"))
        {
            errors.NotSupported(path + ".protocol", GoText.Quote(protocol), "TCP", "UDP", "SCTP");
        }

        JsonNode? number = port["port"];
        if (Json.Long(port, "endPort") is not { } end)
        {
            if (number is not null)
            {
                ServiceRules.PortNumberOrName(number, path + ".port", errors);
            }
        }
        else if (number is null)
        {
            errors.Invalid(path + ".endPort", Json.Number(end), "may not be specified when `port` is not specified");
        }
        else if (Json.AsLong(number) is { } from)
        {
            ServiceRules.PortNumber(from, path + ".port", errors);
            if (end < from)
            {
                errors.Invalid(path + ".endPort", Json.Number(end), "must be greater than or equal to `port`");
            }

            ServiceRules.PortNumber(end, path + ".endPort", errors);
        }
        else
        {
            errors.Invalid(path + ".endPort", Json.Number(end), "may not be specified when `port` is non-numeric");
            ServiceRules.PortNumberOrName(number, path + ".port", errors);
        }
    }

    private static void Peer(JsonObject peer, string path, FieldErrors errors)
    {
        SelectorRules.Check(Json.Object(peer, "podSelector"), path + ".podSelector", errors);
        SelectorRules.Check(Json.Object(peer, "namespaceSelector"), path + ".namespaceSelector", errors);
        if (Json.Object(peer, "ipBlock") is { } block)
        {
            IpBlock(block, path + ".ipBlock", errors);
        }

        int count = peer.Count(p => p.Value is not null);
        if (count == 0)
        {
            errors.Required(path, "must specify a peer");
        }
        else if (count > 1 && peer["ipBlock"] is not null)
        {
            errors.Forbidden(path, "may not specify both ipBlock and another peer");
        }
    }

    private static void IpBlock(JsonObject block, string path, FieldErrors errors)
    {
        string cidr = Json.Text(block, "cidr");
        if (cidr.Length == 0)
        {
            errors.Required(path + ".cidr");
        }
        else if (!AddressRules.TryParseCidr(cidr, out IPNetwork network))
        {
            errors.InvalidText(path + ".cidr", cidr, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
        else
        {
            int i = 0;
            foreach (string except in Json.StringItems(block, "except"))
            {
                string at = $"{path}.except[{i++}]";
                if (!AddressRules.TryParseCidr(except, out IPNetwork inner))
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
}
