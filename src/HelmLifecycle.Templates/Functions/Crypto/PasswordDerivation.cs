using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary><c>derivePassword</c>: the Master Password algorithm.</summary>
internal static class PasswordDerivation
{
    private static readonly byte[] Scope = "com.lyndir.masterpassword"u8.ToArray();

    private static string[]? TemplatesOf(string kind) => kind switch
    {
        "maximum" => ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" =>
        [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno", "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv",
            "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        "medium" => ["CvcnoCvc", "CvcCvcno"],
        "short" => ["Cvcn"],
        "basic" => ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => ["nnnn"],
        _ => null,
    };

    private static string CharactersOf(char kind) => kind switch
    {
        'V' => "AEIOU",
        'C' => "BCDFGHJKLMNPQRSTVWXYZ",
        'v' => "aeiou",
        'c' => "bcdfghjklmnpqrstvwxyz",
        'a' => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        'n' => "0123456789",
        'o' => "@&%?,=[]_:-+*$#!'^~;()/.",
        _ => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    };

    public static string Derive(uint counter, string kind, string password, string user, string site, CancellationToken cancellationToken)
    {
        if (TemplatesOf(kind) is not { } templates)
            return "cannot find password template " + kind;
        byte[] salt = [.. Scope, .. WithLength(user)];
        byte[] key = SCrypt.DeriveKey(GoString.ToBytes(password), salt, 32768, 8, 2, 64, cancellationToken);
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, counter);
        byte[] seed = HMACSHA256.HashData(key, (byte[])[.. Scope, .. WithLength(site), .. count]);
        string template = templates[seed[0] % templates.Length];
        var result = new StringBuilder(template.Length);
        for (int i = 0; i < template.Length; i++)
        {
            string characters = CharactersOf(template[i]);
            result.Append(characters[seed[i + 1] % characters.Length]);
        }

        return result.ToString();
    }

    private static byte[] WithLength(string text)
    {
        byte[] bytes = GoString.ToBytes(text);
        var result = new byte[bytes.Length + 4];
        BinaryPrimitives.WriteUInt32BigEndian(result, (uint)bytes.Length);
        bytes.CopyTo(result, 4);
        return result;
    }
}
