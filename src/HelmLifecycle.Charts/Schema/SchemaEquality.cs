namespace HelmLifecycle.Charts;

/// <summary>When JSON Schema takes two values for the same: numbers by what they are, lists in order, maps without.</summary>
internal sealed class SchemaEquality : IEqualityComparer<GoValue>
{
    private static readonly SchemaEquality s_instance = new();

    public static bool AreEqual(GoValue x, GoValue y) => s_instance.Equals(x, y);

    /// <summary>The first two items that are equal, or null.</summary>
    public static (int First, int Second)? FirstDuplicate(GoList list)
    {
        foreach ((int First, int Second) pair in Duplicates(list))
            return pair;
        return null;
    }

    /// <summary>The items that are equal to one before, each with the last of those.</summary>
    public static IEnumerable<(int First, int Second)> Duplicates(GoList list)
    {
        var seen = new Dictionary<GoValue, int>(s_instance);
        for (int i = 0; i < list.Count; i++)
        {
            if (seen.TryGetValue(list[i], out int first))
                yield return (first, i);
            seen[list[i]] = i;
        }
    }

    private static bool IsNumber(GoValue value) => value.Kind is GoKind.Int or GoKind.Uint or GoKind.Float;

    public bool Equals(GoValue x, GoValue y)
    {
        if (IsNumber(x) && IsNumber(y))
            return x.Kind == GoKind.Float && y.Kind == GoKind.Float ? x.FloatValue == y.FloatValue : SchemaNumber.Of(x).CompareTo(SchemaNumber.Of(y)) == 0;
        if (x.Kind != y.Kind)
            return false;
        switch (x.Kind)
        {
            case GoKind.Nil:
                return true;
            case GoKind.Bool:
                return x.BoolValue == y.BoolValue;
            case GoKind.String:
                return x.AsString == y.AsString;
            case GoKind.List:
                GoList a = x.AsList!, b = y.AsList!;
                if (a.Count != b.Count)
                    return false;
                for (int i = 0; i < a.Count; i++)
                {
                    if (!Equals(a[i], b[i]))
                        return false;
                }

                return true;
            case GoKind.Map:
                GoMap m = x.AsMap!, n = y.AsMap!;
                if (m.Count != n.Count)
                    return false;
                foreach (string key in m.SortedKeys)
                {
                    if (!n.TryGetValue(key, out GoValue other) || !Equals(m[key], other))
                        return false;
                }

                return true;
            default:
                return false;
        }
    }

    public int GetHashCode(GoValue value)
    {
        switch (value.Kind)
        {
            case GoKind.Bool:
                return value.BoolValue ? 2 : 1;
            case GoKind.Int or GoKind.Uint or GoKind.Float:
                return SchemaNumber.Of(value).ToDouble().GetHashCode();
            case GoKind.String:
                return value.AsString!.GetHashCode(StringComparison.Ordinal);
            case GoKind.List:
                var hash = new HashCode();
                foreach (GoValue item in value.AsList!.Span)
                    hash.Add(GetHashCode(item));
                return hash.ToHashCode();
            case GoKind.Map:
                int sum = value.AsMap!.Count;
                foreach (string key in value.AsMap.SortedKeys)
                    sum += HashCode.Combine(key, GetHashCode(value.AsMap[key]));
                return sum;
            default:
                return 0;
        }
    }
}
