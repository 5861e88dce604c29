namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Names a stored resource without its version: <c>("apps", "deployments")</c>, <c>("", "pods")</c>.</summary>
internal readonly record struct ResourceKey(string Group, string Resource)
{
    public override string ToString() => Group.Length == 0 ? Resource : Resource + "." + Group;
}
