using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>Keys made of a given source of randomness, where the system's own generators would take no other.</summary>
internal static class PrimeKeys
{
    private static readonly BigInteger P256Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static readonly int[] SmallPrimes = Sieve(20000);

    private static int[] Sieve(int limit)
    {
        var composite = new bool[limit];
        var primes = new List<int>();
        for (int i = 3; i < limit; i += 2)
        {
            if (composite[i])
                continue;
            primes.Add(i);
            for (long j = (long)i * i; j < limit; j += 2 * i)
                composite[j] = true;
        }

        return primes.ToArray();
    }

    private static BigInteger Bits(IRandomSource random, int bits)
    {
        var bytes = new byte[(bits + 7) / 8];
        random.Fill(bytes);
        return new BigInteger(bytes, true) & ((BigInteger.One << bits) - 1);
    }

    /// <summary>A number from 0 up to a bound.</summary>
    public static BigInteger Below(IRandomSource random, BigInteger bound)
    {
        int bits = (int)bound.GetBitLength();
        while (true)
        {
            BigInteger number = Bits(random, bits);
            if (number < bound)
                return number;
        }
    }

    public static byte[] EcScalar(IRandomSource random)
    {
        var bytes = new byte[32];
        byte[] scalar = (Below(random, P256Order - 1) + 1).ToByteArray(true, true);
        scalar.CopyTo(bytes, 32 - scalar.Length);
        return bytes;
    }

    private static BigInteger Prime(IRandomSource random, int bits, BigInteger exponent)
    {
        while (true)
        {
            // The two highest bits set, so that a product of two has full length.
            BigInteger start = Bits(random, bits) | 3 * (BigInteger.One << (bits - 2)) | 1;
            var rests = new int[SmallPrimes.Length];
            for (int i = 0; i < rests.Length; i++)
                rests[i] = (int)(start % SmallPrimes[i]);
            for (int delta = 0; delta < 1 << 14; delta += 2)
            {
                if (!IsDivisible(rests, delta) && IsProbablePrime(start + delta, random)
                    && BigInteger.GreatestCommonDivisor(start + delta - 1, exponent).IsOne && (start + delta).GetBitLength() == bits)
                    return start + delta;
            }
        }
    }

    private static bool IsDivisible(int[] rests, int delta)
    {
        for (int i = 0; i < rests.Length; i++)
        {
            if ((rests[i] + delta) % SmallPrimes[i] == 0)
                return true;
        }

        return false;
    }

    // Miller and Rabin's test.
    private static bool IsProbablePrime(BigInteger n, IRandomSource random)
    {
        BigInteger odd = n - 1;
        int twos = 0;
        for (; odd.IsEven; odd >>= 1)
            twos++;
        int rounds = n.GetBitLength() >= 1024 ? 8 : 32;
        for (int i = 0; i < rounds; i++)
        {
            BigInteger witness = i == 0 ? 2 : Below(random, n - 3) + 2;
            BigInteger x = BigInteger.ModPow(witness, odd, n);
            if (x.IsOne || x == n - 1)
                continue;
            bool composite = true;
            for (int j = 1; j < twos && composite; j++)
            {
                x = x * x % n;
                composite = x != n - 1;
            }

            if (composite)
                return false;
        }

        return true;
    }

    public static RSAParameters Rsa(IRandomSource random, int bits)
    {
        BigInteger e = 65537;
        BigInteger p = Prime(random, bits / 2, e), q = Prime(random, bits / 2, e);
        while (p == q)
            q = Prime(random, bits / 2, e);
        if (p < q)
            (p, q) = (q, p);
        BigInteger d = Inverse(e, (p - 1) * (q - 1) / BigInteger.GreatestCommonDivisor(p - 1, q - 1));
        int size = bits / 8;
        return new RSAParameters
        {
            Modulus = Fixed(p * q, size),
            Exponent = e.ToByteArray(true, true),
            D = Fixed(d, size),
            P = Fixed(p, size / 2),
            Q = Fixed(q, size / 2),
            DP = Fixed(d % (p - 1), size / 2),
            DQ = Fixed(d % (q - 1), size / 2),
            InverseQ = Fixed(Inverse(q, p), size / 2),
        };
    }

    private static byte[] Fixed(BigInteger number, int size)
    {
        byte[] bytes = number.ToByteArray(true, true);
        var result = new byte[size];
        bytes.CopyTo(result, size - bytes.Length);
        return result;
    }

    private static BigInteger Inverse(BigInteger a, BigInteger modulus)
    {
        (BigInteger r, BigInteger next) = (modulus, a % modulus);
        (BigInteger t, BigInteger nextT) = (BigInteger.Zero, BigInteger.One);
        while (!next.IsZero)
        {
            BigInteger quotient = r / next;
            (r, next) = (next, r - quotient * next);
            (t, nextT) = (nextT, t - quotient * nextT);
        }

        return t.Sign < 0 ? t + modulus : t;
    }

    /// <summary>A prime p, a prime q that divides p - 1, and a generator of the group of order q.</summary>
    public static (BigInteger P, BigInteger Q, BigInteger G) DsaParameters(IRandomSource random, int bits, int smallBits)
    {
        while (true)
        {
            BigInteger q = Prime(random, smallBits, BigInteger.One);
            for (int i = 0; i < 4 * bits; i++)
            {
                BigInteger p = Bits(random, bits) | BigInteger.One << (bits - 1);
                p -= p % (2 * q) - 1;
                if (p.GetBitLength() != bits || HasSmallFactor(p) || !IsProbablePrime(p, random))
                    continue;
                for (BigInteger h = 2; ; h++)
                {
                    BigInteger g = BigInteger.ModPow(h, (p - 1) / q, p);
                    if (!g.IsOne)
                        return (p, q, g);
                }
            }
        }
    }

    private static bool HasSmallFactor(BigInteger number)
    {
        foreach (int prime in SmallPrimes)
        {
            if ((number % prime).IsZero)
                return true;
        }

        return false;
    }
}
