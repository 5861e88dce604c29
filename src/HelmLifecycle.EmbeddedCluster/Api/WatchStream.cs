using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>One event on the wire: what leads, the object (shared by all watchers), what follows.</summary>
internal readonly record struct WatchFrame(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Object, ReadOnlyMemory<byte> Tail)
{
    public int Length => Head.Length + Object.Length + Tail.Length;
}

/// <summary>The answer to a watch. Events queue here until the transport takes them; until it is done with one, virtual time stands still.</summary>
internal sealed class WatchStream : IDisposable
{
    private static readonly byte[] s_tail = "}\n"u8.ToArray();
    private static readonly byte[] s_added = "{\"type\":\"ADDED\",\"object\":"u8.ToArray();
    private static readonly byte[] s_modified = "{\"type\":\"MODIFIED\",\"object\":"u8.ToArray();
    private static readonly byte[] s_deleted = "{\"type\":\"DELETED\",\"object\":"u8.ToArray();

    private readonly Channel<(WatchFrame Frame, IDisposable? Busy)> _queue = Channel.CreateUnbounded<(WatchFrame, IDisposable?)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ApiServer _server;
    private readonly ResourceDefinition _resource;
    private readonly string _version;
    private readonly string? _namespace;
    private readonly string? _name;
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;
    private readonly AcceptedForm _form;
    private readonly List<ITimer> _timers = [];
    private IDisposable? _subscription;
    private IDisposable? _held;
    private long _from;
    private bool _sentColumns;

    public WatchStream(ApiServer server, ResourceDefinition resource, string version, string? ns, string? name, LabelSelector labels, FieldSelector fields, AcceptedForm form)
    {
        _server = server;
        _resource = resource;
        _version = version;
        _namespace = ns;
        _name = name;
        _labels = labels;
        _fields = fields;
        _form = form;
    }

    /// <summary>Begins after <paramref name="from"/>, or with the current objects when null.</summary>
    public void Start(long? from, TimeSpan timeout, bool explicitTimeout, bool bookmarks)
    {
        if (from is { } asked && asked < _resource.ServedSince)
        {
            Expire(asked);
            return;
        }

        lock (_server.Store.WriteLock)
        {
            WatchStart? start = _server.Store.Watch(_resource.Store, from, OnEvent);
            if (start is null)
            {
                Expire(from!.Value);
                return;
            }

            _subscription = start.Subscription;
            _from = from ?? 0;
            if (from is null)
            {
                foreach (StoredObject stored in start.Current.Values)
                {
                    if (Concerns(stored) && ApiServer.Matches(stored, _labels, _fields, _resource))
                    {
                        Send("ADDED", stored);
                    }
                }
            }

            foreach (StoreEvent change in start.Past)
            {
                OnEvent(change);
            }
        }

        // A wait somebody asked for in seconds is meant to pass; the usual hour-long renewals must not drive virtual time.
        bool background = !explicitTimeout || timeout > TimeSpan.FromMinutes(1);
        lock (_timers)
        {
            _timers.Add(_server.Clock.Schedule(End, timeout, background));
            if (bookmarks && timeout > TimeSpan.FromSeconds(2))
            {
                _timers.Add(_server.Clock.Schedule(Bookmark, timeout - TimeSpan.FromSeconds(2), background));
            }
        }
    }

    private void Expire(long asked)
    {
        var error = new ApiError(410, "Expired", $"too old resource version: {asked} ({_server.Store.Revision})");
        Enqueue(Encode("ERROR", error.ToStatus()));
        End();
    }

    private bool Concerns(StoredObject stored) => (string.IsNullOrEmpty(_namespace) || stored.Namespace == _namespace) && (_name is null || stored.Name == _name);

    private void OnEvent(StoreEvent change)
    {
        if (change.Revision <= _from || !Concerns(change.Object))
        {
            return;
        }

        bool plain = _labels.IsEmpty && _fields.IsEmpty;
        bool was = change.Previous is { } previous && (plain || ApiServer.Matches(previous, _labels, _fields, _resource));
        bool isNow = change.Type != StoreEventType.Deleted && (plain || ApiServer.Matches(change.Object, _labels, _fields, _resource));
        if (change.Type == StoreEventType.Deleted)
        {
            if (was)
            {
                Send("DELETED", change.Object);
            }
        }
        else if (isNow)
        {
            Send(was ? "MODIFIED" : "ADDED", change.Object);
        }
        else if (was)
        {
            // Left the selection: the last state that was in it, with the version of the change.
            JsonObject last = change.Previous!.ToJson();
            Json.Meta(last)["resourceVersion"] = Json.Number(change.Revision);
            Enqueue(Encode("DELETED", Convert(last)));
        }
    }

    private JsonObject Convert(JsonObject storage)
    {
        JsonObject json = _resource.FromStorage(storage, _version);
        if (_form.IsTable)
        {
            JsonObject table = Tables.Single(_resource, _version, json, _server.Clock.Now, _form.Include);
            if (_sentColumns)
            {
                table["columnDefinitions"] = null;
            }

            _sentColumns = true;
            return table;
        }

        return _form.IsPartial ? Tables.Partial(json) : json;
    }

    private void Send(string type, StoredObject stored)
    {
        if (_form.As.Length == 0 && _resource.IsStoredForm(_version))
        {
            Enqueue(new WatchFrame(type switch { "ADDED" => s_added, "MODIFIED" => s_modified, _ => s_deleted }, stored.Utf8, s_tail));
        }
        else
        {
            Enqueue(Encode(type, Convert(stored.ToJson())));
        }
    }

    private static WatchFrame Encode(string type, JsonObject json) =>
        new(Encoding.UTF8.GetBytes("{\"type\":\"" + type + "\",\"object\":"), ObjectEncoding.Encode(json), s_tail);

    private void Bookmark()
    {
        JsonObject json = _resource.IsCustom ? [] : (JsonObject)SchemaDecoder.Zero(_resource.Schema(_version))!;
        json["kind"] = _resource.Kind;
        json["apiVersion"] = _resource.ApiVersion(_version);
        JsonObject metadata = Json.Meta(json);
        metadata["resourceVersion"] = Json.Number(_server.Store.Revision);
        metadata["creationTimestamp"] = null;
        Enqueue(Encode("BOOKMARK", json));
    }

    private void Enqueue(WatchFrame frame)
    {
        IDisposable? busy = _server.Clock.Virtual is null ? null : _server.Clock.EnterBusy();
        if (!_queue.Writer.TryWrite((frame, busy)))
        {
            busy?.Dispose();
        }
    }

    private void End()
    {
        _subscription?.Dispose();
        _queue.Writer.TryComplete();
    }

    /// <summary>The next event, or null when the watch has ended. Asking for it says that the one before is dealt with.</summary>
    public async ValueTask<WatchFrame?> NextAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _held, null)?.Dispose();
        try
        {
            (WatchFrame frame, IDisposable? busy) = await _queue.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            _held = busy;
            return frame;
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        lock (_timers)
        {
            foreach (ITimer timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }

        End();
        Interlocked.Exchange(ref _held, null)?.Dispose();
        while (_queue.Reader.TryRead(out (WatchFrame Frame, IDisposable? Busy) left))
        {
            left.Busy?.Dispose();
        }
    }
}
