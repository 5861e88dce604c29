using System.Text.Json.Nodes;
using HelmLifecycle.Templates;

namespace HelmLifecycle.Kubernetes;

/// <summary>Which kubeconfig files and which context to use.</summary>
public sealed record KubeConfigOptions
{
    /// <summary>
    /// The files, merged as kubectl does. Null: those of the <c>KUBECONFIG</c> variable (of which some may be missing), else
    /// <c>~/.kube/config</c>. A file named here must exist.
    /// </summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>The context; null for the current one.</summary>
    public string? Context { get; init; }

    /// <summary>The default namespace; null for that of the context.</summary>
    public string? Namespace { get; init; }

    /// <summary>What is set over the kubeconfig; null for nothing.</summary>
    public KubeConfigOverrides? Overrides { get; init; }

    /// <summary>The clock of token reloads and credential expiry.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>
/// A kubeconfig, merged from one or more files: the first file that has a cluster, user, context or current context of a name wins.
/// Relative paths of files count from the kubeconfig that names them.
/// </summary>
public sealed class KubeConfig
{
    private readonly Dictionary<string, Entry> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _contexts = new(StringComparer.Ordinal);

    private sealed record Entry(JsonObject Json, string Folder);

    private KubeConfig()
    {
    }

    /// <summary>The current context; empty if none is set.</summary>
    public string CurrentContext { get; private set; } = "";

    /// <summary>The names of the contexts, in the order of the files.</summary>
    public IReadOnlyList<string> Contexts => [.. _contexts.Keys];

    /// <summary>Reads and merges kubeconfig files.</summary>
    /// <param name="options">Which files; null for the usual ones.</param>
    /// <param name="ct">Stops the call.</param>
    /// <exception cref="ConnectionConfigurationException">A file is missing or malformed.</exception>
    public static async Task<KubeConfig> LoadAsync(KubeConfigOptions? options = null, CancellationToken ct = default)
    {
        IReadOnlyList<string>? named = options?.Paths;
        var config = new KubeConfig();
        foreach (string path in named ?? UsualPaths())
        {
            if (!File.Exists(path))
            {
                if (named is not null) throw new ConnectionConfigurationException($"stat {path}: no such file or directory");
                continue;
            }
            try
            {
                config.Add(await File.ReadAllTextAsync(path, ct).ConfigureAwait(false), Path.GetDirectoryName(Path.GetFullPath(path))!);
            }
            catch (Exception e) when (e is YamlException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                throw new ConnectionConfigurationException($"error loading config file \"{path}\": {e.Message}", e);
            }
        }
        return config;
    }

    /// <summary>Reads a kubeconfig from text.</summary>
    /// <param name="yaml">The kubeconfig.</param>
    /// <param name="folder">Where relative paths count from; null for the working directory.</param>
    /// <exception cref="ConnectionConfigurationException">The text is malformed.</exception>
    public static KubeConfig Parse(string yaml, string? folder = null)
    {
        var config = new KubeConfig();
        try
        {
            config.Add(yaml, folder ?? Environment.CurrentDirectory);
        }
        catch (Exception e) when (e is YamlException or FormatException or InvalidOperationException)
        {
            throw new ConnectionConfigurationException("error loading config: " + e.Message, e);
        }
        return config;
    }

    /// <summary>Whether there is nothing in it.</summary>
    internal bool IsEmpty => _clusters.Count == 0 && _contexts.Count == 0;

    /// <summary>What a context leads to.</summary>
    /// <exception cref="ConnectionConfigurationException">The context, its cluster or its user does not exist.</exception>
    internal KubeTarget Resolve(string? context, string? ns)
    {
        string name = context ?? CurrentContext;
        if (name.Length == 0)
            throw new ConnectionConfigurationException(
                "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable");
        if (!_contexts.TryGetValue(name, out Entry? entry))
            throw new ConnectionConfigurationException(context is null
                ? $"invalid configuration: context was not found for specified context: {name}"
                : $"context \"{name}\" does not exist");
        string clusterName = KubernetesObject.Text(entry.Json, "cluster") ?? "", userName = KubernetesObject.Text(entry.Json, "user") ?? "";
        if (!_clusters.TryGetValue(clusterName, out Entry? cluster))
            throw new ConnectionConfigurationException($"invalid configuration: cluster \"{clusterName}\" of context \"{name}\" does not exist");
        Entry user = userName.Length == 0 ? new Entry([], cluster.Folder) : _users.GetValueOrDefault(userName)
            ?? throw new ConnectionConfigurationException($"invalid configuration: user \"{userName}\" of context \"{name}\" does not exist");
        ns ??= KubernetesObject.Text(entry.Json, "namespace") ?? "default";
        return new KubeTarget(cluster.Json, cluster.Folder, user.Json, user.Folder, ns);
    }

    private void Add(string yaml, string folder)
    {
        JsonNode? root = HelmYaml.ReadJson(yaml);
        if (root is null) return;
        if (root is not JsonObject json) throw new FormatException("a kubeconfig must be a map");
        AddEntries(json["clusters"], "cluster", _clusters, folder);
        AddEntries(json["users"], "user", _users, folder);
        AddEntries(json["contexts"], "context", _contexts, folder);
        if (CurrentContext.Length == 0) CurrentContext = KubernetesObject.Text(json, "current-context") ?? "";
    }

    private static void AddEntries(JsonNode? list, string member, Dictionary<string, Entry> into, string folder)
    {
        foreach (JsonObject item in (list as JsonArray ?? []).OfType<JsonObject>())
            if (KubernetesObject.Text(item, "name") is { } name) into.TryAdd(name, new Entry(item[member] as JsonObject ?? [], folder));
    }

    private static IEnumerable<string> UsualPaths()
    {
        string? list = Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrEmpty(list)) return list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct();
        return [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];
    }
}

/// <summary>The cluster and user that a context names, with the folders their relative paths count from.</summary>
internal sealed record KubeTarget(JsonObject Cluster, string ClusterFolder, JsonObject User, string UserFolder, string Namespace)
{
    public string? ClusterText(string key) => KubernetesObject.Text(Cluster, key) is { Length: > 0 } text ? text : null;

    public string? UserText(string key) => KubernetesObject.Text(User, key) is { Length: > 0 } text ? text : null;

    /// <summary>Bytes that stand inline in base64, or in a file; null if neither.</summary>
    public byte[]? ClusterData(string key) => Data(Cluster, ClusterFolder, key);

    public byte[]? UserData(string key) => Data(User, UserFolder, key);

    private static byte[]? Data(JsonObject section, string folder, string key)
    {
        try
        {
            if (KubernetesObject.Text(section, key + "-data") is { Length: > 0 } inline) return Convert.FromBase64String(inline);
            return KubernetesObject.Text(section, key) is { Length: > 0 } path ? File.ReadAllBytes(Path.Combine(folder, path)) : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ConnectionConfigurationException($"unable to read {key}: {e.Message}", e);
        }
    }
}
