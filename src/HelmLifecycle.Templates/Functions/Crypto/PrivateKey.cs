using System.Formats.Asn1;
using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>A private key of one of the kinds that Sprig makes and reads.</summary>
internal abstract class PrivateKey : IDisposable
{
    /// <summary>The key as Go writes it: PKCS #1, SEC 1 or PKCS #8, by kind.</summary>
    public abstract string ToPem();

    /// <summary>The public key as SubjectPublicKeyInfo.</summary>
    public abstract byte[] PublicKeyInfo { get; }

    /// <summary>Writes the identifier of the algorithm that <see cref="Sign"/> follows.</summary>
    public abstract void WriteSignatureAlgorithm(AsnWriter writer);

    public abstract byte[] Sign(byte[] data);

    public virtual void Dispose()
    {
    }

    /// <summary>Makes a key.</summary>
    /// <param name="random">Where it comes from.</param>
    /// <param name="kind">rsa (also when empty), ecdsa, ed25519 or dsa.</param>
    /// <param name="rsaBits">The size of an RSA key.</param>
    /// <returns>Null when the kind is not known.</returns>
    public static PrivateKey? Generate(IRandomSource random, string kind, int rsaBits) => kind switch
    {
        "" or "rsa" => RsaKey.Generate(random, rsaBits),
        "ecdsa" => EcKey.Generate(random),
        "ed25519" => Ed25519Key.Generate(random),
        "dsa" => DsaKey.Generate(random),
        _ => null,
    };

    /// <summary>Reads a key.</summary>
    /// <exception cref="GoFunctionException">It is none.</exception>
    public static PrivateKey Parse(string pem)
    {
        const string Suffix = " PRIVATE KEY";
        if (Pem.Decode(pem) is not { } block)
            throw new GoFunctionException("no PEM data in input");
        if (block.Label != "PRIVATE KEY" && !block.Label.EndsWith(Suffix, StringComparison.Ordinal))
            throw new GoFunctionException("no private key data in PEM block of type " + block.Label);
        (string doing, Func<byte[], PrivateKey> read) = block.Label switch
        {
            "PRIVATE KEY" => ("decoding PEM as PKCS#8", (Func<byte[], PrivateKey>)ReadPkcs8),
            "RSA PRIVATE KEY" => ("parsing RSA private key from PEM", RsaKey.Read),
            "EC PRIVATE KEY" => ("parsing EC private key from PEM", EcKey.Read),
            "DSA PRIVATE KEY" => ("parsing DSA private key from PEM", DsaKey.Read),
            _ => throw new GoFunctionException("invalid private key type " + block.Label),
        };
        try
        {
            return read(block.Bytes);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            throw new GoFunctionException($"{doing}: asn1: structure error", e);
        }
    }

    private static PrivateKey ReadPkcs8(byte[] bytes)
    {
        AsnReader sequence = new AsnReader(bytes, AsnEncodingRules.DER).ReadSequence();
        sequence.ReadInteger();
        string algorithm = sequence.ReadSequence().ReadObjectIdentifier();
        return algorithm switch
        {
            "1.2.840.113549.1.1.1" => RsaKey.ReadPkcs8(bytes),
            "1.2.840.10045.2.1" => EcKey.ReadPkcs8(bytes),
            Ed25519Key.Algorithm => new Ed25519Key(new AsnReader(sequence.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString()),
            _ => throw new GoFunctionException(
                "decoding PEM as PKCS#8: x509: PKCS#8 wrapping contained private key with unknown algorithm: " + algorithm),
        };
    }
}

/// <summary>An RSA key; signs with SHA-256.</summary>
internal sealed class RsaKey(RSA rsa) : PrivateKey
{
    public static RsaKey Generate(IRandomSource random, int bits)
    {
        if (random is SystemRandomSource)
            return new RsaKey(RSA.Create(bits));
        var rsa = RSA.Create();
        rsa.ImportParameters(PrimeKeys.Rsa(random, bits));
        return new RsaKey(rsa);
    }

    public static RsaKey Read(byte[] bytes)
    {
        var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(bytes, out _);
        return new RsaKey(rsa);
    }

    public static RsaKey ReadPkcs8(byte[] bytes)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(bytes, out _);
        return new RsaKey(rsa);
    }

    public override string ToPem() => Pem.Encode("RSA PRIVATE KEY", rsa.ExportRSAPrivateKey());

    public override byte[] PublicKeyInfo => rsa.ExportSubjectPublicKeyInfo();

    public override void WriteSignatureAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.1.11");
            writer.WriteNull();
        }
    }

    public override byte[] Sign(byte[] data) => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public override void Dispose() => rsa.Dispose();
}

/// <summary>A key on a NIST curve.</summary>
internal sealed class EcKey(ECDsa ec) : PrivateKey
{
    public static EcKey Generate(IRandomSource random)
    {
        if (random is SystemRandomSource)
            return new EcKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        return new EcKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = PrimeKeys.EcScalar(random) }));
    }

    public static EcKey Read(byte[] bytes)
    {
        var ec = ECDsa.Create();
        ec.ImportECPrivateKey(bytes, out _);
        return new EcKey(ec);
    }

    public static EcKey ReadPkcs8(byte[] bytes)
    {
        var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(bytes, out _);
        return new EcKey(ec);
    }

    public override string ToPem() => Pem.Encode("EC PRIVATE KEY", ec.ExportECPrivateKey());

    public override byte[] PublicKeyInfo => ec.ExportSubjectPublicKeyInfo();

    private (string Algorithm, HashAlgorithmName Hash) Scheme => ec.KeySize switch
    {
        <= 256 => ("1.2.840.10045.4.3.2", HashAlgorithmName.SHA256),
        384 => ("1.2.840.10045.4.3.3", HashAlgorithmName.SHA384),
        _ => ("1.2.840.10045.4.3.4", HashAlgorithmName.SHA512),
    };

    public override void WriteSignatureAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(Scheme.Algorithm);
    }

    public override byte[] Sign(byte[] data) => ec.SignData(data, Scheme.Hash, DSASignatureFormat.Rfc3279DerSequence);

    public override void Dispose() => ec.Dispose();
}

/// <summary>An Ed25519 key.</summary>
internal sealed class Ed25519Key(byte[] seed) : PrivateKey
{
    public const string Algorithm = "1.3.101.112";

    public static Ed25519Key Generate(IRandomSource random)
    {
        var seed = new byte[32];
        random.Fill(seed);
        return new Ed25519Key(seed);
    }

    public override string ToPem()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteSignatureAlgorithm(writer);
            using (writer.PushOctetString())
                writer.WriteOctetString(seed);
        }

        return Pem.Encode("PRIVATE KEY", writer.Encode());
    }

    public override byte[] PublicKeyInfo
    {
        get
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                WriteSignatureAlgorithm(writer);
                writer.WriteBitString(Ed25519.PublicKey(seed));
            }

            return writer.Encode();
        }
    }

    public override void WriteSignatureAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(Algorithm);
    }

    public override byte[] Sign(byte[] data) => Ed25519.Sign(seed, data);
}
