using System.Globalization;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Gives addresses from outside: to Services of type LoadBalancer, and to Ingresses if the options ask for it. The Service annotation <c>fake-kubelet/lb: "false"</c> keeps one without.</summary>
internal sealed class AddressController(ClusterLoop loop) : Controller(loop, "service-controller")
{
    private readonly Dictionary<string, string> _given = [];

    public override IReadOnlyList<ResourceKey>? Watches { get; } = [ClusterResources.Services, ClusterResources.Ingresses];

    public override void OnChange(StoreEvent change)
    {
        if (change.Type == StoreEventType.Deleted)
        {
            _given.Remove(change.Object.Uid);
            return;
        }

        Enqueue(change.Object.Namespace, (change.Resource == ClusterResources.Services ? "s/" : "i/") + change.Object.Name);
    }

    public override void Reconcile(string ns, string name)
    {
        bool isService = name[0] == 's';
        if (!isService && !Loop.Options.AssignIngressAddresses)
        {
            return;
        }

        ResourceKey resource = isService ? ClusterResources.Services : ClusterResources.Ingresses;
        if (Read(resource, ns, name[2..]) is not { } o || o.IsDeleting())
        {
            return;
        }

        bool wanted = !isService || (o.Text("spec", "type") == "LoadBalancer" && o.Annotation("fake-kubelet/lb") != "false");
        bool has = o.At("status", "loadBalancer", "ingress") is JsonArray { Count: > 0 };
        if (wanted == has)
        {
            return;
        }

        JsonObject status = o.Map("status")?.Copy() ?? [];
        var balancer = new JsonObject();
        if (wanted)
        {
            var entry = new JsonObject { ["ip"] = isService && o.Text("spec", "loadBalancerIP") is { Length: > 0 } asked ? asked : Address(o.Uid()) };
            if (isService)
            {
                entry["ipMode"] = "VIP";
            }

            balancer["ingress"] = new JsonArray(entry);
        }

        status["loadBalancer"] = balancer;
        WriteStatus(resource, o, status);
    }

    private string Address(string uid)
    {
        if (!_given.TryGetValue(uid, out string? address))
        {
            HashSet<string> taken = [.. _given.Values, .. Taken(ClusterResources.Services), .. Taken(ClusterResources.Ingresses)];
            for (int n = 1; ; n++)
            {
                address = string.Create(CultureInfo.InvariantCulture, $"172.18.{n / 250}.{(n % 250) + 1}");
                if (taken.Add(address))
                {
                    break;
                }
            }

            _given[uid] = address;
        }

        return address;
    }

    private IEnumerable<string> Taken(ResourceKey resource) =>
        Store.List(resource).SelectMany(o => o.View.Items("status", "loadBalancer", "ingress")).Select(i => i.Text("ip") ?? "");
}
