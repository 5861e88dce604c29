namespace HelmLifecycle.Kubernetes;

/// <summary>A kind with its API group and version; the core group is the empty string.</summary>
/// <param name="Group">The API group, <c>apps</c> for instance; empty for the core group.</param>
/// <param name="Version">The version, <c>v1</c> for instance.</param>
/// <param name="Kind">The kind in singular camel case, <c>Deployment</c> for instance.</param>
public readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    /// <summary>The <c>apiVersion</c> of an object of this kind: <c>group/version</c>, or the version alone for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>Splits an <c>apiVersion</c> and adds the kind.</summary>
    /// <param name="apiVersion"><c>v1</c>, <c>apps/v1</c>, ...</param>
    /// <param name="kind">The kind.</param>
    public static GroupVersionKind From(string apiVersion, string kind)
    {
        ArgumentNullException.ThrowIfNull(apiVersion);
        int slash = apiVersion.IndexOf('/');
        return slash < 0
            ? new GroupVersionKind("", apiVersion, kind)
            : new GroupVersionKind(apiVersion[..slash], apiVersion[(slash + 1)..], kind);
    }

    /// <summary>
    /// As Go's apimachinery prints it: <c>apps/v1, Kind=Deployment</c>, and <c>/v1, Kind=ConfigMap</c> for the core group.
    /// </summary>
    public override string ToString() => $"{Group}/{Version}, Kind={Kind}";
}

/// <summary>A resource (the plural word of a path) with its API group and version.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version.</param>
/// <param name="Resource">The plural word, <c>deployments</c> for instance.</param>
public readonly record struct GroupVersionResource(string Group, string Version, string Resource)
{
    /// <summary><c>group/version</c>, or the version alone for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>As Go's apimachinery prints it: <c>apps/v1, Resource=deployments</c>.</summary>
    public override string ToString() => $"{Group}/{Version}, Resource={Resource}";
}

/// <summary>What names one object: kind, namespace and name.</summary>
/// <param name="Gvk">The kind.</param>
/// <param name="Namespace">The namespace; null for an object of cluster scope.</param>
/// <param name="Name">The name.</param>
public readonly record struct ObjectReference(GroupVersionKind Gvk, string? Namespace, string Name)
{
    /// <summary><c>Kind/namespace/name</c>.</summary>
    public override string ToString() => $"{Gvk.Kind}/{Namespace}/{Name}";
}
