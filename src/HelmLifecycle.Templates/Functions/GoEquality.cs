namespace HelmLifecycle.Templates;

/// <summary>Go's <c>reflect.DeepEqual</c>: equal values of the very same types, all the way down.</summary>
internal static class GoEquality
{
    public static bool DeepEqual(GoValue a, GoValue b)
    {
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
                return ListsEqual(a.AsList!, b.AsList!);
            case GoKind.Map:
                return MapsEqual(a.AsMap!, b.AsMap!);
            case GoKind.Object:
                return ReferenceEquals(a.AsObject, b.AsObject) || a.AsObject!.Equals(b.AsObject);
            default:
                // Functions are never equal.
                return false;
        }
    }

    private static bool ListsEqual(GoList a, GoList b)
    {
        if (a.IsNil != b.IsNil || a.Count != b.Count)
            return false;
        if (ReferenceEquals(a, b))
            return true;
        DeepStack.Check();
        ReadOnlySpan<GoValue> x = a.Span, y = b.Span;
        for (int i = 0; i < x.Length; i++)
        {
            if (!DeepEqual(x[i], y[i]))
                return false;
        }

        return true;
    }

    private static bool MapsEqual(GoMap a, GoMap b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a.Count != b.Count)
            return false;
        DeepStack.Check();
        foreach ((string key, GoValue value) in a)
        {
            if (!b.TryGetValue(key, out GoValue other) || !DeepEqual(value, other))
                return false;
        }

        return true;
    }
}
