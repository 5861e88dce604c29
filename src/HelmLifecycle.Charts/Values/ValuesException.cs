namespace HelmLifecycle.Charts;

/// <summary>Values could not be read or do not fit the chart: a values file, a <c>--set</c> expression, a type conflict with a subchart.</summary>
public class ValuesException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ValuesException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ValuesException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Values do not meet a chart's JSON Schema.</summary>
public sealed class SchemaException : ValuesException
{
    /// <summary>Makes the exception with Helm's message, which lists the violations chart by chart.</summary>
    public SchemaException(IReadOnlyList<SchemaViolation> violations)
        : base(MessageOf(violations))
    {
        Violations = violations;
    }

    /// <summary>What is wrong, in the order of the message.</summary>
    public IReadOnlyList<SchemaViolation> Violations { get; }

    private static string MessageOf(IReadOnlyList<SchemaViolation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        var text = new System.Text.StringBuilder("values don't meet the specifications of the schema(s) in the following chart(s):\n");
        int group = -1;
        foreach (SchemaViolation violation in violations)
        {
            if (violation.Group != group)
            {
                text.Append(violation.Chart).Append(":\n");
                group = violation.Group;
            }

            text.Append(violation.Text);
            // Helm ends the lines about values, but not what it says of a schema that cannot be used.
            if (violation.Rule != SchemaViolation.UnusableSchema)
                text.Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>One thing in which values do not meet a schema.</summary>
/// <param name="Chart">The name of the chart whose schema it is.</param>
/// <param name="Group">The number of that chart in the tree: two charts may have one name.</param>
/// <param name="Path">Where in the chart's values, as a JSON pointer such as <c>/image/tag</c>; empty for the values as a whole.</param>
/// <param name="Text">The line of Helm's message, such as <c>- at '/image/tag': got number, want string</c>.</param>
public sealed record SchemaViolation(string Chart, int Group, string Path, string Text)
{
    /// <summary>The keyword of the schema that is not met, such as <c>minimum</c>; <c>schema</c> when the schema itself cannot be used.</summary>
    public string Rule { get; init; } = "";

    internal const string UnusableSchema = "schema";
}

/// <summary>Checks coalesced values against the schemas of a chart and its dependencies.</summary>
public interface IValuesValidator
{
    /// <summary>Checks.</summary>
    /// <param name="chart">The chart, its dependencies processed.</param>
    /// <param name="values">The coalesced values.</param>
    /// <returns>What is wrong: the chart's own first, then its dependencies', depth first. Empty when all is well.</returns>
    IReadOnlyList<SchemaViolation> Validate(Chart chart, GoMap values);
}
