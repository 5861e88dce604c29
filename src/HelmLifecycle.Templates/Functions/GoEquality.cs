namespace HelmLifecycle.Templates;

/// <summary>Go's <c>reflect.DeepEqual</c>: equal values of the very same types, all the way down.</summary>
internal static class GoEquality
{
    // Maps that share their entries can be compared without end.
    private const int MaxComparisons = 20_000_000;

    public static bool DeepEqual(GoValue a, GoValue b)
    {
        int left = MaxComparisons;
        return DeepEqual(a, b, ref left);
    }

    private static bool DeepEqual(GoValue a, GoValue b, ref int left)
    {
        if (--left < 0)
            throw new TemplateLimitException("the template compares values that are too large");
        GoType? type = a.Type;
        if (type != b.Type)
            return false;
        if (type is null)
            return true;
        switch (a.Kind)
        {
            case GoKind.Nil:
                return true;
            case GoKind.String:
                return a.AsString == b.AsString;
            case GoKind.Bool or GoKind.Int or GoKind.Uint:
                return a.IntValue == b.IntValue;
            case GoKind.Float:
                return a.FloatValue == b.FloatValue;
            case GoKind.Complex:
                return a.ComplexValue == b.ComplexValue;
            case GoKind.List:
                return ListsEqual(a.AsList!, b.AsList!, ref left);
            case GoKind.Map:
                return MapsEqual(a.AsMap!, b.AsMap!, ref left);
            case GoKind.Object:
                return ReferenceEquals(a.AsObject, b.AsObject) || a.AsObject!.Equals(b.AsObject);
            default:
                // Functions are never equal.
                return false;
        }
    }

    private static bool ListsEqual(GoList a, GoList b, ref int left)
    {
        if (a.IsNil != b.IsNil || a.Count != b.Count)
            return false;
        if (ReferenceEquals(a, b))
            return true;
        DeepStack.Check();
        ReadOnlySpan<GoValue> x = a.Span, y = b.Span;
        for (int i = 0; i < x.Length; i++)
        {
            if (!DeepEqual(x[i], y[i], ref left))
                return false;
        }

        return true;
    }

    private static bool MapsEqual(GoMap a, GoMap b, ref int left)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a.Count != b.Count)
            return false;
        DeepStack.Check();
        foreach ((string key, GoValue value) in a)
        {
            if (!b.TryGetValue(key, out GoValue other) || !DeepEqual(value, other, ref left))
                return false;
        }

        return true;
    }
}
