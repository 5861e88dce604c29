using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Endpoints and EndpointSlices.</summary>
internal static class EndpointRules
{
    public static void Endpoints(WriteContext context, JsonObject json, FieldErrors errors)
    {
        int s = 0;
        foreach (JsonObject subset in Json.Objects(json, "subsets"))
        {
            string path = $"subsets[{s++}]";
            if (Json.IsEmpty(subset["addresses"]) && Json.IsEmpty(subset["notReadyAddresses"]))
            {
                errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
            }

            foreach (string list in new[] { "addresses", "notReadyAddresses" })
            {
                int a = 0;
                foreach (JsonObject address in Json.Objects(subset, list))
                {
                    string at = $"{path}.{list}[{a++}]";
                    AddressRules.CheckOrdinary(Json.Text(address, "ip"), at + ".ip", errors);
                    string host = Json.Text(address, "hostname");
                    foreach (string error in host.Length == 0 ? [] : MetadataRules.LabelErrors(host))
                    {
                        errors.InvalidText(at + ".hostname", host, error);
                    }
                }
            }

            Ports(subset, path, errors);
        }
    }

    private static void Ports(JsonObject subset, string path, FieldErrors errors)
    {
        JsonObject[] ports = [.. Json.Objects(subset, "ports")];
        for (int p = 0; p < ports.Length; p++)
        {
            string at = $"{path}.ports[{p}]";
            string name = Json.Text(ports[p], "name");
            if (name.Length == 0 && ports.Length > 1)
            {
                errors.Required(at + ".name");
            }

            foreach (string error in name.Length == 0 ? [] : MetadataRules.LabelErrors(name))
            {
                errors.InvalidText(at + ".name", name, error);
            }

            ServiceRules.PortNumber(Json.Long(ports[p], "port") ?? 0, at + ".port", errors);
            string protocol = Json.Text(ports[p], "protocol");
            if (protocol is not ("TCP" or "UDP" or "SCTP"))
            {
                errors.NotSupported(at + ".protocol", GoText.Quote(protocol), "SCTP", "TCP", "UDP");
            }
        }
    }

    public static void Slice(WriteContext context, JsonObject json, FieldErrors errors)
    {
        string type = Json.Text(json, "addressType");
        if (type.Length == 0)
        {
            errors.Required("addressType");
        }
        else if (type is not ("IPv4" or "IPv6" or "FQDN"))
        {
            errors.NotSupported("addressType", GoText.Quote(type), "FQDN", "IPv4", "IPv6");
        }

        int e = 0;
        foreach (JsonObject endpoint in Json.Objects(json, "endpoints"))
        {
            if (Json.IsEmpty(endpoint["addresses"]))
            {
                errors.Required($"endpoints[{e}].addresses", "must contain at least 1 address");
            }

            e++;
        }
    }

    public static void SliceUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        Slice(context, json, errors);
        SelectorRules.Immutable(json["addressType"], old["addressType"], "addressType", errors);
    }
}
