using HelmLifecycle;
using HelmLifecycle.EmbeddedCluster;
using HelmLifecycle.Kubernetes;

namespace CanarySample;

/// <summary>What splits the traffic: who asks for it, what stands in the cluster before the rollout, and where requests are sent to.</summary>
/// <param name="Router">Splits; null leaves it to the number of pods.</param>
/// <param name="Target">Where the requests go.</param>
/// <param name="Objects">What must be there.</param>
internal sealed record Split(ITrafficRouter? Router, TrafficTarget Target, IReadOnlyList<string> Objects)
{
    private const string Host = "shop.example";

    public static readonly string[] Names = ["replicas", "nginx", "istio", "gateway"];

    public static Split Of(string name, string ns, string service) => name switch
    {
        "nginx" => new Split(new NginxRouter("shop"), TrafficTarget.Ingress(ns, Host),
        [
            $$"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: shop, namespace: {{ns}}}
            spec:
              ingressClassName: nginx
              rules:
              - host: {{Host}}
                http:
                  paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: {{service}}, port: {name: http} } }
            """,
        ]),
        "istio" => new Split(new IstioRouter("shop"), TrafficTarget.Mesh(ns, Host),
        [
            Definition("networking.istio.io", "v1", "VirtualService", "virtualservices"),
            $$"""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: {{ns}}}
            spec:
              hosts: [{{Host}}]
              http:
              - route:
                - destination: {host: {{service}} }
            """,
        ]),
        "gateway" => new Split(new GatewayRouter("shop"), TrafficTarget.Gateway(ns, Host),
        [
            Definition("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
            $$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: shop, namespace: {{ns}}}
            spec:
              hostnames: [{{Host}}]
              rules:
              - backendRefs:
                - {name: {{service}}, port: 80}
            """,
        ]),
        _ => new Split(null, TrafficTarget.Service(ns, service), []),
    };

    public async Task InstallAsync(KubernetesClient cluster, CancellationToken ct)
    {
        foreach (string yaml in Objects)
        {
            KubernetesObject o = KubernetesObject.FromYaml(yaml);
            await cluster.CreateAsync(o, null, ct);
            if (o.Kind == "CustomResourceDefinition")
                await new ReadinessWaiter(cluster).WaitUntilReadyAsync([o], null, ct);
        }
    }

    // Any field will do: the router's real schema does not matter here.
    private static string Definition(string group, string version, string kind, string plural) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: {{plural}}.{{group}}
          annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/gateway-api"}
        spec:
          group: {{group}}
          scope: Namespaced
          names: {kind: {{kind}}, plural: {{plural}}, singular: {{kind.ToLowerInvariant()}} }
          versions:
          - name: {{version}}
            served: true
            storage: true
            schema:
              openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """;
}
