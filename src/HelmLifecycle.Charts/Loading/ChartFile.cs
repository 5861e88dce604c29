namespace HelmLifecycle.Charts;

/// <summary>A file of a chart.</summary>
/// <param name="Name">Its path inside the chart with <c>/</c>, such as <c>templates/service.yaml</c>.</param>
/// <param name="Data">Its bytes, without a byte order mark. They must not change.</param>
public sealed record ChartFile(string Name, ReadOnlyMemory<byte> Data)
{
    private string? _text;

    /// <summary>A file of a text.</summary>
    public ChartFile(string name, string text)
        : this(name, GoString.ToBytes(text))
    {
        _text = text;
    }

    /// <summary>The bytes as text; see <see cref="GoString"/> for what is no UTF-8. Made once.</summary>
    public string Text => _text ??= GoString.FromBytes(Data.Span);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
