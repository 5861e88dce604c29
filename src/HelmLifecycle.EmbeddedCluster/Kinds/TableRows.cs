using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Columns and cells that <c>kubectl get</c> shows, kind by kind: the shared parts.</summary>
internal static partial class TableRows
{
    public static readonly TableColumn NameColumn = new("Name", "string", "name", 0, "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically.");
    public static readonly TableColumn AgeColumn = new("Age", "string", "", 0, "CreationTimestamp is a timestamp representing the server time when this object was created.");
    public static readonly IReadOnlyList<TableColumn> Minimal = [NameColumn, new("Created At", "date", "", 0, "CreationTimestamp is a timestamp representing the server time when this object was created.")];

    public static JsonArray MinimalRow(JsonObject json) => Cells(Name(json), Json.Text(json, "metadata", "creationTimestamp"));

    private static TableColumn[] Columns(string normal, string wide = "") =>
        [NameColumn, .. Parse(normal, 0), .. Parse(wide, 1)];

    /// <summary>Reads <c>Ready,Desired:integer,...</c>; types default to string.</summary>
    private static IEnumerable<TableColumn> Parse(string text, int priority)
    {
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = part.Split(':');
            yield return halves[0] == "Age" ? AgeColumn with { Priority = priority } : new TableColumn(halves[0], halves.Length > 1 ? halves[1] : "string", "", priority, halves[0]);
        }
    }

    private static JsonArray Cells(params JsonNode?[] cells)
    {
        var row = new JsonArray();
        foreach (JsonNode? cell in cells)
        {
            row.Add(cell);
        }

        return row;
    }

    private static string Name(JsonObject json) => Json.Text(json, "metadata", "name");

    private static string Age(JsonObject json, DateTimeOffset now) => Since(Json.String(json, "metadata", "creationTimestamp"), now);

    private static string Since(string? stamp, DateTimeOffset now) => ClusterClock.Parse(stamp) is { } time ? HumanDuration(now - time) : "<unknown>";

    /// <summary>A duration in the short form of kubectl: 5s, 3m12s, 4h, 2d3h, 1y20d.</summary>
    public static string HumanDuration(TimeSpan span)
    {
        long seconds = (long)span.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        if (seconds < 120)
        {
            return seconds + "s";
        }

        long minutes = seconds / 60;
        if (minutes < 10)
        {
            return seconds % 60 == 0 ? minutes + "m" : $"{minutes}m{seconds % 60}s";
        }

        if (minutes < 180)
        {
            return minutes + "m";
        }

        long hours = seconds / 3600;
        if (hours < 8)
        {
            return minutes % 60 == 0 ? hours + "h" : $"{hours}h{minutes % 60}m";
        }

        if (hours < 48)
        {
            return hours + "h";
        }

        if (hours < 192)
        {
            return hours % 24 == 0 ? hours / 24 + "d" : $"{hours / 24}d{hours % 24}h";
        }

        if (hours < 24 * 365 * 2)
        {
            return hours / 24 + "d";
        }

        long years = hours / 24 / 365;
        return hours < 24 * 365 * 8 && hours / 24 % 365 != 0 ? $"{years}y{hours / 24 % 365}d" : years + "y";
    }

    private static long Number(JsonObject json, params string[] path) => Json.Long(json, path) ?? 0;

    private static string Or(string text, string other = "<none>") => text.Length == 0 ? other : text;

    private static string Selector(JsonObject? selector) => selector is null ? "<none>" : Or(LabelSelector.From(selector).ToString());

    private static string Labels(JsonNode? map) => map is JsonObject { Count: > 0 } json
        ? string.Join(",", json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + "=" + (string?)p.Value))
        : "<none>";

    private static (string Names, string Images) Containers(JsonNode? podSpec) =>
        (string.Join(",", Json.Objects(podSpec, "containers").Select(c => Json.Text(c, "name"))), string.Join(",", Json.Objects(podSpec, "containers").Select(c => Json.Text(c, "image"))));

    // Workloads

    public static readonly IReadOnlyList<TableColumn> Deployments = Columns("Ready,Up-to-date,Available,Age", "Containers,Images,Selector");

    public static JsonArray Deployment(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "spec", "template", "spec"));
        return Cells(Name(o), $"{Number(o, "status", "readyReplicas")}/{Number(o, "spec", "replicas")}", Number(o, "status", "updatedReplicas"), Number(o, "status", "availableReplicas"), Age(o, now), names, images, Selector(Json.Object(o, "spec", "selector")));
    }

    public static readonly IReadOnlyList<TableColumn> ReplicaSets = Columns("Desired:integer,Current:integer,Ready:integer,Age", "Containers,Images,Selector");

    public static JsonArray ReplicaSet(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "spec", "template", "spec"));
        return Cells(Name(o), Number(o, "spec", "replicas"), Number(o, "status", "replicas"), Number(o, "status", "readyReplicas"), Age(o, now), names, images, Selector(Json.Object(o, "spec", "selector")));
    }

    public static JsonArray ReplicationController(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "spec", "template", "spec"));
        return Cells(Name(o), Number(o, "spec", "replicas"), Number(o, "status", "replicas"), Number(o, "status", "readyReplicas"), Age(o, now), names, images, Labels(Json.Get(o, "spec", "selector")));
    }

    public static readonly IReadOnlyList<TableColumn> StatefulSets = Columns("Ready,Age", "Containers,Images");

    public static JsonArray StatefulSet(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "spec", "template", "spec"));
        return Cells(Name(o), $"{Number(o, "status", "readyReplicas")}/{Number(o, "spec", "replicas")}", Age(o, now), names, images);
    }

    public static readonly IReadOnlyList<TableColumn> DaemonSets = Columns("Desired:integer,Current:integer,Ready:integer,Up-to-date:integer,Available:integer,Node Selector,Age", "Containers,Images,Selector");

    public static JsonArray DaemonSet(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "spec", "template", "spec"));
        return Cells(
            Name(o), Number(o, "status", "desiredNumberScheduled"), Number(o, "status", "currentNumberScheduled"), Number(o, "status", "numberReady"), Number(o, "status", "updatedNumberScheduled"),
            Number(o, "status", "numberAvailable"), Labels(Json.Get(o, "spec", "template", "spec", "nodeSelector")), Age(o, now), names, images, Selector(Json.Object(o, "spec", "selector")));
    }

    public static readonly IReadOnlyList<TableColumn> Jobs = Columns("Status,Completions,Duration,Age", "Containers,Images,Selector");

    public static JsonArray Job(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "spec", "template", "spec"));
        long succeeded = Number(o, "status", "succeeded");
        long parallelism = Number(o, "spec", "parallelism");
        string completions = Json.Long(o, "spec", "completions") is { } wanted ? $"{succeeded}/{wanted}" : parallelism > 1 ? $"{succeeded}/1 of {parallelism}" : $"{succeeded}/1";
        string duration = "";
        if (ClusterClock.Parse(Json.String(o, "status", "startTime")) is { } start)
        {
            duration = HumanDuration((ClusterClock.Parse(Json.String(o, "status", "completionTime")) ?? now) - start);
        }

        bool has(string type) => Json.Objects(o, "status", "conditions").Any(c => Json.Text(c, "type") == type && Json.Text(c, "status") == "True");
        string status = has("Complete") ? "Complete" : has("Failed") ? "Failed" : Json.Has(o, "metadata", "deletionTimestamp") ? "Terminating" : has("Suspended") ? "Suspended" : has("FailureTarget") ? "FailureTarget" : "Running";
        return Cells(Name(o), status, completions, duration, Age(o, now), names, images, Selector(Json.Object(o, "spec", "selector")));
    }

    public static readonly IReadOnlyList<TableColumn> CronJobs = Columns("Schedule,Timezone,Suspend:boolean,Active:integer,Last Schedule,Age", "Containers,Images,Selector");

    public static JsonArray CronJob(JsonObject o, DateTimeOffset now)
    {
        JsonObject? job = Json.Object(o, "spec", "jobTemplate", "spec");
        (string names, string images) = Containers(Json.Get(job, "template", "spec"));
        string last = Json.String(o, "status", "lastScheduleTime") is { } stamp ? Since(stamp, now) : "<none>";
        return Cells(
            Name(o), Json.Text(o, "spec", "schedule"), Json.String(o, "spec", "timeZone") ?? "<none>", Json.Bool(o, "spec", "suspend") ? "True" : "False", (long)(Json.Array(o, "status", "active")?.Count ?? 0), last, Age(o, now),
            names, images, Selector(Json.Object(job, "selector")));
    }

    public static readonly IReadOnlyList<TableColumn> Revisions = Columns("Controller,Revision,Age");

    public static JsonArray Revision(JsonObject o, DateTimeOffset now)
    {
        JsonObject? owner = Json.Objects(o, "metadata", "ownerReferences").FirstOrDefault(r => Json.Bool(r, "controller"));
        string controller = "<none>";
        if (owner is not null)
        {
            string version = Json.Text(owner, "apiVersion");
            int slash = version.IndexOf('/', StringComparison.Ordinal);
            controller = Json.Text(owner, "kind").ToLowerInvariant() + (slash < 0 ? "" : "." + version[..slash]) + "/" + Json.Text(owner, "name");
        }

        return Cells(Name(o), controller, Number(o, "revision"), Age(o, now));
    }

    public static readonly IReadOnlyList<TableColumn> PodTemplates = Columns("Containers,Images,Pod Labels");

    public static JsonArray PodTemplate(JsonObject o, DateTimeOffset now)
    {
        (string names, string images) = Containers(Json.Get(o, "template", "spec"));
        return Cells(Name(o), names, images, Labels(Json.Get(o, "template", "metadata", "labels")));
    }

    // Pods

    public static readonly IReadOnlyList<TableColumn> Pods = Columns("Ready,Status,Restarts,Age", "IP,Node,Nominated Node,Readiness Gates");

    public static JsonArray Pod(JsonObject o, DateTimeOffset now)
    {
        long restarts = 0, ready = 0;
        DateTimeOffset? lastRestart = null;
        int total = Json.Objects(o, "spec", "containers").Count();
        string reason = Or(Json.Text(o, "status", "reason"), Json.Text(o, "status", "phase"));
        if (Json.Objects(o, "status", "conditions").Any(c => Json.Text(c, "type") == "PodScheduled" && Json.Text(c, "reason") == "SchedulingGated"))
        {
            reason = "SchedulingGated";
        }

        JsonObject[] initial = [.. Json.Objects(o, "status", "initContainerStatuses")];
        bool initializing = false;
        for (int i = 0; i < initial.Length && !initializing; i++)
        {
            JsonObject status = initial[i];
            restarts += Number(status, "restartCount");
            Later(status, ref lastRestart);
            if (Json.Object(status, "state", "terminated") is { } ended)
            {
                if (Number(ended, "exitCode") == 0)
                {
                    continue;
                }

                reason = "Init:" + (Json.Text(ended, "reason") is { Length: > 0 } why ? why : Number(ended, "signal") != 0 ? "Signal:" + Number(ended, "signal") : "ExitCode:" + Number(ended, "exitCode"));
                initializing = true;
            }
            else if (Json.Bool(status, "started") && Json.Text(Json.Objects(o, "spec", "initContainers").ElementAtOrDefault(i), "restartPolicy") == "Always")
            {
                total++;
                ready += Json.Bool(status, "ready") ? 1 : 0;
            }
            else
            {
                string waiting = Json.Text(status, "state", "waiting", "reason");
                reason = waiting.Length > 0 && waiting != "PodInitializing" ? "Init:" + waiting : $"Init:{i}/{Json.Objects(o, "spec", "initContainers").Count()}";
                initializing = true;
            }
        }

        if (!initializing)
        {
            reason = Running(o, reason, ref restarts, ref ready, ref lastRestart);
        }

        if (Json.Has(o, "metadata", "deletionTimestamp"))
        {
            reason = Json.Text(o, "status", "reason") == "NodeLost" ? "Unknown" : Json.Text(o, "status", "phase") is "Succeeded" or "Failed" ? reason : "Terminating";
        }

        string count = restarts != 0 && lastRestart is { } at ? $"{restarts} ({HumanDuration(now - at)} ago)" : Json.Number(restarts);
        JsonObject[] gates = [.. Json.Objects(o, "spec", "readinessGates")];
        string gate = gates.Length == 0 ? "<none>"
            : $"{gates.Count(g => Json.Objects(o, "status", "conditions").Any(c => Json.Text(c, "type") == Json.Text(g, "conditionType") && Json.Text(c, "status") == "True"))}/{gates.Length}";
        return Cells(
            Name(o), $"{ready}/{total}", reason, count, Age(o, now), Or(Json.Text(o, "status", "podIP")), Or(Json.Text(o, "spec", "nodeName")), Or(Json.Text(o, "status", "nominatedNodeName")), gate);
    }

    private static string Running(JsonObject o, string reason, ref long restarts, ref long ready, ref DateTimeOffset? lastRestart)
    {
        restarts = 0;
        bool running = false;
        foreach (JsonObject status in Json.Objects(o, "status", "containerStatuses").Reverse())
        {
            restarts += Number(status, "restartCount");
            Later(status, ref lastRestart);
            if (Json.Text(status, "state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (Json.Object(status, "state", "terminated") is { } ended)
            {
                reason = Json.Text(ended, "reason") is { Length: > 0 } why ? why : Number(ended, "signal") != 0 ? "Signal:" + Number(ended, "signal") : "ExitCode:" + Number(ended, "exitCode");
            }
            else if (Json.Bool(status, "ready") && Json.Has(status, "state", "running"))
            {
                running = true;
                ready++;
            }
        }

        if (reason == "Completed" && running)
        {
            bool isReady = Json.Objects(o, "status", "conditions").Any(c => Json.Text(c, "type") == "Ready" && Json.Text(c, "status") == "True");
            reason = isReady ? "Running" : "NotReady";
        }

        return reason;
    }

    private static void Later(JsonObject status, ref DateTimeOffset? last)
    {
        if (ClusterClock.Parse(Json.String(status, "lastState", "terminated", "finishedAt")) is { } finished && (last is null || finished > last))
        {
            last = finished;
        }
    }
}
