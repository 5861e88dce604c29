using System.Buffers;
using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>
/// Writes values as go-yaml does: version 2 behind <c>toYaml</c> (lists not indented, long lines folded, numbers as JSON gives them),
/// version 3 behind <c>toYamlPretty</c>.
/// </summary>
internal sealed partial class YamlWriter : IDisposable
{
    private const int IndentWidth = 2;
    private const int LongestSimpleKey = 128;

    // What encoding/json leaves in its text and go-yaml then refuses or changes on reading it.
    private static readonly SearchValues<char> s_hazards = SearchValues.Create(
        string.Concat(Enumerable.Range(0x7F, 0x21).Select(c => (char)c)) + "\uFFFE\uFFFF");

    private readonly PooledText _to = new();
    private readonly bool _pretty;
    private readonly bool _checked;
    private readonly int _bestWidth;
    private int _column;
    private int _indent = -1;
    private bool _whitespace = true;
    private bool _indention = true;

    /// <summary>Makes a writer.</summary>
    /// <param name="pretty">Whether to write as <c>toYamlPretty</c>.</param>
    /// <param name="fromJson">Whether the value has come through JSON already.</param>
    private YamlWriter(bool pretty, bool fromJson)
    {
        _pretty = pretty;
        _checked = !pretty && !fromJson;
        _bestWidth = pretty ? int.MaxValue : 80;
    }

    /// <summary>
    /// Thrown inside when the value must first go through JSON text and back as Helm's does, because reading that text changes it.
    /// </summary>
    private sealed class HazardException : Exception;

    /// <summary>Writes one document.</summary>
    /// <exception cref="YamlException">The value has no form.</exception>
    public static string Write(GoValue value, bool pretty)
    {
        try
        {
            return Write(value, pretty, false);
        }
        catch (HazardException)
        {
        }
        catch (JsonSyntaxException e)
        {
            throw new YamlException("error marshaling into JSON: " + e.Message, e);
        }

        string json = HelmJson.Write(value);
        return Write(YamlReader.ReadTyped(json), false, true);
    }

    private static string Write(GoValue value, bool pretty, bool fromJson)
    {
        using var writer = new YamlWriter(pretty, fromJson);
        writer.WriteNode(value, false, 0);
        writer._indent = -1;
        writer.WriteIndent();
        return writer._to.ToString();
    }

    public void Dispose() => _to.Dispose();

    private void WriteNode(GoValue value, bool inMapping, int depth)
    {
        switch (value.Kind)
        {
            case GoKind.Map when !_pretty && ReferenceEquals(value.AsMap, GoMap.NilMap):
            case GoKind.List when !_pretty && value.AsList!.IsNil:
                WriteWord("null");
                break;
            case GoKind.Map:
                WriteMap(value.AsMap!, depth);
                break;
            case GoKind.List:
                WriteList(value.AsList!, inMapping, depth);
                break;
            case GoKind.String:
                WriteString(value.AsString!);
                break;
            case GoKind.Nil:
                WriteWord("null");
                break;
            case GoKind.Bool:
                WriteWord(value.BoolValue ? "true" : "false");
                break;
            case GoKind.Int or GoKind.Uint:
                StartWord();
                int before = _to.Length;
                JsonWriter.WriteInteger(_to, value);
                EndWord(_to.Length - before);
                break;
            case GoKind.Float:
                WriteFloat(value.FloatValue);
                break;
            case GoKind.Object:
                WriteNode(YamlReader.ReadTyped(HelmJson.Write(value)), inMapping, depth + 1);
                break;
            default:
                throw new JsonSyntaxException("json: unsupported type: " + value.Type);
        }
    }

    private static void CheckDepth(GoType type, int depth)
    {
        if (depth > JsonWriter.MaxDepth)
            throw new JsonSyntaxException("json: unsupported value: encountered a cycle via " + type);
    }

    private void WriteMap(GoMap map, int depth)
    {
        CheckDepth(map.Type, depth);
        int count = map.Count;
        if (count == 0)
        {
            WriteIndicator('{', true, true, false);
            WriteIndicator('}', false, false, false);
            return;
        }

        KeyValuePair<string, GoValue>[] entries = ArrayPool<KeyValuePair<string, GoValue>>.Shared.Rent(count);
        map.CopyEntriesTo(entries);
        Array.Sort(entries, 0, count, _pretty ? YamlKeyOrder.Version3 : YamlKeyOrder.Version2);
        int outer = _indent;
        _indent = outer < 0 ? 0 : outer + IndentWidth;
        for (int i = 0; i < count; i++)
        {
            WriteIndent();
            WriteKey(entries[i].Key);
            WriteNode(entries[i].Value, true, depth + 1);
        }

        _indent = outer;
        Array.Clear(entries, 0, count);
        ArrayPool<KeyValuePair<string, GoValue>>.Shared.Return(entries);
    }

    private void WriteKey(string key)
    {
        if (_checked && key.Length > 160)
            throw new HazardException();
        ScalarTraits traits = Prepare(ref key, out ScalarStyle style);
        if (!traits.Multiline && GoString.ByteCount(key) <= LongestSimpleKey)
        {
            WriteScalar(key, traits, style, true);
            WriteIndicator(':', false, false, false);
            return;
        }

        WriteIndicator('?', true, false, true);
        WriteScalar(key, traits, style, false);
        WriteIndent();
        WriteIndicator(':', true, false, true);
    }

    private void WriteList(GoList list, bool inMapping, int depth)
    {
        if (!_pretty && list.TryGetBytes(out ReadOnlyMemory<byte> bytes))
        {
            WriteString(Convert.ToBase64String(bytes.Span));
            return;
        }

        CheckDepth(list.Type, depth);
        if (list.Count == 0)
        {
            WriteIndicator('[', true, true, false);
            WriteIndicator(']', false, false, false);
            return;
        }

        int outer = _indent;
        bool indentless = !_pretty && inMapping && !_indention;
        if (outer < 0)
            _indent = 0;
        else if (!indentless)
            _indent = outer + IndentWidth;
        for (int i = 0; i < list.Count; i++)
        {
            WriteIndent();
            WriteIndicator('-', true, false, true);
            WriteNode(list[i], false, depth + 1);
        }

        _indent = outer;
    }

    private void WriteFloat(double value)
    {
        Span<char> text = stackalloc char[GoFloat.MaxLength];
        int length;
        if (_pretty)
        {
            if (!double.IsFinite(value))
            {
                WriteWord(double.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf");
                return;
            }

            length = GoFloat.WriteGeneral(value, text);
        }
        else
        {
            if (!double.IsFinite(value))
                throw new JsonSyntaxException("json: unsupported value: " + GoFloat.Format(value));
            // The number is what YAML makes of its JSON text: an integer if that is one and fits.
            length = GoFloat.WriteJson(value, text);
            ReadOnlySpan<char> json = text[..length];
            if (json is "-0")
                (text[0], length) = ('0', 1);
            else if (json.IndexOfAny('.', 'e') >= 0 || !FitsInteger(json))
                length = GoFloat.WriteGeneral(value, text);
        }

        WriteWord(text[..length]);
    }

    private static bool FitsInteger(ReadOnlySpan<char> json) =>
        json.Length <= 18 || long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        || ulong.TryParse(json, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private void WriteString(string text)
    {
        ScalarTraits traits = Prepare(ref text, out ScalarStyle style);
        WriteScalar(text, traits, style, false);
    }

    // What the encoder asks for, before the emitter looks at what is possible.
    private ScalarTraits Prepare(ref string text, out ScalarStyle style)
    {
        if (_pretty)
        {
            if (GoString.HasInvalidBytes(text))
            {
                text = EncodeBinary(text);
                style = text.Contains('\n') ? ScalarStyle.Literal : ScalarStyle.Plain;
                ScalarTraits binary = ScalarTraits.Of(text, true);
                binary.Tagged = true;
                return binary;
            }
        }
        else
        {
            text = HelmJson.ReplaceInvalid(text);
            if (_checked && text.AsSpan().ContainsAny(s_hazards))
                throw new HazardException();
        }

        ScalarTraits traits = ScalarTraits.Of(text, _pretty);
        if (traits.HasLineFeed)
            style = ScalarStyle.Literal;
        else
            style = YamlScalar.IsAmbiguous(text) || IsBase60(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain;
        return traits;
    }

    private static string EncodeBinary(string text)
    {
        const int lineLength = 70;
        string base64 = Convert.ToBase64String(GoString.ToBytes(text));
        if (base64.Length < lineLength)
            return base64;
        var lines = new System.Text.StringBuilder();
        for (int at = 0; at < base64.Length; at += lineLength)
            lines.Append(base64, at, Math.Min(lineLength, base64.Length - at)).Append('\n');
        return lines.ToString();
    }

    // 190:20:30 is a number in YAML 1.1, though not to go-yaml.
    private static bool IsBase60(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-') || !text.Contains(':'))
            return false;
        if (text[0] is '+' or '-')
            text = text[1..];
        if (text.Length == 0 || !char.IsAsciiDigit(text[0]))
            return false;
        int at = 1;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '_'))
            at++;
        int groups = 0;
        while (at + 1 < text.Length && text[at] == ':' && char.IsAsciiDigit(text[at + 1]))
        {
            bool two = at + 2 < text.Length && char.IsAsciiDigit(text[at + 2]);
            if (two && text[at + 1] > '5')
                return false;
            at += two ? 3 : 2;
            groups++;
        }

        if (groups > 0 && at < text.Length && text[at] == '.')
        {
            at++;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '_'))
                at++;
        }

        return groups > 0 && at == text.Length;
    }
}
