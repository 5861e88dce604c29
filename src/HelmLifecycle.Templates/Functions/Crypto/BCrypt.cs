using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>bcrypt, in the form <c>$2a$</c>.</summary>
internal static class BCrypt
{
    public const int SaltLength = 16;
    public const int MaxPasswordLength = 72;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Hashes a password.</summary>
    /// <param name="password">At most 72 bytes.</param>
    /// <param name="salt">16 bytes.</param>
    /// <param name="cost">The work is two to this power.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static string Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, CancellationToken cancellationToken)
    {
        // The key is the password with its closing zero.
        Span<byte> key = new byte[password.Length + 1];
        password.CopyTo(key);
        var cipher = new Blowfish();
        cipher.Expand(key, salt);
        for (long i = 1L << cost; i > 0; i--)
        {
            cipher.Expand(key, default);
            cipher.Expand(salt, default);
            if ((i & 63) == 0)
                cancellationToken.ThrowIfCancellationRequested();
        }

        byte[] text = "OrpheanBeholderScryDoubt"u8.ToArray();
        for (int block = 0; block < text.Length; block += 8)
        {
            uint left = Read(text, block), right = Read(text, block + 4);
            for (int i = 0; i < 64; i++)
                cipher.Encrypt(ref left, ref right);
            Write(text, block, left);
            Write(text, block + 4, right);
        }

        // The last byte is left out, as it always was.
        return string.Create(CultureInfo.InvariantCulture, $"$2a${cost:00}${Encode(salt)}{Encode(text.AsSpan(0, 23))}");
    }

    private static uint Read(ReadOnlySpan<byte> bytes, int at) =>
        (uint)bytes[at] << 24 | (uint)bytes[at + 1] << 16 | (uint)bytes[at + 2] << 8 | bytes[at + 3];

    private static void Write(Span<byte> bytes, int at, uint word)
    {
        for (int i = 0; i < 4; i++)
            bytes[at + i] = (byte)(word >> (24 - 8 * i));
    }

    /// <summary>bcrypt's own Base64, without padding.</summary>
    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int buffer = 0, bits = 0;
        foreach (byte b in bytes)
        {
            buffer = (buffer << 8 | b) & 0xFFFF;
            for (bits += 8; bits >= 6; bits -= 6)
                text.Append(Alphabet[buffer >> (bits - 6) & 63]);
        }

        if (bits > 0)
            text.Append(Alphabet[buffer << (6 - bits) & 63]);
        return text.ToString();
    }
}
