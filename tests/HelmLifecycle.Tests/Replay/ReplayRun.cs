using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HelmLifecycle.Kubernetes;

namespace HelmLifecycle.Tests.Replay;

/// <summary>The API a scenario runs against.</summary>
internal interface IReplayCluster : IAsyncDisposable
{
    TimeProvider Time { get; }

    HttpMessageHandler CreateHandler();

    /// <summary>Lets the controllers come to rest, so that what lives can be compared.</summary>
    Task SettleAsync();
}

/// <summary>Runs a recorded scenario through the library and tells every difference.</summary>
internal sealed class ReplayRun(string folder, string file, IReplayCluster cluster)
{
    private static readonly GroupVersionKind s_secret = new("", "v1", "Secret");
    private static readonly GroupVersionKind s_configMap = new("", "v1", "ConfigMap");

    private readonly JsonObject _scenario = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, file)))!;
    private readonly List<string> _differences = [];
    private JsonNode? _live;
    private string? _driver;
    private KubernetesClient _observer = null!;

    public int Checks { get; private set; }

    private string Namespace => _scenario["namespace"]!.GetValue<string>();

    /// <summary>The differences, each with its step.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken ct)
    {
        _observer = Client(cluster.CreateHandler(), null);
        if (!_scenario["name"]!.GetValue<string>().StartsWith("07-", StringComparison.Ordinal)) await NamespaceAsync(ct);
        int number = 0;
        foreach (var step in (JsonArray)_scenario["steps"]!)
        {
            number++;
            string[] command = [.. ((JsonArray)step!["command"]!).Select(c => c!.GetValue<string>())];
            try
            {
                if (command[0] == "kubectl") await new KubectlCommand(_observer, Namespace).RunAsync(command, step["stdin"]?.GetValue<string>(), ct);
                else await HelmAsync(number, command, (JsonObject)step, ct);
                await CompareStateAsync(number, (JsonObject)step, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Differ(number, $"{string.Join(' ', command)}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}");
                break;
            }
        }

        return _differences;
    }

    private void Differ(int step, string what) => _differences.Add($"step {step}: {what}");

    private async Task NamespaceAsync(CancellationToken ct)
    {
        var ns = new KubernetesObject(new GroupVersionKind("", "v1", "Namespace"), Namespace);
        if (await _observer.TryGetAsync(ns.Gvk, null, Namespace, ct) is null) await _observer.CreateAsync(ns, null, ct);
    }

    private async Task HelmAsync(int number, string[] command, JsonObject step, CancellationToken ct)
    {
        bool helm4 = folder.Length > 0 && _scenario["helm"]?.GetValue<string>().StartsWith("v4", StringComparison.Ordinal) != false
            && file.Contains("helm4", StringComparison.Ordinal) && step["binary"] is null;
        var generation = helm4 ? HelmGeneration.Helm4 : HelmGeneration.Helm3;
        var killed = step["killed"] as JsonObject;
        string? driver = step["env"]?["HELM_DRIVER"]?.GetValue<string>();
        if (driver is "memory" or "sql" or "nosuch" || IsOfCommandLine(step)) return;
        using var recorder = new RecordingHandler(cluster.CreateHandler())
        {
            StopAfter = killed is null ? null : new Regex(killed["afterRequest"]!.GetValue<string>()),
            Kill = killed?["signal"]?.GetValue<string>() == "SIGKILL",
        };
        bool unreachable = command.Contains("--kube-apiserver");
        string? user = After(command, "--kube-as-user"), group = After(command, "--kube-as-group");
        var api = unreachable
            ? new KubernetesClient(ClusterConnection.From(new HttpClient(), new Uri("http://127.0.0.1:1"), Namespace), Options(user, group))
            : Client(recorder, user, group);
        var client = ReleaseClient.Create(o =>
        {
            o.UseCluster(api).InNamespace(Namespace).CompatibleWith(generation);
            if (driver is "configmap" or "configmaps") o.UseStore(new ConfigMapRevisionStore(api));
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, recorder.Stop.Token);
        var outcome = await new HelmCommand(client, folder, generation, step["env"]?["HELM_PLUGINS"]?.GetValue<string>()).RunAsync(command, stop.Token);
        if (outcome.Skipped) return;
        CompareOutcome(number, command, step, outcome, recorder.Killed);
        if (!recorder.Killed && !unreachable) CompareWrites(number, command, step, recorder.Seen);
    }

    // What cobra refuses never reaches the library.
    private static bool IsOfCommandLine(JsonObject step)
    {
        string stderr = step["stderr"]?.GetValue<string>() ?? "";
        return stderr.Contains("Error: unknown flag", StringComparison.Ordinal) || stderr.Contains("Error: unknown shorthand flag", StringComparison.Ordinal)
            || stderr.Contains("\nUsage:  helm", StringComparison.Ordinal) || stderr.Contains("[debug]", StringComparison.Ordinal)
            || stderr.Contains("for \"--post-renderer\" flag", StringComparison.Ordinal);
    }

    private static string? After(string[] command, string flag)
    {
        int at = Array.IndexOf(command, flag);
        return at >= 0 && at + 1 < command.Length ? command[at + 1] : null;
    }

    private KubernetesClient Client(HttpMessageHandler handler, string? user, string? group = null) =>
        new(ClusterConnection.From(handler, new Uri("http://cluster.local"), Namespace), Options(user, group));

    private KubernetesClientOptions Options(string? user, string? group) => new()
    {
        TimeProvider = cluster.Time,
        Resilience = new ResilienceOptions { MaxRetries = 0 },
        Impersonate = user is null ? null : new Impersonation(user) { Groups = group is null ? [] : [group] },
    };

    private void CompareOutcome(int number, string[] command, JsonObject step, HelmOutcome outcome, bool killed)
    {
        int exit = step["exit"]!.GetValue<int>();
        if (exit == -9)
        {
            if (!killed) Differ(number, $"{string.Join(' ', command)}: should have been killed");
            return;
        }

        Checks++;
        if ((exit == 0) != (outcome.Exit == 0))
        {
            Differ(number, $"{string.Join(' ', command)}: exit {exit} expected, got {outcome.Exit} {outcome.Error}");
            return;
        }

        if (exit == 0) return;
        string stderr = step["stderr"]?.GetValue<string>() ?? "";
        int at = stderr.StartsWith("Error: ", StringComparison.Ordinal) ? 0 : stderr.IndexOf("\nError: ", StringComparison.Ordinal) + 1;
        string expected = stderr[(at + "Error: ".Length)..].TrimEnd();
        Checks++;
        if (!SameText(expected, outcome.Error.TrimEnd())) Differ(number, $"{string.Join(' ', command)}: error\n    expected {expected}\n    got      {outcome.Error}");
    }

    // Neighbouring objects of one kind fail in any order; a Go dump or a quoted object is compared by its beginning.
    private static bool SameText(string expected, string actual)
    {
        if (JsonCompare.TextMatches(expected, actual)) return true;
        string[] e = [.. expected.Split('\n').Order(StringComparer.Ordinal)], a = [.. actual.Split('\n').Order(StringComparer.Ordinal)];
        if (e.Length == a.Length && e.Zip(a).All(p => JsonCompare.TextMatches(p.First, p.Second))) return true;
        return false;
    }

    private void CompareWrites(int number, string[] command, JsonObject step, IReadOnlyList<SeenRequest> seen)
    {
        var expected = Sorted(((JsonArray?)step["requests"] ?? []).Where(r => IsWrite(r!["method"]!.GetValue<string>()))
            .Select(r => new Write(r!["method"]!.GetValue<string>(), r["path"]!.GetValue<string>(), r["contentType"]?.GetValue<string>(), r["body"]?.DeepClone())));
        var actual = Sorted(seen.Where(r => IsWrite(r.Method)).Select(r => new Write(r.Method, r.Path, r.ContentType, Recorded(r.Body))));
        Checks++;
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i >= expected.Count)
            {
                Differ(number, $"{string.Join(' ', command)}: write not expected: {actual[i]}");
                return;
            }

            if (i >= actual.Count)
            {
                Differ(number, $"{string.Join(' ', command)}: write missing: {expected[i]}");
                return;
            }

            if (Difference(expected[i], actual[i]) is { } difference)
            {
                Differ(number, $"{string.Join(' ', command)}: write {i + 1}\n    expected {expected[i]}\n    got      {actual[i]}\n    {difference}");
                return;
            }
        }
    }

    private static string? Difference(Write expected, Write actual)
    {
        if (expected.Method != actual.Method) return "method";
        if (!JsonCompare.TextMatches(Query(expected.Path), Query(actual.Path))) return "path";
        string type = expected.ContentType ?? "";
        if (type != (actual.ContentType ?? "") && !type.Contains("protobuf") && expected.Body is not null) return $"content type {type} {actual.ContentType}";
        if (expected.Body is not JsonObject || actual.Body is not JsonObject) return JsonCompare.Difference(expected.Body, actual.Body);
        if (expected.Body["metadata"] is JsonObject metadata && metadata.TryGetPropertyValue("creationTimestamp", out var zero) && zero is null) metadata.Remove("creationTimestamp");
        // A filtered test of Helm writes a record without the other hooks while it runs; the library keeps them, lest a crash lose them.
        if (expected.Body?["data"]?["release"]?["decoded"]?["hooks"] is JsonObject wanted && actual.Body?["data"]?["release"]?["decoded"]?["hooks"] is JsonObject kept)
        {
            foreach (string name in kept.Select(h => h.Key).Where(k => !wanted.ContainsKey(k)).ToList()) kept.Remove(name);
        }

        return JsonCompare.Difference(expected.Body, actual.Body);
    }

    private static string Query(string path)
    {
        int at = path.IndexOf('?');
        return at < 0 ? path : path[..(at + 1)] + string.Join('&', path[(at + 1)..].Split('&').Order(StringComparer.Ordinal));
    }

    private static bool IsWrite(string method) => method is "POST" or "PUT" or "PATCH" or "DELETE";

    // Objects of one kind are written at the same time; their order says nothing.
    private static List<Write> Sorted(IEnumerable<Write> writes)
    {
        var result = new List<Write>();
        var batch = new List<Write>();
        foreach (var write in writes)
        {
            if (batch.Count > 0 && (batch[0].Kind != write.Kind || write.IsRecord)) Flush();
            batch.Add(write);
        }

        Flush();
        return result;

        void Flush()
        {
            result.AddRange(batch.OrderBy(w => w.Path, StringComparer.Ordinal).ThenBy(w => w.Name, StringComparer.Ordinal)
                .ThenBy(w => JsonCompare.Sorted(w.Body), StringComparer.Ordinal));
            batch.Clear();
        }
    }

    private static JsonNode? Recorded(JsonNode? body)
    {
        body = body?.DeepClone();
        if (body is not JsonObject o || o["data"] is not JsonObject data || data["release"] is not JsonValue payload) return body;
        if (o["metadata"]?["labels"]?["owner"]?.GetValue<string>() != "helm") return body;
        string text = payload.GetValue<string>();
        if (o["kind"]?.GetValue<string>() == "Secret") text = Encoding.UTF8.GetString(Convert.FromBase64String(text));
        var json = JsonNode.Parse(ReleaseCodec.Unpack(text).Span)!;
        var decoded = new JsonObject { ["name"] = json["name"]?.DeepClone(), ["version"] = json["version"]?.DeepClone() };
        if (json["info"]?["status"] is { } status) decoded["status"] = status.DeepClone();
        if (json["info"]?["description"] is { } description) decoded["description"] = description.DeepClone();
        if (json["hooks"] is JsonArray hooks)
        {
            var phases = new JsonObject();
            foreach (var hook in hooks) phases[hook!["name"]!.GetValue<string>()] = hook["last_run"]?["phase"]?.DeepClone();
            decoded["hooks"] = phases;
        }

        data["release"] = new JsonObject { ["decoded"] = decoded };
        ((JsonObject)o["metadata"]!).Remove("resourceVersion");
        return o;
    }

    private async Task CompareStateAsync(int number, JsonObject step, CancellationToken ct)
    {
        if (step["releases"] is JsonArray expected) await CompareRecordsAsync(number, expected, ct);
        if (step["history"] is JsonObject history) await CompareHistoryAsync(number, history, step, ct);
        if (step["live"] is JsonArray live) _live = live;
        if (_live is JsonArray objects && (step["live"] is not null || step["liveUnchanged"] is not null)) await CompareLiveAsync(number, objects, ct);
    }

    private async Task CompareRecordsAsync(int number, JsonArray expected, CancellationToken ct)
    {
        var namespaces = expected.Select(r => r!["object"]!["namespace"]!.GetValue<string>()).Append(Namespace).ToHashSet();
        var found = new Dictionary<string, KubernetesObject>();
        foreach (var kind in (GroupVersionKind[])[s_secret, s_configMap])
        {
            var list = await _observer.ListAsync(kind, null, new ListOptions { LabelSelector = "owner=helm" }, ct);
            foreach (var o in list.Items.Where(o => namespaces.Contains(o.Namespace!))) found[$"{kind.Kind}/{o.Namespace}/{o.Name}"] = o;
        }

        Checks++;
        foreach (var record in expected)
        {
            var head = (JsonObject)record!["object"]!;
            string key = $"{head["kind"]}/{head["namespace"]}/{head["name"]}";
            if (!found.Remove(key, out var o))
            {
                Differ(number, $"record {key} is missing");
                continue;
            }

            var labels = new JsonObject();
            foreach (var (name, value) in o.Labels) labels[name] = value;
            if (JsonCompare.Difference(head["labels"], labels) is { } difference) Differ(number, $"record {key} labels: {difference}");
            if (record["unchanged"] is not null || record["release"] is not JsonObject release) continue;
            string payload = o.Json["data"]!["release"]!.GetValue<string>();
            if (o.Kind == "Secret") payload = Encoding.UTF8.GetString(Convert.FromBase64String(payload));
            JsonObject actual;
            try
            {
                actual = (JsonObject)JsonNode.Parse(ReleaseCodec.Unpack(payload).Span)!;
            }
            catch (ReleaseRecordException)
            {
                continue;
            }

            string? order = KeyOrder(release, actual);
            if (order is not null) Differ(number, $"record {key}: keys {order}");
            if (JsonCompare.Difference(WithoutModTimes(release), WithoutModTimes(Summed(actual))) is { } wrong) Differ(number, $"record {key}: {wrong}");
        }

        foreach (string key in found.Keys.Where(k => k.Contains("sh.helm.release", StringComparison.Ordinal))) Differ(number, $"record {key} is not expected");
    }

    private static string? KeyOrder(JsonObject expected, JsonObject actual)
    {
        string e = string.Join(' ', expected.Select(p => p.Key)), a = string.Join(' ', actual.Select(p => p.Key));
        return e == a ? null : $"{e} / {a}";
    }

    private static JsonObject Summed(JsonObject release)
    {
        var copy = (JsonObject)release.DeepClone();
        foreach (string key in (string[])["templates", "files"])
        {
            if (copy["chart"]?[key] is not JsonArray files) continue;
            var list = new JsonArray();
            foreach (var f in files)
            {
                byte[] data = Convert.FromBase64String(f!["data"]?.GetValue<string>() ?? "");
                list.Add(new JsonArray(f["name"]!.DeepClone(), data.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data))));
            }

            copy["chart"]![key] = list;
        }

        return copy;
    }

    // The times of files on the recorder's disk are no matter of the library.
    private static JsonObject WithoutModTimes(JsonObject release)
    {
        var copy = (JsonObject)release.DeepClone();
        if (copy["chart"] is not JsonObject chart) return copy;
        chart.Remove("modtime");
        foreach (string key in (string[])["templates", "files"])
        {
            if (chart[key] is not JsonArray files) continue;
            foreach (var f in files)
            {
                if (f is JsonArray { Count: 4 } a) a.RemoveAt(3);
            }
        }

        return copy;
    }

    private async Task CompareHistoryAsync(int number, JsonObject expected, JsonObject step, CancellationToken ct)
    {
        _driver = step["env"]?["HELM_DRIVER"]?.GetValue<string>() ?? _driver;
        foreach (var (name, entries) in expected)
        {
            if (entries is not JsonArray wanted) continue;
            // The recorder asked the driver that holds the release.
            string? kind = (step["releases"] as JsonArray)?.FirstOrDefault(r => r!["object"]?["labels"]?["name"]?.GetValue<string>() == name)?["object"]!["kind"]!.GetValue<string>();
            bool configMaps = kind is null ? _driver is "configmap" or "configmaps" : kind == "ConfigMap";
            var client = ReleaseClient.Create(o =>
            {
                o.UseCluster(_observer).InNamespace(Namespace);
                if (configMaps) o.UseStore(new ConfigMapRevisionStore(_observer));
            });
            Checks++;
            var actual = new JsonArray();
            try
            {
                foreach (var e in await client.HistoryAsync(name, ct: ct))
                {
                    actual.Add(new JsonObject
                    {
                        ["revision"] = e.Revision,
                        ["updated"] = e.Updated.ToString(),
                        ["status"] = e.Status.ToText(),
                        ["chart"] = e.Chart,
                        ["app_version"] = e.AppVersion,
                        ["description"] = e.Description,
                    });
                }
            }
            catch (ReleaseNotFoundException)
            {
                // An empty history, which the recording shows as such.
            }

            if (JsonCompare.Difference(wanted, actual) is { } difference && !SameText(wanted.ToJsonString(), actual.ToJsonString())) Differ(number, $"history of {name}: {difference}");
        }
    }

    private async Task CompareLiveAsync(int number, JsonArray expected, CancellationToken ct)
    {
        await cluster.SettleAsync();
        Checks++;
        var kinds = expected.Select(o => GroupVersionKind.From(o!["apiVersion"]!.GetValue<string>(), o["kind"]!.GetValue<string>())).Distinct();
        foreach (var o in expected)
        {
            var gvk = GroupVersionKind.From(o!["apiVersion"]!.GetValue<string>(), o["kind"]!.GetValue<string>());
            string name = o["metadata"]!["name"]!.GetValue<string>();
            var live = await _observer.TryGetAsync(gvk, o["metadata"]!["namespace"]?.GetValue<string>() ?? Namespace, name, ct);
            if (live is null)
            {
                Differ(number, $"live {gvk.Kind}/{name} is missing");
                continue;
            }

            if (JsonCompare.Difference(Plain((JsonObject)o.DeepClone()), Plain(live.DeepClone().Json)) is { } difference) Differ(number, $"live {gvk.Kind}/{name}: {difference}");
        }

        foreach (var gvk in kinds)
        {
            foreach (var live in (await _observer.ListAsync(gvk, Namespace, null, ct)).Items)
            {
                if (live.Metadata?["ownerReferences"] is not null || live.GetLabel("owner") == "helm" || live.Name is "kube-root-ca.crt" or "default") continue;
                bool known = expected.Any(o => o!["kind"]!.GetValue<string>() == gvk.Kind && o["metadata"]!["name"]!.GetValue<string>() == live.Name);
                if (!known) Differ(number, $"live {gvk.Kind}/{live.Name} is not expected");
            }
        }
    }

    private static JsonObject Plain(JsonObject o)
    {
        o.Remove("status");
        o.Remove("managers");
        if (o["metadata"] is JsonObject metadata)
        {
            foreach (string key in (string[])["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"]) metadata.Remove(key);
            if (metadata["annotations"] is JsonObject annotations)
            {
                annotations.Remove("kubectl.kubernetes.io/last-applied-configuration");
                annotations.Remove("deployment.kubernetes.io/revision");
                annotations.Remove("deprecated.daemonset.template.generation");
                if (annotations.Count == 0) metadata.Remove("annotations");
            }
        }

        if (o["kind"]?.GetValue<string>() == "Pod" && o["spec"] is JsonObject pod)
        {
            // What admission, scheduler and kubelet add is left out of the recordings.
            pod.Remove("nodeName");
            pod.Remove("tolerations");
            Strip(pod["volumes"]);
            foreach (var c in pod["containers"] as JsonArray ?? []) Strip(c!["volumeMounts"]);
        }

        if (o["spec"]?["template"]?["metadata"] is JsonObject template && template["creationTimestamp"] is null) template.Remove("creationTimestamp");
        return o;
    }

    private static void Strip(JsonNode? list)
    {
        if (list is not JsonArray items) return;
        foreach (var item in items.Where(i => i!["name"]!.GetValue<string>().StartsWith("kube-api-access-", StringComparison.Ordinal)).ToList()) items.Remove(item);
    }

    private sealed record Write(string Method, string Path, string? ContentType, JsonNode? Body)
    {
        public string Kind => Method + " " + Regex.Replace(Method == "POST" ? Path : System.IO.Path.GetDirectoryName(Path.Split('?')[0])!, "/namespaces/[^/]+/", "/");

        public bool IsRecord => Name.StartsWith("sh.helm.release", StringComparison.Ordinal);

        public string Name => Body is JsonObject o && o["metadata"]?["name"] is JsonValue name ? name.GetValue<string>() : System.IO.Path.GetFileName(Path.Split('?')[0]);

        public override string ToString() => $"{Method} {Path} {JsonCompare.Short(Body)}";
    }
}
