using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>
/// Checks values against the <c>values.schema.json</c> of a chart and of its dependencies, as Helm does. Schemas are compiled once for
/// each chart. References lead within the schema, to the built-in meta-schemas, or to other files of the chart; nothing is fetched.
/// </summary>
public sealed class SchemaValidator : IValuesValidator
{
    private readonly bool _helm3;

    /// <summary>Checks as Helm 4 does.</summary>
    public SchemaValidator()
        : this(false)
    {
    }

    private SchemaValidator(bool helm3) => _helm3 = helm3;

    /// <summary>The one that <see cref="HelmRenderer"/> uses by default.</summary>
    public static SchemaValidator Default { get; } = new();

    /// <summary>
    /// Checks as Helm 3 does, whose library is another one: with the keywords up to draft 7, which is also the draft of schemas that name none, without a look at whether the schema itself
    /// is well formed, and in other words, such as <c>- image.tag: Invalid type. Expected: string, given: integer</c>.
    /// </summary>
    public static SchemaValidator Helm3 { get; } = new(true);

    /// <inheritdoc/>
    /// <exception cref="ValuesException">A schema cannot be used.</exception>
    public IReadOnlyList<SchemaViolation> Validate(Chart chart, GoMap values)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(values);
        var violations = new List<SchemaViolation>();
        int group = 0;
        Validate(chart, values, violations, ref group);
        return violations;
    }

    private void Validate(Chart chart, GoMap values, List<SchemaViolation> violations, ref int group)
    {
        int own = group++;
        if (chart.Schema is { } bytes)
        {
            foreach (JsonSchemaError error in Check(chart, bytes, values))
                violations.Add(new SchemaViolation(chart.Name, own, error.Path, error.Line) { Rule = error.Rule });
        }

        foreach (Chart dependency in chart.Dependencies)
        {
            if (!values.TryGetValue(dependency.Name, out GoValue inner) || inner.IsNil)
                continue;
            if (inner.AsMap is { } map)
            {
                Validate(dependency, map, violations, ref group);
                continue;
            }

            string text = $"invalid type for values: expected object (map), got {inner.Type}";
            violations.Add(new SchemaViolation(dependency.Name, group++, "", text) { Rule = "type" });
        }
    }

    private IReadOnlyList<JsonSchemaError> Check(Chart chart, ReadOnlyMemory<byte> bytes, GoMap values)
    {
        try
        {
            var options = new JsonSchemaOptions { Load = uri => FileOf(chart, uri), Draft = _helm3 ? 7 : 2020, CheckSchema = !_helm3 };
            JsonSchema schema = chart.Cache.GetOrAdd(_helm3 ? "schema of Helm 3" : "schema", () => JsonSchema.Parse(GoString.FromBytes(bytes.Span), options));
            return _helm3 ? schema.ValidateAsHelm3(GoValue.Map(values)) : schema.Validate(GoValue.Map(values));
        }
        catch (ValuesException e)
        {
            // Helm lists what is wrong with a schema where it lists what is wrong with values.
            return [new JsonSchemaError("", SchemaViolation.UnusableSchema, e.Message, e.Message)];
        }
    }

    // file:///sub/names.json is that file of the chart.
    private static string? FileOf(Chart chart, string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) || !parsed.IsFile)
            return null;
        string path = Uri.UnescapeDataString(parsed.AbsolutePath).TrimStart('/');
        ChartFile? file = chart.Files.FirstOrDefault(f => f.Name == path);
        return file is null ? null : Encoding.UTF8.GetString(file.Data.Span);
    }
}
