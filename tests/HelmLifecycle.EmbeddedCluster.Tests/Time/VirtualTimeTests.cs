namespace HelmLifecycle.EmbeddedCluster.Tests;

[Collection("virtual time")]
public sealed class VirtualTimeTests
{
    [Fact]
    public async Task A_long_wait_passes_by_itself_and_takes_exactly_as_long_as_asked()
    {
        using var time = new VirtualTime();
        await Task.Delay(TimeSpan.FromMinutes(5), time);
        time.Elapsed.Should().Be(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Time_stands_still_while_somebody_is_busy()
    {
        using var time = new VirtualTime();
        Task wait;
        using (time.EnterBusy())
        {
            wait = Task.Delay(TimeSpan.FromSeconds(1), time);
            await Task.Delay(50);
            wait.IsCompleted.Should().BeFalse();
            time.Elapsed.Should().Be(TimeSpan.Zero);
        }

        await wait;
        time.Elapsed.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Timers_fire_in_the_order_in_which_they_fall_due()
    {
        using var time = new VirtualTime(flow: VirtualTimeFlow.Manual);
        var fired = new List<int>();
        foreach (int seconds in new[] { 3, 1, 2 })
        {
            time.Schedule(() => fired.Add(seconds), TimeSpan.FromSeconds(seconds), background: false);
        }

        await time.AdvanceAsync(TimeSpan.FromSeconds(2));
        fired.Should().Equal(1, 2);
        time.Elapsed.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Manual_time_does_not_move_by_itself()
    {
        using var time = new VirtualTime(flow: VirtualTimeFlow.Manual);
        Task wait = Task.Delay(TimeSpan.FromSeconds(1), time);
        await Task.Delay(50);
        wait.IsCompleted.Should().BeFalse();
        await time.AdvanceAsync(TimeSpan.FromSeconds(1));
        await wait;
    }

    [Fact]
    public async Task A_background_timer_fires_in_passing_but_does_not_move_time()
    {
        using var time = new VirtualTime();
        var fired = new List<TimeSpan>();
        time.Schedule(() => fired.Add(time.Elapsed), TimeSpan.FromSeconds(1), background: true);
        await Task.Delay(50);
        fired.Should().BeEmpty();
        await Task.Delay(TimeSpan.FromSeconds(3), time);
        fired.Should().Equal(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_deadline_does_not_fire_while_a_client_computes_on_the_thread_pool()
    {
        using var time = new VirtualTime();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5), time);
        bool early = await Task.Run(() =>
        {
            long until = Environment.TickCount64 + 100;
            double x = 1;
            while (Environment.TickCount64 < until)
            {
                x = Math.Sqrt(x + 1);
            }

            return deadline.IsCancellationRequested || x < 0;
        });
        early.Should().BeFalse();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, deadline.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        time.Elapsed.Should().Be(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_periodic_timer_ticks_evenly()
    {
        using var time = new VirtualTime();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(10), time);
        for (int i = 0; i < 3; i++)
        {
            await ticks.WaitForNextTickAsync();
        }

        time.Elapsed.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Scaled_time_follows_real_time()
    {
        using var time = new VirtualTime(flow: VirtualTimeFlow.Scaled, scale: 1000);
        await Task.Delay(TimeSpan.FromSeconds(20), time);
        time.Elapsed.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
    }
}
