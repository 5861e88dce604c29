namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Something to bring into order: one object, seen by one controller.</summary>
internal readonly record struct WorkKey(Controller Controller, string Namespace, string Name);

/// <summary>
/// The one thread on which all controllers, the scheduler and the kubelet run: changes of the store are turned into keys, keys are worked off in the order in which
/// they came, each once however often it was asked for. So a run is the same every time, and nothing in a controller needs a lock.
/// </summary>
internal sealed class ClusterLoop : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<StoreEvent> _changes = new();
    private readonly Queue<WorkKey> _asked = new();
    private readonly Queue<WorkKey> _queue = new();
    private readonly HashSet<WorkKey> _queued = [];
    private readonly LoopTimers _timers;
    private readonly LoopTimers _backgroundTimers;
    private readonly Dictionary<WorkKey, int> _failures = [];
    private readonly Dictionary<ResourceKey, List<Controller>> _listeners = [];
    private readonly List<Controller> _everything = [];
    private readonly Dictionary<string, SortedDictionary<string, PodView>> _pods = [];
    private readonly List<TaskCompletionSource> _waitingForIdle = [];
    private readonly AutoResetEvent _signal = new(false);
    private readonly IDisposable _subscription;
    private readonly Thread _thread;
    private bool _timersDue;
    private bool _held;
    private volatile bool _active;
    private bool _stopped;
    private TimeSpan? _again;
    private TimeSpan? _againInBackground;

    public ClusterLoop(IClusterApi api, ClusterClock clock, EmbeddedClusterOptions options, PodScripts scripts)
    {
        Api = api;
        Clock = clock;
        Options = options;
        Scripts = scripts;
        _timers = new LoopTimers(clock, WakeForTimers, background: false);
        _backgroundTimers = new LoopTimers(clock, WakeForTimers, background: true);
        Events = new EventRecorder(this);
        Controllers = ControllerSet.Create(this);
        foreach (Controller controller in Controllers)
        {
            IReadOnlyList<ResourceKey>? watched = controller.Watches;
            if (watched is null)
            {
                _everything.Add(controller);
                continue;
            }

            foreach (ResourceKey resource in watched)
            {
                if (!_listeners.TryGetValue(resource, out List<Controller>? list))
                {
                    _listeners[resource] = list = [];
                }

                list.Add(controller);
            }
        }

        ClusterFurniture.Ensure(api, options, clock);
        lock (api.Store.WriteLock)
        {
            foreach (ResourceKey resource in api.Store.Resources.OrderBy(r => r.ToString(), StringComparer.Ordinal))
            {
                foreach (StoredObject stored in api.Store.List(resource))
                {
                    Post(new StoreEvent(StoreEventType.Added, resource, stored, null, api.Store.Snapshot(resource)));
                }
            }

            _subscription = api.Store.Subscribe(Post);
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "cluster controllers" };
        _thread.Start();
        scripts.Changed += OnScriptsChanged;
    }

    public IClusterApi Api { get; }

    public ClusterClock Clock { get; }

    public EmbeddedClusterOptions Options { get; }

    public PodScripts Scripts { get; }

    public PodFiles Files { get; } = new();

    public EventRecorder Events { get; }

    public IReadOnlyList<Controller> Controllers { get; }

    /// <summary>The last thing that went wrong inside a controller and was no refusal of the API; null when all is well.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>The pods of a namespace in order of names, all changes so far included. For the loop's own thread.</summary>
    public IEnumerable<PodView> Pods(string ns)
    {
        Drain();
        return _pods.TryGetValue(ns, out SortedDictionary<string, PodView>? pods) ? pods.Values.ToArray() : [];
    }

    public PodView? Pod(string ns, string name)
    {
        Drain();
        return _pods.TryGetValue(ns, out SortedDictionary<string, PodView>? pods) ? pods.GetValueOrDefault(name) : null;
    }

    public IEnumerable<PodView> AllPods()
    {
        Drain();
        return _pods.Values.SelectMany(p => p.Values).ToArray();
    }

    /// <summary>Asks for a key to be worked on, from any thread.</summary>
    public void Ask(WorkKey key)
    {
        lock (_gate)
        {
            _asked.Enqueue(key);
            Wake();
        }
    }

    /// <summary>Done when all that has happened so far is worked off.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (!_active || _stopped || _held)
            {
                return Task.CompletedTask;
            }

            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waitingForIdle.Add(idle);
            return idle.Task;
        }
    }

    /// <summary>Lets the controllers see nothing and do nothing until the returned value is disposed; what happens meanwhile is worked off then. Virtual time does not move for what they would do.</summary>
    public IDisposable Hold()
    {
        lock (_gate)
        {
            _held = true;
            Wake();
        }

        return new Held(this);
    }

    /// <summary>Puts a key behind those already queued. For the loop's own thread.</summary>
    public void Enqueue(WorkKey key)
    {
        if (_queued.Add(key))
        {
            _queue.Enqueue(key);
        }
    }

    /// <summary>Asks, from within a reconciliation, for the same key to come again after a while. The shortest wish counts; a reconciliation without one forgets those before it.</summary>
    public void Again(TimeSpan after, bool background)
    {
        if (after < TimeSpan.Zero)
        {
            after = TimeSpan.Zero;
        }

        if (background)
        {
            _againInBackground = _againInBackground is { } b && b < after ? b : after;
        }
        else
        {
            _again = _again is { } a && a < after ? a : after;
        }
    }

    public void Dispose()
    {
        Scripts.Changed -= OnScriptsChanged;
        _subscription.Dispose();
        lock (_gate)
        {
            _stopped = true;
            _signal.Set();
        }

        if (Thread.CurrentThread != _thread)
        {
            _thread.Join(TimeSpan.FromSeconds(5));
        }
    }

    private void OnScriptsChanged()
    {
        foreach (StoredObject pod in Api.Store.List(ClusterResources.Pods))
        {
            foreach (Controller controller in Controllers)
            {
                if (controller is KubeletController)
                {
                    Ask(new WorkKey(controller, pod.Namespace, pod.Name));
                }
            }
        }
    }

    /// <summary>Called under the store's write lock.</summary>
    private void Post(StoreEvent change)
    {
        lock (_gate)
        {
            _changes.Enqueue(change);
            Wake();
        }
    }

    private void WakeForTimers()
    {
        lock (_gate)
        {
            _timersDue = true;
            Wake();
        }
    }

    private void Wake()
    {
        if (!_active && !_stopped)
        {
            _active = true;
            Clock.BeginWork();
        }

        _signal.Set();
    }

    private void Run()
    {
        while (true)
        {
            if (IsHeld())
            {
                _signal.WaitOne();
                continue;
            }

            Drain();
            lock (_gate)
            {
                bool idle = _queue.Count == 0 && _changes.Count == 0 && _asked.Count == 0 && !_timersDue;
                if (idle || _stopped)
                {
                    Rest();
                }

                if (_stopped)
                {
                    return;
                }
            }

            if (_queue.TryDequeue(out WorkKey key))
            {
                _queued.Remove(key);
                Work(key);
            }
            else if (!_active)
            {
                _signal.WaitOne();
            }
        }
    }

    private bool IsHeld()
    {
        lock (_gate)
        {
            return _held && !_stopped;
        }
    }

    /// <summary>Nothing is left to do: lets time go on, and those who waited.</summary>
    private void Rest()
    {
        if (_active)
        {
            _active = false;
            Clock.EndWork();
        }

        foreach (TaskCompletionSource waiter in _waitingForIdle)
        {
            waiter.TrySetResult();
        }

        _waitingForIdle.Clear();
    }

    private void Drain()
    {
        while (true)
        {
            StoreEvent? change;
            bool timersDue;
            lock (_gate)
            {
                timersDue = _timersDue;
                _timersDue = false;
                while (_asked.TryDequeue(out WorkKey asked))
                {
                    Enqueue(asked);
                }

                if (_stopped)
                {
                    return;
                }

                _changes.TryDequeue(out change);
            }

            if (timersDue)
            {
                foreach (WorkKey due in _timers.TakeDue().Concat(_backgroundTimers.TakeDue()))
                {
                    Enqueue(due);
                }
            }

            if (change is null)
            {
                return;
            }

            try
            {
                See(change);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LastFault = e;
            }
        }
    }

    private void See(StoreEvent change)
    {
        PodView? pod = null;
        if (change.Resource == ClusterResources.Pods)
        {
            pod = new PodView(change.Object);
            if (!_pods.TryGetValue(pod.Namespace, out SortedDictionary<string, PodView>? pods))
            {
                _pods[pod.Namespace] = pods = new SortedDictionary<string, PodView>(StringComparer.Ordinal);
            }

            if (change.Type == StoreEventType.Deleted)
            {
                pods.Remove(pod.Name);
                if (pods.Count == 0)
                {
                    _pods.Remove(pod.Namespace);
                }
            }
            else
            {
                pods[pod.Name] = pod;
            }
        }

        if (_listeners.TryGetValue(change.Resource, out List<Controller>? listeners))
        {
            foreach (Controller controller in listeners)
            {
                if (pod is not null)
                {
                    controller.OnPod(change.Type, pod);
                }
                else
                {
                    controller.OnChange(change);
                }
            }
        }

        foreach (Controller controller in _everything)
        {
            controller.OnChange(change);
        }
    }

    private void Work(WorkKey key)
    {
        _again = null;
        _againInBackground = null;
        try
        {
            key.Controller.Reconcile(key.Namespace, key.Name);
            _failures.Remove(key);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // As the rate limiter of Kubernetes' work queues: 5 ms doubled each time. After about a second time no longer moves for the sake of the retry.
            int failures = _failures.GetValueOrDefault(key) + 1;
            _failures[key] = failures;
            if (e is not ApiError)
            {
                LastFault = e;
            }

            Again(TimeSpan.FromMilliseconds(5 * Math.Pow(2, Math.Min(failures - 1, 17))), background: failures > 8);
        }

        _timers.Set(key, _again);
        _backgroundTimers.Set(key, _againInBackground);
    }

    private sealed class Held(ClusterLoop loop) : IDisposable
    {
        public void Dispose()
        {
            lock (loop._gate)
            {
                loop._held = false;
                loop.Wake();
            }
        }
    }
}
