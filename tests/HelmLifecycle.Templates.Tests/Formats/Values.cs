using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Formats;

/// <summary>Random value trees, and texts that are nearly YAML, JSON or TOML.</summary>
internal static class Values
{
    private static readonly string[] s_words =
    [
        "", "true", "yes", "y", "off", "null", "~", "0", "-0", "1.5", "1e3", "0x1F", "0777", "1_000", ".inf", ".nan", "2020-01-01", "12:30:45",
        "a b", " lead", "trail ", "a: b", "a #b", "#a", "- a", "-", "?", "[a", "{a", "&a", "*a", "!a", "|", ">", "'", "\"", "%", "@", "`", "<<", "=",
        "line\n", "two\nlines", "\n", "\n\nx", "x\n\n", " x\ny", "x \ny", "tab\there", "cr\rx", "nul\0", "\u0085", "\u2028", "\uFEFF", "\uFEFFabc",
        "é", "日本", "😀", "😀 b: c", "---", "...", "--- a", "a'b\"c\\d", "<>&",
        "long text with many words that goes on and on until the line is longer than eighty characters, so it folds",
        "long  text  with  two  blanks  between  the  words  that  goes  on  and  on  until  the  line  is  longer  than  eighty",
        new string('x', 200), new string('k', 130) + " v",
    ];

    private static Gen<string> Text() => Gen.OneOf(
        Gen.Elements(s_words),
        Gen.ArrayOf(Gen.Elements("ab01 :-#'\"\\\n\t,[]{}é😀".EnumerateRunes().Select(r => r.ToString()).ToArray())).Select(string.Concat));

    private static Gen<double> Number() => Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(n => (double)n),
        Gen.Elements(0.1, -2.5, 1e6, 123456789, 1e-7, 1e21, 1.7976931348623157e308, 5e-324, 9007199254740993, 1e20, -1e15, 0.30000000000000004),
        ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite));

    private static Gen<GoValue> Scalar() => Gen.OneOf(
        Gen.Constant(GoValue.Nil),
        Gen.Elements(GoValue.True, GoValue.False),
        Number().Select(GoValue.Float),
        Text().Select(GoValue.String));

    private static Gen<GoValue> Tree(int depth) => depth == 0
        ? Scalar()
        : Gen.OneOf(
            Scalar(),
            Gen.ListOf(Tree(depth - 1), depth).Select(items => GoValue.List(items.ToArray())),
            Gen.ListOf(Text().Zip(Tree(depth - 1)), depth + 1).Select(entries =>
            {
                var map = new GoMap();
                foreach ((string key, GoValue value) in entries)
                    map[key] = value;
                return GoValue.Map(map);
            }));

    /// <summary>Trees of nil, truth values, floats, texts, lists and maps.</summary>
    public static Arbitrary<GoValue> Trees() => Gen.Choose(0, 4).SelectMany(Tree).ToArbitrary();

    /// <summary>Texts with what means something in YAML, JSON and TOML.</summary>
    public static Arbitrary<string> Damaged() => Gen.Elements(
            "a", "b", "1", ":", ": ", "- ", "\n", "\n  ", "\n- ", "[", "]", "{", "}", ",", "'", "\"", "\\", "\\u00", "\\x4", "#", " #", "&a", "*a", "!", "!!int ",
            "!!binary ", "<<: ", "? ", "|", ">", "|2-", "%", "%YAML 1.1\n", "---", "\n---\n", "...", "\t", "\r\n", "\u0085", "\u2028", "\0", "\uD800", "\uDCFF", "😀",
            "true", "null", "=", "[[", "]]", "\"\"\"", "'''", "0x", "1e", "2020-01-01", "a.b = ", "a = ", ".inf", "~")
        .NonEmptyListOf().Select(string.Concat).ToArbitrary();

    /// <summary>Whether two values are the same, numbers by what they are.</summary>
    public static bool Same(GoValue x, GoValue y)
    {
        if (x.Kind != y.Kind)
            return false;
        return x.Kind switch
        {
            GoKind.Nil => true,
            GoKind.Bool => x.BoolValue == y.BoolValue,
            GoKind.Float => x.FloatValue.Equals(y.FloatValue) || x.FloatValue == y.FloatValue,
            GoKind.String => x.AsString == y.AsString,
            GoKind.List => x.AsList!.Count == y.AsList!.Count && x.AsList.Zip(y.AsList).All(pair => Same(pair.First, pair.Second)),
            GoKind.Map => x.AsMap!.Count == y.AsMap!.Count && x.AsMap.All(entry => y.AsMap.TryGetValue(entry.Key, out GoValue other) && Same(entry.Value, other)),
            _ => false,
        };
    }
}
