using System.Buffers.Binary;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>
/// Reads a tar archive that is in memory; the entries' data are parts of that memory. Knows ustar, PAX paths and sizes, and GNU long names and sizes.
/// </summary>
internal static class TarEntries
{
    private const int Block = 512;

    internal readonly record struct Entry(string Name, char Type, ReadOnlyMemory<byte> Data)
    {
        internal bool IsFolder => Type == '5' || (Type is '0' or '\0' && Name.EndsWith('/'));

        internal bool IsFile => Type is '0' or '\0' or '7';

        internal bool IsLink => Type is '1' or '2';
    }

    /// <exception cref="ChartException">It is no tar archive.</exception>
    internal static IEnumerable<Entry> Read(ReadOnlyMemory<byte> tar)
    {
        string? longName = null;
        Dictionary<string, string>? pax = null;
        for (int at = 0; at + Block <= tar.Length;)
        {
            ReadOnlyMemory<byte> header = tar.Slice(at, Block);
            at += Block;
            if (!header.Span.ContainsAnyExcept((byte)0))
                yield break;
            if (!HasGoodChecksum(header.Span))
                throw new ChartException("archive/tar: invalid tar header");
            char type = (char)header.Span[156];
            long size = pax is not null && pax.TryGetValue("size", out string? text) && long.TryParse(text, out long paxSize)
                ? paxSize
                : Number(header.Span.Slice(124, 12));
            if (type is '1' or '2' or '3' or '4' or '5' or '6')
                size = 0;
            if (size < 0 || size > tar.Length - at)
                throw new ChartException("unexpected EOF");
            ReadOnlyMemory<byte> data = tar.Slice(at, (int)size);
            at = (int)Math.Min(tar.Length, at + ((size + Block - 1) / Block * Block));
            switch (type)
            {
                case 'x':
                    pax = ReadPax(data.Span);
                    break;
                case 'g':
                    break;
                case 'L':
                    longName = Text(data.Span);
                    break;
                case 'K':
                    break;
                default:
                    yield return new Entry(Name(header.Span, longName, pax), type, data);
                    longName = null;
                    pax = null;
                    break;
            }
        }
    }

    private static string Name(ReadOnlySpan<byte> header, string? longName, Dictionary<string, string>? pax)
    {
        if (pax is not null && pax.TryGetValue("path", out string? path))
            return path;
        if (longName is not null)
            return longName;
        string name = Text(header[..100]);
        // Only POSIX headers have a prefix; GNU ones, with a space in the magic, keep times there.
        bool isPosix = header.Slice(257, 6).SequenceEqual("ustar\0"u8);
        string prefix = isPosix ? Text(header.Slice(345, 155)) : "";
        return prefix.Length > 0 ? $"{prefix}/{name}" : name;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return GoString.FromBytes(end < 0 ? field : field[..end]);
    }

    // Octal digits, or with the first bit set a big-endian number (GNU).
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return field[..^8].ContainsAnyExcept((byte)0, (byte)0x80) ? -1 : BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        long number = 0;
        foreach (byte b in field)
        {
            if (b is >= (byte)'0' and <= (byte)'7')
                number = (number << 3) | (long)(b - '0');
            else if (b is not ((byte)' ' or 0))
                return -1;
        }

        return number;
    }

    // The sum over the header with its own field as spaces; some old writers took the bytes as signed.
    private static bool HasGoodChecksum(ReadOnlySpan<byte> header)
    {
        long sum = 8 * ' ', signedSum = sum;
        for (int i = 0; i < header.Length; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            sum += header[i];
            signedSum += (sbyte)header[i];
        }

        long stated = Number(header.Slice(148, 8));
        return stated == sum || stated == signedSum;
    }

    // Records of the form "LENGTH KEY=VALUE\n".
    private static Dictionary<string, string> ReadPax(ReadOnlySpan<byte> data)
    {
        var records = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!data.IsEmpty)
        {
            int space = data.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(data[..space], out int length) || length <= space + 1 || length > data.Length)
                throw new ChartException("archive/tar: invalid tar header");
            ReadOnlySpan<byte> record = data[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 0)
                throw new ChartException("archive/tar: invalid tar header");
            records[Encoding.UTF8.GetString(record[..equals])] = GoString.FromBytes(record[(equals + 1)..]);
            data = data[length..];
        }

        return records;
    }
}
