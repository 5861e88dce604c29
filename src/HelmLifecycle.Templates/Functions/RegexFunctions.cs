namespace HelmLifecycle.Templates;

/// <summary>Sprig's functions on regular expressions. Those that begin with must word the error of a bad expression otherwise.</summary>
internal static class RegexFunctions
{
    private static readonly GoParameter[] StringStringInt = [GoParameter.String, GoParameter.String, GoParameter.Int];

    internal static IEnumerable<GoFunction> All =>
    [
        new("regexMatch", GoParameters.StringString, static (c, a) => IsMatch(c, a, false)),
        new("mustRegexMatch", GoParameters.StringString, static (c, a) => IsMatch(c, a, true)),
        ..Pair("Find", GoParameters.StringString, static (c, r, a) => r.Find(a[1].AsString!, Charge(c)) ?? ""),
        ..Pair("FindAll", StringStringInt, static (c, r, a) => Strings(r.FindAll(a[1].AsString!, Limit(a[2]), Charge(c)))),
        ..Pair("ReplaceAll", GoParameters.StringStringString,
            static (c, r, a) => GoString.Normalize(r.ReplaceAll(a[1].AsString!, a[2].AsString!, false, Charge(c)))),
        ..Pair("ReplaceAllLiteral", GoParameters.StringStringString,
            static (c, r, a) => GoString.Normalize(r.ReplaceAll(a[1].AsString!, a[2].AsString!, true, Charge(c)))),
        ..Pair("Split", StringStringInt, static (c, r, a) => Strings(r.Split(a[1].AsString!, Limit(a[2]), Charge(c)))),
        new("regexQuoteMeta", GoParameters.String, static (_, a) => GoRegex.Escape(a[0].AsString!)),
    ];

    private delegate GoValue RegexBody(GoCallContext context, GoRegex regex, ReadOnlySpan<GoValue> arguments);

    private static GoFunction[] Pair(string name, GoParameter[] parameters, RegexBody body) =>
    [
        new("regex" + name, parameters, (c, a) => body(c, Compile(c, a[0].AsString!, false), a)),
        new("mustRegex" + name, parameters, (c, a) => body(c, Compile(c, a[0].AsString!, true), a)),
    ];

    private static GoRegex Compile(GoCallContext context, string pattern, bool must)
    {
        context.Charge(pattern.Length);
        try
        {
            return GoRegex.Compile(pattern);
        }
        catch (FormatException e)
        {
            if (must)
                throw new GoFunctionException(e.Message, e);
            string quoted = Strconv.CanBackquote(pattern) ? "`" + pattern + "`" : Strconv.Quote(pattern);
            throw new GoFunctionException($"regexp: Compile({quoted}): {e.Message}", e);
        }
    }

    // The plain form takes a bad expression for one that does not match.
    private static GoValue IsMatch(GoCallContext context, ReadOnlySpan<GoValue> a, bool must)
    {
        try
        {
            return GoRegex.Compile(a[0].AsString!).IsMatch(a[1].AsString!, Charge(context));
        }
        catch (FormatException e)
        {
            return must ? throw new GoFunctionException(e.Message, e) : GoValue.False;
        }
    }

    private static Action<long> Charge(GoCallContext context) => context.Charge;

    private static int Limit(GoValue value) => (int)Math.Clamp(value.IntValue, -1, int.MaxValue);

    private static GoValue Strings(List<string> texts)
    {
        if (texts.Count == 0)
            return GoValue.List(GoList.NilOf(GoType.StringList));
        var items = new GoValue[texts.Count];
        for (int i = 0; i < items.Length; i++)
            items[i] = texts[i];
        return GoValue.List(new GoList(items, GoType.StringList));
    }
}
