using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HelmLifecycle.Templates.Tests.Functions;

public class CryptoTests
{
    [Theory]
    [InlineData("U*U", "CCCCCCCCCCCCCCCCCCCCC.", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "CCCCCCCCCCCCCCCCCCCCC.", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "XXXXXXXXXXXXXXXXXXXXXO", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "CCCCCCCCCCCCCCCCCCCCC.", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    public void Bcrypt_gives_the_published_hashes(string password, string salt, string hash) =>
        BCrypt.Hash(Encoding.ASCII.GetBytes(password), SaltOf(salt), 5, default).Should().Be(hash);

    private static byte[] SaltOf(string text)
    {
        const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        System.Numerics.BigInteger bits = 0;
        foreach (char c in text)
            bits = bits << 6 | Alphabet.IndexOf(c);
        return (bits >> 4).ToByteArray(true, true);
    }

    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    public void Scrypt_gives_the_keys_of_RFC_7914(string password, string salt, int n, int r, int p, string key) =>
        Convert.ToHexStringLower(SCrypt.DeriveKey(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), n, r, p, 64, default)).Should().Be(key);

    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    public void Ed25519_gives_the_signatures_of_RFC_8032(string seed, string publicKey, string message, string signature)
    {
        Convert.ToHexStringLower(Ed25519.PublicKey(Convert.FromHexString(seed))).Should().Be(publicKey);
        Convert.ToHexStringLower(Ed25519.Sign(Convert.FromHexString(seed), Convert.FromHexString(message))).Should().Be(signature);
    }

    [Theory]
    [InlineData("{{ derivePassword 1 \"long\" \"password\" \"user\" \"example.com\" }}", "ZedaFaxcZaso9*")]
    [InlineData("{{ derivePassword 1 \"pin\" \"password\" \"user\" \"example.com\" }}", "6685")]
    [InlineData("{{ derivePassword 1 \"bad\" \"password\" \"user\" \"example.com\" }}", "cannot find password template bad")]
    [InlineData("{{ encryptAES \"secret\" \"plain text\" | decryptAES \"secret\" }}", "plain text")]
    [InlineData("{{ decryptAES \"secretkey\" \"30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=\" }}", "plaintext")]
    [InlineData("{{ htpasswd \"a:b\" \"x\" }} {{ genPrivateKey \"foo\" }}", "invalid username: a:b Unknown type foo")]
    public void Passwords_and_ciphers_follow_Sprig(string text, string expected) => Sprig.Render(text).Should().Be(expected);

    [Fact]
    public void The_same_randomness_gives_the_same_texts()
    {
        const string Text = "{{ randAlphaNum 9 }} {{ randAlpha 3 }} {{ randNumeric 4 }} {{ randAscii 5 }} {{ randBytes 4 }} {{ randInt 5 9 }} {{ uuidv4 }} {{ shuffle \"abcdef\" }} {{ bcrypt \"x\" }}";
        string once = Sprig.Render(Text);
        Sprig.Render(Text).Should().Be(once);
        once.Should().MatchRegex("^[A-Za-z0-9]{9} [A-Za-z]{3} [0-9]{4} .{5} [^ ]{8} [5-8] [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} [a-f]{6} \\$2a\\$10\\$.{53}$");
    }

    private static readonly RenderOptions Random = new() { Time = Sprig.Options().Time };

    private static string[] Parts(string template) => Sprig.Render(template, default, Random).Split('#');

    [Theory]
    [InlineData("rsa", "RSA PRIVATE KEY")]
    [InlineData("ecdsa", "EC PRIVATE KEY")]
    public void Generated_keys_are_read_by_NET(string kind, string label)
    {
        string pem = Sprig.Render($"{{{{ genPrivateKey \"{kind}\" }}}}", default, Random);
        pem.Should().StartWith($"-----BEGIN {label}-----\n").And.EndWith($"-----END {label}-----\n");
        using AsymmetricAlgorithm key = kind == "rsa" ? RSA.Create() : ECDsa.Create();
        key.ImportFromPem(pem);
        key.KeySize.Should().Be(kind == "rsa" ? 4096 : 256);
    }

    [Fact]
    public void A_signed_certificate_carries_what_was_asked_for_and_is_trusted_through_its_authority()
    {
        string[] parts = Parts(
            "{{ $ca := genCA \"my-ca\" 365 }}{{ $c := genSignedCert \"web\" (list \"10.0.0.1\" \"::1\") (list \"a.example\" \"*.b.example\") 30 $ca }}{{ $ca.Cert }}#{{ $c.Cert }}#{{ $c.Key }}");
        using X509Certificate2 ca = X509Certificate2.CreateFromPem(parts[0]);
        using X509Certificate2 cert = X509Certificate2.CreateFromPem(parts[1], parts[2]);
        cert.Subject.Should().Be("CN=web");
        cert.Issuer.Should().Be("CN=my-ca");
        cert.NotBefore.ToUniversalTime().Should().Be(Sprig.Now.UtcDateTime);
        cert.NotAfter.ToUniversalTime().Should().Be(Sprig.Now.UtcDateTime.AddDays(30));
        X509SubjectAlternativeNameExtension names = cert.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        names.EnumerateDnsNames().Should().Equal("a.example", "*.b.example");
        names.EnumerateIPAddresses().Select(a => a.ToString()).Should().Equal("10.0.0.1", "::1");
        cert.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages.Should().Be(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment);
        ca.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.Should().BeTrue();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Sprig.Now.UtcDateTime.AddDays(1);
        chain.Build(cert).Should().BeTrue(string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation)));
    }

    [Fact]
    public void A_custom_source_of_randomness_makes_the_same_key_each_time()
    {
        using PrivateKey once = PrivateKey.Generate(Sprig.Options().Random, "rsa", 1024)!;
        using PrivateKey again = PrivateKey.Generate(Sprig.Options().Random, "rsa", 1024)!;
        again.ToPem().Should().Be(once.ToPem());
        PrivateKey.Generate(Sprig.Options().Random, "ecdsa", 0)!.ToPem().Should().Be(PrivateKey.Generate(Sprig.Options().Random, "ecdsa", 0)!.ToPem());
        once.Sign([1, 2, 3]).Should().Equal(again.Sign([1, 2, 3]));
    }

    [Theory]
    [InlineData("{{ genSelfSignedCert \"a\" (list \"bad\") nil 1 }}", "error parsing ip: bad")]
    [InlineData("{{ genSelfSignedCert \"a\" (list 5) nil 1 }}", "error parsing ip: 5 is not a string")]
    [InlineData("{{ genSelfSignedCert \"a\" nil (list 5) 1 }}", "error processing alternate dns name: 5 is not a string")]
    [InlineData("{{ genCAWithKey \"a\" 1 \"x\" }}", "parsing private key: no PEM data in input")]
    [InlineData("{{ buildCustomCert \"!\" \"\" }}", "unable to decode base64 certificate")]
    [InlineData("{{ buildCustomCert \"\" \"!\" }}", "unable to decode base64 private key")]
    [InlineData("{{ buildCustomCert \"\" \"\" }}", "unable to decode certificate")]
    [InlineData("{{ genSignedCert \"a\" nil nil 1 (dict) }}", "wrong type for value; expected sprig.certificate; got map[string]interface {}")]
    public void Bad_requests_give_the_words_of_Sprig(string text, string error) => Sprig.ErrorOf(text, default, Random).Should().EndWith(error);

    [Fact]
    public void A_certificate_goes_through_buildCustomCert() =>
        Sprig.Render("{{ $c := genSelfSignedCert \"a\" nil nil 1 }}{{ eq (buildCustomCert (b64enc $c.Cert) (b64enc $c.Key)).Cert $c.Cert }}", default, Random)
            .Should().Be("true");

    [OpenSslTheory]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    [InlineData("ed25519")]
    public void OpenSSL_trusts_certificates_for_every_kind_of_key(string kind)
    {
        string[] parts = Parts(
            $"{{{{ $k := {(kind == "rsa" ? "(genCA \"k\" 1).Key" : $"genPrivateKey \"{kind}\"")} }}}}{{{{ $ca := genCAWithKey \"ca\" 3650 $k }}}}{{{{ $c := genSignedCertWithKey \"web\" (list \"10.0.0.1\") (list \"a.example\") 365 $ca $k }}}}{{{{ $ca.Cert }}}}#{{{{ $c.Cert }}}}#{{{{ $c.Key }}}}");
        string folder = Directory.CreateTempSubdirectory("certificates").FullName;
        try
        {
            string ca = Path.Combine(folder, "ca.pem"), cert = Path.Combine(folder, "cert.pem"), key = Path.Combine(folder, "key.pem");
            File.WriteAllText(ca, parts[0]);
            File.WriteAllText(cert, parts[1]);
            File.WriteAllText(key, parts[2]);
            long time = Sprig.Now.AddDays(1).ToUnixTimeSeconds();
            OpenSsl($"verify -attime {time} -CAfile {ca} {cert}").Should().Contain("cert.pem: OK");
            OpenSsl($"x509 -in {cert} -noout -text").Should().Contain("DNS:a.example, IP Address:10.0.0.1");
            OpenSsl($"x509 -in {cert} -noout -pubkey").Should().Be(OpenSsl($"pkey -in {key} -pubout"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [OpenSslFact]
    public void OpenSSL_reads_DSA_keys()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Sprig.Render("{{ genPrivateKey \"dsa\" }}", default, Random));
            OpenSsl($"dsa -in {file} -noout -text").Should().Contain("Private-Key: (2048 bit)");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string OpenSsl(string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : output + errors.Result;
    }

    private static string? WithoutOpenSsl() => RealPart.SkipReason(RealPart.IsOnPath("openssl"), "openssl is not on the path");

    private sealed class OpenSslFactAttribute : FactAttribute
    {
        public OpenSslFactAttribute() => Skip = WithoutOpenSsl();
    }

    private sealed class OpenSslTheoryAttribute : TheoryAttribute
    {
        public OpenSslTheoryAttribute() => Skip = WithoutOpenSsl();
    }
}
