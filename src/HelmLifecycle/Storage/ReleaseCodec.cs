using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace HelmLifecycle;

/// <summary>
/// The record of a revision: JSON as Go writes it, gzip, base64. What Helm wrote and this reads and writes again has the same JSON bytes;
/// the compressed bytes may differ, which no reader minds.
/// </summary>
public static class ReleaseCodec
{
    // Go's decoder stops at a nesting of 10,000; the stack here is guarded at less, and no chart comes near.
    private const int MaxDepth = 512;

    // A bomb of a few kilobytes must not fill the memory. The API's own limit for a whole object is 3 MiB.
    private const int MaxJsonBytes = 512 * 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;

    private static ReadOnlySpan<byte> GzipMark => [0x1f, 0x8b, 0x08];

    /// <summary>The record as stores keep it: base64 of gzip of JSON.</summary>
    /// <param name="release">The revision. Its <see cref="Release.Form"/> says whose form: Helm 3 writes unset times as empty texts, Helm 4 leaves them out.</param>
    public static string Encode(Release release)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(EncodeJson(release).Span);
        var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        // The header bytes that tell level and system are Go's.
        bytes[8] = 2;
        bytes[9] = 255;
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The JSON of the record.</summary>
    /// <param name="release">The revision.</param>
    public static ReadOnlyMemory<byte> EncodeJson(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var json = new GoJsonWriter();
        RecordWriter.Write(json, release, release.Form);
        return json.Written;
    }

    /// <summary>Reads a record as stores keep it. Records from before compression are bare JSON under base64.</summary>
    /// <exception cref="ReleaseRecordException">It is no record.</exception>
    public static Release Decode(string payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        byte[] json = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int length = Unpack(payload, ref json);
            return DecodeJson(json.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json);
        }
    }

    /// <summary>The JSON inside a payload.</summary>
    /// <exception cref="ReleaseRecordException">It is no record.</exception>
    public static ReadOnlyMemory<byte> Unpack(string payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        byte[] json = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int length = Unpack(payload, ref json);
            return json.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json);
        }
    }

    private static int Unpack(string payload, ref byte[] json)
    {
        byte[] packed = ArrayPool<byte>.Shared.Rent((payload.Length / 4 * 3) + 3);
        try
        {
            if (!Convert.TryFromBase64String(payload, packed, out int length)) throw new ReleaseRecordException("illegal base64 data");
            if (length > 3 && packed.AsSpan(0, 3).SequenceEqual(GzipMark)) return Inflate(new MemoryStream(packed, 0, length), ref json);
            if (json.Length < length) Grow(ref json, 0, length);
            packed.AsSpan(0, length).CopyTo(json);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    private static int Inflate(Stream packed, ref byte[] json)
    {
        try
        {
            using var gzip = new GZipStream(packed, CompressionMode.Decompress);
            int length = 0, read;
            while ((read = gzip.Read(json, length, json.Length - length)) > 0)
            {
                length += read;
                if (length > MaxJsonBytes) throw new ReleaseRecordException($"the record is larger than {MaxJsonBytes} bytes");
                if (length == json.Length) Grow(ref json, length, length * 2);
            }

            return length;
        }
        catch (InvalidDataException e)
        {
            throw new ReleaseRecordException("gzip: invalid data", e);
        }
    }

    private static void Grow(ref byte[] buffer, int filled, int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    /// <summary>Reads the JSON of a record. Key order does not matter; unknown keys are kept.</summary>
    /// <exception cref="ReleaseRecordException">It is no record.</exception>
    public static Release DecodeJson(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return RecordReader.Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new ReleaseRecordException("the record is not that of a release: " + e.Message, e);
        }
    }
}
