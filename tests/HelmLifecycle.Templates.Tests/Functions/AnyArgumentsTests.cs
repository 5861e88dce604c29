using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Functions;

public class AnyArgumentsTests
{
    // These take their time; their own tests know them.
    private static readonly string[] Slow = ["derivePassword", "bcrypt", "htpasswd", "genPrivateKey"];

    private static readonly GoFunction[] Functions = FunctionTable.Sprig.Names
        .Where(name => !Slow.Contains(name) && (!name.StartsWith("gen", StringComparison.Ordinal) || !name.Contains("C", StringComparison.Ordinal)))
        .Order().Select(name => FunctionTable.Sprig.TryGet(name, out GoFunction? function) ? function : throw new InvalidOperationException(name)).ToArray();

    private static readonly string[] Texts =
    [
        "", " ", "a", "abc def", "héé ✓ 日本", "\n\nx\n", "1", "-3.75", "0x1F", "1e400", "99999999999999999999", "v1.2.3-rc.1+b", ">=1.2 <2", "a,b,,c", "/a/../b.c", "%zz",
        "http://u:p@[::1]:80/x?y#z", "aGVsbG8=", "NBSWY3DP", "1h30m", "2006-01-02", "2024-02-30", "(", "(a|b)*c", "\\p{L}+", "$1${x", "_A-bC1", "\uDCFF\uDC80x", "😀", "UTC", "Europe/Berlin",
    ];

    private static Gen<GoValue> Value(GoParameter parameter, GoType? type) => parameter switch
    {
        GoParameter.Bool => Gen.Elements(GoValue.True, GoValue.False),
        GoParameter.Int => Integers.Select(GoValue.Int),
        GoParameter.Int64 => Integers.Select(GoValue.Int64),
        GoParameter.Uint32 => Integers.Select(i => GoValue.Integer((uint)i, GoType.Uint32)),
        GoParameter.Float64 => Gen.Elements(0.0, -1.5, 1e300, double.NaN, double.PositiveInfinity).Select(GoValue.Float),
        GoParameter.String => Gen.Elements(Texts).Select(GoValue.String),
        GoParameter.Map => Maps,
        GoParameter.List => Lists,
        GoParameter.StringList => Gen.Elements(Texts).ListOf().Select(texts => GoValue.List(GoList.OfStrings(texts))),
        GoParameter.Object => Gen.Constant(type == GoTime.Type ? GoValue.Object(new GoTime(1_700_000_000, 5, GoLocation.Utc)) : GoValue.Object(new GoCertificate("", ""))),
        _ => Gen.OneOf(Scalars, Scalars, Maps, Lists),
    };

    private static readonly Gen<long> Integers = Gen.Elements(0L, 1, -1, 2, 3, 4, 5, 7, 10, -5, 64, 1000, int.MaxValue, long.MaxValue, long.MinValue);

    private static readonly Gen<GoValue> Scalars = Gen.OneOf(
        Gen.Constant(default(GoValue)),
        Gen.Elements(Texts).Select(GoValue.String),
        Integers.Select(GoValue.Int),
        Integers.Select(GoValue.Int64),
        Gen.Elements(0.0, 1, -2.5, 1e21, 1e300, double.NaN, double.NegativeInfinity).Select(GoValue.Float),
        Gen.Elements(GoValue.True, GoValue.False),
        Gen.Constant(GoValue.Object(new GoTime(0, 0, GoLocation.Utc))),
        Gen.Constant(GoValue.Object(new GoVersion(SemanticVersion.Parse("1.2.3")))),
        Gen.Constant(GoValue.List(GoList.OfBytes(new byte[] { 1, 255 }.AsSpan()))),
        Gen.Constant(GoValue.List(GoList.NilOf(GoType.StringList))));

    private static readonly Gen<GoValue> Lists = Scalars.ListOf().Select(items => GoValue.List(new GoList(items.Take(5).ToArray())));

    private static readonly Gen<GoValue> Maps = Gen.Elements(Texts).Zip(Gen.OneOf(Scalars, Lists)).ListOf().Select(entries =>
    {
        var map = new GoMap();
        foreach ((string key, GoValue value) in entries.Take(5))
            map[key] = value;
        return GoValue.Map(map);
    });

    private static Gen<(GoFunction Function, GoValue[] Arguments)> Calls =>
        from function in Gen.Elements(Functions)
        from extra in Gen.Choose(0, 3)
        let fixedCount = function.Parameters.Count - (function.IsVariadic ? 1 : 0)
        let count = fixedCount + (function.IsVariadic ? extra : 0)
        from arguments in Row(Enumerable.Range(0, count).Select(i =>
        {
            int at = Math.Min(i, function.Parameters.Count - 1);
            return Value(function.Parameters[at], at < function.ObjectTypes.Count ? function.ObjectTypes[at] : null);
        }))
        select (function, arguments);

    private static Gen<GoValue[]> Row(IEnumerable<Gen<GoValue>> values) =>
        values.Aggregate(Gen.Constant(Array.Empty<GoValue>()), (row, value) => row.Zip(value).Select(p => (GoValue[])[.. p.Item1, p.Item2]));

    [Fact]
    public void No_arguments_raise_anything_but_the_errors_of_functions() =>
        Prop.ForAll(Arb.From(Calls), call =>
        {
            string shown = $"{call.Function.Name} {string.Join(' ', call.Arguments.Select(a => Formatter.Print(a)))}";
            try
            {
                GoValue result = call.Function.Body(new Context(), call.Arguments);
                // A result must be a canonical string, or bytes would go astray later.
                return (result.AsString is not { } text || text == GoString.Normalize(text)).Label(shown);
            }
            catch (Exception e) when (e is GoFunctionException or TemplateLimitException)
            {
                return true.Label(shown);
            }
            catch (Exception e)
            {
                return false.Label($"{shown}: {e}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000));

    private sealed class Context : GoCallContext
    {
        private long _left = 1_000_000;

        public override TimeProvider Time => TimeProvider.System;

        public override IRandomSource Random => SystemRandomSource.Instance;

        public override CancellationToken CancellationToken => default;

        public override void Charge(long characters)
        {
            _left = characters > _left ? -1 : _left - Math.Max(characters, 0);
            if (_left < 0)
                throw new TemplateLimitException("too much");
        }

        public override string Include(string name, GoValue data) => throw new GoFunctionException("no templates");

        public override string ExpandText(string text, GoValue data) => throw new GoFunctionException("no templates");
    }
}
