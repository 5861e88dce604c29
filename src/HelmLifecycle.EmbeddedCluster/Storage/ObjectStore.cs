using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// The objects of a cluster, in the place of etcd. One sequence of revisions runs through all resources. Writers hold <see cref="WriteLock"/>
/// (a whole read-modify-write under it is atomic); readers take immutable snapshots and wait for nobody.
/// </summary>
internal sealed class ObjectStore
{
    /// <summary>etcd's limit of a request, 1.5 MiB.</summary>
    private const int MaxBytes = 1536 * 1024;

    private readonly ConcurrentDictionary<ResourceKey, ResourceLog> _resources = new();
    private readonly int _historyLimit;
    private ImmutableArray<Action<StoreEvent>> _subscribers = [];
    private long _revision = 1;
    private long _compacted;

    public ObjectStore(int historyLimit = 4096) => _historyLimit = historyLimit;

    /// <summary>Held (with <c>lock</c>) around every write; re-entrant.</summary>
    public object WriteLock { get; } = new();

    /// <summary>The newest revision of all.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>Revisions at or below this one are forgotten: lists and watches from there are 410 Gone.</summary>
    public long CompactedRevision => Volatile.Read(ref _compacted);

    public StoredObject? Get(ResourceKey resource, string? ns, string name) =>
        Log(resource).Current.GetValueOrDefault(StoredObject.Key(ns, name));

    /// <summary>The current objects of a resource, all namespaces, in key order.</summary>
    public ImmutableSortedDictionary<string, StoredObject> Snapshot(ResourceKey resource) => Log(resource).Current;

    /// <summary>The current objects of one namespace (or all when null), in key order.</summary>
    public IEnumerable<StoredObject> List(ResourceKey resource, string? ns = null) => InNamespace(Snapshot(resource), ns);

    public static IEnumerable<StoredObject> InNamespace(ImmutableSortedDictionary<string, StoredObject> objects, string? ns)
    {
        if (string.IsNullOrEmpty(ns))
        {
            return objects.Values;
        }

        return objects.Values.Where(o => o.Namespace == ns);
    }

    /// <summary>Objects as they were at <paramref name="revision"/>; null when that is forgotten.</summary>
    public ImmutableSortedDictionary<string, StoredObject>? SnapshotAt(ResourceKey resource, long revision)
    {
        lock (WriteLock)
        {
            return revision < _compacted ? null : Log(resource).At(revision);
        }
    }

    /// <summary>Adds an object; the caller has made sure that the key is free. The resourceVersion is written into <paramref name="json"/>.</summary>
    public StoredObject Create(ResourceKey resource, System.Text.Json.Nodes.JsonObject json) => Write(StoreEventType.Added, resource, json, null);

    /// <summary>Replaces <paramref name="current"/>, which must still be the stored state.</summary>
    public StoredObject Update(ResourceKey resource, StoredObject current, System.Text.Json.Nodes.JsonObject json) => Write(StoreEventType.Modified, resource, json, current);

    /// <summary>Removes <paramref name="current"/>; the event carries <paramref name="last"/> (or the stored state) with a new resourceVersion.</summary>
    public StoredObject Delete(ResourceKey resource, StoredObject current, System.Text.Json.Nodes.JsonObject? last = null) =>
        Write(StoreEventType.Deleted, resource, last ?? current.ToJson(), current);

    /// <summary>Calls back under the write lock, in order of revisions, after each change. The callback must be quick: enqueue, do not work.</summary>
    public IDisposable Subscribe(Action<StoreEvent> callback)
    {
        lock (WriteLock)
        {
            _subscribers = _subscribers.Add(callback);
        }

        return new Subscription(this, callback);
    }

    /// <summary>
    /// In one step: the events after <paramref name="fromRevision"/> (or, with null, the current objects), and a subscription to those that follow.
    /// Null when the revision is forgotten.
    /// </summary>
    public WatchStart? Watch(ResourceKey resource, long? fromRevision, Action<StoreEvent> callback)
    {
        lock (WriteLock)
        {
            if (fromRevision is { } from && from < _compacted)
            {
                return null;
            }

            ResourceLog log = Log(resource);
            List<StoreEvent> past = fromRevision is { } r ? log.Since(r) : [];
            log.Watchers = log.Watchers.Add(callback);
            return new WatchStart(past, log.Current, _revision, new WatchSubscription(this, log, callback));
        }
    }

    /// <summary>Forgets the history, as etcd's compaction does: older watches and continue tokens end in 410 Gone.</summary>
    public void Compact()
    {
        lock (WriteLock)
        {
            _compacted = _revision;
            foreach (ResourceLog log in _resources.Values)
            {
                log.Clear();
            }
        }
    }

    /// <summary>All resources that hold objects, for snapshots.</summary>
    public IEnumerable<ResourceKey> Resources => _resources.Where(r => !r.Value.Current.IsEmpty).Select(r => r.Key);

    /// <summary>Puts back an object of a snapshot with the revision it had; makes no event.</summary>
    public void Restore(ResourceKey resource, StoredObject stored)
    {
        lock (WriteLock)
        {
            ResourceLog log = Log(resource);
            log.Current = log.Current.SetItem(stored.StoreKey, stored);
            _revision = Math.Max(_revision, stored.Revision);
            _compacted = _revision;
        }
    }

    private StoredObject Write(StoreEventType type, ResourceKey resource, System.Text.Json.Nodes.JsonObject json, StoredObject? previous)
    {
        lock (WriteLock)
        {
            ResourceLog log = Log(resource);
            long revision = _revision + 1;
            StoredObject stored = StoredObject.From(json, revision);
            if (stored.Utf8.Length > MaxBytes && type != StoreEventType.Deleted)
            {
                throw ApiErrors.Internal("etcdserver: request is too large");
            }

            string key = stored.StoreKey;
            log.Current = type == StoreEventType.Deleted ? log.Current.Remove(key) : log.Current.SetItem(key, stored);
            Volatile.Write(ref _revision, revision);

            var change = new StoreEvent(type, resource, stored, previous, log.Current);
            long forgotten = log.Append(change, _historyLimit);
            _compacted = Math.Max(_compacted, forgotten);
            foreach (Action<StoreEvent> watcher in log.Watchers)
            {
                watcher(change);
            }

            foreach (Action<StoreEvent> subscriber in _subscribers)
            {
                subscriber(change);
            }

            return stored;
        }
    }

    private ResourceLog Log(ResourceKey resource) => _resources.GetOrAdd(resource, static _ => new ResourceLog());

    /// <summary>The state and the recent changes of one resource.</summary>
    private sealed class ResourceLog
    {
        private readonly List<StoreEvent> _events = [];
        private ImmutableSortedDictionary<string, StoredObject> _before = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);
        private ImmutableSortedDictionary<string, StoredObject> _current = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

        public ImmutableArray<Action<StoreEvent>> Watchers { get; set; } = [];

        public ImmutableSortedDictionary<string, StoredObject> Current
        {
            get => Volatile.Read(ref _current);
            set => Volatile.Write(ref _current, value);
        }

        /// <summary>Returns the newest revision forgotten by this, or 0.</summary>
        public long Append(StoreEvent change, int limit)
        {
            _events.Add(change);
            if (_events.Count <= limit)
            {
                return 0;
            }

            int drop = limit / 4;
            StoreEvent last = _events[drop - 1];
            _before = last.After;
            _events.RemoveRange(0, drop);
            return last.Revision;
        }

        public void Clear()
        {
            _events.Clear();
            _before = Current;
        }

        public List<StoreEvent> Since(long revision) => _events.GetRange(IndexAfter(revision), _events.Count - IndexAfter(revision));

        public ImmutableSortedDictionary<string, StoredObject> At(long revision)
        {
            int index = IndexAfter(revision);
            return _events.Count == 0 ? Current : index == 0 ? _before : _events[index - 1].After;
        }

        private int IndexAfter(long revision)
        {
            int low = 0, high = _events.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (_events[middle].Revision <= revision)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }

    private sealed class Subscription(ObjectStore store, Action<StoreEvent> callback) : IDisposable
    {
        public void Dispose()
        {
            lock (store.WriteLock)
            {
                store._subscribers = store._subscribers.Remove(callback);
            }
        }
    }

    private sealed class WatchSubscription(ObjectStore store, ResourceLog log, Action<StoreEvent> callback) : IDisposable
    {
        public void Dispose()
        {
            lock (store.WriteLock)
            {
                log.Watchers = log.Watchers.Remove(callback);
            }
        }
    }
}

/// <summary>How a watch begins: past events, the state they lead to, its revision, and the subscription to end.</summary>
internal sealed record WatchStart(IReadOnlyList<StoreEvent> Past, ImmutableSortedDictionary<string, StoredObject> Current, long Revision, IDisposable Subscription);
