using System.Net;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Rules of Service, Endpoints and EndpointSlice.</summary>
internal static class ServiceRules
{
    public static void Prepare(WriteContext context, JsonObject json)
    {
        Defaults(json);
        DropUnusable(json, null);
    }

    /// <summary>What is left out is carried over; what a type cannot have goes away by itself.</summary>
    public static void PrepareUpdate(WriteContext context, JsonObject json, JsonObject old)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject before = Json.Ensure(old, "spec");
        string type = Json.Text(spec, "type");
        string oldType = Json.Text(before, "type");
        if (type != "ExternalName" && oldType != "ExternalName")
        {
            CarryAddress(spec, before);
        }

        bool needsPorts = type is "NodePort" or "LoadBalancer";
        if (needsPorts && oldType is "NodePort" or "LoadBalancer")
        {
            CarryPorts(spec, before);
            if (Json.Text(spec, "externalTrafficPolicy") == "Local" && type == "LoadBalancer" && (Json.Long(spec, "healthCheckNodePort") ?? 0) == 0 && before["healthCheckNodePort"] is { } health)
            {
                spec["healthCheckNodePort"] = health.DeepClone();
            }
        }

        DropUnusable(json, old);
    }

    private static void CarryAddress(JsonObject spec, JsonObject before)
    {
        if (Json.Text(spec, "clusterIP").Length == 0)
        {
            // Leaving out, null and "" all mean: as before.
            if (Json.IsEmpty(spec["clusterIPs"]) || Json.Same(spec["clusterIPs"], before["clusterIPs"]))
            {
                Copy(before, spec, "clusterIP");
                Copy(before, spec, "clusterIPs");
            }
            else
            {
                spec["clusterIP"] = Json.StringItems(spec, "clusterIPs").First();
            }
        }
        else if (Json.IsEmpty(spec["clusterIPs"]) || (Json.Text(spec, "clusterIP") != Json.Text(before, "clusterIP") && Json.Same(spec["clusterIPs"], before["clusterIPs"])))
        {
            spec["clusterIPs"] = Json.Strings(Json.Text(spec, "clusterIP"));
        }

        if (spec["ipFamilies"] is null)
        {
            Copy(before, spec, "ipFamilies");
        }

        if (spec["ipFamilyPolicy"] is null)
        {
            Copy(before, spec, "ipFamilyPolicy");
        }
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value)
        {
            to[name] = value.DeepClone();
        }
    }

    /// <summary>Ports are known again by their names. Two ports without a name are given the same number, which the allocator then refuses, as the real one does.</summary>
    private static void CarryPorts(JsonObject spec, JsonObject before)
    {
        HashSet<long> numbers(JsonObject s) => [.. Json.Objects(s, "ports").Select(p => Json.Long(p, "nodePort") ?? 0).Where(n => n > 0)];
        HashSet<long> used = numbers(before);
        used.IntersectWith(numbers(spec));
        var byName = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (JsonObject port in Json.Objects(before, "ports"))
        {
            byName[Json.Text(port, "name")] = Json.Long(port, "nodePort") ?? 0;
        }

        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            if ((Json.Long(port, "nodePort") ?? 0) == 0 && byName.TryGetValue(Json.Text(port, "name"), out long number) && number > 0 && !used.Contains(number))
            {
                port["nodePort"] = number;
            }
        }
    }

    private static void Defaults(JsonObject json)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        if (Json.Text(spec, "clusterIP").Length > 0 && Json.IsEmpty(spec["clusterIPs"]))
        {
            spec["clusterIPs"] = Json.Strings(Json.Text(spec, "clusterIP"));
        }
        else if (Json.Text(spec, "clusterIP").Length == 0 && Json.StringItems(spec, "clusterIPs").FirstOrDefault() is { Length: > 0 } first)
        {
            spec["clusterIP"] = first;
        }
    }

    /// <summary>Fields that were right for the old type and make no sense for the new one are cleared when they were not changed.</summary>
    private static void DropUnusable(JsonObject json, JsonObject? old)
    {
        if (old is null)
        {
            return;
        }

        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject before = Json.Ensure(old, "spec");
        string type = Json.Text(spec, "type");
        bool same(string field) => Json.SameOrEmpty(spec[field], before[field]);
        if (type is not ("NodePort" or "LoadBalancer"))
        {
            if (Json.Text(before, "type") is "NodePort" or "LoadBalancer")
            {
                foreach (JsonObject port in Json.Objects(spec, "ports"))
                {
                    JsonObject? was = Json.Objects(before, "ports").FirstOrDefault(p => Json.Long(p, "nodePort") == Json.Long(port, "nodePort"));
                    if (was is not null)
                    {
                        port.Remove("nodePort");
                    }
                }

                if (same("externalTrafficPolicy"))
                {
                    spec.Remove("externalTrafficPolicy");
                }

                if (same("healthCheckNodePort"))
                {
                    spec.Remove("healthCheckNodePort");
                }
            }
        }

        if (type != "LoadBalancer" && Json.Text(before, "type") == "LoadBalancer")
        {
            foreach (string field in new[] { "allocateLoadBalancerNodePorts", "loadBalancerClass", "healthCheckNodePort" })
            {
                if (same(field))
                {
                    spec.Remove(field);
                }
            }

            if (Json.Object(json, "status") is { } status)
            {
                status["loadBalancer"] = new JsonObject();
            }
        }

        if (type == "ExternalName" && Json.Text(before, "type") != "ExternalName")
        {
            if (same("clusterIP") && Json.Text(spec, "clusterIP") != "None")
            {
                spec.Remove("clusterIP");
                spec.Remove("clusterIPs");
            }

            if (Json.Text(spec, "clusterIP").Length == 0)
            {
                spec.Remove("clusterIPs");
            }

            foreach (string field in new[] { "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy" })
            {
                if (same(field))
                {
                    spec.Remove(field);
                }
            }
        }

        if (type != "ExternalName" && Json.Text(before, "type") == "ExternalName" && same("externalName"))
        {
            spec.Remove("externalName");
        }
    }

    public static void Check(WriteContext context, JsonObject json, FieldErrors errors) => CheckService(json, null, errors);

    public static void CheckUpdate(WriteContext context, JsonObject json, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        JsonObject before = Json.Ensure(old, "spec");
        if (Json.Text(spec, "type") != "ExternalName" && Json.Text(before, "type") != "ExternalName" && Json.Text(before, "clusterIP").Length > 0)
        {
            string[] now = [.. Json.StringItems(spec, "clusterIPs")];
            string[] was = [.. Json.StringItems(before, "clusterIPs")];
            if (now.FirstOrDefault() != was.FirstOrDefault())
            {
                errors.Invalid("spec.clusterIPs[0]", GoText.Strings(spec["clusterIPs"]), "may not change once set");
            }
        }

        CheckService(json, old, errors);
    }

    private static void CheckService(JsonObject json, JsonObject? old, FieldErrors errors)
    {
        JsonObject spec = Json.Ensure(json, "spec");
        string type = Json.Text(spec, "type");
        bool headless = Json.Text(spec, "clusterIP") == "None";
        if (Json.IsEmpty(spec["ports"]) && !headless && type != "ExternalName")
        {
            errors.Required("spec.ports");
        }

        switch (type)
        {
            case "LoadBalancer" when headless:
                errors.InvalidText("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services");
                break;
            case "NodePort" when headless:
                errors.InvalidText("spec.clusterIPs[0]", "None", "may not be set to 'None' for NodePort services");
                break;
            case "ExternalName":
                if (!Json.IsEmpty(spec["clusterIPs"]))
                {
                    errors.Forbidden("spec.clusterIPs", "may not be set for ExternalName services");
                }

                string name = Json.Text(spec, "externalName");
                if (name.Length == 0)
                {
                    errors.Required("spec.externalName");
                }
                else
                {
                    foreach (string error in MetadataRules.SubdomainErrors(name.TrimEnd('.')))
                    {
                        errors.InvalidText("spec.externalName", name, error);
                    }
                }

                break;
        }

        Ports(spec, type, errors);
        MetadataRules.CheckLabels(spec["selector"], "spec.selector", errors);
        SelectorRules.OneOf(Json.Text(spec, "sessionAffinity"), "spec.sessionAffinity", errors, true, "ClientIP", "None");
        if (Json.Long(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds") is { } seconds && seconds is <= 0 or > 86400)
        {
            errors.Invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", Json.Number(seconds), "must be greater than 0 and less than 86400");
        }

        Addresses(spec, type, errors);
        SelectorRules.OneOf(type, "spec.type", errors, true, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        Duplicates(spec, errors);
        Policies(spec, type, errors);
        if (old is not null)
        {
            StatusRules.LoadBalancer(json, type, errors);
        }
    }

    private static void Ports(JsonObject spec, string type, FieldErrors errors)
    {
        int count = Json.Array(spec, "ports")?.Count ?? 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            string path = $"spec.ports[{index++}]";
            string name = Json.Text(port, "name");
            if (name.Length == 0)
            {
                if (count > 1)
                {
                    errors.Required(path + ".name");
                }
            }
            else
            {
                foreach (string error in MetadataRules.LabelErrors(name))
                {
                    errors.InvalidText(path + ".name", name, error);
                }

                if (!names.Add(name))
                {
                    errors.Duplicate(path + ".name", GoText.Quote(name));
                }
            }

            long number = Json.Long(port, "port") ?? 0;
            PortNumber(number, path + ".port", errors);
            string protocol = Json.Text(port, "protocol");
            if (protocol.Length == 0)
            {
                errors.Required(path + ".protocol");
            }
            else if (protocol is not ("TCP" or "UDP" or "SCTP"))
            {
                errors.NotSupported(path + ".protocol", GoText.Quote(protocol), "SCTP", "TCP", "UDP");
            }

            PortNumberOrName(port["targetPort"], path + ".targetPort", errors);
        }

        index = 0;
        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            string path = $"spec.ports[{index++}].nodePort";
            if (type is "ClusterIP" or "ExternalName" && (Json.Long(port, "nodePort") ?? 0) != 0)
            {
                errors.Forbidden(path, $"may not be used when `type` is '{type}'");
            }
        }
    }

    public static void PortNumber(long number, string path, FieldErrors errors)
    {
        if (number is < 1 or > 65535)
        {
            errors.Invalid(path, Json.Number(number), "must be between 1 and 65535, inclusive");
        }
    }

    public static void PortNumberOrName(JsonNode? port, string path, FieldErrors errors)
    {
        if (port is JsonValue value && value.TryGetValue(out string? text))
        {
            foreach (string error in PortNameErrors(text!))
            {
                errors.InvalidText(path, text!, error);
            }
        }
        else
        {
            PortNumber(Json.AsLong(port) ?? 0, path, errors);
        }
    }

    public static IEnumerable<string> PortNameErrors(string name)
    {
        if (name.Length > 15)
        {
            yield return "must be no more than 15 characters";
        }

        if (!name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(c => c is >= 'a' and <= 'z'))
        {
            yield return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name.Length > 0 && (name[0] == '-' || name[^1] == '-'))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    private static void Addresses(JsonObject spec, string type, FieldErrors errors)
    {
        if (type == "ExternalName")
        {
            return;
        }

        string[] families = [.. Json.StringItems(spec, "ipFamilies")];
        int index = 0;
        foreach (string address in Json.StringItems(spec, "clusterIPs"))
        {
            string path = $"spec.clusterIPs[{index}]";
            if (address != "None")
            {
                if (!AddressRules.TryParse(address, out IPAddress? parsed))
                {
                    errors.InvalidText(path, address, AddressRules.NoAddress);
                }
                else if (index < families.Length && families[index] != (parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4"))
                {
                    errors.InvalidText(path, address, $"expected an {families[index]} value as indicated by `ipFamilies[{index}]`");
                }
            }

            index++;
        }

        index = 0;
        foreach (string family in families)
        {
            if (family is not ("IPv4" or "IPv6"))
            {
                errors.NotSupported($"spec.ipFamilies[{index}]", GoText.Quote(family), "IPv4", "IPv6");
            }

            index++;
        }

        index = 0;
        foreach (string address in Json.StringItems(spec, "externalIPs"))
        {
            AddressRules.CheckOrdinary(address, $"spec.externalIPs[{index}]", errors);
            index++;
        }
    }

    private static void Duplicates(JsonObject spec, FieldErrors errors)
    {
        var seen = new HashSet<(string, long)>();
        int index = 0;
        foreach (JsonObject port in Json.Objects(spec, "ports"))
        {
            long number = Json.Long(port, "port") ?? 0;
            string protocol = Json.Text(port, "protocol");
            if (!seen.Add((protocol, number)))
            {
                errors.Duplicate($"spec.ports[{index}]", $"core.ServicePort{{Name:\"\", Protocol:{GoText.Quote(protocol)}, AppProtocol:(*string)(nil), Port:{number}, TargetPort:intstr.IntOrString{{Type:0, IntVal:0, StrVal:\"\"}}, NodePort:0}}");
            }

            index++;
        }
    }

    private static void Policies(JsonObject spec, string type, FieldErrors errors)
    {
        string external = Json.Text(spec, "externalTrafficPolicy");
        if (external.Length > 0)
        {
            if (type is not ("NodePort" or "LoadBalancer") && Json.IsEmpty(spec["externalIPs"]))
            {
                errors.InvalidText("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
            }
            else if (external is not ("Cluster" or "Local"))
            {
                errors.NotSupported("spec.externalTrafficPolicy", GoText.Quote(external), "Cluster", "Local");
            }
        }

        string inside = Json.Text(spec, "internalTrafficPolicy");
        if (inside.Length > 0 && inside is not ("Cluster" or "Local"))
        {
            errors.NotSupported("spec.internalTrafficPolicy", GoText.Quote(inside), "Cluster", "Local");
        }

        string[] ranges = [.. Json.StringItems(spec, "loadBalancerSourceRanges")];
        if (type == "LoadBalancer" && !ranges.All(r => AddressRules.IsCidr(r.Trim())))
        {
            errors.InvalidText("spec.LoadBalancerSourceRanges", "[" + string.Join(' ', ranges) + "]", "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ");
        }

        if (type != "LoadBalancer")
        {
            if (!Json.IsEmpty(spec["loadBalancerSourceRanges"]))
            {
                errors.Forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
            }

            if (spec["allocateLoadBalancerNodePorts"] is not null)
            {
                errors.Forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
            }

            if (spec["loadBalancerClass"] is not null)
            {
                errors.Forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
            }
        }
    }
}
