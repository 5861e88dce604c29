using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using HelmLifecycle.Charts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Cluster = HelmLifecycle.EmbeddedCluster.EmbeddedCluster;

namespace HelmLifecycle.Tests.Events;

public sealed class TelemetryTests
{
    private static readonly Chart s_chart = ChartLoader.Load(
    [
        new ChartFile("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"),
        new ChartFile("templates/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: h, annotations: {helm.sh/hook: pre-install}}\n"),
    ]);

    [Fact]
    public async Task An_action_is_a_span_with_its_release_and_its_outcome()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == ReleaseTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var cluster = await Cluster.StartAsync();
        var releases = ReleaseClient.Create(o => o.UseCluster(cluster.Client).InNamespace("default"));
        await releases.Install("traced").Chart(s_chart).RunAsync();
        await FluentActions.Awaiting(() => releases.Install("traced").Chart(s_chart).RunAsync()).Should().ThrowAsync<NameInUseException>();

        var own = spans.Where(s => (string?)s.GetTagItem("helm.release.name") == "traced").ToList();
        own.Select(s => (s.OperationName, s.Status)).Should().Equal(("helm.install", ActivityStatusCode.Unset), ("helm.install", ActivityStatusCode.Error));
        own[0].GetTagItem("helm.release.namespace").Should().Be("default");
        own[0].Events.Should().NotBeEmpty();
        own[1].StatusDescription.Should().Contain("still in use");
    }

    [Fact]
    public async Task Actions_records_objects_and_hooks_are_counted()
    {
        var counts = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == ReleaseTelemetry.Name) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, 1, tags));
        listener.Start();
        await using var cluster = await Cluster.StartAsync();
        await ReleaseClient.Create(o => o.UseCluster(cluster.Client).InNamespace("default")).Install("counted").Chart(s_chart).RunAsync();

        counts["helmlifecycle.actions outcome=succeeded verb=install"].Should().Be(1);
        counts["helmlifecycle.action.duration outcome=succeeded verb=install"].Should().Be(1);
        counts["helmlifecycle.resources action=created"].Should().BeGreaterThanOrEqualTo(1);
        counts["helmlifecycle.hooks event=pre-install phase=succeeded"].Should().Be(1);
        counts["helmlifecycle.records status=deployed"].Should().Be(1);

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string[] words = [.. tags.ToArray().Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal)];
            counts.AddOrUpdate($"{instrument.Name} {string.Join(' ', words)}", value, (_, sum) => sum + value);
        }
    }

    [Fact]
    public async Task Services_give_a_client_what_they_have_and_its_log_has_event_ids()
    {
        await using var cluster = await Cluster.StartAsync();
        var log = new LogOf();
        var services = new ServiceCollection();
        services.AddSingleton(cluster.Client).AddSingleton<ILoggerFactory>(log).AddSingleton<IRevisionStore, MemoryRevisionStore>();
        services.AddHelmLifecycle((options, _) => options.Namespace = "default");
        await using var provider = services.BuildServiceProvider();
        var releases = provider.GetRequiredService<ReleaseClient>();
        releases.Should().BeSameAs(provider.GetRequiredService<ReleaseClient>());
        releases.Store.Should().BeSameAs(provider.GetRequiredService<IRevisionStore>());
        await releases.Install("logged").Chart(s_chart).RunAsync();

        log.Entries.Should().Contain((101, LogLevel.Information, "default/logged revision 1 stored as deployed: Install complete"));
        log.Entries.Should().Contain((103, LogLevel.Debug, "default/logged: ConfigMap/a created"));
        log.Entries.Should().Contain((107, LogLevel.Information, "default/logged: pre-install hook h succeeded"));
    }

    private sealed class LogOf : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
