using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>PEM blocks as Go writes them: lines of 64 characters, a line end at the end.</summary>
internal static class Pem
{
    public static string Encode(string label, ReadOnlySpan<byte> bytes) => PemEncoding.WriteString(label, bytes) + "\n";

    /// <summary>The first block of a text; null when it has none.</summary>
    public static (string Label, byte[] Bytes)? Decode(string text)
    {
        if (!PemEncoding.TryFind(text, out PemFields fields))
            return null;
        return (text[fields.Label], Convert.FromBase64String(text[fields.Base64Data]));
    }
}
