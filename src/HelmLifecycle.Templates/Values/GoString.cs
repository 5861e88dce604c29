using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace HelmLifecycle.Templates;

/// <summary>
/// Go's strings in .NET's. A Go string is a row of bytes, mostly UTF-8. Here it is a .NET string in which every byte that is not
/// part of valid UTF-8 stands as one lone low surrogate, U+DC00 plus the byte; valid UTF-8 never yields those, so nothing is lost
/// and <see cref="ToBytes"/> gives the very bytes back.
/// </summary>
public static class GoString
{
    private const char EscapeBase = '\uDC00';

    /// <summary>Go's order of strings: by their bytes.</summary>
    public static IComparer<string> Comparer { get; } = new BytewiseComparer();

    /// <summary>Makes a string of bytes, keeping the ones that are not UTF-8.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        Span<char> chars = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done)
            {
                text.Append(chars[..rune.EncodeToUtf16(chars)]);
            }
            else
            {
                for (int i = 0; i < used; i++)
                    text.Append((char)(EscapeBase + bytes[i]));
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a string.</summary>
    public static byte[] ToBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[ByteCount(text)];
        Write(text, bytes);
        return bytes;
    }

    /// <summary>How many bytes the string has: Go's <c>len</c>.</summary>
    public static int ByteCount(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (!text.IsEmpty)
        {
            int run = text.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (run < 0)
                return count + Encoding.UTF8.GetByteCount(text);
            count += Encoding.UTF8.GetByteCount(text[..run]);
            text = text[run..];
            int width = SurrogateWidth(text, out int bytes);
            count += bytes;
            text = text[width..];
        }

        return count;
    }

    /// <summary>Writes the bytes of a string.</summary>
    /// <returns>How many were written.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int count = 0;
        while (!text.IsEmpty)
        {
            int run = text.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (run < 0)
                return count + Encoding.UTF8.GetBytes(text, destination[count..]);
            count += Encoding.UTF8.GetBytes(text[..run], destination[count..]);
            text = text[run..];
            int width = SurrogateWidth(text, out int bytes);
            if (bytes == 1)
                destination[count++] = (byte)(text[0] - EscapeBase);
            else
                count += Encoding.UTF8.GetBytes(text[..width], destination[count..]);
            text = text[width..];
        }

        return count;
    }

    /// <summary>Whether the string holds bytes that are not UTF-8.</summary>
    public static bool HasInvalidBytes(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0;)
        {
            int width = SurrogateWidth(text[i..], out int bytes);
            if (bytes == 1)
                return true;
            text = text[(i + width)..];
            i = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return false;
    }

    /// <summary>
    /// The canonical form of a string put together of parts: bytes that were cut apart and now form a character again become it.
    /// </summary>
    public static string Normalize(string text) => HasInvalidBytes(text) ? FromBytes(ToBytes(text)) : text;

    // A pair is one character of four bytes; a lone low surrogate up to U+DCFF is one byte; any other lone one is U+FFFD, three bytes.
    private static int SurrogateWidth(ReadOnlySpan<char> text, out int bytes)
    {
        if (text.Length > 1 && char.IsSurrogatePair(text[0], text[1]))
        {
            bytes = 4;
            return 2;
        }

        bytes = text[0] is >= EscapeBase and <= '\uDCFF' ? 1 : 3;
        return 1;
    }

    private sealed class BytewiseComparer : IComparer<string>
    {
        public int Compare(string? x, string? y)
        {
            ReadOnlySpan<char> a = x, b = y;
            int same = a.CommonPrefixLength(b);
            if (same == a.Length || same == b.Length)
                return a.Length - b.Length;
            char p = a[same], q = b[same];
            if (!char.IsSurrogate(p) && !char.IsSurrogate(q))
                return p - q;
            // UTF-16 sorts surrogates before U+E000..U+FFFF, UTF-8 after; and escaped bytes sort by their byte.
            if (same > 0 && char.IsHighSurrogate(a[same - 1]))
                same--;
            return ToBytes(a[same..].ToString()).AsSpan().SequenceCompareTo(ToBytes(b[same..].ToString()));
        }
    }
}
