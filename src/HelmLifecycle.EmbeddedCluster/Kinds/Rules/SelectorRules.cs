using System.Text.Json.Nodes;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Checks of values that many kinds share.</summary>
internal static class SelectorRules
{
    public static void Check(JsonObject? selector, string path, FieldErrors errors)
    {
        if (selector is null)
        {
            return;
        }

        MetadataRules.CheckLabels(selector["matchLabels"], path + ".matchLabels", errors);
        int index = 0;
        foreach (JsonObject expression in Json.Objects(selector, "matchExpressions"))
        {
            string at = $"{path}.matchExpressions[{index++}]";
            CheckOperator(expression, at, orders: false, errors);
            string key = Json.Text(expression, "key");
            foreach (string error in MetadataRules.QualifiedNameErrors(key))
            {
                errors.InvalidText(at + ".key", key, error);
            }

            int v = 0;
            foreach (string value in Json.StringItems(expression, "values"))
            {
                foreach (string error in MetadataRules.LabelValueErrors(value))
                {
                    errors.InvalidText($"{at}.values[{v}]", value, error);
                }

                v++;
            }
        }
    }

    /// <summary>How many values an operator takes.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="orders">Whether <c>Gt</c> and <c>Lt</c> are among the operators, as for nodes.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static void CheckOperator(JsonObject expression, string path, bool orders, FieldErrors errors)
    {
        int values = Json.Array(expression, "values")?.Count ?? 0;
        switch (Json.Text(expression, "operator"))
        {
            case "In" or "NotIn":
                if (values == 0)
                {
                    errors.Required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }

                break;
            case "Exists" or "DoesNotExist":
                if (values > 0)
                {
                    errors.Forbidden(path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }

                break;
            case "Gt" or "Lt" when orders:
                if (values != 1)
                {
                    errors.Required(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }

                break;
            case var other:
                errors.InvalidText(path + ".operator", other, "not a valid selector operator");
                break;
        }
    }

    public static bool IsValid(JsonObject? selector)
    {
        var errors = new FieldErrors();
        Check(selector, "", errors);
        return !errors.Any;
    }

    /// <summary>The struct as Go prints it in errors.</summary>
    public static string Text(JsonNode? selector)
    {
        if (selector is not JsonObject json)
        {
            return "\"null\"";
        }

        string expressions = Json.Array(json, "matchExpressions") is { Count: > 0 }
            ? "[]v1.LabelSelectorRequirement{" + string.Join(", ", Json.Objects(json, "matchExpressions").Select(e => $"v1.LabelSelectorRequirement{{Key:{GoText.Quote(Json.Text(e, "key"))}, Operator:{GoText.Quote(Json.Text(e, "operator"))}, Values:{GoText.Strings(e["values"])}}}")) + "}"
            : "[]v1.LabelSelectorRequirement(nil)";
        return $"v1.LabelSelector{{MatchLabels:{GoText.Map(json["matchLabels"])}, MatchExpressions:{expressions}}}";
    }

    public static void NotNegative(JsonNode? value, string path, FieldErrors errors)
    {
        if (Json.AsLong(value) is < 0 and { } number)
        {
            errors.Invalid(path, Json.Number(number), "must be greater than or equal to 0");
        }
    }

    public static void Immutable(JsonNode? value, JsonNode? old, string path, FieldErrors errors, string? text = null)
    {
        if (!Json.SameOrEmpty(value, old))
        {
            errors.Invalid(path, text ?? value?.ToJsonString() ?? "\"null\"", "field is immutable");
        }
    }

    /// <summary>A number or a percentage, not negative.</summary>
    public static void IntOrPercent(JsonNode? value, string path, FieldErrors errors)
    {
        if (value is null)
        {
            return;
        }

        if (Json.AsLong(value) is { } number)
        {
            if (number < 0)
            {
                errors.Invalid(path, Json.Number(number), "must be greater than or equal to 0");
            }

            return;
        }

        string text = value.GetValue<string>();
        if (text.Length < 2 || text[^1] != '%' || !text[..^1].All(char.IsAsciiDigit))
        {
            errors.Invalid(path, IntOrStringText(value), "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
        }
    }

    public static bool IsZero(JsonNode? value) => Json.AsLong(value) == 0 || (value is JsonValue text && text.TryGetValue(out string? s) && s!.TrimEnd('%').Trim('0').Length == 0);

    public static string IntOrStringText(JsonNode? value) => Json.AsLong(value) is { } number
        ? $"intstr.IntOrString{{Type:0, IntVal:{number}, StrVal:\"\"}}"
        : $"intstr.IntOrString{{Type:1, IntVal:0, StrVal:{GoText.Quote(value?.GetValue<string>() ?? "")}}}";

    public static void OneOf(string value, string path, FieldErrors errors, bool required, params string[] known)
    {
        if (value.Length == 0)
        {
            if (required)
            {
                errors.Required(path);
            }
        }
        else if (!known.Contains(value))
        {
            errors.NotSupported(path, GoText.Quote(value), known);
        }
    }
}
