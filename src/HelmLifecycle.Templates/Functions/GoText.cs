namespace HelmLifecycle.Templates;

/// <summary>Values as text.</summary>
internal static class GoText
{
    /// <summary>Sprig's <c>toString</c>: strings and bytes as they are, everything else as <c>%v</c>.</summary>
    public static string Of(GoValue value)
    {
        if (value.AsString is { } text)
            return text;
        if (value.AsList is { } list && list.TryGetBytes(out ReadOnlyMemory<byte> bytes))
            return GoString.FromBytes(bytes.Span);
        return Print(value);
    }

    /// <summary>Go's <c>%v</c>.</summary>
    public static string Print(in GoValue value) => Formatter.Print(value);
}
