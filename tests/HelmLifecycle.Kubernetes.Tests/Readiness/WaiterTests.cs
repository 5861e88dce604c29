namespace HelmLifecycle.Kubernetes.Tests.Readiness;

public sealed class WaiterTests
{
    private static readonly KubernetesObject Web = new(new GroupVersionKind("apps", "v1", "Deployment"), "web", "x");
    private static readonly KubernetesObject Job = new(new GroupVersionKind("batch", "v1", "Job"), "j", "x");
    private static readonly KubernetesObject Pod = new(new GroupVersionKind("", "v1", "Pod"), "p", "x");
    private static readonly KubernetesObject Map = new(new GroupVersionKind("", "v1", "ConfigMap"), "m", "x");

    private const string Ready = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"x","resourceVersion":"3"},"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]}}""";
    private const string Starting = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"x","resourceVersion":"2"},"status":{}}""";

    private readonly ManualTime _time = new();
    private readonly ScriptedApi _api = new();
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReadinessWaiter Waiter => new(_api.Client(_time));

    private WaitOptions Options(int reports = 1)
    {
        int seen = 0;
        return new WaitOptions { Progress = new Direct(_ => { if (++seen == reports) _told.TrySetResult(); }) };
    }

    private void Watch(string path, string listed, params string[] events)
    {
        _api.On("GET", path + "?*", "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + listed + "]}")
            .On("GET", path + "?allowWatchBookmarks*", _ => ScriptedApi.Watch(false, events));
    }

    private static string Modified(string json) => "{\"type\":\"MODIFIED\",\"object\":" + json + "}";

    private async Task<NotReadyException> TimesOutAsync(Task wait)
    {
        await _told.Task;
        _time.Advance(TimeSpan.FromMinutes(5));
        return (await wait.Awaiting(w => w).Should().ThrowAsync<NotReadyException>()).Which;
    }

    [Fact]
    public async Task The_wait_ends_when_the_watch_tells_that_all_is_ready()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", Starting, Modified(Ready));
        Watch("/api/v1/namespaces/x/configmaps", """{"metadata":{"name":"m","namespace":"x"}}""");
        var seen = new List<string>();
        await Waiter.WaitUntilReadyAsync([Web, Map], new WaitOptions { Progress = new Direct(p => { lock (seen) seen.Add($"{p.Done}/{p.Total}"); }) });
        seen[^1].Should().Be("2/2");
    }

    [Fact]
    public async Task A_time_out_names_what_is_not_ready_in_the_words_of_Helm_4_0()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", Starting);
        NotReadyException e = await TimesOutAsync(Waiter.WaitUntilReadyAsync([Web], Options()));
        e.Message.Should().Be("resource not ready, name: web, kind: Deployment, status: InProgress\ncontext deadline exceeded");
        e.TimedOut.Should().BeTrue();
        e.Objects[0].Status.Message.Should().Be("Replicas: 0/1");
    }

    [Fact]
    public async Task A_time_out_can_be_told_in_the_words_of_Helm_4_2()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", Starting);
        NotReadyException e = await TimesOutAsync(Waiter.WaitUntilReadyAsync([Web], Options() with { Words = WaitWords.Helm42 }));
        e.Message.Should().Be("resource Deployment/x/web not ready. status: InProgress, message: Replicas: 0/1\ncontext deadline exceeded");
    }

    [Fact]
    public async Task A_failed_object_ends_the_wait_at_once_only_if_that_is_wished()
    {
        Watch("/apis/batch/v1/namespaces/x/jobs", """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","namespace":"x"},"status":{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}]}}""");
        (await TimesOutAsync(Waiter.WaitUntilReadyAsync([Job], Options()))).Message.Should().Be("resource not ready, name: j, kind: Job, status: Failed\ncontext deadline exceeded");
        (await Waiter.Awaiting(w => w.WaitUntilReadyAsync([Job], new WaitOptions { StopWhenAllSettled = true })).Should().ThrowAsync<NotReadyException>())
            .Which.Message.Should().Be("resource not ready, name: j, kind: Job, status: Failed");
    }

    [Fact]
    public async Task Cancelling_is_no_time_out()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", Starting);
        using var cancel = new CancellationTokenSource();
        Task wait = Waiter.WaitUntilReadyAsync([Web], Options(), cancel.Token);
        await _told.Task;
        await cancel.CancelAsync();
        await wait.Awaiting(w => w).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task An_unschedulable_pod_becomes_failed_by_the_passing_of_time_alone()
    {
        Watch("/api/v1/namespaces/x/pods", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"x","creationTimestamp":"2030-01-01T00:00:00Z"},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]}}
            """);
        Task wait = Waiter.WaitUntilReadyAsync([Pod], Options() with { StopWhenAllSettled = true });
        await _time.TimersAsync(2);
        _time.Advance(TimeSpan.FromSeconds(16));
        (await wait.Awaiting(w => w).Should().ThrowAsync<NotReadyException>()).Which.Objects[0].Status.Message.Should().Be("Pod could not be scheduled");
    }

    [Fact]
    public async Task Deletion_is_waited_for_and_what_was_never_there_is_gone()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", Starting, "{\"type\":\"DELETED\",\"object\":" + Starting + "}");
        Watch("/api/v1/namespaces/x/configmaps", "");
        await Waiter.WaitUntilDeletedAsync([Web, Map]);
    }

    [Fact]
    public async Task What_still_exists_is_named_in_the_words_of_Helm_4_0()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"x","deletionTimestamp":"2030-01-01T00:00:00Z"}}""");
        Watch("/api/v1/namespaces/x/configmaps", "");
        NotReadyException e = await TimesOutAsync(Waiter.WaitUntilDeletedAsync([Map, Web], Options(2)));
        e.Message.Should().Be("resource still exists, name: m, kind: ConfigMap, status: Unknown\nresource still exists, name: web, kind: Deployment, status: Terminating\ncontext deadline exceeded");
    }

    [Fact]
    public async Task Objects_of_a_kind_that_is_gone_are_gone() =>
        await Waiter.WaitUntilDeletedAsync([new KubernetesObject(new GroupVersionKind("lab", "v1", "Widget"), "w", "x")]);

    [Fact]
    public async Task Helm_3s_rules_are_asked_every_two_seconds_until_the_deadline()
    {
        _api.On("GET", "/api/v1/namespaces/x/pods/p", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"status":{}}""");
        Task wait = Waiter.WaitUntilReadyAsync([Map, Pod], new WaitOptions { Strategy = WaitStrategy.Legacy, Timeout = TimeSpan.FromSeconds(9) });
        Exception? e = await Record.ExceptionAsync(() => _time.RunAsync(wait, TimeSpan.FromSeconds(2), timers: 2));
        e.Should().BeOfType<NotReadyException>().Which.Message.Should().Be("context deadline exceeded");
        _api.Calls.Should().HaveCount(5, "at 0, 2, 4, 6 and 8 seconds; the ConfigMap is never read");
    }

    [Fact]
    public async Task Helm_3_bears_a_server_that_fails_for_a_while_but_not_a_refusal()
    {
        _api.OnEach("GET", "/api/v1/namespaces/x/pods/p", _ => ScriptedApi.Status(500, "InternalError", "oops"), _ => throw new HttpRequestException("lost"),
            _ => ScriptedApi.Json("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""));
        var options = new WaitOptions { Strategy = WaitStrategy.Legacy };
        await _time.RunAsync(Waiter.WaitUntilReadyAsync([Pod], options), TimeSpan.FromSeconds(2), timers: 2);
        _api.On("GET", "/api/v1/namespaces/x/pods/p", _ => ScriptedApi.Status(403, "Forbidden", "no"));
        await Waiter.Awaiting(w => w.WaitUntilReadyAsync([Pod], options)).Should().ThrowAsync<KubernetesApiException>().WithMessage("no");
    }

    [Fact]
    public async Task A_hook_Job_that_fails_ends_Helm_3s_wait_at_once()
    {
        Watch("/apis/batch/v1/namespaces/x/jobs", """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","namespace":"x"},"status":{}}""",
            Modified("""{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","namespace":"x","resourceVersion":"2"},"status":{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}]}}"""));
        NotReadyException e = (await Waiter.Awaiting(w => w.WaitUntilDoneAsync([Job], new WaitOptions { Strategy = WaitStrategy.Legacy })).Should().ThrowAsync<NotReadyException>()).Which;
        e.Errors.Should().Equal("job j failed: BackoffLimitExceeded");
    }

    [Fact]
    public async Task A_hook_that_never_ends_times_out_in_the_words_of_Helm_3()
    {
        Watch("/apis/batch/v1/namespaces/x/jobs", """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","namespace":"x"},"status":{}}""");
        (await TimesOutAsync(Waiter.WaitUntilDoneAsync([Job], Options() with { Strategy = WaitStrategy.Legacy }))).Message.Should().Be("timed out waiting for the condition");
    }

    [Fact]
    public async Task A_hook_pod_is_done_when_it_has_ended_well_and_a_ConfigMap_when_it_is_there()
    {
        Watch("/api/v1/namespaces/x/pods", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"x"},"status":{"phase":"Succeeded"}}""");
        Watch("/api/v1/namespaces/x/configmaps", """{"metadata":{"name":"m","namespace":"x"}}""");
        await Waiter.WaitUntilDoneAsync([Pod, Map]);
    }

    [Fact]
    public async Task Progress_can_be_read_as_a_sequence()
    {
        Watch("/apis/apps/v1/namespaces/x/deployments", Starting, Modified(Ready));
        var seen = new List<string>();
        await foreach (ReadinessProgress p in Waiter.ObserveAsync([Web])) seen.Add($"{p.Done}/{p.Total} {p.Changed?.Status.Message}");
        seen.Should().Equal("0/1 ", "0/1 Replicas: 0/1", "1/1 Deployment is available. Replicas: 1");
    }

    private sealed class Direct(Action<ReadinessProgress> tell) : IProgress<ReadinessProgress>
    {
        public void Report(ReadinessProgress value) => tell(value);
    }
}
