using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's encodings and checksums, over the bytes of strings.</summary>
internal static class EncodingFunctions
{
    internal static IEnumerable<GoFunction> All =>
    [
        new("b64enc", GoParameters.String, static (c, a) => Encode(c, a[0], Convert.ToBase64String)),
        new("b64dec", GoParameters.String, static (_, a) => Decode(a[0], "base64", Base64.TryDecode)),
        new("b32enc", GoParameters.String, static (c, a) => Encode(c, a[0], Base32.Encode)),
        new("b32dec", GoParameters.String, static (_, a) => Decode(a[0], "base32", Base32.TryDecode)),
        new("sha1sum", GoParameters.String, static (_, a) => Hex(SHA1.HashData(Bytes(a[0])))),
        new("sha256sum", GoParameters.String, static (_, a) => Hex(SHA256.HashData(Bytes(a[0])))),
        new("sha512sum", GoParameters.String, static (_, a) => Hex(SHA512.HashData(Bytes(a[0])))),
        new("adler32sum", GoParameters.String, static (_, a) => Adler32(Bytes(a[0])).ToString(CultureInfo.InvariantCulture)),
    ];

    private static byte[] Bytes(GoValue value) => GoString.ToBytes(value.AsString!);

    private static GoValue Encode(GoCallContext context, GoValue text, Func<byte[], string> encode)
    {
        context.Charge(text.AsString!.Length);
        return encode(Bytes(text));
    }

    private delegate bool Decoder(ReadOnlySpan<byte> text, out byte[] bytes, out int errorAt);

    // What cannot be decoded gives the error as its result.
    private static GoValue Decode(GoValue text, string name, Decoder decode) => decode(Bytes(text), out byte[] bytes, out int errorAt)
        ? GoString.FromBytes(bytes)
        : string.Create(CultureInfo.InvariantCulture, $"illegal {name} data at input byte {errorAt}");

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65521;
        uint a = 1, b = 0;
        foreach (byte x in bytes)
        {
            a = (a + x) % Modulus;
            b = (b + a) % Modulus;
        }

        return b << 16 | a;
    }
}
