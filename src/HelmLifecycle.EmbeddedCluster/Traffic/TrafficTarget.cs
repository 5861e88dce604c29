namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What <see cref="VirtualTraffic"/> sends its requests to.</summary>
public sealed record TrafficTarget
{
    private TrafficTarget(TrafficTargetKind kind, string ns, string name)
    {
        Kind = kind;
        Namespace = ns;
        Name = name;
    }

    internal TrafficTargetKind Kind { get; }

    internal string Namespace { get; }

    internal string Name { get; }

    internal string? Port { get; init; }

    /// <summary>A Service, asked inside the cluster.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">Name or number of its port; null for the first.</param>
    public static TrafficTarget Service(string ns, string name, string? port = null) => new(TrafficTargetKind.Service, ns, name) { Port = port };

    /// <summary>A host behind Ingresses, with NGINX' canary annotations.</summary>
    /// <param name="ns">The Ingresses' namespace.</param>
    /// <param name="host">The host asked for; "" for rules without one.</param>
    public static TrafficTarget Ingress(string ns, string host = "") => new(TrafficTargetKind.Ingress, ns, host);

    /// <summary>A host inside an Istio mesh, routed by VirtualServices and DestinationRules; a Service of that name when no VirtualService has it.</summary>
    /// <param name="ns">The VirtualServices' namespace.</param>
    /// <param name="host">One of their hosts.</param>
    public static TrafficTarget Mesh(string ns, string host) => new(TrafficTargetKind.Mesh, ns, host);

    /// <summary>A host behind Gateway API HTTPRoutes.</summary>
    /// <param name="ns">The routes' namespace.</param>
    /// <param name="host">The host asked for; "" for routes without hostnames.</param>
    public static TrafficTarget Gateway(string ns, string host = "") => new(TrafficTargetKind.Gateway, ns, host);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}

internal enum TrafficTargetKind
{
    Service,
    Ingress,
    Mesh,
    Gateway,
}
