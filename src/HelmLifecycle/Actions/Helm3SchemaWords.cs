using System.Globalization;
using System.Text.RegularExpressions;
using HelmLifecycle.Charts;
using HelmLifecycle.Templates;

namespace HelmLifecycle;

/// <summary>Says what is wrong with values in the words of Helm 3.15, whose validator of schemas is another one (gojsonschema) than Helm 4's.</summary>
internal static partial class Helm3SchemaWords
{
    /// <summary>The exception in Helm 3's words; what has no counterpart there stays as it is.</summary>
    /// <param name="e">The exception in Helm 4's words.</param>
    /// <param name="chart">The chart.</param>
    /// <param name="values">The values that were checked, as given.</param>
    public static SchemaException Of(SchemaException e, Chart chart, GoMap values)
    {
        var all = new Lazy<GoMap>(() => ChartValues.Coalesce(chart, values));
        return new SchemaException([.. e.Violations.SelectMany(v => Lines(v, v.Chart == chart.Name ? all : null).Select(line => v with { Text = line }))]);
    }

    private static IEnumerable<string> Lines(SchemaViolation violation, Lazy<GoMap>? values)
    {
        string text = TextExpression().Match(violation.Text) is { Success: true } match ? match.Groups[1].Value : violation.Text;
        string field = violation.Path.Length == 0 ? "(root)" : string.Join('.', Parts(violation.Path));
        string name = violation.Path.Length == 0 ? "(root)" : field;
        IEnumerable<string> said = violation.Rule switch
        {
            "type" when GotExpression().Match(text) is { Success: true } m => [$"Invalid type. Expected: {Types(m.Groups[2].Value)}, given: {Given(m.Groups[1].Value, violation.Path, values)}"],
            "required" => Quoted(text).Select(p => $"{p} is required"),
            "additionalProperties" => Quoted(text).Select(p => $"Additional property {p} is not allowed"),
            "minLength" => [$"String length must be greater than or equal to {Wanted(text)}"],
            "maxLength" => [$"String length must be less than or equal to {Wanted(text)}"],
            "minimum" => [$"Must be greater than or equal to {Wanted(text)}"],
            "maximum" => [$"Must be less than or equal to {Wanted(text)}"],
            "exclusiveMinimum" => [$"Must be greater than {Wanted(text)}"],
            "exclusiveMaximum" => [$"Must be less than {Wanted(text)}"],
            "multipleOf" => [$"Must be a multiple of {Wanted(text)}"],
            "minItems" => [$"Array must have at least {Wanted(text)} items"],
            "maxItems" => [$"Array must have at most {Wanted(text)} items"],
            "minProperties" => [$"Must have at least {Wanted(text)} properties"],
            "maxProperties" => [$"Must have at most {Wanted(text)} properties"],
            "uniqueItems" when Numbers(text) is [var i, var j] => [$"array items[{i},{j}] must be unique"],
            "contains" => ["At least one of the items must match"],
            "pattern" when PatternExpression().Match(text) is { Success: true } m => [$"Does not match pattern {m.Groups[1].Value}"],
            "format" when FormatExpression().Match(text) is { Success: true } m => [$"Does not match format '{m.Groups[1].Value}'"],
            "enum" when text.StartsWith("value must be ", StringComparison.Ordinal) =>
                [$"{name} must be one of the following: {text["value must be ".Length..].Replace("one of ", "", StringComparison.Ordinal).Replace('\'', '"')}"],
            "const" when text.StartsWith("value must be ", StringComparison.Ordinal) => [$"{name} does not match: {text["value must be ".Length..].Replace('\'', '"')}"],
            "not" => ["Must not validate the schema (not)"],
            "anyOf" => ["Must validate at least one schema (anyOf)"],
            "oneOf" => ["Must validate one and only one schema (oneOf)"],
            "allOf" => ["Must validate all the schemas (allOf)"],
            _ => [],
        };
        List<string> lines = [.. said.Select(s => $"- {field}: {s}")];
        return lines.Count > 0 ? lines : [violation.Text];
    }

    private static IEnumerable<string> Parts(string pointer) =>
        pointer.TrimStart('/').Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    private static string Types(string wanted) => wanted.Contains(" or ", StringComparison.Ordinal) ? $"[{wanted.Replace(" or ", ",", StringComparison.Ordinal)}]" : wanted;

    // gojsonschema tells whole numbers apart.
    private static string Given(string type, string path, Lazy<GoMap>? values)
    {
        if (type != "number" || values is null) return type;
        GoValue value = GoValue.Map(values.Value);
        foreach (string part in path.Length == 0 ? [] : Parts(path))
        {
            if (value.AsMap is { } map && map.TryGetValue(part, out var inner)) value = inner;
            else if (value.AsList is { } list && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < list.Count) value = list[i];
            else return type;
        }

        return double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number == Math.Truncate(number) ? "integer" : type;
    }

    private static string Wanted(string text) => text[(text.LastIndexOf(' ') + 1)..];

    private static IEnumerable<string> Quoted(string text) => QuotedExpression().Matches(text).Select(m => m.Groups[1].Value);

    private static string[] Numbers(string text) => [.. NumberExpression().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"^\s*- at '.*?': (.*)$", RegexOptions.Singleline)]
    private static partial Regex TextExpression();

    [GeneratedRegex("^got (.+), want (.+)$")]
    private static partial Regex GotExpression();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex QuotedExpression();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex NumberExpression();

    [GeneratedRegex("does not match pattern ('.*')$", RegexOptions.Singleline)]
    private static partial Regex PatternExpression();

    [GeneratedRegex("is not valid ([^:]+):", RegexOptions.Singleline)]
    private static partial Regex FormatExpression();
}
