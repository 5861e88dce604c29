using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HelmLifecycle.Templates;

/// <summary>What the certificate functions give to templates: the certificate and its key, both as PEM.</summary>
internal sealed class GoCertificate(string certificate, string key) : IGoObject, IEquatable<GoCertificate>
{
    public static GoType Type { get; } = new("sprig.certificate", GoKind.Object, "struct");

    public string Certificate => certificate;

    public string Key => key;

    GoType IGoObject.GoType => Type;

    public bool TryGetField(string name, out GoValue value)
    {
        value = name switch { "Cert" => certificate, "Key" => key, _ => default };
        return !value.IsNil;
    }

    public string Print() => $"{{{certificate} {key}}}";

    public string MarshalJson() => $"{{\"Cert\":{HelmJson.Write(certificate)},\"Key\":{HelmJson.Write(key)}}}";

    public bool Equals(GoCertificate? other) => other is not null && certificate == other.Certificate && key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as GoCertificate);

    public override int GetHashCode() => certificate.GetHashCode(StringComparison.Ordinal);

    /// <summary>Takes a certificate and key over, both Base64 of PEM, after a look whether they are such.</summary>
    public static GoValue Build(string certificate, string key)
    {
        if (!Base64.TryDecode(GoString.ToBytes(certificate), out byte[] certificateBytes, out _))
            throw new GoFunctionException("unable to decode base64 certificate");
        if (!Base64.TryDecode(GoString.ToBytes(key), out byte[] keyBytes, out _))
            throw new GoFunctionException("unable to decode base64 private key");
        string certificatePem = GoString.FromBytes(certificateBytes), keyPem = GoString.FromBytes(keyBytes);
        using X509Certificate2 parsed = ParsePem(certificatePem, "decodedCert.Bytes");
        try
        {
            PrivateKey.Parse(keyPem).Dispose();
        }
        catch (GoFunctionException e)
        {
            throw new GoFunctionException("error parsing private key: " + e.Message, e);
        }

        return GoValue.Object(new GoCertificate(certificatePem, keyPem));
    }

    /// <summary>Reads a certificate.</summary>
    /// <param name="pem">The PEM.</param>
    /// <param name="what">What the error message calls it.</param>
    public static X509Certificate2 ParsePem(string pem, string what)
    {
        if (Pem.Decode(pem) is not { } block)
            throw new GoFunctionException("unable to decode certificate");
        try
        {
            return X509CertificateLoader.LoadCertificate(block.Bytes);
        }
        catch (CryptographicException e)
        {
            throw new GoFunctionException($"error parsing certificate: {what}: x509: malformed certificate", e);
        }
    }
}
