using System.Globalization;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>The time a cluster lives by, real or virtual, as its controllers and request handlers use it.</summary>
internal sealed class ClusterClock : IClusterActivity, IDisposable
{
    private readonly VirtualTime? _virtual;

    private ClusterClock(TimeProvider provider)
    {
        Provider = provider;
        _virtual = provider as VirtualTime;
    }

    public TimeProvider Provider { get; }

    /// <summary>The virtual clock, or null in real time.</summary>
    public VirtualTime? Virtual => _virtual;

    public DateTimeOffset Now => Provider.GetUtcNow();

    /// <summary>Now, as the API writes times: RFC 3339 in UTC, whole seconds.</summary>
    public string Stamp => Format(Now);

    public static ClusterClock Create(EmbeddedClusterOptions options) => new(options.Time switch
    {
        TimeMode.Real => options.TimeProvider,
        TimeMode.Manual => new VirtualTime(options.VirtualTimeStart, VirtualTimeFlow.Manual),
        TimeMode.Scaled => new VirtualTime(options.VirtualTimeStart, VirtualTimeFlow.Scaled, options.TimeScale),
        _ => new VirtualTime(options.VirtualTimeStart),
    });

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>With microseconds, as events and leases write it.</summary>
    public static string FormatMicro(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;

    public IDisposable EnterBusy() => _virtual?.EnterBusy() ?? NotBusy.Instance;

    public void BeginWork() => _virtual?.BeginWork();

    public void EndWork() => _virtual?.EndWork();

    /// <summary>Calls back once after <paramref name="due"/>. Virtual time does not move for the sake of a background timer alone.</summary>
    public ITimer Schedule(Action callback, TimeSpan due, bool background = false)
    {
        if (due < TimeSpan.Zero)
        {
            due = TimeSpan.Zero;
        }

        return _virtual?.Schedule(callback, due, background)
            ?? Provider.CreateTimer(static s => ((Action)s!)(), callback, TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(due.TotalMilliseconds), uint.MaxValue - 2)), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _virtual?.Dispose();

    private sealed class NotBusy : IDisposable
    {
        public static readonly NotBusy Instance = new();

        public void Dispose()
        {
        }
    }
}
