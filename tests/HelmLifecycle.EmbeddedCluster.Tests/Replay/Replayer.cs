using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster.Tests;

/// <summary>What became of a scenario.</summary>
internal sealed record ReplayResult(string Scenario, int Steps, IReadOnlyList<string> Differences, int Uncompared)
{
    public bool IsEqual => Differences.Count == 0;
}

/// <summary>How fast controllers are, compared with the requests of a scenario.</summary>
internal enum Pace
{
    /// <summary>They see nothing until a request waits for something.</summary>
    ControllersLate,

    /// <summary>They have done all that can be done without time passing before the next request.</summary>
    ControllersPrompt,

    /// <summary>They have done also what they do some milliseconds later.</summary>
    ControllersSettled,

    /// <summary>They run as they can, and time moves when nobody has anything to do.</summary>
    Free,
}

/// <summary>Replays a scenario on a fresh cluster and compares every answer.</summary>
internal sealed class Replayer
{
    private static readonly string[] s_controllerManagers =
        ["kube-controller-manager", "kube-scheduler", "kubelet", "kube-apiserver", "fake-kubelet", "k3s", "embedded-cluster"];

    /// <summary>After this (real time) a request is taken for one that waits.</summary>
    private static readonly TimeSpan s_answerAtMost = TimeSpan.FromSeconds(1);

    private readonly Scenario _scenario;
    private readonly EmbeddedCluster _cluster;
    private readonly Dictionary<int, JsonNode?> _answers = [];
    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private readonly Placeholders _placeholders;
    private readonly Comparer _comparer;
    private readonly Dictionary<int, List<string>> _differences = [];
    private readonly List<Task> _background = [];
    private readonly Pace _pace;
    private IDisposable? _held;
    private IDisposable? _standing;
    private int _uncompared;

    private Replayer(Scenario scenario, EmbeddedCluster cluster, Pace pace)
    {
        _pace = pace;
        _scenario = scenario;
        _cluster = cluster;
        _placeholders = new Placeholders(_answers);
        _comparer = new Comparer(scenario.Hashes);
        _clients[""] = Client(cluster.CreateHandler());
        _clients["nobody"] = Client(cluster.CreateHandler(cluster.AddUser("nobody", "nobodies")));
        _clients["anonymous"] = Client(cluster.CreateHandler(null));
        _clients["badtoken"] = Client(cluster.CreateHandler("not-a-token"));
    }

    private static HttpClient Client(HttpMessageHandler handler) => new(handler) { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>
    /// Replays a scenario. How much controllers had done by the time of the next request was a matter of chance when it was recorded, so it is replayed at several paces, each on a cluster of
    /// its own, until every step has been answered alike at one of them. Steps that no pace answers alike are the differences.
    /// </summary>
    public static async Task<ReplayResult> RunAsync(Scenario scenario, CancellationToken cancellationToken = default)
    {
        Dictionary<int, List<string>>? open = null;
        int uncompared = 0;
        foreach (Pace pace in Enum.GetValues<Pace>())
        {
            Replayer replayer = await RunAsync(scenario, pace, cancellationToken);
            uncompared = Math.Max(uncompared, replayer._uncompared);
            open ??= replayer._differences;
            foreach (int equal in open.Keys.Except(replayer._differences.Keys).ToArray())
            {
                open.Remove(equal);
            }

            if (open.Count == 0)
            {
                break;
            }
        }

        return new ReplayResult(scenario.Name, scenario.Steps.Count(), [.. open!.OrderBy(d => d.Key).SelectMany(d => d.Value)], uncompared);
    }

    private static async Task<Replayer> RunAsync(Scenario scenario, Pace pace, CancellationToken cancellationToken)
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Nodes = ["fake-node-0", "fake-node-1"] }, cancellationToken);
        var replayer = new Replayer(scenario, cluster, pace);
        bool ended = false;
        foreach (JsonObject step in scenario.Steps)
        {
            if (ended)
            {
                replayer.Report(step, "not reached");
                continue;
            }

            try
            {
                await replayer.StepAsync(step, cancellationToken);
            }
            catch (TimeoutException)
            {
                ended = true;
            }
        }

        replayer.Release();
        await Task.WhenAll(replayer._background);
        return replayer;
    }

    /// <summary>Lets time and controllers go on.</summary>
    private void Release()
    {
        _held?.Dispose();
        _held = null;
        _standing?.Dispose();
        _standing = null;
    }

    /// <summary>Before a request that does not wait for anything: the pace says what may happen between it and the one before.</summary>
    private async Task HoldAsync(CancellationToken cancellationToken)
    {
        switch (_pace)
        {
            case Pace.ControllersLate:
                _held ??= _cluster.HoldControllers();
                _standing?.Dispose();
                _standing = _cluster.VirtualTime?.EnterBusy();
                break;
            case Pace.ControllersPrompt:
                _standing?.Dispose();
                _standing = _cluster.VirtualTime is { } time ? await time.HoldWhenQuietAsync(cancellationToken) : null;
                break;
            case Pace.ControllersSettled:
                _standing?.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(10), _cluster.Time, cancellationToken);
                _standing = _cluster.VirtualTime is { } settled ? await settled.HoldWhenQuietAsync(cancellationToken) : null;
                break;
            default:
                break;
        }
    }

    private async Task StepAsync(JsonObject step, CancellationToken cancellationToken)
    {
        int n = step["n"]!.GetValue<int>();
        if (step["pauseSeconds"] is { } pause)
        {
            Release();
            await Task.Delay(TimeSpan.FromSeconds(pause.GetValue<double>()), _cluster.Time, cancellationToken);
        }

        int expected = step["status"]!.GetValue<int>();
        if (expected == 410)
        {
            _cluster.ForgetHistory(); // the recorder compacted etcd here, outside the API
        }

        if (step["background"] is not null)
        {
            Release();
            _background.Add(Task.Run(async () => Compare(step, await SendAsync(step, cancellationToken)), cancellationToken));
            await Task.Delay(TimeSpan.FromMilliseconds(500), _cluster.Time, cancellationToken);
            return;
        }

        if (step["watch"] is not null)
        {
            Release(); // it ends when its time is over
        }
        else
        {
            await HoldAsync(cancellationToken);
        }

        Task<(int Status, JsonNode? Body, HttpResponseMessage Message)> request = SendAsync(step, cancellationToken);
        if (await Task.WhenAny(request, Task.Delay(s_answerAtMost, cancellationToken)) != request)
        {
            Release(); // the server waits for time to pass, for a resourceVersion to come for instance
        }

        (int Status, JsonNode? Body, HttpResponseMessage Message) answer = await request;
        if (step["until"] is JsonObject until && !Holds(until, answer.Status, answer.Body))
        {
            Release();
            DateTimeOffset end = _cluster.Time.GetUtcNow() + TimeSpan.FromSeconds(90);
            while (!Holds(until, answer.Status, answer.Body))
            {
                if (_cluster.Time.GetUtcNow() > end)
                {
                    Report(step, $"until {until.ToJsonString()} never held; last answer {answer.Status} {Cut(answer.Body)}");
                    throw new TimeoutException();
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), _cluster.Time, cancellationToken);
                answer = await SendAsync(step, cancellationToken);
            }
        }

        Compare(step, answer);
    }

    private static string Cut(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "";
        return text.Length > 1500 ? text[..1500] : text;
    }

    private static bool Holds(JsonObject until, int status, JsonNode? body) => until.All(u =>
    {
        if (u.Key == "status" && u.Value!.GetValueKind() == JsonValueKind.Number)
        {
            return status == u.Value.GetValue<int>();
        }

        (bool found, JsonNode? value) = Paths.Find(body, u.Key);
        return u.Value?.ToString() switch
        {
            "<set>" => found,
            "<unset>" => !found,
            _ => found ? JsonNode.DeepEquals(value, u.Value) || value!.ToJsonString() == u.Value!.ToJsonString() : u.Value is null,
        };
    });

    private async Task<(int Status, JsonNode? Body, HttpResponseMessage Message)> SendAsync(JsonObject step, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(step["method"]!.GetValue<string>()), _placeholders.Text(step["path"]!.GetValue<string>()));
        request.Headers.TryAddWithoutValidation("User-Agent", "recorder/1.0");
        if (step["accept"] is { } accept)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept.GetValue<string>());
        }

        if (step.ContainsKey("body"))
        {
            JsonNode? body = step["body"];
            string text = body is JsonValue value && value.TryGetValue(out string? raw) ? _placeholders.Text(raw!) : _placeholders.Body(body)?.ToJsonString() ?? "null";
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            if (step["contentType"] is { } type)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type.GetValue<string>());
            }
        }

        HttpClient client = _clients[step["as"]?.GetValue<string>() ?? ""];
        HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        bool watch = step["watch"] is not null && response.IsSuccessStatusCode;
        JsonNode? parsed = watch ? Lines(answer) : Parse(answer, response.Content.Headers.ContentType);
        _answers[step["n"]!.GetValue<int>()] = parsed?.DeepClone();
        return ((int)response.StatusCode, parsed, response);
    }

    private static JsonArray Lines(string text)
    {
        var events = new JsonArray();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            events.Add(JsonNode.Parse(line));
        }

        return events;
    }

    private static JsonNode? Parse(string text, MediaTypeHeaderValue? type)
    {
        if (text.Length == 0)
        {
            return "";
        }

        try
        {
            return type?.MediaType is "application/yaml" || text[0] is not ('{' or '[') ? JsonValue.Create(text) : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private void Compare(JsonObject step, (int Status, JsonNode? Body, HttpResponseMessage Message) answer)
    {
        int expectedStatus = step["status"]!.GetValue<int>();
        if (answer.Status != expectedStatus)
        {
            Report(step, $"status {expectedStatus} expected, {answer.Status} found: {Cut(answer.Body)}");
            return;
        }

        if (step["setup"] is not null)
        {
            return;
        }

        Headers(step, answer.Message);
        JsonNode? expected = step["response"]?.DeepClone();
        JsonNode? actual = answer.Body;
        if (answer.Message.Content.Headers.ContentType?.MediaType == "application/yaml")
        {
            JsonNode? yaml = HelmLifecycle.Templates.HelmYaml.ReadJson(actual!.GetValue<string>());
            Clean(yaml);
            actual = HelmLifecycle.Templates.HelmYaml.WriteJson(yaml);
        }

        Clean(actual);
        if (step["projection"] is { } projection)
        {
            if (!Projections.TryApply(projection.GetValue<string>(), actual, expected, out JsonNode? cut))
            {
                Interlocked.Increment(ref _uncompared);
                return;
            }

            actual = cut;
        }

        Unstable(step, ref expected, ref actual);
        foreach (string ignored in _scenario.Ignored)
        {
            Ignore(expected, ignored);
            Ignore(actual, ignored);
        }

        foreach (string difference in _comparer.Compare(expected, actual))
        {
            Report(step, difference);
        }

        if (step["sameVersionAs"] is { } same && !IsUnstable(step, "/sameVersionAs"))
        {
            string? now = (answer.Body as JsonObject)?["metadata"]?["resourceVersion"]?.ToString();
            string? before = (_answers.GetValueOrDefault(same.GetValue<int>()) as JsonObject)?["metadata"]?["resourceVersion"]?.ToString();
            if (now is not null && before is not null && now != before)
            {
                Report(step, $"resourceVersion of step {same} expected ({before}), {now} found");
            }
        }
    }

    private void Report(JsonObject step, string difference)
    {
        lock (_differences)
        {
            int n = step["n"]!.GetValue<int>();
            if (!_differences.TryGetValue(n, out List<string>? found))
            {
                _differences[n] = found = [];
            }

            found.Add($"step {n} {step["method"]} {step["path"]}: {difference}");
        }
    }

    private void Headers(JsonObject step, HttpResponseMessage message)
    {
        string[] warnings = message.Headers.TryGetValues("Warning", out IEnumerable<string>? found) ? [.. found] : [];
        string[] wanted = [.. (step["warnings"] as JsonArray ?? []).Select(w => w!.GetValue<string>())];
        if (!IsUnstable(step, "/warnings") && !(warnings.Length == wanted.Length && wanted.Zip(warnings).All(p => _comparer.SameText(p.First, p.Second))))
        {
            Report(step, $"warnings [{string.Join("; ", wanted)}] expected, [{string.Join("; ", warnings)}] found");
        }

        string type = message.Content.Headers.ContentType?.ToString().Replace("; ", ";", StringComparison.Ordinal) ?? "";
        string wantedType = (step["responseType"]?.GetValue<string>() ?? "application/json").Replace("; ", ";", StringComparison.Ordinal);
        if (type != wantedType && step["responseType"] is not null)
        {
            Report(step, $"content type {wantedType} expected, {type} found");
        }

        foreach ((string name, JsonNode? value) in step["headers"] as JsonObject ?? [])
        {
            string? given = message.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : null;
            if (given is null || !_comparer.SameText(value!.GetValue<string>(), given))
            {
                Report(step, $"header {name}: {value} expected, {given ?? "none"} found");
            }
        }
    }

    private static bool IsUnstable(JsonObject step, string pointer) => (step["unstable"] as JsonArray ?? []).Any(u => u!.GetValue<string>() == pointer);

    private static void Unstable(JsonObject step, ref JsonNode? expected, ref JsonNode? actual)
    {
        foreach (JsonNode? pointer in step["unstable"] as JsonArray ?? [])
        {
            string[] parts = [.. pointer!.GetValue<string>().Trim('/').Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
            if (parts is ["response"])
            {
                expected = null;
                actual = null;
            }
            else if (parts[0] == "response")
            {
                Paths.Remove(expected, parts[1..]);
                Paths.Remove(actual, parts[1..]);
            }
        }
    }

    private static void Ignore(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject json:
                if (json.ContainsKey("metadata") || json.ContainsKey("object"))
                {
                    Paths.Remove(json, path.Split('.'));
                }

                Ignore(json["object"], path);
                foreach (JsonNode? item in json["items"] as JsonArray ?? [])
                {
                    Paths.Remove(item, path.Split('.'));
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    Ignore(item, path);
                }

                break;
        }
    }

    /// <summary>Takes out managedFields, or, where they count, the entries of controllers.</summary>
    private void Clean(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                if (json["metadata"] is JsonObject metadata && metadata["managedFields"] is JsonArray managed)
                {
                    if (!_scenario.KeepsManagedFields)
                    {
                        metadata.Remove("managedFields");
                    }
                    else
                    {
                        foreach (JsonNode? entry in managed.Where(e => s_controllerManagers.Contains(e!["manager"]!.GetValue<string>())).ToArray())
                        {
                            managed.Remove(entry);
                        }

                        if (managed.Count == 0)
                        {
                            metadata.Remove("managedFields");
                        }
                    }
                }

                foreach ((string name, JsonNode? value) in json)
                {
                    if (name != "metadata")
                    {
                        Clean(value);
                    }
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    Clean(item);
                }

                break;
        }
    }
}
