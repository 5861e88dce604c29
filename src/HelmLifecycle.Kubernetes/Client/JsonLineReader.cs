using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>Reads JSON documents that stand one on a line, as watches send them.</summary>
internal sealed class JsonLineReader(Stream stream)
{
    // Twice what etcd lets an object have, and then some: a line beyond it is no event.
    private const int MaxLine = 16 * 1024 * 1024;
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;
    private int _scanned;

    /// <summary>The next document, or null at the end of the stream.</summary>
    /// <exception cref="FormatException">A line is no JSON, or too long.</exception>
    public async ValueTask<JsonNode?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            int newline = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                int at = _scanned + newline;
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, at - _start);
                _start = _scanned = at + 1;
                if (line.Length <= 1 && line.Span.Trim("\r "u8).IsEmpty) continue;
                return JsonText.Parse(line);
            }
            _scanned = _end;
            if (_start > 0)
            {
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
                _end -= _start;
                _scanned = _end;
                _start = 0;
            }
            if (_end == _buffer.Length)
            {
                if (_buffer.Length >= MaxLine) throw new FormatException("An event is too long.");
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
            if (read == 0) return _end > _start ? JsonText.Parse(TakeRest()) : null;
            _end += read;
        }
    }

    private ReadOnlyMemory<byte> TakeRest()
    {
        ReadOnlyMemory<byte> rest = _buffer.AsMemory(_start, _end - _start);
        _start = _scanned = _end;
        return rest;
    }
}
