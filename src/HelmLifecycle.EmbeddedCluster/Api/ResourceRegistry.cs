using System.Collections.Immutable;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>What the API serves now: the built-in kinds and those of established CustomResourceDefinitions.</summary>
internal sealed class ResourceRegistry(KindTable kinds)
{
    private readonly ImmutableDictionary<ResourceKey, ResourceDefinition> _builtIn = kinds.All.ToImmutableDictionary(k => k.Key);
    private ImmutableDictionary<ResourceKey, ResourceDefinition> _custom = ImmutableDictionary<ResourceKey, ResourceDefinition>.Empty;

    public KindTable Kinds { get; } = kinds;

    public IReadOnlyList<ResourceDefinition> BuiltIn => Kinds.All;

    public IEnumerable<ResourceDefinition> Custom => Volatile.Read(ref _custom).Values.OrderBy(r => r.Group, StringComparer.Ordinal).ThenBy(r => r.Plural, StringComparer.Ordinal);

    public IEnumerable<ResourceDefinition> All => BuiltIn.Concat(Custom);

    public ResourceDefinition? Find(ResourceKey key) => _builtIn.GetValueOrDefault(key) ?? Volatile.Read(ref _custom).GetValueOrDefault(key);

    /// <summary>The resource, if it is served in this version.</summary>
    public ResourceDefinition? Find(string group, string version, string plural)
    {
        ResourceDefinition? found = Find(new ResourceKey(group, plural));
        return found is not null && found.Versions.Contains(version) ? found : null;
    }

    public ResourceDefinition Get(ResourceKey key) => Find(key) ?? throw ApiErrors.NoSuchResource();

    public bool HasGroup(string group) => All.Any(r => r.Group == group);

    public bool IsBuiltInGroup(string group) => Array.IndexOf(KindTable.GroupOrder, group) >= 0;

    public bool HasGroupVersion(string group, string version) => All.Any(r => r.Group == group && r.Versions.Contains(version));

    public void SetCustom(IEnumerable<ResourceDefinition> definitions) => Volatile.Write(ref _custom, definitions.ToImmutableDictionary(d => d.Key));
}
