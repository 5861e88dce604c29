using System.Globalization;
using System.Runtime.CompilerServices;

namespace HelmLifecycle.Charts;

/// <summary>
/// Checks one value against a compiled schema as Helm 3's library does (gojsonschema 1.2): in its order and words, and with its choice of the alternative that was probably meant.
/// It knows the keywords up to draft 7. Where Go walks over a map, properties stand as the schema names them and keys in their order.
/// </summary>
internal sealed class Helm3SchemaEvaluator
{
    private const int MaxSteps = 2_000_000;

    private static readonly HashSet<string> s_formats =
    [
        "date", "time", "date-time", "hostname", "email", "idn-email", "ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "regex", "json-pointer",
        "relative-json-pointer",
    ];

    private int _steps;

    /// <summary>What is wrong; empty when all is well.</summary>
    /// <exception cref="SchemaLimitException">It goes beyond all bounds.</exception>
    public static IReadOnlyList<JsonSchemaError> Evaluate(SchemaNode schema, GoValue value) => new Helm3SchemaEvaluator().Check(schema, value, null).Errors;

    /// <summary>Where in the value, innermost first.</summary>
    private sealed record Place(Place? Parent, string Part);

    /// <summary>Errors, and how well the value matched: of several alternatives, the errors of the best are told.</summary>
    private sealed class Result
    {
        public List<JsonSchemaError> Errors { get; } = [];

        public int Score { get; set; }

        public bool IsValid => Errors.Count == 0;

        public void Add(Place? place, string rule, string message)
        {
            Errors.Add(new JsonSchemaError(SchemaText.Pointer(PathOf(place)), rule, message, $"- {Field(place)}: {message}"));
            Score -= 2;
        }

        public void Merge(Result other)
        {
            Errors.AddRange(other.Errors);
            Score += other.Score;
        }
    }

    private static string Field(Place? place) => place is null ? "(root)" : string.Join('.', PathOf(place));

    private static List<string> PathOf(Place? place)
    {
        var path = new List<string>();
        for (; place is not null; place = place.Parent)
            path.Add(place.Part);
        path.Reverse();
        return path;
    }

    private Result Check(SchemaNode schema, GoValue value, Place? place)
    {
        var result = new Result();
        Check(schema, value, place, result);
        return result;
    }

    private void Check(SchemaNode schema, GoValue value, Place? place, Result result)
    {
        if (++_steps > MaxSteps)
            throw new SchemaLimitException("validation takes too many steps");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SchemaLimitException("the values or the schema are nested too deeply");
        if (schema.Bool is { } always)
        {
            if (!always)
                result.Add(place, "false", "False always fails validation");
            return;
        }

        if (schema.Ref is { } target)
        {
            Check(target, value, place, result);
            return;
        }

        string type = TypeOf(value);
        if (schema.NamedTypes is { } types && !types.Contains(type) && !(type == "integer" && types.Contains("number")))
        {
            result.Add(place, "type", $"Invalid type. Expected: {(types.Count == 1 ? types[0] : $"[{string.Join(',', types)}]")}, given: {type}");
            return;
        }

        CheckAlternatives(schema, value, place, result);
        if (value.AsMap is { } map)
            CheckMap(schema, map, place, result);
        else if (value.AsList is { } list)
            CheckList(schema, list, place, result);
        else if (type is "integer" or "number")
            CheckNumber(schema, value, place, result);
        CheckConstants(schema, value, place, result);
        if (value.AsMap is { } entries)
        {
            foreach ((string name, SchemaNode property) in schema.Properties ?? new Dictionary<string, SchemaNode>())
            {
                if (entries.TryGetValue(name, out GoValue inner))
                    Check(property, inner, new Place(place, name), result);
            }
        }
        else if (type == "string")
        {
            CheckText(schema, value.AsString!, place, result);
        }

        result.Score++;
    }

    private static string TypeOf(GoValue value) => value.Kind switch
    {
        GoKind.Nil => "null",
        GoKind.Bool => "boolean",
        GoKind.Int or GoKind.Uint => "integer",
        GoKind.Float => SchemaNumber.Of(value).IsInteger ? "integer" : "number",
        GoKind.List => "array",
        GoKind.Map => "object",
        _ => "string",
    };

    private void CheckAlternatives(SchemaNode schema, GoValue value, Place? place, Result result)
    {
        if (schema.AnyOf is { Count: > 0 } any)
        {
            if (!FindOne(any.Select(s => Check(s, value, place)), out Result? best))
            {
                result.Add(place, "anyOf", "Must validate at least one schema (anyOf)");
                result.Merge(best!);
            }
        }

        if (schema.OneOf is { Count: > 0 } oneOf)
        {
            List<Result> all = [.. oneOf.Select(s => Check(s, value, place))];
            int valid = all.Count(r => r.IsValid);
            if (valid != 1)
                result.Add(place, "oneOf", "Must validate one and only one schema (oneOf)");
            if (valid == 0)
                result.Merge(all.MaxBy(r => r.Score)!);
        }

        if (schema.AllOf is { Count: > 0 } allOf)
        {
            bool valid = true;
            foreach (SchemaNode one in allOf)
            {
                Result inner = Check(one, value, place);
                valid &= inner.IsValid;
                result.Merge(inner);
            }

            if (!valid)
                result.Add(place, "allOf", "Must validate all the schemas (allOf)");
        }

        if (schema.Not is { } not && Check(not, value, place).IsValid)
            result.Add(place, "not", "Must not validate the schema (not)");
        if (value.AsMap is { } map)
            CheckDependencies(schema, map, place, result);
        if (schema.If is { } condition)
        {
            bool holds = Check(condition, value, place).IsValid;
            if ((holds ? schema.Then : schema.Else) is { } branch && Check(branch, value, place) is { IsValid: false } inner)
            {
                result.Add(place, holds ? "then" : "else", holds ? "Must validate \"then\" as \"if\" was valid" : "Must validate \"else\" as \"if\" was not valid");
                result.Merge(inner);
            }
        }

        result.Score++;
    }

    // Stops at the first that is valid; else the best is the first of the highest score.
    private static bool FindOne(IEnumerable<Result> results, out Result? best)
    {
        best = null;
        foreach (Result one in results)
        {
            if (one.IsValid)
                return true;
            if (best is null || one.Score > best.Score)
                best = one;
        }

        return false;
    }

    private void CheckDependencies(SchemaNode schema, GoMap map, Place? place, Result result)
    {
        foreach ((string name, IReadOnlyList<string>? required, SchemaNode? inner) in schema.Dependencies ?? [])
        {
            if (!map.ContainsKey(name))
                continue;
            foreach (string other in required ?? [])
            {
                if (!map.ContainsKey(other))
                    result.Add(place, "dependencies", $"Has a dependency on {other}");
            }

            if (inner is not null)
                Check(inner, GoValue.Map(map), place, result);
        }
    }

    private static void CheckConstants(SchemaNode schema, GoValue value, Place? place, Result result)
    {
        if (schema.Const is { } constant && !SchemaEquality.AreEqual(value, constant.Value))
            result.Add(place, "const", $"{Field(place)} does not match: {HelmJson.Write(constant.Value)}");
        if (schema.Enum is { Count: > 0 } allowed && !allowed.Any(one => SchemaEquality.AreEqual(value, one.Value)))
            result.Add(place, "enum", $"{Field(place)} must be one of the following: {string.Join(", ", allowed.Select(one => HelmJson.Write(one.Value)))}");
        result.Score++;
    }

    private void CheckMap(SchemaNode schema, GoMap map, Place? place, Result result)
    {
        if (map.Count < schema.MinProperties)
            result.Add(place, "minProperties", $"Must have at least {Count(schema.MinProperties)} properties");
        if (map.Count > schema.MaxProperties)
            result.Add(place, "maxProperties", $"Must have at most {Count(schema.MaxProperties)} properties");
        foreach (string name in schema.Required ?? [])
        {
            if (map.ContainsKey(name))
                result.Score++;
            else
                result.Add(place, "required", $"{name} is required");
        }

        foreach (string key in map.SortedKeys)
        {
            bool known = schema.Properties is not null && schema.Properties.ContainsKey(key);
            if (CheckPatterns(schema, key, map[key], place, result) || known)
                continue;
            if (schema.AdditionalProperties is { Bool: false })
                result.Add(place, "additionalProperties", $"Additional property {key} is not allowed");
            else if (schema.AdditionalProperties is { Bool: null } other)
                result.Merge(Check(other, map[key], new Place(place, key)));
        }

        if (schema.PropertyNames is { } names)
        {
            foreach (string key in map.SortedKeys)
            {
                if (Check(names, GoValue.String(key), place) is not { IsValid: false } inner)
                    continue;
                result.Add(place, "propertyNames", $"Property name of \"{key}\" does not match");
                result.Merge(inner);
            }
        }

        result.Score++;
    }

    private bool CheckPatterns(SchemaNode schema, string key, GoValue value, Place? place, Result result)
    {
        bool matched = false;
        foreach ((GoRegex pattern, SchemaNode inner) in schema.PatternProperties ?? [])
        {
            if (!pattern.IsMatch(key))
                continue;
            matched = true;
            result.Merge(Check(inner, value, new Place(place, key)));
        }

        if (matched)
            result.Score++;
        return matched;
    }

    private void CheckList(SchemaNode schema, GoList list, Place? place, Result result)
    {
        Result Item(SchemaNode item, int i) => Check(item, list[i], new Place(place, i.ToString(CultureInfo.InvariantCulture)));
        int tuple = schema.PrefixItems?.Count ?? 0;
        for (int i = 0; i < list.Count; i++)
        {
            if (i < tuple)
                result.Merge(Item(schema.PrefixItems![i], i));
            else if (tuple == 0 && schema.Items is { } each)
                result.Merge(Item(each, i));
            else if (tuple > 0 && schema.AdditionalItems is { Bool: null } other)
                result.Merge(Item(other, i));
        }

        if (tuple > 0 && tuple < list.Count && schema.AdditionalItems is { Bool: false })
            result.Add(place, "additionalItems", "No additional items allowed on array");
        if (list.Count < schema.MinItems)
            result.Add(place, "minItems", $"Array must have at least {Count(schema.MinItems)} items");
        if (list.Count > schema.MaxItems)
            result.Add(place, "maxItems", $"Array must have at most {Count(schema.MaxItems)} items");
        if (schema.UniqueItems)
        {
            foreach ((int first, int second) in SchemaEquality.Duplicates(list))
                result.Add(place, "uniqueItems", string.Create(CultureInfo.InvariantCulture, $"array items[{first},{second}] must be unique"));
        }

        if (schema.Contains is { } contains && !FindOne(Enumerable.Range(0, list.Count).Select(i => Item(contains, i)), out Result? best))
        {
            result.Add(place, "contains", "At least one of the items must match");
            if (best is not null)
                result.Merge(best);
        }

        result.Score++;
    }

    private static void CheckText(SchemaNode schema, string text, Place? place, Result result)
    {
        int length = schema.MinLength is null && schema.MaxLength is null ? 0 : text.EnumerateRunes().Count();
        if (length < schema.MinLength)
            result.Add(place, "minLength", $"String length must be greater than or equal to {Count(schema.MinLength)}");
        if (length > schema.MaxLength)
            result.Add(place, "maxLength", $"String length must be less than or equal to {Count(schema.MaxLength)}");
        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
            result.Add(place, "pattern", $"Does not match pattern '{pattern.Pattern}'");
        if (schema.Format is { } format && s_formats.Contains(format) && SchemaFormats.Check(format == "idn-email" ? "email" : format, text) is not null)
            result.Add(place, "format", $"Does not match format '{format}'");
        result.Score++;
    }

    private static void CheckNumber(SchemaNode schema, GoValue value, Place? place, Result result)
    {
        SchemaNumber number = SchemaNumber.Of(value);
        if (schema.MultipleOf is { } divisor && !number.IsMultipleOf(divisor))
            result.Add(place, "multipleOf", $"Must be a multiple of {Shown(divisor)}");
        if (schema.Maximum is { } maximum && number.CompareTo(maximum) > 0)
            result.Add(place, "maximum", $"Must be less than or equal to {Shown(maximum)}");
        if (schema.ExclusiveMaximum is { } below && number.CompareTo(below) >= 0)
            result.Add(place, "exclusiveMaximum", $"Must be less than {Shown(below)}");
        if (schema.Minimum is { } minimum && number.CompareTo(minimum) < 0)
            result.Add(place, "minimum", $"Must be greater than or equal to {Shown(minimum)}");
        if (schema.ExclusiveMinimum is { } above && number.CompareTo(above) <= 0)
            result.Add(place, "exclusiveMinimum", $"Must be greater than {Shown(above)}");
        // Go's library takes a number for no text of any format.
        if (schema.Format is { } format && s_formats.Contains(format))
            result.Add(place, "format", $"Does not match format '{format}'");
        result.Score++;
    }

    private static string Count(int? count) => count!.Value.ToString(CultureInfo.InvariantCulture);

    private static string Shown(SchemaNumber number) => SchemaText.PlainNumber(number.ToDouble());
}
