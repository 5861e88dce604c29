namespace HelmLifecycle.Templates;

/// <summary>
/// The output of an execution: characters, and between them long texts that are only referred to. Inside of <see cref="BeginCapture"/>, where the text
/// becomes a value again, all is copied.
/// </summary>
internal sealed class RenderBuffer(RenderState state) : TextBuffer(4096)
{
    private const int ReferredLength = 1024;
    private const string NoValue = TemplateSet.NoValue;

    private readonly List<Reference> _references = [];
    private long _referredLength;
    private int _captures;

    private readonly record struct Reference(int Position, string Text);

    /// <summary>Empties it.</summary>
    internal void Reset()
    {
        Length = 0;
        _references.Clear();
        _referredLength = 0;
        _captures = 0;
    }

    /// <summary>Begins a stretch that will be taken out as a string.</summary>
    internal int BeginCapture()
    {
        _captures++;
        return Length;
    }

    /// <summary>Takes out what was written since <see cref="BeginCapture"/>.</summary>
    internal string EndCapture(int start)
    {
        _captures--;
        return Take(start);
    }

    /// <summary>Appends a text, by reference when it is long.</summary>
    internal void AppendText(string text)
    {
        if (text.Length < ReferredLength || _captures > 0)
        {
            Append(text);
            return;
        }

        _references.Add(new Reference(Length, text));
        _referredLength += text.Length;
        OnGrow(Length);
    }

    /// <summary>The output without <c>&lt;no value&gt;</c>, as Helm takes it out at the end.</summary>
    internal RenderedText ToRenderedText()
    {
        string copied = ToString();
        if (_references.Count == 0)
            return new RenderedText(TemplateSet.WithoutNoValue(GoString.Normalize(copied)));
        var parts = new List<ReadOnlyMemory<char>>((_references.Count * 2) + 1);
        int position = 0;
        bool isClean = IsClean(copied);
        foreach (Reference reference in _references)
        {
            if (reference.Position > position)
                parts.Add(copied.AsMemory(position, reference.Position - position));
            position = reference.Position;
            parts.Add(reference.Text.AsMemory());
            isClean = isClean && state.IsClean(reference.Text);
        }

        if (position < copied.Length)
            parts.Add(copied.AsMemory(position));
        var text = new RenderedText(parts.ToArray());
        return isClean && !HoldsNoValueAcrossParts(parts)
            ? text
            : new RenderedText(TemplateSet.WithoutNoValue(GoString.Normalize(text.ToString())));
    }

    /// <summary>Whether there is nothing in a text that the end of a rendering changes.</summary>
    internal static bool IsClean(string text) =>
        !text.Contains(NoValue, StringComparison.Ordinal) && !GoString.HasInvalidBytes(text);

    // Looks at the few characters around each place where two parts meet.
    private static bool HoldsNoValueAcrossParts(List<ReadOnlyMemory<char>> parts)
    {
        const int reach = 9;
        Span<char> window = stackalloc char[2 * reach];
        int tail = 0;
        foreach (ReadOnlyMemory<char> part in parts)
        {
            ReadOnlySpan<char> span = part.Span;
            int head = Math.Min(reach, span.Length);
            span[..head].CopyTo(window[tail..]);
            if (tail > 0 && ((ReadOnlySpan<char>)window[..(tail + head)]).Contains(NoValue, StringComparison.Ordinal))
                return true;
            if (span.Length >= reach)
            {
                span[^reach..].CopyTo(window);
                tail = reach;
            }
            else
            {
                int kept = Math.Min(reach, tail + head);
                window[(tail + head - kept)..(tail + head)].CopyTo(window);
                tail = kept;
            }
        }

        return false;
    }

    protected override void OnGrow(long length)
    {
        if (length + _referredLength > state.MaxOutput)
            throw state.TooMuchOutput();
    }
}
