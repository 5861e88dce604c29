namespace HelmLifecycle.Templates;

/// <summary>Go's package fmt: writes values by verbs and flags. One formatter writes one text.</summary>
internal sealed partial class Formatter(TextBuffer buffer)
{
    private const string LowerDigits = "0123456789abcdefx";
    private const string UpperDigits = "0123456789ABCDEFX";

    private readonly TextBuffer _buffer = buffer;
    private int _width;
    private int _precision;
    private bool _hasWidth;
    private bool _hasPrecision;
    private bool _minus;
    private bool _plus;
    private bool _sharp;
    private bool _space;
    private bool _zero;
    private bool _plusV;
    private bool _sharpV;

    /// <summary>Go's Sprint: a space between operands of which neither is a string.</summary>
    internal static string Print(ReadOnlySpan<GoValue> values)
    {
        if (values.Length == 1 && values[0].AsString is { } only)
            return only;
        var buffer = new TextBuffer(64);
        bool previousIsString = false;
        for (int i = 0; i < values.Length; i++)
        {
            bool isString = values[i].Kind == GoKind.String;
            if (i > 0 && !isString && !previousIsString)
                buffer.Append(' ');
            Append(buffer, values[i]);
            previousIsString = isString;
        }

        return GoString.Normalize(buffer.ToString());
    }

    /// <summary>Go's Sprintln.</summary>
    internal static string PrintLine(ReadOnlySpan<GoValue> values)
    {
        var buffer = new TextBuffer(64);
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
                buffer.Append(' ');
            Append(buffer, values[i]);
        }

        buffer.Append('\n');
        return GoString.Normalize(buffer.ToString());
    }

    /// <summary>The text of a value: <c>%v</c>.</summary>
    internal static string Print(in GoValue value)
    {
        if (value.AsString is { } text)
            return text;
        var buffer = new TextBuffer(64);
        Append(buffer, value);
        return buffer.ToString();
    }

    /// <summary>The text of a value under a verb without flags.</summary>
    internal static string Print(in GoValue value, char verb)
    {
        var buffer = new TextBuffer(64);
        new Formatter(buffer).PrintArgument(value, verb);
        return buffer.ToString();
    }

    /// <summary>
    /// The text that an action prints: as <c>%v</c>, but <c>&lt;no value&gt;</c> for nil and what a pointer points to without the &amp;.
    /// </summary>
    internal static string PrintForOutput(in GoValue value)
    {
        if (value.IsNil)
            return TemplateSet.NoValue;
        return value.AsObject is { IsBarePointer: true } pointer ? pointer.Print().TrimStart('&') : Print(value);
    }

    /// <summary>Appends a value as <c>%v</c> does.</summary>
    internal static void Append(TextBuffer buffer, in GoValue value)
    {
        switch (value.Kind)
        {
            case GoKind.String:
                buffer.Append(value.AsString);
                return;
            case GoKind.Nil:
                buffer.Append("<nil>");
                return;
            case GoKind.Bool:
                buffer.Append(value.BoolValue ? "true" : "false");
                return;
            case GoKind.Int when value.Type!.Methods is null:
                buffer.Append(value.IntValue);
                return;
            case GoKind.Float:
                Strconv.AppendFloat(buffer, value.FloatValue, 'g', -1);
                return;
            case GoKind.Object:
                buffer.Append(value.AsObject!.Print());
                return;
            default:
                new Formatter(buffer).PrintArgument(value, 'v');
                return;
        }
    }

    // The String method of a named number type such as time.Month.
    private static string? OwnText(in GoValue value) =>
        value.Type!.Methods?.Invoke(value, "String")?.Body(null!, default).AsString;

    private void ClearFlags()
    {
        _width = 0;
        _precision = 0;
        _hasWidth = _hasPrecision = _minus = _plus = _sharp = _space = _zero = _plusV = _sharpV = false;
    }

    private void WritePadding(int count)
    {
        if (count > 0)
            _buffer.Append(_zero && !_minus ? '0' : ' ', count);
    }

    private void Pad(ReadOnlySpan<char> text)
    {
        if (!_hasWidth || _width == 0)
        {
            _buffer.Append(text);
            return;
        }

        int padding = _width - RuneCount(text);
        if (!_minus)
            WritePadding(padding);
        _buffer.Append(text);
        if (_minus)
            WritePadding(padding);
    }

    // Pads what was written to the buffer from `start` on.
    private void PadWritten(int start)
    {
        if (!_hasWidth || _width == 0)
            return;
        string written = _buffer.Take(start);
        Pad(written);
    }

    private static int RuneCount(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                count--;
        }

        return count;
    }

    private string Truncate(string text)
    {
        if (!_hasPrecision)
            return text;
        int length = 0;
        for (int runes = 0; runes < _precision && length < text.Length; runes++)
            length += length + 1 < text.Length && char.IsSurrogatePair(text[length], text[length + 1]) ? 2 : 1;
        return length == text.Length ? text : text[..length];
    }
}
