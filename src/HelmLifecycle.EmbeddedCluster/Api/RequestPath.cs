namespace HelmLifecycle.EmbeddedCluster;

/// <summary>A path under <c>/api</c> or <c>/apis</c> that names a resource.</summary>
internal sealed record RequestPath(string Group, string Version, string? Namespace, string Resource, string Name, string Subresource, string Rest, bool IsOldWatch)
{
    /// <summary>Null when the path names no resource (discovery, health and the like).</summary>
    public static RequestPath? Parse(string path)
    {
        string[] parts = path.Trim('/').Split('/');
        int at;
        string group, version;
        if (parts is ["api", _, _, ..])
        {
            (group, version, at) = ("", parts[1], 2);
        }
        else if (parts is ["apis", _, _, _, ..])
        {
            (group, version, at) = (parts[1], parts[2], 3);
        }
        else
        {
            return null;
        }

        bool watch = parts[at] == "watch" && parts.Length > at + 1;
        if (watch)
        {
            at++;
        }

        string? ns = null;
        if (parts[at] == "namespaces" && parts.Length > at + 2 && !(parts.Length == at + 3 && parts[at + 2] is "status" or "finalize" && group.Length == 0))
        {
            ns = parts[at + 1];
            at += 2;
        }

        string Part(int i) => at + i < parts.Length ? parts[at + i] : "";
        return new RequestPath(group, version, ns, Part(0), Part(1), Part(2), string.Join('/', parts.Skip(at + 3)), watch);
    }
}
