using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HelmLifecycle.Templates;

/// <summary>What a certificate is asked to say.</summary>
internal sealed record CertificateRequestData(string CommonName, IReadOnlyList<byte[]> Addresses, IReadOnlyList<string> DnsNames, long Days)
{
    public bool IsCa { get; init; }

    /// <summary>Reads the arguments common name, IP addresses, DNS names, days.</summary>
    public static CertificateRequestData Read(ReadOnlySpan<GoValue> a)
    {
        var addresses = new List<byte[]>();
        foreach (GoValue item in a[1].AsList ?? GoList.Empty)
        {
            string text = item.AsString ?? throw new GoFunctionException($"error parsing ip: {GoText.Print(item)} is not a string");
            addresses.Add(ParseAddress(text) ?? throw new GoFunctionException("error parsing ip: " + text));
        }

        var names = new List<string>();
        foreach (GoValue item in a[2].AsList ?? GoList.Empty)
        {
            names.Add(item.AsString
                ?? throw new GoFunctionException($"error processing alternate dns name: {GoText.Print(item)} is not a string"));
        }

        return new CertificateRequestData(a[0].AsString!, addresses, names, a[3].IntValue);
    }

    // Go takes four decimal numbers without leading zeros, or an IPv6 address without a zone.
    private static byte[]? ParseAddress(string text)
    {
        if (!text.Contains(':'))
        {
            string[] parts = text.Split('.');
            bool plain = parts.Length == 4
                && parts.All(static p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit) && (p == "0" || p[0] != '0'));
            return plain && IPAddress.TryParse(text, out IPAddress? v4) ? v4.GetAddressBytes() : null;
        }

        if (!text.All(static c => char.IsAsciiHexDigit(c) || c is ':' or '.') || !IPAddress.TryParse(text, out IPAddress? v6)
            || v6.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        return v6.IsIPv4MappedToIPv6 ? v6.MapToIPv4().GetAddressBytes() : v6.GetAddressBytes();
    }
}

/// <summary>Makes X.509 certificates as Go's <c>x509.CreateCertificate</c> does for Sprig.</summary>
internal static class CertificateMaker
{
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag AddressTag = new(TagClass.ContextSpecific, 7);

    /// <summary>Makes a certificate and signs it.</summary>
    /// <param name="context">The clock and the source of the serial number.</param>
    /// <param name="request">What it is to say.</param>
    /// <param name="key">The key it is for.</param>
    /// <param name="issuer">Who signs; null for the key itself.</param>
    public static GoValue Make(GoCallContext context, CertificateRequestData request, PrivateKey key, GoCertificate? issuer)
    {
        if (issuer is null)
            return Make(context, request, key, key, null, null);
        using X509Certificate2 parent = GoCertificate.ParsePem(issuer.Certificate, "decodedSignerCert.Bytes");
        PrivateKey signer;
        try
        {
            signer = PrivateKey.Parse(issuer.Key);
        }
        catch (GoFunctionException e)
        {
            throw new GoFunctionException("error parsing private key: " + e.Message, e);
        }

        using (signer)
        {
            byte[]? parentKeyId =
                parent.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes.ToArray();
            if (signer is not DsaKey && !parent.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(signer.PublicKeyInfo))
                throw Failure("x509: provided PrivateKey doesn't match parent's PublicKey");
            return Make(context, request, key, signer, parent.SubjectName.RawData, parentKeyId);
        }
    }

    private static GoFunctionException Failure(string message) => new("error creating certificate: " + message);

    private static GoValue Make(
        GoCallContext context, CertificateRequestData request, PrivateKey key, PrivateKey signer, byte[]? issuerName, byte[]? issuerKeyId)
    {
        byte[] subject = Name(request.CommonName);
        issuerName ??= subject;
        byte[] publicKeyInfo = key.PublicKeyInfo;
        if (issuerName.AsSpan().SequenceEqual(subject))
            issuerKeyId = null;
        var serial = new byte[16];
        context.Random.Fill(serial);
        GoTime now = GoTime.Now(context.Time);
        GoTime end = now.Add(unchecked(request.Days * 24 * GoDuration.Hour));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                writer.WriteInteger(2);
            writer.WriteInteger(new BigInteger(serial, true, true));
            signer.WriteSignatureAlgorithm(writer);
            writer.WriteEncodedValue(issuerName);
            using (writer.PushSequence())
            {
                WriteTime(writer, now);
                WriteTime(writer, end);
            }

            writer.WriteEncodedValue(subject);
            writer.WriteEncodedValue(publicKeyInfo);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            using (writer.PushSequence())
                WriteExtensions(writer, request, publicKeyInfo, issuerKeyId);
        }

        byte[] content = writer.Encode();
        writer.Reset();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(content);
            signer.WriteSignatureAlgorithm(writer);
            writer.WriteBitString(signer.Sign(content));
        }

        return GoValue.Object(new GoCertificate(Pem.Encode("CERTIFICATE", writer.Encode()), key.ToPem()));
    }

    private static byte[] Name(string commonName)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (commonName.Length > 0)
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.5.4.3");
                    WriteText(writer, commonName);
                }
            }
        }

        return writer.Encode();
    }

    private static void WriteText(AsnWriter writer, string text)
    {
        if (GoString.HasInvalidBytes(text))
            throw Failure("asn1: string not valid UTF-8");
        bool printable = text.All(static c => char.IsAsciiLetterOrDigit(c) || " '()+,-./:=?".Contains(c));
        writer.WriteCharacterString(printable ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String, text);
    }

    // Two-digit years reach to 2049.
    private static void WriteTime(AsnWriter writer, GoTime time)
    {
        if (time.In(GoLocation.Utc).Date.Year is < 0 or > 9999)
            throw Failure("asn1: structure error: cannot represent time as GeneralizedTime");
        DateTimeOffset moment = DateTimeOffset.FromUnixTimeSeconds(time.Unix);
        if (moment.Year is >= 1950 and < 2050)
            writer.WriteUtcTime(moment);
        else
            writer.WriteGeneralizedTime(moment, true);
    }

    private static void WriteExtensions(AsnWriter writer, CertificateRequestData request, byte[] publicKeyInfo, byte[]? issuerKeyId)
    {
        // Digital signature and key encipherment, for an authority the signing of certificates too.
        Extension(writer, "2.5.29.15", true, w => w.WriteBitString([request.IsCa ? (byte)0xA4 : (byte)0xA0], request.IsCa ? 2 : 5));
        Extension(writer, "2.5.29.37", false, static w =>
        {
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier("1.3.6.1.5.5.7.3.1");
                w.WriteObjectIdentifier("1.3.6.1.5.5.7.3.2");
            }
        });
        Extension(writer, "2.5.29.19", true, w =>
        {
            using (w.PushSequence())
            {
                if (request.IsCa)
                    w.WriteBoolean(true);
            }
        });
        if (request.IsCa)
            Extension(writer, "2.5.29.14", false, w => w.WriteOctetString(KeyId(publicKeyInfo)));
        if (issuerKeyId is not null)
        {
            Extension(writer, "2.5.29.35", false, w =>
            {
                using (w.PushSequence())
                    w.WriteOctetString(issuerKeyId, new Asn1Tag(TagClass.ContextSpecific, 0));
            });
        }

        if (request.DnsNames.Count + request.Addresses.Count > 0)
            Extension(writer, "2.5.29.17", request.CommonName.Length == 0, w => WriteNames(w, request));
    }

    private static void WriteNames(AsnWriter writer, CertificateRequestData request)
    {
        using (writer.PushSequence())
        {
            foreach (string name in request.DnsNames)
            {
                if (name.Any(static c => c >= 0x80))
                    throw Failure($"x509: {Strconv.Quote(name)} cannot be encoded as an IA5String");
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsTag);
            }

            foreach (byte[] address in request.Addresses)
                writer.WriteOctetString(address, AddressTag);
        }
    }

    // As Go since 1.25: the first 160 bits of the SHA-256 of the key.
    private static byte[] KeyId(byte[] publicKeyInfo)
    {
        AsnReader info = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        info.ReadSequence();
        return SHA256.HashData(info.ReadBitString(out _))[..20];
    }

    private static void Extension(AsnWriter writer, string id, bool critical, Action<AsnWriter> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(id);
            if (critical)
                writer.WriteBoolean(true);
            using (writer.PushOctetString())
                value(writer);
        }
    }
}
