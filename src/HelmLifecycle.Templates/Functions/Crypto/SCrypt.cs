using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>scrypt, the key derivation of RFC 7914.</summary>
internal static class SCrypt
{
    /// <summary>Derives a key.</summary>
    /// <param name="password">The password.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="cost">N: a power of two.</param>
    /// <param name="blockSize">r.</param>
    /// <param name="parallelism">p.</param>
    /// <param name="length">Bytes of key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static byte[] DeriveKey(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        int cost,
        int blockSize,
        int parallelism,
        int length,
        CancellationToken cancellationToken)
    {
        int words = 32 * blockSize;
        byte[] blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, parallelism * words * 4);
        var table = new uint[(long)cost * words];
        var x = new uint[words];
        var y = new uint[words];
        for (int i = 0; i < parallelism; i++)
        {
            Span<byte> block = blocks.AsSpan(i * words * 4, words * 4);
            for (int j = 0; j < words; j++)
                x[j] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * Place(j))..]);
            Mix(table, ref x, ref y, cost, cancellationToken);
            for (int j = 0; j < words; j++)
                BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * Place(j))..], x[j]);
        }

        return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
    }

    // Where a word of ours stands in the block: we keep the diagonals of Salsa's square together, for vectors to work on.
    private static int Place(int word) => (word & ~15) + (word % 16 / 4 * 4 + word % 4 * 5) % 16;

    private static void Mix(uint[] table, ref uint[] x, ref uint[] y, int cost, CancellationToken cancellationToken)
    {
        int words = x.Length;
        for (int i = 0; i < cost; i++)
        {
            x.CopyTo(table, (long)i * words);
            BlockMix(x, y);
            (x, y) = (y, x);
        }

        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < cost; i++)
        {
            int j = (int)(x[words - 16] & (uint)(cost - 1));
            ReadOnlySpan<uint> row = table.AsSpan(j * words, words);
            for (int k = 0; k < words; k++)
                x[k] ^= row[k];
            BlockMix(x, y);
            (x, y) = (y, x);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static void BlockMix(ReadOnlySpan<uint> source, Span<uint> target)
    {
        int blocks = source.Length / 16;
        ReadOnlySpan<uint> last = source[^16..];
        Vector128<uint> a = Vector128.Create(last), b = Vector128.Create(last[4..]);
        Vector128<uint> c = Vector128.Create(last[8..]), d = Vector128.Create(last[12..]);
        for (int i = 0; i < blocks; i++)
        {
            ReadOnlySpan<uint> block = source.Slice(16 * i, 16);
            a ^= Vector128.Create(block);
            b ^= Vector128.Create(block[4..]);
            c ^= Vector128.Create(block[8..]);
            d ^= Vector128.Create(block[12..]);
            Salsa8(ref a, ref b, ref c, ref d);
            // Even blocks come first.
            Span<uint> place = target.Slice(16 * ((i & 1) * (blocks / 2) + i / 2), 16);
            a.CopyTo(place);
            b.CopyTo(place[4..]);
            c.CopyTo(place[8..]);
            d.CopyTo(place[12..]);
        }
    }

    // Works on the columns, then turns the vectors so that the rows stand in the columns' places.
    private static void Salsa8(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
    {
        Vector128<uint> left = Vector128.Create(1u, 2, 3, 0), half = Vector128.Create(2u, 3, 0, 1), right = Vector128.Create(3u, 0, 1, 2);
        Vector128<uint> p = a, q = b, r = c, s = d;
        for (int i = 0; i < 8; i += 2)
        {
            q ^= Rotate(p + s, 7);
            r ^= Rotate(q + p, 9);
            s ^= Rotate(r + q, 13);
            p ^= Rotate(s + r, 18);
            (q, r, s) = (Vector128.Shuffle(s, left), Vector128.Shuffle(r, half), Vector128.Shuffle(q, right));
            q ^= Rotate(p + s, 7);
            r ^= Rotate(q + p, 9);
            s ^= Rotate(r + q, 13);
            p ^= Rotate(s + r, 18);
            (q, r, s) = (Vector128.Shuffle(s, left), Vector128.Shuffle(r, half), Vector128.Shuffle(q, right));
        }

        a += p;
        b += q;
        c += r;
        d += s;
    }

    private static Vector128<uint> Rotate(Vector128<uint> x, int bits) =>
        Vector128.ShiftLeft(x, bits) | Vector128.ShiftRightLogical(x, 32 - bits);
}
