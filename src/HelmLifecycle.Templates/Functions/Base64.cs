namespace HelmLifecycle.Templates;

/// <summary>Standard Base64 with padding, decoded as strictly as Go does and with its notion of where an error is.</summary>
internal static class Base64
{
    public static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes, out int errorAt)
    {
        var result = new List<byte>(text.Length / 4 * 3);
        bytes = [];
        errorAt = 0;
        int at = 0;
        Span<int> quantum = stackalloc int[4];
        while (at < text.Length)
        {
            int count = 0;
            int padding = 0;
            while (count < 4)
            {
                if (at == text.Length)
                {
                    if (count == 0)
                        break;
                    errorAt = at - count;
                    return false;
                }

                byte c = text[at++];
                int value = Value(c);
                if (value >= 0)
                {
                    quantum[count++] = value;
                    continue;
                }

                if (c is (byte)'\n' or (byte)'\r')
                    continue;
                if (c != '=' || !TryReadPadding(text, ref at, count, out errorAt))
                {
                    errorAt = c == '=' ? errorAt : at - 1;
                    return false;
                }

                padding = 4 - count;
                break;
            }

            if (count == 0)
                break;
            int bits = quantum[0] << 18 | quantum[1] << 12 | (count > 2 ? quantum[2] << 6 : 0) | (count > 3 ? quantum[3] : 0);
            result.Add((byte)(bits >> 16));
            if (count > 2)
                result.Add((byte)(bits >> 8));
            if (count > 3)
                result.Add((byte)bits);
            if (padding > 0)
                break;
        }

        bytes = result.ToArray();
        return true;
    }

    // Behind the first padding character: perhaps a second one, and then nothing but line ends.
    private static bool TryReadPadding(ReadOnlySpan<byte> text, ref int at, int count, out int errorAt)
    {
        errorAt = at - 1;
        if (count < 2)
            return false;
        if (count == 2)
        {
            SkipLineEnds(text, ref at);
            if (at == text.Length)
            {
                errorAt = text.Length;
                return false;
            }

            if (text[at] != '=')
            {
                errorAt = at - 1;
                return false;
            }

            at++;
        }

        SkipLineEnds(text, ref at);
        errorAt = at;
        return at == text.Length;
    }

    private static void SkipLineEnds(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)'\n' or (byte)'\r')
            at++;
    }

    private static int Value(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}
