using System.Text;

namespace HelmLifecycle;

/// <summary>A plan for a terminal.</summary>
internal static class PlanText
{
    public static string Write(Plan plan, bool color)
    {
        var text = new StringBuilder();
        text.Append(PlanWords.Title(plan)).Append('\n');
        if (plan.Values.Count > 0)
        {
            text.Append("\nValues\n");
            foreach (FieldChange change in plan.Values)
                Line(text, "  " + change, change.Kind switch { FieldChangeKind.Added => '+', FieldChangeKind.Removed => '-', _ => '~' }, color);
        }

        text.Append("\nObjects: ").Append(PlanWords.Counts(plan)).Append('\n');
        foreach (ResourceChange change in plan.Diff.Resources.Where(r => r.Action != ResourceAction.Unchanged))
        {
            Line(text, $"  {PlanWords.Sign(change.Action)} {change.Title} {PlanWords.Verb(change.Action)}", PlanWords.Sign(change.Action), color);
            foreach (FieldChange field in change.Fields)
                text.Append("      ").Append(PlanWords.Short(field)).Append('\n');
        }

        if (plan.Hooks.Count > 0)
        {
            text.Append("\nHooks\n");
            foreach (PlannedHook hook in plan.Hooks)
                text.Append("  ").Append(hook.Event).Append(' ').Append(hook.Kind).Append('/').Append(hook.Name).Append(" (weight ").Append(hook.Weight).Append(")\n");
        }

        text.Append("\nResources\n");
        foreach ((string name, string before, string after, string change) in PlanWords.Impact(plan.Impact))
            text.Append($"  {name,-16} {before,10} -> {after,-10} {change}".TrimEnd()).Append('\n');
        if (plan.Warnings.Count > 0)
        {
            text.Append("\nWarnings\n");
            foreach (PlanWarning warning in plan.Warnings)
                Line(text, "  ! " + warning, '~', color);
        }

        string diff = plan.Diff.ToUnifiedText();
        if (diff.Length > 0)
        {
            text.Append('\n');
            foreach (string line in diff.TrimEnd('\n').Split('\n'))
                Line(text, line, line.StartsWith("@@", StringComparison.Ordinal) ? '@' : line.Length > 0 ? line[0] : ' ', color);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string line, char sign, bool color)
    {
        string? code = !color ? null : sign switch { '+' => "32", '-' => "31", '~' => "33", '@' => "36", _ => null };
        if (code is null)
            text.Append(line).Append('\n');
        else
            text.Append("\u001b[").Append(code).Append('m').Append(line).Append("\u001b[0m\n");
    }
}
