using System.Collections.Immutable;

namespace HelmLifecycle.EmbeddedCluster;

internal enum StoreEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>A change, as the watch log keeps it. For a deletion <see cref="Object"/> is the last state with the resourceVersion of the deletion.</summary>
internal sealed record StoreEvent(StoreEventType Type, ResourceKey Resource, StoredObject Object, StoredObject? Previous, ImmutableSortedDictionary<string, StoredObject> After)
{
    public long Revision => Object.Revision;
}
