using System.Text;

namespace HelmLifecycle;

/// <summary>A plan as Markdown.</summary>
internal static class PlanMarkdown
{
    public static string Write(Plan plan)
    {
        var text = new StringBuilder();
        text.Append("### ").Append(PlanWords.Title(plan)).Append("\n\nObjects: ").Append(PlanWords.Counts(plan)).Append(".\n");
        if (plan.Warnings.Count > 0)
        {
            text.Append("\n#### Warnings\n\n");
            foreach (PlanWarning warning in plan.Warnings)
                text.Append("- **").Append(Cell(warning.Object)).Append("**: ").Append(Cell(warning.Text)).Append('\n');
        }

        if (plan.Values.Count > 0)
        {
            text.Append("\n#### Values\n\n| value | before | after |\n| --- | --- | --- |\n");
            foreach (FieldChange change in plan.Values)
                text.Append("| `").Append(Cell(change.Path)).Append("` | ").Append(Code(change.Old)).Append(" | ").Append(Code(change.New)).Append(" |\n");
        }

        text.Append("\n#### Resources\n\n| | before | after | |\n| --- | --- | --- | --- |\n");
        foreach ((string name, string before, string after, string change) in PlanWords.Impact(plan.Impact))
            text.Append("| ").Append(name).Append(" | ").Append(before).Append(" | ").Append(after).Append(" | ").Append(change).Append(" |\n");
        if (plan.Hooks.Count > 0)
        {
            text.Append("\n#### Hooks\n\n");
            foreach (PlannedHook hook in plan.Hooks)
                text.Append("1. ").Append(hook.Event).Append(" `").Append(Cell($"{hook.Kind}/{hook.Name}")).Append("` (weight ").Append(hook.Weight).Append(")\n");
        }

        text.Append("\n#### Objects\n");
        foreach (ResourceChange change in plan.Diff.Resources.Where(r => r.Action != ResourceAction.Unchanged))
        {
            text.Append("\n<details><summary>").Append(PlanHtml.Escape(change.Title)).Append(' ').Append(PlanWords.Verb(change.Action)).Append("</summary>\n\n");
            string fence = Fence(change.UnifiedText);
            text.Append(fence).Append("diff\n").Append(change.UnifiedText).Append(fence).Append("\n\n</details>\n");
        }

        return text.ToString();
    }

    // A fence that the text cannot close.
    private static string Fence(string text)
    {
        string fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
            fence += "`";
        return fence;
    }

    private static string Code(string? value) => value is null ? "" : "`" + Cell(value).Replace("`", "'", StringComparison.Ordinal) + "`";

    private static string Cell(string value) =>
        value.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
