using System.Text.Json;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Writes records with Go's order of keys.</summary>
internal static class RecordWriter
{
    private const string GoZeroTime = "0001-01-01T00:00:00Z";

    public static void Write(GoJsonWriter json, Release release, HelmGeneration generation)
    {
        json.BeginObject();
        Text(json, "name", release.Name);
        json.Key("info");
        Info(json, release.Info, generation);
        if (!ReferenceEquals(release.StoredChart, RecordChart.Missing))
        {
            json.Key("chart");
            Chart(json, release.StoredChart, generation);
        }

        if (release.Config.Count > 0)
        {
            json.Key("config");
            json.Value(GoValue.Map(release.Config));
        }

        Text(json, "manifest", release.Manifest);
        if (release.Hooks.Count > 0)
        {
            json.Key("hooks");
            json.BeginArray();
            foreach (var hook in release.Hooks) Hook(json, hook, generation);
            json.EndArray();
        }

        if (release.Revision != 0)
        {
            json.Key("version");
            json.Int(release.Revision);
        }

        Text(json, "namespace", release.Namespace);
        if (generation == HelmGeneration.Helm4)
        {
            Text(json, "apply_method", release.ApplyMethod switch
            {
                ApplyMethod.ServerSide => "ssa",
                ApplyMethod.ClientSide => "csa",
                _ => "",
            });
        }

        if (release.Unknown is { } unknown)
        {
            foreach (var (key, value) in unknown)
            {
                json.Key(key);
                json.Node(value);
            }
        }

        json.EndObject();
    }

    private static void Info(GoJsonWriter json, ReleaseInfo info, HelmGeneration generation)
    {
        json.BeginObject();
        Time(json, "first_deployed", info.FirstDeployed, generation);
        Time(json, "last_deployed", info.LastDeployed, generation);
        Time(json, "deleted", info.Deleted, generation);
        Text(json, "description", info.Description);
        if (info.HasStatus) Text(json, "status", info.Status.ToText());
        Text(json, "notes", info.Notes);
        json.EndObject();
    }

    private static void Hook(GoJsonWriter json, ReleaseHook hook, HelmGeneration generation)
    {
        json.BeginObject();
        Text(json, "name", hook.Name);
        Text(json, "kind", hook.Kind);
        Text(json, "path", hook.Path);
        Text(json, "manifest", hook.Manifest);
        Texts(json, "events", [.. hook.Events.Select(e => e.ToWord())]);
        json.Key("last_run");
        json.BeginObject();
        Time(json, "started_at", hook.LastRun.StartedAt, generation);
        Time(json, "completed_at", hook.LastRun.CompletedAt, generation);
        json.Key("phase");
        json.String(hook.LastRun.Phase == HookPhase.None ? "" : hook.LastRun.Phase.ToString());
        json.EndObject();
        if (hook.Weight != 0)
        {
            json.Key("weight");
            json.Int(hook.Weight);
        }

        Texts(json, "delete_policies", hook.DeletePolicies);
        Texts(json, "output_log_policies", hook.OutputLogPolicies);
        json.EndObject();
    }

    private static void Chart(GoJsonWriter json, RecordChart chart, HelmGeneration generation)
    {
        if (chart.Json is { } raw) Rewrite(json, raw, generation);
        else Fresh(json, chart.Chart, generation);
    }

    private static void Fresh(GoJsonWriter json, Chart chart, HelmGeneration generation)
    {
        json.BeginObject();
        json.Key("metadata");
        json.Node(chart.Metadata.ToJson());
        json.Key("lock");
        json.Node(chart.Lock?.ToJson());
        Files(json, "templates", chart.Templates);
        json.Key("values");
        if (chart.Values is null) json.Null();
        else json.Value(GoValue.Map(chart.Values));
        json.Key("schema");
        if (chart.Schema is { } schema) json.Base64(schema.Span);
        else json.Null();
        if (generation == HelmGeneration.Helm4)
        {
            json.Key("schemamodtime");
            json.String(GoZeroTime);
        }

        Files(json, "files", chart.Files);
        json.EndObject();
    }

    private static void Files(GoJsonWriter json, string key, IReadOnlyList<ChartFile> files)
    {
        json.Key(key);
        if (files.Count == 0)
        {
            json.Null();
            return;
        }

        json.BeginArray();
        foreach (var file in files)
        {
            json.BeginObject();
            json.Key("name");
            json.String(file.Name);
            json.Key("data");
            json.Base64(file.Data.Span);
            json.EndObject();
        }

        json.EndArray();
    }

    // A chart that was read keeps its text; the keys only the other generation knows come and go as they do when Helm rewrites a record.
    private static void Rewrite(GoJsonWriter json, ReadOnlyMemory<byte> raw, HelmGeneration generation)
    {
        using var document = JsonDocument.Parse(raw, new JsonDocumentOptions { MaxDepth = 512 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            json.Raw(root.GetRawText());
            return;
        }

        bool helm4 = generation == HelmGeneration.Helm4;
        bool hasModTime = root.TryGetProperty("schemamodtime", out _);
        json.BeginObject();
        foreach (var property in root.EnumerateObject())
        {
            if (!helm4 && property.Name is ("modtime" or "schemamodtime")) continue;
            json.Key(property.Name);
            if (!helm4 && property.Name is ("templates" or "files") && property.Value.ValueKind == JsonValueKind.Array) WithoutModTimes(json, property.Value);
            else json.Raw(property.Value.GetRawText());
            if (helm4 && !hasModTime && property.Name == "schema")
            {
                json.Key("schemamodtime");
                json.String(GoZeroTime);
            }
        }

        json.EndObject();
    }

    private static void WithoutModTimes(GoJsonWriter json, JsonElement files)
    {
        json.BeginArray();
        foreach (var file in files.EnumerateArray())
        {
            json.BeginObject();
            foreach (var property in file.EnumerateObject())
            {
                if (property.Name == "modtime") continue;
                json.Key(property.Name);
                json.Raw(property.Value.GetRawText());
            }

            json.EndObject();
        }

        json.EndArray();
    }

    private static void Text(GoJsonWriter json, string key, string value)
    {
        if (value.Length == 0) return;
        json.Key(key);
        json.String(value);
    }

    private static void Texts(GoJsonWriter json, string key, IReadOnlyList<string> values)
    {
        if (values.Count == 0) return;
        json.Key(key);
        json.BeginArray();
        foreach (string value in values) json.String(value);
        json.EndArray();
    }

    private static void Time(GoJsonWriter json, string key, ReleaseTime time, HelmGeneration generation)
    {
        if (time.IsZero && generation == HelmGeneration.Helm4) return;
        json.Key(key);
        json.String(time.ToString());
    }
}
