namespace HelmLifecycle.EmbeddedCluster;

/// <content>Timers and holds of a <see cref="VirtualTime"/>.</content>
public sealed partial class VirtualTime
{
    private enum TimerRole
    {
        Client,
        Work,
        Background,
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback, TimerRole role) : ITimer
    {
        private bool _disposed;

        public TimerRole Role => role;

        public long Due { get; set; }

        public long Sequence { get; set; }

        public long Period { get; private set; }

        public bool Armed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                time.Disarm(this);
                Period = period > TimeSpan.Zero ? period.Ticks : 0;
                if (dueTime >= TimeSpan.Zero)
                {
                    time.Arm(this, dueTime.Ticks);
                }

                if (role == TimerRole.Client)
                {
                    time.NoteClient();
                }
                else
                {
                    time.Note();
                }

                return true;
            }
        }

        /// <summary>Called on the clock's own thread: the cluster's timers run there, those of clients on the pool.</summary>
        public void Fire()
        {
            if (role != TimerRole.Client)
            {
                callback();
                return;
            }

            IDisposable busy = time.EnterBusy();
            ThreadPool.UnsafeQueueUserWorkItem(
                static s =>
                {
                    using (s.busy)
                    {
                        s.callback();
                    }
                },
                (busy, callback),
                preferLocal: false);
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                if (!_disposed)
                {
                    _disposed = true;
                    time.Disarm(this);
                    if (role == TimerRole.Client)
                    {
                        time.NoteClient();
                    }
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class BusyScope(VirtualTime time, long since) : IDisposable
    {
        public LinkedListNode<BusyScope>? Node { get; set; }

        public long Since => since;

        public void Dispose()
        {
            lock (time._gate)
            {
                if (Node is { } node)
                {
                    Node = null;
                    time._busy.Remove(node);
                    time.NoteClient();
                }
            }
        }
    }
}
