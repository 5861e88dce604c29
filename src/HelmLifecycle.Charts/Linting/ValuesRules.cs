namespace HelmLifecycle.Charts;

/// <summary>What <c>helm lint</c> asks of values.yaml: that it can be read, and meets the chart's own schema with the values given.</summary>
internal static class ValuesRules
{
    private const string FileName = "values.yaml";

    public static void Check(string folder, LintOptions options, IValuesValidator validator, List<LintMessage> messages)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            messages.Add(new(LintSeverity.Info, FileName, "file does not exist"));
            return;
        }

        try
        {
            GoMap values = HelmYaml.ReadMap(File.ReadAllBytes(path));
            string schema = Path.Combine(folder, "values.schema.json");
            if (options.SkipSchemaValidation || !File.Exists(schema))
                return;
            byte[] data = File.ReadAllBytes(schema);
            if (data.Length == 0)
                return;
            // Only the chart's own schema: subcharts are checked with the templates.
            var alone = new Chart { Metadata = new ChartMetadata { Name = "", Version = "0", ApiVersion = "v2" }, Schema = data };
            GoMap given = ChartValues.CoalesceTables(options.Values.DeepCopy(), values);
            IReadOnlyList<SchemaViolation> violations = validator.Validate(alone, given);
            if (violations.Count > 0)
                messages.Add(new(LintSeverity.Error, FileName, string.Join('\n', violations.Select(v => v.Text)) + "\n"));
        }
        catch (YamlException e)
        {
            messages.Add(new(LintSeverity.Error, FileName, "unable to parse YAML: " + e.Message));
        }
        catch (IOException e)
        {
            messages.Add(new(LintSeverity.Error, FileName, e.Message));
        }
    }
}
