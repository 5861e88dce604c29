using System.Buffers;
using System.Runtime.CompilerServices;

namespace HelmLifecycle.Templates;

/// <summary>A growing row of characters in a pooled array.</summary>
internal sealed class PooledText : IDisposable
{
    private char[] _chars = ArrayPool<char>.Shared.Rent(1024);

    /// <summary>How many characters there are.</summary>
    public int Length { get; private set; }

    /// <summary>The characters.</summary>
    public ReadOnlySpan<char> Span => _chars.AsSpan(0, Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(char c)
    {
        if (Length == _chars.Length)
            Grow(1);
        _chars[Length++] = c;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        if (Length + text.Length > _chars.Length)
            Grow(text.Length);
        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(char c, int count)
    {
        if (Length + count > _chars.Length)
            Grow(count);
        _chars.AsSpan(Length, count).Fill(c);
        Length += count;
    }

    public void Dispose() => ArrayPool<char>.Shared.Return(_chars);

    public override string ToString() => new(_chars, 0, Length);

    private void Grow(int more)
    {
        // A small value can print without end when its maps share their entries.
        if ((long)Length + more > TextBuffer.MaxLength)
            throw new TemplateLimitException(TextBuffer.TooLong);
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(_chars.Length * 2, Length + more));
        _chars.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_chars);
        _chars = larger;
    }
}
