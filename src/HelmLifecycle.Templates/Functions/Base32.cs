using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Standard Base32 with padding, decoded as strictly as Go does and with its notion of where an error is.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(byte[] bytes)
    {
        var text = new StringBuilder((bytes.Length + 4) / 5 * 8);
        int bits = 0, buffer = 0;
        foreach (byte b in bytes)
        {
            buffer = buffer << 8 | b;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(Alphabet[buffer >> (bits - 5) & 31]);
            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
            text.Append(Alphabet[buffer << (5 - bits) & 31]);
        while (text.Length % 8 != 0)
            text.Append('=');
        return text.ToString();
    }

    public static bool TryDecode(ReadOnlySpan<byte> source, out byte[] bytes, out int errorAt)
    {
        // Go drops the line ends first and counts without them.
        ReadOnlySpan<byte> text = source.ContainsAny((byte)'\n', (byte)'\r')
            ? source.ToArray().Where(static b => b is not ((byte)'\n' or (byte)'\r')).ToArray()
            : source;
        var result = new List<byte>(text.Length / 8 * 5);
        bytes = [];
        errorAt = 0;
        Span<int> group = stackalloc int[8];
        int at = 0;
        bool end = false;
        while (at < text.Length && !end)
        {
            int length = 8;
            for (int j = 0; j < length;)
            {
                if (at == text.Length)
                {
                    errorAt = text.Length - j;
                    return false;
                }

                byte c = text[at++];
                int rest = text.Length - at;
                if (c == '=' && j >= 2 && rest < 8)
                {
                    if (!TryEndWithPadding(text, at, rest, j, out errorAt))
                        return false;
                    length = j;
                    end = true;
                    break;
                }

                int value = Alphabet.IndexOf((char)c);
                if (value < 0)
                {
                    errorAt = at - 1;
                    return false;
                }

                group[j++] = value;
            }

            AddGroup(result, group[..length]);
        }

        bytes = result.ToArray();
        return true;
    }

    private static bool TryEndWithPadding(ReadOnlySpan<byte> text, int at, int rest, int j, out int errorAt)
    {
        errorAt = 0;
        if (rest + j < 7)
        {
            errorAt = text.Length;
            return false;
        }

        for (int k = 0; k < 7 - j; k++)
        {
            if (text.Length > at + k && text[at + k] != '=')
            {
                errorAt = text.Length - rest + k - 1;
                return false;
            }
        }

        // One, three and six characters make no whole number of bytes.
        if (j is 1 or 3 or 6)
        {
            errorAt = text.Length - rest - 1;
            return false;
        }

        return true;
    }

    private static void AddGroup(List<byte> result, ReadOnlySpan<int> group)
    {
        int bits = 0, buffer = 0;
        foreach (int value in group)
        {
            buffer = (buffer << 5 | value) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                result.Add((byte)(buffer >> bits));
            }
        }
    }
}
