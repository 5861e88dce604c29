using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// What a template made. Long texts in it, such as a custom resource definition that stands in the template as it is, are not copied: the parts refer to
/// them, and only <see cref="ToString"/> joins them.
/// </summary>
public sealed class RenderedText
{
    private readonly ReadOnlyMemory<char>[] _parts;
    private string? _joined;

    internal RenderedText(string text)
    {
        _parts = [text.AsMemory()];
        _joined = text;
        Length = text.Length;
    }

    internal RenderedText(ReadOnlyMemory<char>[] parts)
    {
        _parts = parts;
        foreach (ReadOnlyMemory<char> part in parts)
            Length += part.Length;
    }

    /// <summary>Its length in chars.</summary>
    public int Length { get; }

    /// <summary>The parts in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<char>> Parts => _parts;

    /// <summary>Its length in UTF-8.</summary>
    public long ByteCount
    {
        get
        {
            long count = 0;
            foreach (ReadOnlyMemory<char> part in _parts)
                count += GoString.ByteCount(part.Span);
            return count;
        }
    }

    /// <summary>Appends it to a builder without joining the parts first.</summary>
    public void AppendTo(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (ReadOnlyMemory<char> part in _parts)
            builder.Append(part.Span);
    }

    /// <summary>The whole text. It is joined once.</summary>
    public override string ToString() => _joined ??= string.Create(Length, _parts, static (text, parts) =>
    {
        foreach (ReadOnlyMemory<char> part in parts)
        {
            part.Span.CopyTo(text);
            text = text[part.Length..];
        }
    });
}
