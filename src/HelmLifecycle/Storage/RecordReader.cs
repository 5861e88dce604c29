using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Reads records of either generation.</summary>
internal static class RecordReader
{
    public static Release Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("not a JSON object");
        var release = new Release { Name = "" };
        JsonObject? unknown = null;
        foreach (var p in root.EnumerateObject())
        {
            bool isNull = p.Value.ValueKind == JsonValueKind.Null;
            switch (p.Name)
            {
                case "name":
                    release = release with { Name = Text(p.Value) };
                    break;
                case "info":
                    if (!isNull) release = release with { Info = Info(p.Value) };
                    break;
                case "chart":
                    if (!isNull) release = release with { StoredChart = RecordChart.FromJson(JsonMarshal.GetRawUtf8Value(p.Value).ToArray()) };
                    break;
                case "config":
                    if (!isNull) release = release with { Config = HelmJson.Read(p.Value.GetRawText()).AsMap ?? new GoMap() };
                    break;
                case "manifest":
                    release = release with { Manifest = Text(p.Value) };
                    break;
                case "hooks":
                    if (!isNull) release = release with { Hooks = [.. p.Value.EnumerateArray().Select(Hook)] };
                    break;
                case "version":
                    release = release with { Revision = isNull ? 0 : p.Value.GetInt32() };
                    break;
                case "namespace":
                    release = release with { Namespace = Text(p.Value) };
                    break;
                case "apply_method":
                    release = release with
                    {
                        ApplyMethod = Text(p.Value) switch
                        {
                            "ssa" => ApplyMethod.ServerSide,
                            "csa" => ApplyMethod.ClientSide,
                            _ => ApplyMethod.Unspecified,
                        },
                    };
                    break;
                default:
                    unknown ??= [];
                    unknown[p.Name] = JsonNode.Parse(p.Value.GetRawText());
                    break;
            }
        }

        return release with { Unknown = unknown, Form = FormOf(root) };
    }

    // Helm 4 always writes schemamodtime, Helm 3 never; a record without a chart is told by the unset time of deletion.
    private static HelmGeneration FormOf(JsonElement root)
    {
        if (root.TryGetProperty("chart", out var chart) && chart.ValueKind == JsonValueKind.Object)
        {
            return chart.TryGetProperty("schemamodtime", out _) ? HelmGeneration.Helm4 : HelmGeneration.Helm3;
        }

        return root.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object && info.TryGetProperty("deleted", out _)
            ? HelmGeneration.Helm3 : HelmGeneration.Helm4;
    }

    private static ReleaseInfo Info(JsonElement json)
    {
        var info = new ReleaseInfo { HasStatus = false };
        foreach (var p in json.EnumerateObject())
        {
            info = p.Name switch
            {
                "first_deployed" => info with { FirstDeployed = Time(p.Value) },
                "last_deployed" => info with { LastDeployed = Time(p.Value) },
                "deleted" => info with { Deleted = Time(p.Value) },
                "description" => info with { Description = Text(p.Value) },
                "status" => info with { Status = ReleaseStatusExtensions.Parse(Text(p.Value)), HasStatus = true },
                "notes" => info with { Notes = Text(p.Value) },
                _ => info,
            };
        }

        return info;
    }

    private static ReleaseHook Hook(JsonElement json)
    {
        var hook = new ReleaseHook();
        foreach (var p in json.EnumerateObject())
        {
            hook = p.Name switch
            {
                "name" => hook with { Name = Text(p.Value) },
                "kind" => hook with { Kind = Text(p.Value) },
                "path" => hook with { Path = Text(p.Value) },
                "manifest" => hook with { Manifest = Text(p.Value) },
                "events" => hook with { Events = Events(p.Value) },
                "last_run" => hook with { LastRun = Run(p.Value) },
                "weight" => hook with { Weight = p.Value.ValueKind == JsonValueKind.Null ? 0 : p.Value.GetInt32() },
                "delete_policies" => hook with { DeletePolicies = Texts(p.Value) },
                "output_log_policies" => hook with { OutputLogPolicies = Texts(p.Value) },
                _ => hook,
            };
        }

        return hook;
    }

    private static IReadOnlyList<HookEvent> Events(JsonElement json)
    {
        var events = new List<HookEvent>();
        foreach (string word in Texts(json))
        {
            if (HookWords.TryParse(word, out var e)) events.Add(e);
        }

        return events;
    }

    private static HookRun Run(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return HookRun.NotRun;
        ReleaseTime started = default, completed = default;
        var phase = HookPhase.None;
        foreach (var p in json.EnumerateObject())
        {
            switch (p.Name)
            {
                case "started_at":
                    started = Time(p.Value);
                    break;
                case "completed_at":
                    completed = Time(p.Value);
                    break;
                case "phase":
                    string text = Text(p.Value);
                    phase = text.Length == 0 ? HookPhase.None : Enum.TryParse<HookPhase>(text, out var known) ? known : HookPhase.Unknown;
                    break;
            }
        }

        return started.IsZero && completed.IsZero && phase == HookPhase.None ? HookRun.NotRun : new HookRun(started, completed, phase);
    }

    private static string Text(JsonElement json) => json.ValueKind == JsonValueKind.Null ? "" : json.GetString() ?? "";

    private static IReadOnlyList<string> Texts(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? [] : [.. json.EnumerateArray().Select(Text)];

    private static ReleaseTime Time(JsonElement json) => ReleaseTime.Parse(json.ValueKind == JsonValueKind.Null ? "" : json.GetString());
}
