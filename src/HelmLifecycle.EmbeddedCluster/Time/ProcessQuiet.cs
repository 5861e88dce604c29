using Microsoft.Win32.SafeHandles;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>
/// Whether anybody in this process has something to compute. The thread pool alone cannot say: test runners block some of its threads for good. On Linux the kernel knows
/// which threads want to run; elsewhere the processor time of the process tells.
/// </summary>
internal sealed class ProcessQuiet
{
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(20);
    private readonly byte[] _buffer = new byte[512];
    private int _floor = -1;
    private TimeSpan _cpu;
    private long _since;

    /// <summary>Cheap: the pool has no more threads at work than were blocked when the process was last seen asleep.</summary>
    public bool PoolIsIdle() => BusyWorkers() <= _floor && ThreadPool.PendingWorkItemCount == 0;

    /// <summary>Thorough: no thread but the caller's runs, wants to run, or waits for a disk.</summary>
    public bool ProcessIsIdle()
    {
        int before = BusyWorkers();
        if (ThreadPool.PendingWorkItemCount != 0 || !(OperatingSystem.IsLinux() ? NoThreadRuns() : NoTimeIsUsed()))
        {
            return false;
        }

        _floor = before;
        return BusyWorkers() <= before && ThreadPool.PendingWorkItemCount == 0;
    }

    private static int BusyWorkers()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);
        return most - free;
    }

    private bool NoThreadRuns()
    {
        try
        {
            bool self = false;
            foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
            {
                char state = State(task);
                if (state == 'D' || (state == 'R' && self))
                {
                    return false;
                }

                self |= state == 'R';
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NoTimeIsUsed();
        }
    }

    private char State(string task)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(task + "/stat");
            int length = RandomAccess.Read(file, _buffer, 0);
            int end = _buffer.AsSpan(0, length).LastIndexOf((byte)')');
            return end >= 0 && end + 2 < length ? (char)_buffer[end + 2] : ' ';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The thread ended meanwhile.
            return ' ';
        }
    }

    /// <summary>Less than a fifth of one processor over a short window.</summary>
    private bool NoTimeIsUsed()
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long now = TimeProvider.System.GetTimestamp();
        TimeSpan passed = TimeProvider.System.GetElapsedTime(_since, now);
        if (_since != 0 && passed < s_window)
        {
            return false;
        }

        bool idle = _since != 0 && passed < 3 * s_window && cpu - _cpu < passed / 5;
        (_cpu, _since) = (cpu, now);
        return idle;
    }
}
