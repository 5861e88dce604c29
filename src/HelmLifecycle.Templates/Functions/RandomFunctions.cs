using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's random texts and numbers, from the source of randomness of the render.</summary>
internal static class RandomFunctions
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";

    // Every printable ASCII character.
    private static readonly string Printable = string.Concat(Enumerable.Range(32, 95).Select(static c => (char)c));

    internal static IEnumerable<GoFunction> All =>
    [
        new("randAlphaNum", GoParameters.Int, static (c, a) => Text(c, a[0].IntValue, Letters + Digits)),
        new("randAlpha", GoParameters.Int, static (c, a) => Text(c, a[0].IntValue, Letters)),
        new("randNumeric", GoParameters.Int, static (c, a) => Text(c, a[0].IntValue, Digits)),
        new("randAscii", GoParameters.Int, static (c, a) => Text(c, a[0].IntValue, Printable)),
        new("randBytes", GoParameters.Int, RandomBytes),
        new("randInt", [GoParameter.Int, GoParameter.Int], RandomInteger),
        new("uuidv4", GoParameters.None, Uuid),
        new("shuffle", GoParameters.String, Shuffle),
    ];

    private static GoValue Text(GoCallContext context, long count, string alphabet)
    {
        if (count <= 0)
            return "";
        context.Charge(count);
        var text = new StringBuilder((int)Math.Min(count, int.MaxValue));
        for (long i = 0; i < count; i++)
            text.Append(alphabet[(int)Below(context.Random, (ulong)alphabet.Length)]);
        return text.ToString();
    }

    /// <summary>A number from 0 up to a bound, all equally likely.</summary>
    internal static ulong Below(IRandomSource random, ulong bound)
    {
        Span<byte> bytes = stackalloc byte[8];
        // The uneven rest at the top of the range is thrown away.
        ulong limit = ulong.MaxValue - ulong.MaxValue % bound;
        while (true)
        {
            random.Fill(bytes);
            ulong number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (number < limit)
                return number % bound;
        }
    }

    private static GoValue RandomBytes(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        long count = a[0].IntValue;
        if (count < 0)
            throw ListFunctions.MakeSlice();
        context.Charge(count);
        var bytes = new byte[checked((int)count)];
        context.Random.Fill(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static GoValue RandomInteger(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        long low = a[0].IntValue;
        long range = unchecked(a[1].IntValue - low);
        if (range <= 0)
            throw new GoFunctionException("invalid argument to Intn");
        return GoValue.Int(unchecked(low + (long)Below(context.Random, (ulong)range)));
    }

    private static GoValue Uuid(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        Span<byte> bytes = stackalloc byte[16];
        context.Random.Fill(bytes);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, true).ToString("D", CultureInfo.InvariantCulture);
    }

    private static GoValue Shuffle(GoCallContext context, ReadOnlySpan<GoValue> a)
    {
        string text = a[0].AsString!;
        context.Charge(text.Length);
        var runes = new List<int>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            runes.Add(GoRune.At(text, i, out int width));
            i += width;
        }

        for (int i = runes.Count - 1; i > 0; i--)
        {
            int other = (int)Below(context.Random, (ulong)i + 1);
            (runes[i], runes[other]) = (runes[other], runes[i]);
        }

        var result = new StringBuilder(text.Length);
        foreach (int rune in runes)
            result.AppendRune(rune);
        return result.ToString();
    }
}
