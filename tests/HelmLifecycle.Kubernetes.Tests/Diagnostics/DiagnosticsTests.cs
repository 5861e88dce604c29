namespace HelmLifecycle.Kubernetes.Tests.Diagnostics;

using Diagnostics = HelmLifecycle.Kubernetes.Diagnostics;

public sealed class DiagnosticsTests
{
    private static readonly KubernetesObject Web = new(new GroupVersionKind("apps", "v1", "Deployment"), "web", "x");
    private const string Owner = "\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"web-1\",\"uid\":\"rs\"}]";

    private readonly ScriptedApi _api = new ScriptedApi()
        .On("GET", "/apis/apps/v1/namespaces/x/deployments/web", """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"x","uid":"d"},
             "spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}}},"status":{"replicas":3,"updatedReplicas":3}}
            """)
        .On("GET", "/apis/apps/v1/namespaces/x/replicasets?*", """
            {"metadata":{},"items":[
              {"metadata":{"name":"web-1","namespace":"x","uid":"rs","ownerReferences":[{"kind":"Deployment","name":"web","uid":"d"}]},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}}},"status":{"fullyLabeledReplicas":3}},
              {"metadata":{"name":"web-0","namespace":"x","uid":"old","ownerReferences":[{"kind":"Deployment","name":"web","uid":"d"}]},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"web"}}},"status":{}}]}
            """)
        .On("GET", "/api/v1/namespaces/x/events?*", """{"metadata":{},"items":[]}""");

    private void Pods(params string[] pods) => _api.On("GET", "/api/v1/namespaces/x/pods?*", "{\"metadata\":{},\"items\":[" + string.Join(',', pods) + "]}");

    private static string Pod(string name, string status, string spec = "{}") =>
        "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"x\",\"uid\":\"" + name + "\"," + Owner + "},\"spec\":" + spec + ",\"status\":" + status + "}";

    private Task<Diagnosis> ExplainAsync(params KubernetesObject[] objects) => new Diagnostics(_api.Client(new ManualTime())).ExplainAsync(objects);

    [Fact]
    public async Task A_crash_loop_is_named_with_exit_code_restarts_and_the_last_log_line()
    {
        Pods(Pod("web-fine", """{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"""),
            Pod("web-abc", """
                {"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s"}},
                 "lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}]}
                """));
        _api.On("GET", "/api/v1/namespaces/x/pods/web-abc/log?container=app&limitBytes=16384&previous=true&tailLines=10", _ => new HttpResponseMessage { Content = new StringContent("starting\ncannot reach the database\n") });

        Diagnosis diagnosis = await ExplainAsync(Web);

        diagnosis.Summary.Should().Be("Deployment web: 0 of 3 pods ready; pod web-abc container app is in CrashLoopBackOff (exit 1, 4 restarts): last log line \"cannot reach the database\"");
        DiagnosisNode container = diagnosis.Roots[0].Children.Single().Children.Single().Children.Single();
        (container.Kind, container.Name, container.ExitCode, container.Restarts).Should().Be(("Container", "app", 1, 4));
        container.LogTail.Should().Equal("starting", "cannot reach the database");
        diagnosis.ToText().Should().Contain("      Container app: ").And.Contain("| cannot reach the database");
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_named_with_the_kubelets_message()
    {
        Pods(Pod("web-abc", """{"phase":"Pending","containerStatuses":[{"name":"app","restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \"nope:1\""}}}]}"""));
        (await ExplainAsync(Web)).Summary.Should().Be("Deployment web: 0 of 3 pods ready; pod web-abc container app is in ImagePullBackOff: Back-off pulling image \"nope:1\"");
    }

    [Fact]
    public async Task A_pod_without_a_node_is_named_with_the_schedulers_message()
    {
        Pods(Pod("web-abc", """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/2 nodes are available: 2 Insufficient cpu."}]}"""));
        (await ExplainAsync(Web)).Summary.Should().EndWith("; pod web-abc cannot be scheduled: 0/2 nodes are available: 2 Insufficient cpu.");
    }

    [Fact]
    public async Task A_failing_probe_is_told_from_the_events()
    {
        Pods(Pod("web-abc", """{"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":0,"state":{"running":{}}}]}"""));
        _api.On("GET", "/api/v1/namespaces/x/events?*", """
            {"metadata":{},"items":[{"type":"Warning","reason":"Unhealthy","message":"Readiness probe failed: HTTP probe failed with statuscode: 503","involvedObject":{"kind":"Pod","name":"web-abc","uid":"web-abc"}},
             {"type":"Warning","reason":"Other","message":"of another pod","involvedObject":{"kind":"Pod","name":"else"}}]}
            """);
        (await ExplainAsync(Web)).Summary.Should().EndWith("; pod web-abc container app is running but not ready; Readiness probe failed: HTTP probe failed with statuscode: 503");
    }

    [Fact]
    public async Task Without_pods_the_condition_says_why()
    {
        Pods();
        _api.On("GET", "/apis/apps/v1/namespaces/x/deployments/web", """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"x","uid":"d"},"spec":{"selector":{"matchLabels":{"app":"web"}}},
             "status":{"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"web-1-\" is forbidden: exceeded quota"}]}}
            """);
        (await ExplainAsync(Web)).Summary.Should().Be("Deployment web: 0 of 1 pods ready; FailedCreate: pods \"web-1-\" is forbidden: exceeded quota");
    }

    [Fact]
    public async Task A_claim_is_explained_by_its_message_and_events()
    {
        _api.On("GET", "/api", """{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[{"version":"v1","resources":[{"resource":"persistentvolumeclaims","responseKind":{"kind":"PersistentVolumeClaim"},"scope":"Namespaced"},{"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced"}]}]}]}""")
            .On("GET", "/api/v1/namespaces/x/persistentvolumeclaims/c", """{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"c","namespace":"x"},"status":{"phase":"Pending"}}""")
            .On("GET", "/api/v1/namespaces/x/events?*", """{"metadata":{},"items":[{"type":"Warning","reason":"ProvisioningFailed","message":"storageclass \"gold\" not found","involvedObject":{"kind":"PersistentVolumeClaim","name":"c"}}]}""");
        (await ExplainAsync(new KubernetesObject(new GroupVersionKind("", "v1", "PersistentVolumeClaim"), "c", "x"))).Summary
            .Should().Be("PersistentVolumeClaim c: PVC is not Bound. phase: Pending; ProvisioningFailed: storageclass \"gold\" not found");
    }

    [Fact]
    public async Task What_may_not_be_read_is_left_out_and_what_is_ready_is_not_mentioned()
    {
        Pods(Pod("web-abc", """{"phase":"Running","containerStatuses":[{"name":"app","restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}"""));
        _api.On("GET", "/api/v1/namespaces/x/pods/web-abc/log*", _ => ScriptedApi.Status(403, "Forbidden", "no"))
            .On("GET", "/api/v1/namespaces/x/events?*", _ => ScriptedApi.Status(403, "Forbidden", "no"))
            .On("GET", "/api/v1/namespaces/x/configmaps/m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}""");
        Diagnosis diagnosis = await ExplainAsync(new KubernetesObject(new GroupVersionKind("", "v1", "ConfigMap"), "m", "x"), Web);
        diagnosis.Summary.Should().Be("Deployment web: 0 of 3 pods ready; pod web-abc container app is in CrashLoopBackOff (exit 137, OOMKilled, 1 restart)");
        diagnosis.Roots.Should().HaveCount(1);
    }

    [Fact]
    public async Task An_object_that_is_gone_is_said_to_be_gone()
    {
        _api.On("GET", "/apis/apps/v1/namespaces/x/deployments/web", _ => ScriptedApi.Status(404, "NotFound", "no"));
        (await ExplainAsync(Web)).Summary.Should().Be("Deployment web does not exist, or may not be read");
    }
}
