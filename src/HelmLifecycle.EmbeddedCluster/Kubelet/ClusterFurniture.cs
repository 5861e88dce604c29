using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What a cluster has before anybody asks: its nodes and the default StorageClass.</summary>
internal static class ClusterFurniture
{
    /// <summary>The address of every simulated node.</summary>
    public const string HostIp = "127.0.0.1";

    public static void Ensure(IClusterApi api, EmbeddedClusterOptions options, ClusterClock clock)
    {
        for (int i = 0; i < options.Nodes.Count; i++)
        {
            string name = options.Nodes[i];
            if (api.Store.Get(ClusterResources.Nodes, null, name) is null)
            {
                api.Create(ClusterResources.Nodes, null, Node(name, i, clock.Stamp), Caller.Kubelet(name));
            }
        }

        if (api.Store.Snapshot(ClusterResources.StorageClasses).IsEmpty)
        {
            api.Create(
                ClusterResources.StorageClasses,
                null,
                new JsonObject
                {
                    ["kind"] = "StorageClass",
                    ["apiVersion"] = "storage.k8s.io/v1",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = "standard",
                        ["annotations"] = new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" },
                    },
                    ["provisioner"] = VolumeController.Provisioner,
                },
                Caller.Controller("bootstrap"));
        }
    }

    private static JsonObject Node(string name, int index, string now)
    {
        JsonObject Room() => new() { ["cpu"] = "64", ["memory"] = "256Gi", ["pods"] = "1000", ["ephemeral-storage"] = "1Ti" };
        string zone = "zone-" + (char)('a' + (index % 26));
        JsonObject Condition(string type, string status, string reason, string message) => new()
        {
            ["type"] = type,
            ["status"] = status,
            ["lastHeartbeatTime"] = now,
            ["lastTransitionTime"] = now,
            ["reason"] = reason,
            ["message"] = message,
        };

        return new JsonObject
        {
            ["kind"] = "Node",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject
                {
                    ["beta.kubernetes.io/arch"] = "amd64",
                    ["beta.kubernetes.io/os"] = "linux",
                    ["kubernetes.io/arch"] = "amd64",
                    ["kubernetes.io/hostname"] = name,
                    ["kubernetes.io/os"] = "linux",
                    ["topology.kubernetes.io/region"] = "region-1",
                    ["topology.kubernetes.io/zone"] = zone,
                },
            },
            ["spec"] = new JsonObject { ["podCIDR"] = string.Create(CultureInfo.InvariantCulture, $"10.244.{index}.0/24") },
            ["status"] = new JsonObject
            {
                ["capacity"] = Room(),
                ["allocatable"] = Room(),
                ["conditions"] = new JsonArray(
                    Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                    Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                    Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                    Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = HostIp },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["nodeInfo"] = new JsonObject
                {
                    ["machineID"] = name,
                    ["systemUUID"] = name,
                    ["bootID"] = name,
                    ["kernelVersion"] = "6.1.0",
                    ["osImage"] = "simulated",
                    ["containerRuntimeVersion"] = "fake://1.0.0",
                    ["kubeletVersion"] = "v1.30.14",
                    ["kubeProxyVersion"] = "v1.30.14",
                    ["operatingSystem"] = "linux",
                    ["architecture"] = "amd64",
                },
            },
        };
    }
}
