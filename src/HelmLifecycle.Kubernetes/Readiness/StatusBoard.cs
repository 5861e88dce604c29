namespace HelmLifecycle.Kubernetes;

/// <summary>The statuses of the objects of one wait. Used by one reader at a time.</summary>
internal sealed class StatusBoard
{
    public static readonly ReadinessStatus NotSeen = new(ResourceStatus.Unknown, "", "");

    /// <summary>The objects are listed and this one is not among them.</summary>
    public static readonly ReadinessStatus Absent = new(ResourceStatus.Unknown, "NotFound", "Resource not found");

    public static readonly ReadinessStatus Gone = new(ResourceStatus.NotFound, "NotFound", "Resource not found");

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Func<ReadinessStatus, bool> _done;
    private readonly ObjectReadiness[] _objects;

    public StatusBoard(IReadOnlyList<ObjectReference> objects, TimeProvider time, Func<ReadinessStatus, bool> done)
    {
        _time = time;
        _start = time.GetTimestamp();
        _done = done;
        _objects = [.. objects.Select(o => new ObjectReadiness(o, NotSeen))];
    }

    public IReadOnlyList<ObjectReadiness> Objects => [.. _objects];

    public bool AllDone => Array.TrueForAll(_objects, o => _done(o.Status));

    public bool AllSettled => Array.TrueForAll(_objects, o => _done(o.Status) || o.Status.Status == ResourceStatus.Failed);

    /// <summary>Notes a status; null if it is the one already known.</summary>
    public ReadinessProgress? Note(int index, ReadinessStatus status)
    {
        // An object that was there and is gone stays "gone"; one that never was is "absent".
        if (status == Gone && _objects[index].Status == NotSeen) status = Absent;
        if (_objects[index].Status == status) return null;
        _objects[index] = _objects[index] with { Status = status };
        return Snapshot(_objects[index]);
    }

    public ReadinessProgress Snapshot(ObjectReadiness? changed = null) =>
        new(Objects, changed, _time.GetElapsedTime(_start)) { Done = _objects.Count(o => _done(o.Status)) };
}
