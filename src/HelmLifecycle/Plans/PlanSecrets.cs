namespace HelmLifecycle;

/// <summary>Hides, wherever they show in a plan, the texts that came out of encrypted values files.</summary>
internal static class PlanSecrets
{
    public static Plan Hide(Plan plan, IReadOnlySet<string> secrets)
    {
        if (secrets.Count == 0)
            return plan;
        // Longer texts first, since one may hold another; a text of several lines shows line by line.
        string[] texts = [.. secrets.Concat(secrets.SelectMany(s => s.Split('\n'))).Where(s => s.Trim().Length >= 3).Distinct().OrderByDescending(s => s.Length)];
        string? Hide(string? text)
        {
            foreach (string secret in text is null ? [] : texts)
                text = text!.Replace(secret, "***", StringComparison.Ordinal);
            return text;
        }

        FieldChange Field(FieldChange change) => change with { Old = Hide(change.Old), New = Hide(change.New) };
        return plan with
        {
            Values = [.. plan.Values.Select(Field)],
            Notes = Hide(plan.Notes)!,
            Warnings = [.. plan.Warnings.Select(w => w with { Text = Hide(w.Text)! })],
            Diff = plan.Diff with
            {
                Resources = [.. plan.Diff.Resources.Select(r => r with
                {
                    Fields = [.. r.Fields.Select(Field)],
                    UnifiedText = Hide(r.UnifiedText)!,
                    Warnings = [.. r.Warnings.Select(w => w with { Text = Hide(w.Text)! })],
                })],
            },
        };
    }
}
