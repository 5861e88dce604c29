using System.Security.Cryptography;

namespace HelmLifecycle.Templates;

/// <summary>Sprig's keys, certificates, passwords and ciphers.</summary>
internal static class CryptoFunctions
{
    private const int BcryptCost = 10;

    private static readonly GoParameter[] StringInt = [GoParameter.String, GoParameter.Int];
    private static readonly GoParameter[] StringIntString = [GoParameter.String, GoParameter.Int, GoParameter.String];
    private static readonly GoParameter[] Request = [GoParameter.String, GoParameter.List, GoParameter.List, GoParameter.Int];

    internal static IEnumerable<GoFunction> All =>
    [
        new("bcrypt", GoParameters.String, static (c, a) => Bcrypt(c, a[0].AsString!)) { Cost = GoFunction.SlowCost },
        new("htpasswd", GoParameters.StringString, static (c, a) => Htpasswd(c, a[0].AsString!, a[1].AsString!)) { Cost = GoFunction.SlowCost },
        new("derivePassword", [GoParameter.Uint32, GoParameter.String, GoParameter.String, GoParameter.String, GoParameter.String],
            static (c, a) => PasswordDerivation.Derive(
                (uint)a[0].IntValue, a[1].AsString!, a[2].AsString!, a[3].AsString!, a[4].AsString!, c.CancellationToken))
        {
            Cost = GoFunction.SlowCost,
        },
        new("encryptAES", GoParameters.StringString, static (c, a) => Encrypt(c, a[0].AsString!, a[1].AsString!)),
        new("decryptAES", GoParameters.StringString, static (_, a) => Decrypt(a[0].AsString!, a[1].AsString!)),
        new("genPrivateKey", GoParameters.String, static (c, a) => PrivateKey.Generate(c.Random, a[0].AsString!, 4096)?.ToPem()
            ?? "Unknown type " + a[0].AsString)
        {
            Cost = GoFunction.SlowCost,
        },
        new("buildCustomCert", GoParameters.StringString, static (_, a) => GoCertificate.Build(a[0].AsString!, a[1].AsString!)),
        new("genCA", StringInt, static (c, a) => Ca(c, a, NewKey(c))) { Cost = GoFunction.SlowCost },
        new("genCAWithKey", StringIntString, static (c, a) => Ca(c, a, GivenKey(a[2]))),
        new("genSelfSignedCert", Request, static (c, a) => SelfSigned(c, a, NewKey(c))) { Cost = GoFunction.SlowCost },
        new("genSelfSignedCertWithKey", [.. Request, GoParameter.String], static (c, a) => SelfSigned(c, a, GivenKey(a[4]))),
        new("genSignedCert", [.. Request, GoParameter.Object], static (c, a) => Signed(c, a, NewKey(c)))
        {
            Cost = GoFunction.SlowCost,
            ObjectTypes = [null, null, null, null, GoCertificate.Type],
        },
        new("genSignedCertWithKey", [.. Request, GoParameter.Object, GoParameter.String], static (c, a) => Signed(c, a, GivenKey(a[5])))
        {
            ObjectTypes = [null, null, null, null, GoCertificate.Type, null],
        },
    ];

    private static string Bcrypt(GoCallContext context, string password)
    {
        byte[] bytes = GoString.ToBytes(password);
        if (bytes.Length > BCrypt.MaxPasswordLength)
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
        var salt = new byte[BCrypt.SaltLength];
        context.Random.Fill(salt);
        return BCrypt.Hash(bytes, salt, BcryptCost, context.CancellationToken);
    }

    private static string Htpasswd(GoCallContext context, string user, string password) =>
        user.Contains(':') ? "invalid username: " + user : user + ":" + Bcrypt(context, password);

    private static Aes Cipher(string password)
    {
        // The key is the password, cut or filled up with zeros.
        var key = new byte[32];
        byte[] bytes = GoString.ToBytes(password);
        bytes.AsSpan(0, Math.Min(bytes.Length, key.Length)).CopyTo(key);
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }

    private static GoValue Encrypt(GoCallContext context, string password, string text)
    {
        if (text.Length == 0)
            return "";
        context.Charge(text.Length);
        using Aes aes = Cipher(password);
        var iv = new byte[16];
        context.Random.Fill(iv);
        byte[] cipher = aes.EncryptCbc(GoString.ToBytes(text), iv);
        return Convert.ToBase64String([.. iv, .. cipher]);
    }

    private static GoValue Decrypt(string password, string text)
    {
        if (text.Length == 0)
            return "";
        if (!Base64.TryDecode(GoString.ToBytes(text), out byte[] bytes, out int errorAt))
            throw new GoFunctionException($"illegal base64 data at input byte {errorAt}");
        if (bytes.Length < 16)
            throw new GoFunctionException($"runtime error: slice bounds out of range [:16] with capacity {bytes.Length}");
        if (bytes.Length % 16 != 0)
            throw new GoFunctionException("crypto/cipher: input not full blocks");
        using Aes aes = Cipher(password);
        byte[] plain = aes.DecryptCbc(bytes.AsSpan(16), bytes.AsSpan(0, 16), PaddingMode.None);
        if (plain.Length == 0)
            throw new GoFunctionException("runtime error: index out of range [-1]");
        // The last byte tells how many to cut off; it is taken at its word.
        int length = plain.Length - plain[^1];
        if (length < 0)
            throw new GoFunctionException($"runtime error: slice bounds out of range [:{length}]");
        return GoString.FromBytes(plain.AsSpan(0, length));
    }

    private static PrivateKey NewKey(GoCallContext context) => PrivateKey.Generate(context.Random, "rsa", 2048)!;

    private static PrivateKey GivenKey(GoValue pem)
    {
        try
        {
            return PrivateKey.Parse(pem.AsString!);
        }
        catch (GoFunctionException e)
        {
            throw new GoFunctionException("parsing private key: " + e.Message, e);
        }
    }

    private static GoValue Ca(GoCallContext context, ReadOnlySpan<GoValue> a, PrivateKey key)
    {
        using PrivateKey used = key;
        return CertificateMaker.Make(context, new CertificateRequestData(a[0].AsString!, [], [], a[1].IntValue) { IsCa = true }, key, null);
    }

    private static GoValue SelfSigned(GoCallContext context, ReadOnlySpan<GoValue> a, PrivateKey key)
    {
        using PrivateKey used = key;
        return CertificateMaker.Make(context, CertificateRequestData.Read(a), key, null);
    }

    private static GoValue Signed(GoCallContext context, ReadOnlySpan<GoValue> a, PrivateKey key)
    {
        using PrivateKey used = key;
        return CertificateMaker.Make(context, CertificateRequestData.Read(a), key, (GoCertificate)a[4].AsObject!);
    }
}
