using System.Globalization;

namespace HelmLifecycle;

/// <summary>The words that every form of a plan shares.</summary>
internal static class PlanWords
{
    private const int MaxValueLength = 100;

    public static string Title(Plan plan)
    {
        string exact = plan.IsExact ? "" : " (compared with the stored manifest)";
        string revisions = plan switch
        {
            { FromRevision: 0 } => $"revision {plan.ToRevision}",
            { ToRevision: 0 } => $"revision {plan.FromRevision}",
            _ => $"revision {plan.FromRevision} -> {plan.ToRevision}",
        };
        return $"{char.ToUpperInvariant(plan.Action[0])}{plan.Action[1..]} {plan.ReleaseName} in {plan.Namespace}: {revisions}{exact}";
    }

    public static string Counts(Plan plan)
    {
        IEnumerable<string> counts = plan.Diff.Resources.GroupBy(r => r.Action).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Past(g.Key)}");
        string text = string.Join(", ", counts);
        return text.Length == 0 ? "none" : text;
    }

    public static char Sign(ResourceAction action) => action switch
    {
        ResourceAction.Created => '+',
        ResourceAction.Deleted => '-',
        ResourceAction.Kept or ResourceAction.Unchanged => ' ',
        _ => '~',
    };

    public static string Verb(ResourceAction action) => action switch
    {
        ResourceAction.Created => "will be created",
        ResourceAction.Changed => "will be changed",
        ResourceAction.Replaced => "will be replaced",
        ResourceAction.Recreated => "will be deleted and created anew",
        ResourceAction.Deleted => "will be deleted",
        ResourceAction.Kept => "leaves the release but is kept",
        ResourceAction.Failed => "will be refused",
        _ => "stays as it is",
    };

    public static string Short(FieldChange change) =>
        new FieldChange(change.Path, change.Kind, Short(change.Old), Short(change.New)).ToString();

    public static IEnumerable<(string Name, string Before, string After, string Change)> Impact(ResourceImpact impact)
    {
        (ResourceTotals a, ResourceTotals b) = (impact.Before, impact.After);
        static string Number(decimal n) => n.ToString("0", CultureInfo.InvariantCulture);
        yield return ("pods", Number(a.Pods), Number(b.Pods), Factor(a.Pods, b.Pods));
        yield return ("cpu requests", ResourceTotals.Cpu(a.CpuRequests), ResourceTotals.Cpu(b.CpuRequests), Factor(a.CpuRequests, b.CpuRequests));
        yield return ("cpu limits", ResourceTotals.Cpu(a.CpuLimits), ResourceTotals.Cpu(b.CpuLimits), Factor(a.CpuLimits, b.CpuLimits));
        yield return ("memory requests", ResourceTotals.Bytes(a.MemoryRequests), ResourceTotals.Bytes(b.MemoryRequests), Factor(a.MemoryRequests, b.MemoryRequests));
        yield return ("memory limits", ResourceTotals.Bytes(a.MemoryLimits), ResourceTotals.Bytes(b.MemoryLimits), Factor(a.MemoryLimits, b.MemoryLimits));
        yield return ("storage", ResourceTotals.Bytes(a.Storage), ResourceTotals.Bytes(b.Storage), Factor(a.Storage, b.Storage));
    }

    public static string Factor(decimal before, decimal after) =>
        before == after || before == 0 ? "" : (after / before).ToString("0.##", CultureInfo.InvariantCulture) + "x";

    private static string Past(ResourceAction action) => action switch
    {
        ResourceAction.Created => "to create",
        ResourceAction.Changed => "to change",
        ResourceAction.Replaced => "to replace",
        ResourceAction.Recreated => "to recreate",
        ResourceAction.Deleted => "to delete",
        ResourceAction.Kept => "kept",
        ResourceAction.Failed => "refused",
        _ => "unchanged",
    };

    private static string? Short(string? value)
    {
        if (value is null)
            return null;
        string line = value.ReplaceLineEndings("\\n");
        return line.Length <= MaxValueLength ? line : string.Concat(line.AsSpan(0, MaxValueLength), "...");
    }
}
