using System.Runtime.CompilerServices;

namespace HelmLifecycle.Charts;

/// <summary>Values nest, or schemas lead on, beyond all sense.</summary>
internal sealed class SchemaLimitException(string message) : Exception(message);

/// <summary>
/// Checks one value against a compiled schema, in the order and with the words of the library that Helm uses
/// (santhosh-tekuri/jsonschema 6).
/// </summary>
internal sealed partial class SchemaEvaluator
{
    // A schema can send one value through itself again and again; no real one comes near this.
    private const int MaxSteps = 2_000_000;

    private int _steps;

    public static SchemaError? Evaluate(SchemaNode schema, GoValue value)
    {
        var evaluator = new SchemaEvaluator();
        return evaluator.Validate(new Frame(schema, value, null, new Scope(schema, null, 0), Unevaluated.Of(value, schema, false), false));
    }

    /// <summary>What is left to be looked at by <c>unevaluatedProperties</c> and <c>unevaluatedItems</c>.</summary>
    private sealed class Unevaluated
    {
        public HashSet<string>? Properties;
        public HashSet<int>? Items;

        public bool IsEmpty => Properties is not { Count: > 0 } && Items is not { Count: > 0 };

        public static Unevaluated Of(GoValue value, SchemaNode schema, bool wanted)
        {
            var all = new Unevaluated();
            if (value.AsMap is { } map && (wanted || schema.UnevaluatedProperties is not null))
                all.Properties = new HashSet<string>(map.SortedKeys, StringComparer.Ordinal);
            else if (value.AsList is { } list && (wanted || schema.UnevaluatedItems is not null))
                all.Items = [.. Enumerable.Range(0, list.Count)];
            return all;
        }

        public void Merge(Unevaluated other)
        {
            Properties?.RemoveWhere(name => other.Properties is null || !other.Properties.Contains(name));
            Items?.RemoveWhere(item => other.Items is null || !other.Items.Contains(item));
        }
    }

    /// <summary>The schemas on the way to here, innermost first.</summary>
    private sealed record Scope(SchemaNode Schema, Scope? Parent, int Level);

    /// <summary>Where in the value, innermost first.</summary>
    private sealed record Place(Place? Parent, string Part);

    private sealed class Frame(SchemaNode schema, GoValue value, Place? place, Scope scope, Unevaluated unevaluated, bool onlyWhether)
    {
        public readonly SchemaNode Schema = schema;
        public readonly GoValue Value = value;
        public readonly Place? Place = place;
        public readonly Scope Scope = scope;
        public readonly Unevaluated Unevaluated = unevaluated;

        /// <summary>Whether only yes or no is wanted, and no words.</summary>
        public readonly bool OnlyWhether = onlyWhether;

        public List<SchemaError>? Errors;

        public bool Failed => Errors is not null;

        public void Add(SchemaError? error)
        {
            if (error is not null)
                (Errors ??= []).Add(error);
        }

        public void Add(string rule, string message, IReadOnlyList<SchemaError>? causes = null) => Add(Error(rule, message, causes));

        public SchemaError Error(string rule, string message, IReadOnlyList<SchemaError>? causes = null, bool isReference = false)
        {
            var path = new List<string>();
            for (Place? at = Place; at is not null; at = at.Parent)
                path.Add(at.Part);
            path.Reverse();
            return new SchemaError(rule, path, message) { Causes = causes ?? [], IsReference = isReference };
        }
    }

    private SchemaError? Validate(Frame f)
    {
        if (++_steps > MaxSteps)
            throw new SchemaLimitException("validation takes too many steps");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SchemaLimitException("the values or the schema are nested too deeply");
        SchemaNode s = f.Schema;
        if (s.Bool is { } always)
            return always ? null : f.Error("false", "false schema");
        for (Scope? outer = f.Scope.Parent; outer is not null && outer.Level == f.Scope.Level; outer = outer.Parent)
        {
            if (outer.Schema == s)
                return f.Error("$ref", $"both {outer.Schema.Location} and {s.Location} resolve to \"{s.Location}\" causing reference cycle");
        }

        string type = TypeOf(f.Value);
        if (s.Types is { } types && !types.Contains(type) && !(type == "number" && types.Contains("integer") && SchemaNumber.Of(f.Value).IsInteger))
            return f.Error("type", $"got {type}, want {string.Join(" or ", types)}");
        if (s.Const is { } constant && !SchemaEquality.AreEqual(f.Value, constant.Value))
            return f.Error("const", constant.IsCollection ? "'const' failed" : $"value must be {constant.Shown}");
        if (s.Enum is { } allowed && !allowed.Any(one => SchemaEquality.AreEqual(f.Value, one.Value)))
        {
            return f.Error("enum", allowed.Any(one => one.IsCollection) ? "'enum' failed"
                : allowed.Count == 1 ? $"value must be {allowed[0].Shown}"
                : $"value must be one of {string.Join(", ", allowed.Select(one => one.Shown))}");
        }

        if (s.Format is { } format && f.Value.AsString is { } formatted && SchemaFormats.Check(format, formatted) is { } problem)
            return f.Error("format", $"{SchemaText.Quote(formatted)} is not valid {format}: {problem}");
        if (s.Ref is { } reference)
        {
            SchemaError? error = ValidateReference(f, reference, "$ref");
            if (s.Draft < 2019)
                return error;
            f.Add(error);
        }

        if (f.Value.AsMap is { } map)
            ValidateMap(f, map);
        else if (f.Value.AsList is { } list)
            ValidateList(f, list);
        else if (f.Value.AsString is { } text)
            ValidateText(f, text);
        else if (type == "number")
            ValidateNumber(f);

        if (!f.Failed || !f.OnlyWhether)
        {
            ValidateReferences(f);
            ValidateConditions(f);
            ValidateUnevaluated(f);
        }

        return f.Errors switch
        {
            null => null,
            [var only] => only,
            _ => f.Error(SchemaError.Group, "validation failed", f.Errors),
        };
    }

    private static string TypeOf(GoValue value) => value.Kind switch
    {
        GoKind.Nil => "null",
        GoKind.Bool => "boolean",
        GoKind.Int or GoKind.Uint or GoKind.Float => "number",
        GoKind.List => "array",
        GoKind.Map => "object",
        _ => "string",
    };

    // The same value against another schema.
    private SchemaError? ValidateSelf(Frame f, SchemaNode schema, bool onlyWhether = false)
    {
        var inner = new Frame(schema, f.Value, f.Place, new Scope(schema, f.Scope, f.Scope.Level),
            Unevaluated.Of(f.Value, schema, !f.Unevaluated.IsEmpty), f.OnlyWhether || onlyWhether);
        SchemaError? error = Validate(inner);
        if (error is null)
            f.Unevaluated.Merge(inner.Unevaluated);
        return error;
    }

    // A value inside.
    private SchemaError? ValidateInner(Frame f, SchemaNode schema, GoValue value, string part) =>
        Validate(new Frame(schema, value, new Place(f.Place, part), new Scope(schema, f.Scope, f.Scope.Level + 1),
            Unevaluated.Of(value, schema, false), f.OnlyWhether));

    private SchemaError? ValidateReference(Frame f, SchemaNode target, string keyword)
    {
        SchemaError? error = ValidateSelf(f, target);
        if (error is null)
            return null;
        return f.Error(keyword, "validation failed", error.Rule == SchemaError.Group ? error.Causes : [error], isReference: true);
    }

    private void ValidateReferences(Frame f)
    {
        if (f.Schema.RecursiveRef is { } recursive)
        {
            if (recursive.Resource.RecursiveAnchor && recursive == recursive.Resource.Root)
            {
                for (Scope? scope = f.Scope; scope is not null; scope = scope.Parent)
                {
                    if (scope.Schema.Resource.RecursiveAnchor)
                        recursive = scope.Schema.Resource.Root!;
                }
            }

            f.Add(ValidateReference(f, recursive, "$recursiveRef"));
        }

        if (f.Schema.DynamicRef is { } dynamic)
        {
            if (f.Schema.DynamicRefAnchor is { } anchor && dynamic.DynamicAnchor == anchor)
            {
                for (Scope? scope = f.Scope; scope is not null; scope = scope.Parent)
                {
                    if (scope.Schema.Resource.DynamicNodes.TryGetValue(anchor, out SchemaNode? outer))
                        dynamic = outer;
                }
            }

            f.Add(ValidateReference(f, dynamic, "$dynamicRef"));
        }
    }

    private void ValidateConditions(Frame f)
    {
        SchemaNode s = f.Schema;
        if (s.Not is { } not && ValidateSelf(f, not, true) is null)
            f.Add("not", "'not' failed");
        if (s.AllOf is { Count: > 0 } all)
        {
            var errors = new List<SchemaError>();
            foreach (SchemaNode one in all)
            {
                if (ValidateSelf(f, one) is not { } error)
                    continue;
                errors.Add(error);
                if (f.OnlyWhether)
                    break;
            }

            if (errors.Count > 0)
                f.Add("allOf", "'allOf' failed", errors);
        }

        if (s.AnyOf is { Count: > 0 } any)
        {
            var errors = new List<SchemaError>();
            bool matched = false;
            foreach (SchemaNode one in any)
            {
                if (ValidateSelf(f, one) is { } error)
                {
                    errors.Add(error);
                    continue;
                }

                matched = true;
                // All must be looked at as long as something is left to evaluate.
                if (f.Unevaluated.IsEmpty)
                    break;
            }

            if (!matched)
                f.Add("anyOf", "'anyOf' failed", errors);
        }

        if (s.OneOf is { Count: > 0 } each)
            ValidateOneOf(f, each);
        if (s.If is not { } condition)
            return;
        if (ValidateSelf(f, condition, true) is null)
        {
            if (s.Then is { } then)
                f.Add(ValidateSelf(f, then));
        }
        else if (s.Else is { } otherwise)
        {
            f.Add(ValidateSelf(f, otherwise));
        }
    }

    private void ValidateOneOf(Frame f, IReadOnlyList<SchemaNode> each)
    {
        var errors = new List<SchemaError>();
        int matched = -1;
        for (int i = 0; i < each.Count; i++)
        {
            if (ValidateSelf(f, each[i], matched >= 0) is { } error)
            {
                errors.Add(error);
            }
            else if (matched < 0)
            {
                matched = i;
            }
            else
            {
                f.Add("oneOf", $"'oneOf' failed, subschemas {SchemaText.Number(matched)}, {SchemaText.Number(i)} matched");
                return;
            }
        }

        if (matched < 0)
            f.Add("oneOf", "'oneOf' failed, none matched", errors);
    }

    private void ValidateUnevaluated(Frame f)
    {
        if (f.Schema.UnevaluatedProperties is { } properties && f.Value.AsMap is { } map && f.Unevaluated.Properties is { } names)
        {
            foreach (string name in Order(names))
                f.Add(ValidateInner(f, properties, map[name], name));
            f.Unevaluated.Properties = null;
        }

        if (f.Schema.UnevaluatedItems is { } items && f.Value.AsList is { } list && f.Unevaluated.Items is { } left)
        {
            foreach (int item in left.Order())
                f.Add(ValidateInner(f, items, list[item], Index(item)));
            f.Unevaluated.Items = null;
        }
    }
}
