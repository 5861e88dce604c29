namespace HelmLifecycle.Charts;

/// <summary>What the first bytes of a file say it is, for the message about a file that is no packed chart: the common cases of Go's sniffing.</summary>
internal static class ContentType
{
    internal static string Detect(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> head = data[..Math.Min(512, data.Length)];
        if (head.StartsWith("PK\x03\x04"u8))
            return "application/zip";
        if (head.StartsWith("%PDF-"u8))
            return "application/pdf";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
            return "image/png";
        // Helm hands over a buffer of 512 bytes whatever the file's length: a shorter file ends in zeros and is not text.
        if (data.Length < 512)
            return "application/octet-stream";
        foreach (byte b in head)
        {
            if (b is < 0x09 or 0x0b or (> 0x0d and < 0x1b) or (> 0x1b and < 0x20))
                return "application/octet-stream";
        }

        return "text/plain; charset=utf-8";
    }
}
