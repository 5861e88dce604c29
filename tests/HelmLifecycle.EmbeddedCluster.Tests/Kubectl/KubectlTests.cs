namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>The real kubectl over TCP and a kubeconfig file.</summary>
[Collection("virtual time")]
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}, annotations: {fake-kubelet/logs: "hello from the pod"}}
            spec: {containers: [{name: app, image: "example.invalid/web:1", ports: [{containerPort: 80}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        data: {color: red}
        """;

    private EmbeddedCluster _cluster = null!;
    private Kubectl _kubectl = null!;

    public async Task InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync();
        _kubectl = await Kubectl.ForAsync(_cluster);
    }

    public async Task DisposeAsync()
    {
        _kubectl.Dispose();
        _cluster.SimulationFault.Should().BeNull();
        await _cluster.DisposeAsync();
    }

    [KubectlFact]
    public async Task Objects_are_created_shown_waited_for_and_deleted()
    {
        (await _kubectl.RunAsync("create", "namespace", "demo")).Output.Should().Be("namespace/demo created\n");
        (await _kubectl.RunAsync("create", "-n", "demo", "-f", _kubectl.Write("web.yaml", Web))).Output
            .Should().Be("deployment.apps/web created\nservice/web created\nconfigmap/web created\n");
        (await _kubectl.RunAsync("rollout", "status", "-n", "demo", "deployment/web")).Output.Should().Contain("deployment \"web\" successfully rolled out\n");
        (await _kubectl.RunAsync("get", "nodes")).Rows.Skip(1).Should().OnlyContain(r => r[1] == "Ready").And.HaveCount(2);

        IReadOnlyList<string[]> pods = (await _kubectl.RunAsync("get", "pods", "-n", "demo", "-o", "wide")).Rows;
        pods[0].Should().Equal("NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED", "NODE", "READINESS", "GATES");
        pods.Skip(1).Should().HaveCount(2).And.OnlyContain(r => r[1] == "1/1" && r[2] == "Running" && r[6].StartsWith("node-"));

        (await _kubectl.RunAsync("describe", "-n", "demo", "deployment", "web")).Output
            .Should().Contain("2 desired | 2 updated | 2 total | 2 available | 0 unavailable").And.Contain("Scaled up replica set web-");
        (await _kubectl.RunAsync("describe", "-n", "demo", "service", "web")).Output.Should().MatchRegex(@"Endpoints: +10\.\S+:80,10\.\S+:80");
        (await _kubectl.RunAsync("logs", "-n", "demo", "deployment/web")).Output.Should().Be("hello from the pod\n");

        (await _kubectl.RunAsync("scale", "-n", "demo", "deployment/web", "--replicas=4")).Output.Should().Be("deployment.apps/web scaled\n");
        (await _kubectl.RunAsync("wait", "-n", "demo", "deployment/web", "--for=jsonpath={.status.readyReplicas}=4")).Output.Should().Be("deployment.apps/web condition met\n");

        (await _kubectl.RunAsync("delete", "-n", "demo", "deployment", "web", "--wait", "--cascade=foreground")).Output.Should().Be("deployment.apps \"web\" deleted\n");
        (await _kubectl.RunAsync("get", "pods", "-n", "demo")).Errors.Should().Be("No resources found in demo namespace.\n");
        await _kubectl.RunAsync("delete", "namespace", "demo", "--wait");
        (await _kubectl.TryAsync("get", "namespace", "demo")).Errors.Should().Be("Error from server (NotFound): namespaces \"demo\" not found\n");
    }

    [KubectlFact]
    public async Task Apply_changes_what_changed_and_diff_shows_it()
    {
        string old = _kubectl.Write("web.yaml", Web);
        string @new = _kubectl.Write("new.yaml", Web.Replace("web:1", "web:2", StringComparison.Ordinal).Replace("red", "blue", StringComparison.Ordinal));
        await _kubectl.RunAsync("apply", "-f", old);
        (await _kubectl.RunAsync("diff", "-f", old)).Output.Should().BeEmpty();
        (await _kubectl.RunAsync("apply", "-f", old)).Output.Should().Be("deployment.apps/web unchanged\nservice/web unchanged\nconfigmap/web unchanged\n");

        KubectlResult diff = await _kubectl.TryAsync("diff", "-f", @new);
        diff.ExitCode.Should().Be(1);
        diff.Output.Should().Contain("-      - image: example.invalid/web:1\n+      - image: example.invalid/web:2\n").And.Contain("-  color: red\n+  color: blue\n").And.NotContain("v1.Service");

        (await _kubectl.RunAsync("apply", "-f", @new)).Output.Should().Be("deployment.apps/web configured\nservice/web unchanged\nconfigmap/web configured\n");
        await _kubectl.RunAsync("rollout", "status", "deployment/web");
        (await _kubectl.RunAsync("rollout", "undo", "deployment/web")).Output.Should().Be("deployment.apps/web rolled back\n");
        await _kubectl.RunAsync("rollout", "status", "deployment/web");
        (await _kubectl.RunAsync("get", "pods", "-o", "jsonpath={.items[*].spec.containers[*].image}")).Output.Should().Contain("web:1").And.NotContain("web:2");
    }

    [KubectlFact]
    public async Task A_strategic_patch_computed_by_kubectl_leaves_the_containers_of_others_alone()
    {
        string web = _kubectl.Write("web.yaml", Web);
        await _kubectl.RunAsync("apply", "-f", web);
        await _kubectl.RunAsync("patch", "deployment", "web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"sidecar","image":"example.invalid/side:1"}]}}}}""");
        await _kubectl.RunAsync("apply", "-f", _kubectl.Write("new.yaml", Web.Replace("web:1", "web:2", StringComparison.Ordinal)));
        (await _kubectl.RunAsync("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[*].image}")).Output.Split(' ')
            .Should().BeEquivalentTo("example.invalid/web:2", "example.invalid/side:1");
    }

    [KubectlFact]
    public async Task Server_side_apply_tells_conflicts_and_force_takes_over()
    {
        await _kubectl.RunAsync("apply", "--server-side", "-f", _kubectl.Write("web.yaml", Web));
        string other = _kubectl.Write("new.yaml", Web.Replace("red", "blue", StringComparison.Ordinal));
        KubectlResult refused = await _kubectl.TryAsync("apply", "--server-side", "--field-manager=other", "-f", other);
        refused.ExitCode.Should().Be(1);
        refused.Errors.Should().Contain("Apply failed with 1 conflict: conflict with \"kubectl\": .data.color");
        await _kubectl.RunAsync("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", other);
        (await _kubectl.RunAsync("get", "configmap", "web", "-o", "jsonpath={.data.color}")).Output.Should().Be("blue");
    }

    [KubectlFact]
    public async Task Nodes_are_drained_and_rights_are_told()
    {
        await _kubectl.RunAsync("apply", "-f", _kubectl.Write("web.yaml", Web));
        await _kubectl.RunAsync("rollout", "status", "deployment/web");
        (await _kubectl.RunAsync("drain", "node-0")).Output.Should().EndWith("node/node-0 drained\n");
        await _kubectl.RunAsync("rollout", "status", "deployment/web");
        (await _kubectl.RunAsync("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}")).Output.Should().Be("node-1 node-1");
        (await _kubectl.RunAsync("auth", "can-i", "delete", "nodes")).Output.Should().Be("yes\n");
        string nobody = _cluster.AddUser("nobody");
        (await _kubectl.TryAsync("get", "pods", "--token", nobody)).Errors
            .Should().Be("Error from server (Forbidden): pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"\n");
    }
}
