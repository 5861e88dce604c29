using System.Globalization;

namespace HelmLifecycle.Charts;

internal sealed partial class SchemaEvaluator
{
    // Helm takes the entries of a map as they come, in no order. A small map is a ring there that is entered at random, so that of two
    // entries far apart the later one more often comes first; hence last to first.
    private static IEnumerable<string> Order(IEnumerable<string> names) => names.OrderDescending(GoString.Comparer);

    private static string Index(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static List<string> Missing(GoMap map, IReadOnlyList<string> names) => [.. names.Where(name => !map.ContainsKey(name))];

    private void ValidateMap(Frame f, GoMap map)
    {
        SchemaNode s = f.Schema;
        if (map.Count < s.MinProperties)
            f.Add("minProperties", $"minProperties: got {SchemaText.Number(map.Count)}, want {SchemaText.Number(s.MinProperties.Value)}");
        if (map.Count > s.MaxProperties)
            f.Add("maxProperties", $"maxProperties: got {SchemaText.Number(map.Count)}, want {SchemaText.Number(s.MaxProperties.Value)}");
        if (s.Required is { } required && Missing(map, required) is { Count: > 0 } missing)
            f.Add("required", missing.Count == 1 ? $"missing property {SchemaText.Quote(missing[0])}" : $"missing properties {SchemaText.Join(missing)}");
        if (f.OnlyWhether && f.Failed)
            return;
        foreach ((string name, IReadOnlyList<string>? wanted, SchemaNode? schema) in s.Dependencies ?? [])
        {
            if (!map.ContainsKey(name))
                continue;
            if (schema is not null)
                f.Add(ValidateSelf(f, schema));
            else
                Depend(f, map, "dependencies", name, wanted!);
        }

        if (!ValidateEntries(f, map))
            return;
        if (s.Draft == 4)
            return;
        if (s.PropertyNames is { } names)
        {
            foreach (string name in Order(map.SortedKeys))
            {
                SchemaError? error = Evaluate(names, GoValue.String(name));
                if (error is not null)
                    f.Add("propertyNames", $"invalid propertyName {SchemaText.Quote(name)}", error.Rule == SchemaError.Group ? error.Causes : [error]);
            }
        }

        foreach ((string name, SchemaNode schema) in s.DependentSchemas ?? [])
        {
            if (map.ContainsKey(name))
                f.Add(ValidateSelf(f, schema));
        }

        foreach ((string name, IReadOnlyList<string> wanted) in s.DependentRequired ?? [])
        {
            if (map.ContainsKey(name))
                Depend(f, map, "dependentRequired", name, wanted);
        }
    }

    private static void Depend(Frame f, GoMap map, string rule, string name, IReadOnlyList<string> wanted)
    {
        if (Missing(map, wanted) is { Count: > 0 } missing)
            f.Add(rule, $"properties {SchemaText.Join(missing)} required, if {SchemaText.Quote(name)} exists");
    }

    private bool ValidateEntries(Frame f, GoMap map)
    {
        SchemaNode s = f.Schema;
        if (s.Properties is null && s.PatternProperties is null && s.AdditionalProperties is null)
            return true;
        List<string>? additional = null;
        IReadOnlyList<string> keys = map.SortedKeys;
        for (int i = keys.Count - 1; i >= 0; i--)
        {
            if (f.OnlyWhether && f.Failed)
                return false;
            string key = keys[i];
            bool evaluated = false;
            if (s.Properties is not null && s.Properties.TryGetValue(key, out SchemaNode? own))
            {
                evaluated = true;
                f.Add(ValidateInner(f, own, map[key], key));
            }

            foreach ((GoRegex pattern, SchemaNode schema) in s.PatternProperties ?? [])
            {
                if (!pattern.IsMatch(key))
                    continue;
                evaluated = true;
                f.Add(ValidateInner(f, schema, map[key], key));
            }

            if (!evaluated && s.AdditionalProperties is { } other)
            {
                evaluated = true;
                if (other.Bool == false)
                    (additional ??= []).Add(key);
                else if (other.Bool is null)
                    f.Add(ValidateInner(f, other, map[key], key));
            }

            if (evaluated)
                f.Unevaluated.Properties?.Remove(key);
        }

        if (additional is not null)
            f.Add("additionalProperties", $"additional properties {SchemaText.Join(additional)} not allowed");
        return true;
    }

    private void ValidateList(Frame f, GoList list)
    {
        SchemaNode s = f.Schema;
        if (list.Count < s.MinItems)
            f.Add("minItems", $"minItems: got {SchemaText.Number(list.Count)}, want {SchemaText.Number(s.MinItems.Value)}");
        if (list.Count > s.MaxItems)
            f.Add("maxItems", $"maxItems: got {SchemaText.Number(list.Count)}, want {SchemaText.Number(s.MaxItems.Value)}");
        if (s.UniqueItems && SchemaEquality.FirstDuplicate(list) is { } pair)
            f.Add("uniqueItems", $"items at {SchemaText.Number(pair.First)} and {SchemaText.Number(pair.Second)} are equal");

        int evaluated = 0;
        if (s.PrefixItems is { } prefix)
        {
            evaluated = Math.Min(prefix.Count, list.Count);
            for (int i = 0; i < evaluated; i++)
                f.Add(ValidateInner(f, prefix[i], list[i], Index(i)));
        }

        if (s.Items is { } items)
            ValidateRest(f, list, items, ref evaluated);
        if (s.AdditionalItems is { Bool: false } && evaluated != list.Count)
            f.Add("additionalItems", $"last {SchemaText.Number(list.Count - evaluated)} additionalItem(s) not allowed");
        else if (s.AdditionalItems is { } rest)
            ValidateRest(f, list, rest, ref evaluated);
        if (f.Unevaluated.Items is { } left)
        {
            for (int i = 0; i < evaluated; i++)
                left.Remove(i);
        }

        if (s.Contains is { } contains)
            ValidateContains(f, list, contains);
    }

    private void ValidateRest(Frame f, GoList list, SchemaNode schema, ref int evaluated)
    {
        for (int i = evaluated; i < list.Count; i++)
            f.Add(ValidateInner(f, schema, list[i], Index(i)));
        evaluated = list.Count;
    }

    private void ValidateContains(Frame f, GoList list, SchemaNode contains)
    {
        SchemaNode s = f.Schema;
        var errors = new List<SchemaError>();
        var matched = new List<int>();
        for (int i = 0; i < list.Count; i++)
        {
            if (ValidateInner(f, contains, list[i], Index(i)) is { } error)
            {
                errors.Add(error);
                continue;
            }

            matched.Add(i);
            if (s.Draft >= 2020)
                f.Unevaluated.Items?.Remove(i);
        }

        string places = string.Join(' ', matched);
        if (s.MinContains is { } least)
        {
            if (matched.Count < least)
            {
                f.Add("minContains", $"min {SchemaText.Number(least)} items required to match contains schema, but "
                    + (matched.Count == 0 ? "none matched" : $"matched {SchemaText.Number(matched.Count)} items at {places}"), errors);
            }
        }
        else if (matched.Count == 0)
        {
            f.Add("contains", "no items match contains schema", errors);
        }

        if (matched.Count > s.MaxContains)
            f.Add("maxContains", $"max {SchemaText.Number(s.MaxContains.Value)} items required to match contains schema, but matched {SchemaText.Number(matched.Count)} items at {places}");
    }

    private static void ValidateText(Frame f, string text)
    {
        SchemaNode s = f.Schema;
        if (s.MinLength is not null || s.MaxLength is not null)
        {
            int length = 0;
            foreach (System.Text.Rune _ in text.EnumerateRunes())
                length++;
            if (length < s.MinLength)
                f.Add("minLength", $"minLength: got {SchemaText.Number(length)}, want {SchemaText.Number(s.MinLength.Value)}");
            if (length > s.MaxLength)
                f.Add("maxLength", $"maxLength: got {SchemaText.Number(length)}, want {SchemaText.Number(s.MaxLength.Value)}");
        }

        if (s.Pattern is { } pattern && !pattern.IsMatch(text))
            f.Add("pattern", $"{SchemaText.Quote(text)} does not match pattern {SchemaText.Quote(pattern.Pattern)}");
    }

    private static void ValidateNumber(Frame f)
    {
        SchemaNode s = f.Schema;
        if (s.Minimum is null && s.Maximum is null && s.ExclusiveMinimum is null && s.ExclusiveMaximum is null && s.MultipleOf is null)
            return;
        SchemaNumber number = SchemaNumber.Of(f.Value);
        if (s.Minimum is { } minimum && number.CompareTo(minimum) < 0)
            AddBound(f, "minimum", number, minimum);
        if (s.Maximum is { } maximum && number.CompareTo(maximum) > 0)
            AddBound(f, "maximum", number, maximum);
        if (s.ExclusiveMinimum is { } above && number.CompareTo(above) <= 0)
            AddBound(f, "exclusiveMinimum", number, above);
        if (s.ExclusiveMaximum is { } below && number.CompareTo(below) >= 0)
            AddBound(f, "exclusiveMaximum", number, below);
        if (s.MultipleOf is { } divisor && !number.IsMultipleOf(divisor))
            AddBound(f, "multipleOf", number, divisor);
    }

    private static void AddBound(Frame f, string rule, SchemaNumber got, SchemaNumber want) =>
        f.Add(rule, $"{rule}: got {SchemaText.Number(got.ToDouble())}, want {SchemaText.Number(want.ToDouble())}");
}
