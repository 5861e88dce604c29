using System.Text.Json.Nodes;

namespace HelmLifecycle;

/// <summary>A plan as JSON.</summary>
internal static class PlanJson
{
    public static JsonObject Write(Plan plan) => new()
    {
        ["action"] = plan.Action,
        ["release"] = plan.ReleaseName,
        ["namespace"] = plan.Namespace,
        ["fromRevision"] = plan.FromRevision,
        ["toRevision"] = plan.ToRevision,
        ["exact"] = plan.IsExact,
        ["values"] = Fields(plan.Values),
        ["resources"] = new JsonArray([.. plan.Diff.Resources.Select(Resource)]),
        ["hooks"] = new JsonArray([.. plan.Hooks.Select(h => (JsonNode)new JsonObject
        {
            ["event"] = h.Event,
            ["kind"] = h.Kind,
            ["name"] = h.Name,
            ["weight"] = h.Weight,
        })]),
        ["impact"] = new JsonObject { ["before"] = Totals(plan.Impact.Before), ["after"] = Totals(plan.Impact.After) },
        ["warnings"] = Warnings(plan.Warnings),
    };

    private static JsonNode Resource(ResourceChange change) => new JsonObject
    {
        ["apiVersion"] = change.Kind.ApiVersion,
        ["kind"] = change.Kind.Kind,
        ["namespace"] = change.Namespace,
        ["name"] = change.Name,
        ["action"] = Word(change.Action),
        ["source"] = change.Source,
        ["fields"] = Fields(change.Fields),
    };

    private static JsonArray Fields(IEnumerable<FieldChange> fields) => new([.. fields.Select(f => (JsonNode)new JsonObject
    {
        ["path"] = f.Path,
        ["change"] = Word(f.Kind),
        ["old"] = f.Old,
        ["new"] = f.New,
    })]);

    private static JsonArray Warnings(IEnumerable<PlanWarning> warnings) => new([.. warnings.Select(w => (JsonNode)new JsonObject
    {
        ["kind"] = Word(w.Kind),
        ["object"] = w.Object,
        ["text"] = w.Text,
    })]);

    private static JsonObject Totals(ResourceTotals totals) => new()
    {
        ["pods"] = totals.Pods,
        ["cpuRequests"] = ResourceTotals.Cpu(totals.CpuRequests),
        ["cpuLimits"] = ResourceTotals.Cpu(totals.CpuLimits),
        ["memoryRequests"] = ResourceTotals.Bytes(totals.MemoryRequests),
        ["memoryLimits"] = ResourceTotals.Bytes(totals.MemoryLimits),
        ["storage"] = ResourceTotals.Bytes(totals.Storage),
    };

    private static string Word<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
