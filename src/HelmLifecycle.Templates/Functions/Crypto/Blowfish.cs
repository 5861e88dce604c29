using System.Numerics;

namespace HelmLifecycle.Templates;

/// <summary>The cipher Blowfish, as far as bcrypt needs it: its key schedule with a salt and the encryption of blocks.</summary>
internal sealed class Blowfish
{
    private const int Rounds = 16;
    private static readonly Lazy<uint[]> Pi = new(PiDigits);

    private readonly uint[] _p = new uint[Rounds + 2];
    private readonly uint[] _s = new uint[4 * 256];

    public Blowfish()
    {
        uint[] pi = Pi.Value;
        pi.AsSpan(0, _p.Length).CopyTo(_p);
        pi.AsSpan(_p.Length).CopyTo(_s);
    }

    // The first state of the cipher is the fraction of pi in binary; Machin's formula gives it.
    private static uint[] PiDigits()
    {
        const int Words = Rounds + 2 + 4 * 256;
        const int Guard = 64;
        BigInteger one = BigInteger.One << (Words * 32 + Guard);
        BigInteger pi = 16 * Arctangent(one, 5) - 4 * Arctangent(one, 239);
        BigInteger fraction = (pi - 3 * one) >> Guard;
        byte[] bytes = fraction.ToByteArray(true, true);
        var words = new uint[Words];
        int missing = Words * 4 - bytes.Length;
        for (int i = 0; i < bytes.Length; i++)
            words[(i + missing) / 4] |= (uint)bytes[i] << (24 - 8 * ((i + missing) % 4));
        return words;
    }

    private static BigInteger Arctangent(BigInteger one, int inverse)
    {
        BigInteger power = one / inverse;
        BigInteger sum = power;
        int square = inverse * inverse;
        for (int n = 3; !power.IsZero; n += 2)
        {
            power /= square;
            sum += n % 4 == 3 ? -(power / n) : power / n;
        }

        return sum;
    }

    /// <summary>Mixes in a key, and a salt when there is one.</summary>
    public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        int at = 0;
        for (int i = 0; i < _p.Length; i++)
            _p[i] ^= NextWord(key, ref at);
        at = 0;
        uint left = 0, right = 0;
        for (int i = 0; i < _p.Length; i += 2)
            MixInto(_p, i, salt, ref at, ref left, ref right);
        for (int i = 0; i < _s.Length; i += 2)
            MixInto(_s, i, salt, ref at, ref left, ref right);
    }

    private void MixInto(uint[] target, int i, ReadOnlySpan<byte> salt, ref int at, ref uint left, ref uint right)
    {
        if (!salt.IsEmpty)
        {
            left ^= NextWord(salt, ref at);
            right ^= NextWord(salt, ref at);
        }

        Encrypt(ref left, ref right);
        target[i] = left;
        target[i + 1] = right;
    }

    private static uint NextWord(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint word = 0;
        for (int i = 0; i < 4; i++)
        {
            word = word << 8 | bytes[at];
            at = at + 1 == bytes.Length ? 0 : at + 1;
        }

        return word;
    }

    /// <summary>Encrypts a block of two words.</summary>
    public void Encrypt(ref uint left, ref uint right)
    {
        uint l = left, r = right;
        uint[] p = _p, s = _s;
        for (int i = 0; i < Rounds; i += 2)
        {
            l ^= p[i];
            r ^= ((s[l >> 24] + s[256 + (l >> 16 & 255)]) ^ s[512 + (l >> 8 & 255)]) + s[768 + (l & 255)];
            r ^= p[i + 1];
            l ^= ((s[r >> 24] + s[256 + (r >> 16 & 255)]) ^ s[512 + (r >> 8 & 255)]) + s[768 + (r & 255)];
        }

        left = r ^ p[Rounds + 1];
        right = l ^ p[Rounds];
    }
}
