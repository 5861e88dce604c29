using System.Buffers;
using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Characters being written; a plain growing array, cut back as easily as it grows.</summary>
internal class TextBuffer
{
    /// <summary>No text that is made at once may be longer.</summary>
    internal const int MaxLength = 128_000_000;

    internal const string TooLong = "the template made a text that is too long";

    private char[] _chars;
    private int _length;

    internal TextBuffer(int capacity = 256) => _chars = new char[Math.Max(capacity, 16)];

    /// <summary>How many characters are in it. Setting a smaller number cuts it back.</summary>
    internal int Length
    {
        get => _length;
        set => _length = value;
    }

    internal int Capacity => _chars.Length;

    internal ReadOnlySpan<char> Span => _chars.AsSpan(0, _length);

    internal ReadOnlySpan<char> From(int start) => _chars.AsSpan(start, _length - start);

    internal void Append(char c)
    {
        if (_length == _chars.Length)
            Grow(1);
        _chars[_length++] = c;
    }

    internal void Append(char c, int count)
    {
        if (count <= 0)
            return;
        if (_chars.Length - _length < count)
            Grow(count);
        _chars.AsSpan(_length, count).Fill(c);
        _length += count;
    }

    internal void Append(ReadOnlySpan<char> text)
    {
        if (_chars.Length - _length < text.Length)
            Grow(text.Length);
        text.CopyTo(_chars.AsSpan(_length));
        _length += text.Length;
    }

    internal void Append(long value)
    {
        if (_chars.Length - _length < 24)
            Grow(24);
        value.TryFormat(_chars.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    internal void Append(ulong value)
    {
        if (_chars.Length - _length < 24)
            Grow(24);
        value.TryFormat(_chars.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>Appends a character by its code point; one that is none becomes U+FFFD.</summary>
    internal void AppendRune(long rune)
    {
        Span<char> chars = stackalloc char[2];
        int value = rune is >= 0 and <= 0x10FFFF && Rune.IsValid((int)rune) ? (int)rune : 0xFFFD;
        Append(chars[..new Rune(value).EncodeToUtf16(chars)]);
    }

    /// <summary>The text from <paramref name="start"/> on, which is cut off.</summary>
    internal string Take(int start)
    {
        string text = _length == start ? "" : new string(_chars, start, _length - start);
        _length = start;
        return text;
    }

    public override string ToString() => new(_chars, 0, _length);

    /// <summary>Called before the buffer grows, with the length that is about to be reached.</summary>
    protected virtual void OnGrow(long length)
    {
    }

    private void Grow(int more)
    {
        long needed = (long)_length + more;
        OnGrow(needed);
        if (needed > MaxLength)
            throw new TemplateLimitException(TooLong);
        Array.Resize(ref _chars, (int)Math.Max(needed, _chars.Length * 2L));
    }
}
