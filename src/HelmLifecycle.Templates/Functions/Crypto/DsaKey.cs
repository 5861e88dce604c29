using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>A DSA key with 2048 and 256 bits, in OpenSSL's old form. It cannot sign certificates, as in Go.</summary>
internal sealed class DsaKey(BigInteger p, BigInteger q, BigInteger g, BigInteger y, BigInteger x) : PrivateKey
{
    public static DsaKey Generate(IRandomSource random)
    {
        if (random is SystemRandomSource)
        {
            try
            {
                using var dsa = DSA.Create(2048);
                DSAParameters made = dsa.ExportParameters(true);
                return new DsaKey(Number(made.P), Number(made.Q), Number(made.G), Number(made.Y), Number(made.X));
            }
            catch (Exception e) when (e is PlatformNotSupportedException or CryptographicException)
            {
                // Not every system has DSA any more; then we make the key ourselves.
            }
        }

        (BigInteger p, BigInteger q, BigInteger g) = PrimeKeys.DsaParameters(random, 2048, 256);
        BigInteger x = PrimeKeys.Below(random, q - 1) + 1;
        return new DsaKey(p, q, g, BigInteger.ModPow(g, x, p), x);
    }

    private static BigInteger Number(byte[]? bytes) => new(bytes, true, true);

    public static DsaKey Read(byte[] bytes)
    {
        AsnReader sequence = new AsnReader(bytes, AsnEncodingRules.DER).ReadSequence();
        sequence.ReadInteger();
        return new DsaKey(
            sequence.ReadInteger(), sequence.ReadInteger(), sequence.ReadInteger(), sequence.ReadInteger(), sequence.ReadInteger());
    }

    public override string ToPem()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            foreach (BigInteger number in (BigInteger[])[p, q, g, y, x])
                writer.WriteInteger(number);
        }

        return Pem.Encode("DSA PRIVATE KEY", writer.Encode());
    }

    public override byte[] PublicKeyInfo => throw CannotSign();

    public override void WriteSignatureAlgorithm(AsnWriter writer) => throw CannotSign();

    public override byte[] Sign(byte[] data) => throw CannotSign();

    private static GoFunctionException CannotSign() =>
        new("error creating certificate: x509: certificate private key does not implement crypto.Signer");
}
