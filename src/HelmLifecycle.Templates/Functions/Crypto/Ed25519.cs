using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>
/// Signatures by RFC 8032, which .NET does not have. Plain arithmetic on big integers: it does not hide the key from one who measures its
/// time, and is for making certificates in templates only.
/// </summary>
internal static class Ed25519
{
    private static readonly BigInteger Q = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly Point Base = BasePoint();

    /// <summary>A point in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.</summary>
    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);

    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        (BigInteger scalar, _) = Expand(seed);
        return Encode(Multiply(Base, scalar));
    }

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        (BigInteger scalar, byte[] prefix) = Expand(seed);
        byte[] publicKey = Encode(Multiply(Base, scalar));
        BigInteger r = Hash([.. prefix, .. message]);
        byte[] point = Encode(Multiply(Base, r));
        BigInteger k = Hash([.. point, .. publicKey, .. message]);
        BigInteger s = BigInteger.Remainder(r + k * scalar, Order);
        var signature = new byte[64];
        point.CopyTo(signature, 0);
        s.TryWriteBytes(signature.AsSpan(32), out _, true);
        return signature;
    }

    private static (BigInteger Scalar, byte[] Prefix) Expand(ReadOnlySpan<byte> seed)
    {
        byte[] hash = SHA512.HashData(seed);
        hash[0] &= 248;
        hash[31] = (byte)(hash[31] & 127 | 64);
        return (new BigInteger(hash.AsSpan(0, 32), true), hash[32..]);
    }

    private static BigInteger Hash(byte[] bytes) => BigInteger.Remainder(new BigInteger(SHA512.HashData(bytes), true), Order);

    private static BigInteger Mod(BigInteger x)
    {
        BigInteger rest = BigInteger.Remainder(x, Q);
        return rest.Sign < 0 ? rest + Q : rest;
    }

    private static BigInteger Inverse(BigInteger x) => BigInteger.ModPow(x, Q - 2, Q);

    private static Point BasePoint()
    {
        BigInteger y = Mod(4 * Inverse(5));
        BigInteger square = Mod((y * y - 1) * Inverse(D * y * y + 1));
        BigInteger x = BigInteger.ModPow(square, (Q + 3) / 8, Q);
        if (Mod(x * x - square) != 0)
            x = Mod(x * BigInteger.ModPow(2, (Q - 1) / 4, Q));
        if (!x.IsEven)
            x = Q - x;
        return new Point(x, y, 1, Mod(x * y));
    }

    private static Point Add(in Point p, in Point q)
    {
        BigInteger a = Mod((p.Y - p.X) * (q.Y - q.X));
        BigInteger b = Mod((p.Y + p.X) * (q.Y + q.X));
        BigInteger c = Mod(2 * p.T * q.T * D);
        BigInteger d = Mod(2 * p.Z * q.Z);
        BigInteger e = b - a, f = d - c, g = d + c, h = b + a;
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Point Multiply(Point point, BigInteger scalar)
    {
        var sum = new Point(0, 1, 1, 0);
        for (; !scalar.IsZero; scalar >>= 1)
        {
            if (!scalar.IsEven)
                sum = Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    private static byte[] Encode(in Point point)
    {
        BigInteger inverse = Inverse(point.Z);
        BigInteger x = Mod(point.X * inverse), y = Mod(point.Y * inverse);
        var bytes = new byte[32];
        y.TryWriteBytes(bytes, out _, true);
        if (!x.IsEven)
            bytes[31] |= 0x80;
        return bytes;
    }
}
