using HelmLifecycle.Kubernetes;

namespace HelmLifecycle;

/// <summary>
/// Splits traffic between two Services by changing objects of the cluster. A router only says how its objects look for a split: it writes nothing, so that the way back is always known and is one
/// request for each object. It holds no state.
/// </summary>
public interface ITrafficRouter
{
    /// <summary>The name shown in events, such as <c>istio</c>.</summary>
    string Name { get; }

    /// <summary>The existing objects it looks at or changes. They may belong to the release or to somebody else.</summary>
    /// <param name="ns">The release's namespace.</param>
    IReadOnlyList<ObjectReference> Objects(string ns);

    /// <summary>The objects as they must be for a split: changed clones of the given ones, and new ones of its own, which are deleted at the end. What it leaves out stays as it is.</summary>
    /// <param name="originals">The objects that <see cref="Objects"/> names, in their order, as they are without a canary. Must not be changed.</param>
    /// <param name="split">What is wanted.</param>
    /// <exception cref="ReleaseException">The objects do not route to the stable Service.</exception>
    /// <exception cref="NotSupportedException">The router cannot do a kind of match.</exception>
    IReadOnlyList<KubernetesObject> Route(IReadOnlyList<KubernetesObject> originals, TrafficSplit split);
}

/// <summary>How traffic is to be split.</summary>
/// <param name="StableService">The Service of the old version.</param>
/// <param name="CanaryService">The Service of the new version.</param>
/// <param name="Weight">The new version's part in percent: 0 to 100.</param>
/// <param name="Matches">Requests that go to the new version whatever the weight: those that match one of these.</param>
public sealed record TrafficSplit(string StableService, string CanaryService, int Weight, IReadOnlyList<TrafficMatch> Matches);

/// <summary>A request with a header or a cookie of a value.</summary>
public sealed record TrafficMatch
{
    private TrafficMatch(bool isCookie, string name, string value)
    {
        IsCookie = isCookie;
        Name = name;
        Value = value;
    }

    /// <summary>Whether it is a cookie, else a header.</summary>
    public bool IsCookie { get; }

    /// <summary>The name of the header or cookie.</summary>
    public string Name { get; }

    /// <summary>The value, compared exactly.</summary>
    public string Value { get; }

    /// <summary>Requests with a header.</summary>
    public static TrafficMatch Header(string name, string value) => new(false, name, value);

    /// <summary>Requests with a cookie. NGINX knows only the value <c>always</c>.</summary>
    public static TrafficMatch Cookie(string name, string value) => new(true, name, value);
}
