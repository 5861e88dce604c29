using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Columns and cells of services, configuration, storage, access and the rest.</summary>
internal static partial class TableRows
{
    public static readonly IReadOnlyList<TableColumn> Services = Columns("Type,Cluster-IP,External-IP,Port(s),Age", "Selector");

    public static JsonArray Service(JsonObject o, DateTimeOffset now)
    {
        string type = Json.Text(o, "spec", "type");
        string[] outer = [.. Json.StringItems(o, "spec", "externalIPs")];
        string external = type switch
        {
            "ClusterIP" or "NodePort" => outer.Length > 0 ? string.Join(",", outer) : "<none>",
            "LoadBalancer" => Or(string.Join(",", Json.Objects(o, "status", "loadBalancer", "ingress").Select(i => Or(Json.Text(i, "ip"), Json.Text(i, "hostname"))).Concat(outer)), "<pending>"),
            "ExternalName" => Json.Text(o, "spec", "externalName"),
            _ => "<unknown>",
        };
        string ports = string.Join(",", Json.Objects(o, "spec", "ports").Select(p => Number(p, "nodePort") > 0 ? $"{Number(p, "port")}:{Number(p, "nodePort")}/{Json.Text(p, "protocol")}" : $"{Number(p, "port")}/{Json.Text(p, "protocol")}"));
        return Cells(Name(o), type, Or(Json.Text(o, "spec", "clusterIP")), external, Or(ports), Age(o, now), Labels(Json.Get(o, "spec", "selector")));
    }

    public static readonly IReadOnlyList<TableColumn> EndpointsColumns = Columns("Endpoints,Age");

    public static JsonArray Endpoints(JsonObject o, DateTimeOffset now)
    {
        const int max = 3;
        var list = new List<string>();
        int count = 0;
        foreach (JsonObject subset in Json.Objects(o, "subsets"))
        {
            JsonObject[] ports = [.. Json.Objects(subset, "ports")];
            foreach (JsonObject address in Json.Objects(subset, "addresses"))
            {
                foreach (JsonObject? port in ports.Length == 0 ? new JsonObject?[] { null } : ports)
                {
                    if (count++ < max)
                    {
                        list.Add(port is null ? Json.Text(address, "ip") : $"{Json.Text(address, "ip")}:{Number(port, "port")}");
                    }
                }
            }
        }

        string text = string.Join(",", list);
        return Cells(Name(o), count > max ? $"{text} + {count - max} more..." : Or(text), Age(o, now));
    }

    public static readonly IReadOnlyList<TableColumn> Slices = Columns("AddressType,Ports,Endpoints,Age");

    public static JsonArray Slice(JsonObject o, DateTimeOffset now)
    {
        string[] ports = [.. Json.Objects(o, "ports").Select(p => Json.Long(p, "port") is { } n ? Json.Number(n) : "*")];
        string[] addresses = [.. Json.Objects(o, "endpoints").SelectMany(e => Json.StringItems(e, "addresses"))];
        return Cells(Name(o), Json.Text(o, "addressType"), Few(ports, "<unset>"), Few(addresses, "<unset>"), Age(o, now));
    }

    private static string Few(string[] items, string none) =>
        items.Length == 0 ? none : items.Length <= 3 ? string.Join(",", items) : string.Join(",", items.Take(3)) + $" + {items.Length - 3} more...";

    public static readonly IReadOnlyList<TableColumn> Ingresses = Columns("Class,Hosts,Address,Ports,Age");

    public static JsonArray Ingress(JsonObject o, DateTimeOffset now)
    {
        string[] hosts = [.. Json.Objects(o, "spec", "rules").Select(r => Json.Text(r, "host")).Where(h => h.Length > 0)];
        string host = hosts.Length == 0 ? "*" : hosts.Length <= 3 ? string.Join(",", hosts) : string.Join(",", hosts.Take(3)) + $" + {hosts.Length - 3} more...";
        string address = string.Join(",", Json.Objects(o, "status", "loadBalancer", "ingress").Select(i => Or(Json.Text(i, "ip"), Json.Text(i, "hostname"))));
        return Cells(Name(o), Json.String(o, "spec", "ingressClassName") ?? "<none>", host, address, Json.IsEmpty(Json.Get(o, "spec", "tls")) ? "80" : "80, 443", Age(o, now));
    }

    public static readonly IReadOnlyList<TableColumn> IngressClasses = Columns("Controller,Parameters,Age");

    public static JsonArray IngressClass(JsonObject o, DateTimeOffset now)
    {
        JsonObject? p = Json.Object(o, "spec", "parameters");
        string text = p is null ? "<none>" : Json.Text(p, "kind") + (Json.Text(p, "apiGroup") is { Length: > 0 } g ? "." + g : "") + "/" + Json.Text(p, "name");
        return Cells(Name(o), Json.Text(o, "spec", "controller"), text, Age(o, now));
    }

    public static readonly IReadOnlyList<TableColumn> NetworkPolicies = Columns("Pod-Selector,Age");

    public static JsonArray NetworkPolicy(JsonObject o, DateTimeOffset now) => Cells(Name(o), Selector(Json.Object(o, "spec", "podSelector")), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> ConfigMaps = Columns("Data,Age");

    public static JsonArray ConfigMap(JsonObject o, DateTimeOffset now) => Cells(Name(o), (long)((Json.Object(o, "data")?.Count ?? 0) + (Json.Object(o, "binaryData")?.Count ?? 0)), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> Secrets = Columns("Type,Data,Age");

    public static JsonArray Secret(JsonObject o, DateTimeOffset now) => Cells(Name(o), Json.Text(o, "type"), (long)(Json.Object(o, "data")?.Count ?? 0), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> ServiceAccounts = Columns("Secrets,Age");

    public static JsonArray ServiceAccount(JsonObject o, DateTimeOffset now) => Cells(Name(o), (long)(Json.Array(o, "secrets")?.Count ?? 0), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> Namespaces = Columns("Status,Age");

    public static JsonArray Namespace(JsonObject o, DateTimeOffset now) => Cells(Name(o), Json.Text(o, "status", "phase"), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> LimitRanges = [NameColumn, new("Created At", "date", "", 0, "Created At")];

    public static JsonArray LimitRange(JsonObject o, DateTimeOffset now) => MinimalRow(o);

    public static readonly IReadOnlyList<TableColumn> Quotas = Columns("Age,Request,Limit");

    public static JsonArray Quota(JsonObject o, DateTimeOffset now)
    {
        var requests = new List<string>();
        var limits = new List<string>();
        foreach ((string name, JsonNode? hard) in Json.Object(o, "status", "hard") ?? [])
        {
            string used = Json.String(o, "status", "used", name) ?? "0";
            (name.StartsWith("limits", StringComparison.Ordinal) ? limits : requests).Add($"{name}: {used}/{(string?)hard}");
        }

        return Cells(Name(o), Age(o, now), string.Join(", ", requests), string.Join(", ", limits));
    }

    public static readonly IReadOnlyList<TableColumn> Nodes = Columns("Status,Roles,Age,Version", "Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime");

    public static JsonArray Node(JsonObject o, DateTimeOffset now)
    {
        JsonObject? ready = Json.Objects(o, "status", "conditions").FirstOrDefault(c => Json.Text(c, "type") == "Ready");
        string status = ready is null ? "Unknown" : Json.Text(ready, "status") == "True" ? "Ready" : "NotReady";
        if (Json.Bool(o, "spec", "unschedulable"))
        {
            status += ",SchedulingDisabled";
        }

        const string prefix = "node-role.kubernetes.io/";
        string[] roles = [.. (Json.Object(o, "metadata", "labels") ?? []).Select(l => l.Key).Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && k.Length > prefix.Length).Select(k => k[prefix.Length..]).Order(StringComparer.Ordinal)];
        string address(string type) => Or(Json.Text(Json.Objects(o, "status", "addresses").FirstOrDefault(a => Json.Text(a, "type") == type), "address"));
        string info(string field) => Or(Json.Text(o, "status", "nodeInfo", field), "<unknown>");
        return Cells(Name(o), status, Or(string.Join(",", roles)), Age(o, now), Json.Text(o, "status", "nodeInfo", "kubeletVersion"), address("InternalIP"), address("ExternalIP"), info("osImage"), info("kernelVersion"), info("containerRuntimeVersion"));
    }

    public static readonly IReadOnlyList<TableColumn> Events =
    [
        new("Last Seen", Description: "Last Seen"), new("Type", Description: "Type"), new("Reason", Description: "Reason"), new("Object", Description: "Object"), new("Subobject", Priority: 1, Description: "Subobject"),
        new("Source", Priority: 1, Description: "Source"), new("Message", Description: "Message"), new("First Seen", Priority: 1, Description: "First Seen"), new("Count", Priority: 1, Description: "Count"), NameColumn with { Priority = 1 },
    ];

    public static JsonArray Event(JsonObject o, DateTimeOffset now)
    {
        if (o.ContainsKey("regarding"))
        {
            o = EventKinds.Convert(o, "v1");
        }

        string first = Json.String(o, "firstTimestamp") ?? Json.String(o, "eventTime") ?? "";
        string last = Json.String(o, "lastTimestamp") ?? first;
        long count = Number(o, "count");
        string target = Json.Text(o, "involvedObject", "kind").ToLowerInvariant() + (Json.Text(o, "involvedObject", "name") is { Length: > 0 } n ? "/" + n : "");
        string source = Or(Json.Text(o, "source", "component"), Json.Text(o, "reportingComponent"));
        string host = Json.Text(o, "source", "host");
        return Cells(
            Since(last, now), Json.Text(o, "type"), Json.Text(o, "reason"), target, Json.Text(o, "involvedObject", "fieldPath"), host.Length > 0 ? source + ", " + host : source, Json.Text(o, "message").Trim(),
            Since(first, now), Math.Max(1, count), Name(o));
    }

    public static readonly IReadOnlyList<TableColumn> Claims = Columns("Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age", "VolumeMode");

    public static JsonArray Claim(JsonObject o, DateTimeOffset now)
    {
        string volume = Json.Text(o, "spec", "volumeName");
        string phase = Json.Has(o, "metadata", "deletionTimestamp") ? "Terminating" : Json.Text(o, "status", "phase");
        string capacity = volume.Length > 0 ? Json.Text(o, "status", "capacity", "storage") : "";
        string modes = volume.Length > 0 ? Modes(Json.StringItems(o, "status", "accessModes")) : "";
        return Cells(Name(o), phase, volume, capacity, modes, Json.Text(o, "spec", "storageClassName"), Json.String(o, "spec", "volumeAttributesClassName") ?? "<unset>", Age(o, now), Json.String(o, "spec", "volumeMode") ?? "<unset>");
    }

    private static string Modes(IEnumerable<string> modes) => string.Join(",", modes.Select(m => m switch { "ReadWriteOnce" => "RWO", "ReadOnlyMany" => "ROX", "ReadWriteMany" => "RWX", "ReadWriteOncePod" => "RWOP", _ => m }));

    public static readonly IReadOnlyList<TableColumn> Volumes = Columns("Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,VolumeAttributesClass,Reason,Age", "VolumeMode");

    public static JsonArray Volume(JsonObject o, DateTimeOffset now)
    {
        string claim = Json.Object(o, "spec", "claimRef") is { } c ? Json.Text(c, "namespace") + "/" + Json.Text(c, "name") : "";
        string phase = Json.Has(o, "metadata", "deletionTimestamp") ? "Terminating" : Json.Text(o, "status", "phase");
        return Cells(
            Name(o), Json.Text(o, "spec", "capacity", "storage"), Modes(Json.StringItems(o, "spec", "accessModes")), Json.Text(o, "spec", "persistentVolumeReclaimPolicy"), phase, claim, Json.Text(o, "spec", "storageClassName"),
            Json.String(o, "spec", "volumeAttributesClassName") ?? "<unset>", Json.Text(o, "status", "reason"), Age(o, now), Json.String(o, "spec", "volumeMode") ?? "<unset>");
    }

    public static readonly IReadOnlyList<TableColumn> StorageClasses = Columns("Provisioner,ReclaimPolicy,VolumeBindingMode,AllowVolumeExpansion,Age");

    public static JsonArray StorageClass(JsonObject o, DateTimeOffset now)
    {
        string name = Name(o) + (Json.Text(o, "metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true" ? " (default)" : "");
        return Cells(name, Json.Text(o, "provisioner"), Json.String(o, "reclaimPolicy") ?? "Delete", Json.String(o, "volumeBindingMode") ?? "Immediate", Json.Bool(o, "allowVolumeExpansion"), Age(o, now));
    }

    public static readonly IReadOnlyList<TableColumn> Roles = [NameColumn, new("Created At", "date", "", 0, "Created At")];

    public static JsonArray Role(JsonObject o, DateTimeOffset now) => MinimalRow(o);

    public static readonly IReadOnlyList<TableColumn> RoleBindings = Columns("Role,Age", "Users,Groups,ServiceAccounts");

    public static JsonArray RoleBinding(JsonObject o, DateTimeOffset now)
    {
        string of(string kind) => string.Join(", ", Json.Objects(o, "subjects").Where(s => Json.Text(s, "kind") == kind).Select(s => kind == "ServiceAccount" ? Json.Text(s, "namespace") + "/" + Json.Text(s, "name") : Json.Text(s, "name")));
        return Cells(Name(o), Json.Text(o, "roleRef", "kind") + "/" + Json.Text(o, "roleRef", "name"), Age(o, now), of("User"), of("Group"), of("ServiceAccount"));
    }

    public static readonly IReadOnlyList<TableColumn> Autoscalers = Columns("Reference,Targets,MinPods,MaxPods,Replicas,Age");

    public static JsonArray Autoscaler(JsonObject o, DateTimeOffset now)
    {
        if (Json.Get(o, "spec", "metrics") is null && Json.Get(o, "spec", "targetCPUUtilizationPercentage") is not null)
        {
            o = AutoscalerConversion.Convert(o, "v2");
        }

        var targets = new List<string>();
        JsonObject[] current = [.. Json.Objects(o, "status", "currentMetrics")];
        int i = 0;
        foreach (JsonObject metric in Json.Objects(o, "spec", "metrics"))
        {
            JsonObject? now_ = i < current.Length ? current[i] : null;
            i++;
            if (Json.Object(metric, "resource") is { } resource)
            {
                string have = "<unknown>";
                if (Json.Long(resource, "target", "averageUtilization") is { } wanted)
                {
                    if (Json.Long(now_, "resource", "current", "averageUtilization") is { } used)
                    {
                        have = used + "%";
                    }

                    targets.Add($"{Json.Text(resource, "name")}: {have}/{wanted}%");
                }
                else
                {
                    have = Json.String(now_, "resource", "current", "averageValue") ?? have;
                    targets.Add($"{Json.Text(resource, "name")}: {have}/{Json.Text(resource, "target", "averageValue")}");
                }
            }
            else
            {
                targets.Add("<unknown type>");
            }
        }

        string shown = targets.Count == 0 ? "<none>" : targets.Count > 2 ? $"{string.Join(", ", targets.Take(2))} + {targets.Count - 2} more..." : string.Join(", ", targets);
        return Cells(
            Name(o), Json.Text(o, "spec", "scaleTargetRef", "kind") + "/" + Json.Text(o, "spec", "scaleTargetRef", "name"), shown, Json.Long(o, "spec", "minReplicas") is { } least ? Json.Number(least) : "<unset>",
            Number(o, "spec", "maxReplicas"), Number(o, "status", "currentReplicas"), Age(o, now));
    }

    public static readonly IReadOnlyList<TableColumn> Budgets = Columns("Min Available,Max Unavailable,Allowed Disruptions:integer,Age");

    public static JsonArray Budget(JsonObject o, DateTimeOffset now) => Cells(
        Name(o), Or(Json.Text(o, "spec", "minAvailable"), "N/A"), Or(Json.Text(o, "spec", "maxUnavailable"), "N/A"), Number(o, "status", "disruptionsAllowed"), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> PriorityClasses = Columns("Value:integer,Global-Default:boolean,Age");

    public static JsonArray PriorityClass(JsonObject o, DateTimeOffset now) => Cells(Name(o), Number(o, "value"), Json.Bool(o, "globalDefault"), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> Leases = Columns("Holder,Age");

    public static JsonArray Lease(JsonObject o, DateTimeOffset now) => Cells(Name(o), Json.Text(o, "spec", "holderIdentity"), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> RuntimeClasses = Columns("Handler,Age");

    public static JsonArray RuntimeClass(JsonObject o, DateTimeOffset now) => Cells(Name(o), Json.Text(o, "handler"), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> WebhookConfigurations = Columns("Webhooks:integer,Age");

    public static JsonArray WebhookConfiguration(JsonObject o, DateTimeOffset now) => Cells(Name(o), (long)(Json.Array(o, "webhooks")?.Count ?? 0), Age(o, now));

    public static readonly IReadOnlyList<TableColumn> Definitions = [NameColumn, new("Created At", "date", "", 0, "Created At")];

    public static JsonArray Definition(JsonObject o, DateTimeOffset now) => MinimalRow(o);

    public static readonly IReadOnlyList<TableColumn> SigningRequests = Columns("Age,SignerName,Requestor,RequestedDuration,Condition");

    public static JsonArray SigningRequest(JsonObject o, DateTimeOffset now)
    {
        string[] states = [.. Json.Objects(o, "status", "conditions").Select(c => Json.Text(c, "type"))];
        string condition = states.Contains("Denied") ? "Denied" : states.Contains("Approved") ? "Approved" : "Pending";
        string duration = Json.Long(o, "spec", "expirationSeconds") is { } s ? HumanDuration(TimeSpan.FromSeconds(s)) : "<none>";
        return Cells(Name(o), Age(o, now), Json.Text(o, "spec", "signerName"), Json.Text(o, "spec", "username"), duration, condition);
    }

    public static readonly IReadOnlyList<TableColumn> ApiServices = Columns("Service,Available,Age");

    public static JsonArray ApiService(JsonObject o, DateTimeOffset now)
    {
        JsonObject? service = Json.Object(o, "spec", "service");
        JsonObject? available = Json.Objects(o, "status", "conditions").FirstOrDefault(c => Json.Text(c, "type") == "Available");
        return Cells(Name(o), service is null ? "Local" : Json.Text(service, "namespace") + "/" + Json.Text(service, "name"), available is null ? "Unknown" : Json.Text(available, "status"), Age(o, now));
    }
}
