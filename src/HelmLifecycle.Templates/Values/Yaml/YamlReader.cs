using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Templates;

/// <summary>Reads one document and says in Helm's words what is wrong with it.</summary>
internal static class YamlReader
{
    private const string Converting = "error converting YAML to JSON: ";

    /// <summary>Reads values: every number a float64.</summary>
    public static GoValue ReadValue(string yaml)
    {
        (GoValue value, bool nonFinite) = Read<GoValue, GoValueBuilder>(yaml, new GoValueBuilder(false), Converting);
        if (nonFinite)
            RefuseNonFinite(value);
        return value;
    }

    /// <summary>Reads JSON as YAML, as <c>JSONToYAML</c> does on the way to writing.</summary>
    public static GoValue ReadTyped(string json) =>
        Read<GoValue, GoValueBuilder>(json, new GoValueBuilder(true), "").Value;

    /// <summary>Reads JSON nodes.</summary>
    public static JsonNode? ReadNode(string yaml)
    {
        (JsonNode? value, bool nonFinite) = Read<JsonNode?, JsonNodeBuilder>(yaml, default, Converting);
        if (nonFinite)
            ReadValue(yaml);
        return value;
    }

    private static (T Value, bool NonFinite) Read<T, TBuilder>(string yaml, TBuilder builder, string prefix)
        where TBuilder : struct, IYamlBuilder<T>
    {
        if (yaml.Length > 1 && yaml[0] is '\uDCFF' or '\uDCFE' && yaml[1] is '\uDCFF' or '\uDCFE')
            yaml = DecodeUtf16(yaml, prefix);
        var composer = new YamlComposer<T, TBuilder>(yaml, builder);
        T? value;
        try
        {
            composer.Read(out value);
        }
        catch (YamlSyntaxError e)
        {
            string where = e.NamedLine > 0 ? $"line {e.NamedLine}: " : "";
            throw new YamlException($"{prefix}yaml: {where}{e.Message}", e.Mark.Line + 1, e.Mark.Column + 1);
        }

        if (composer.Fault != YamlFault.None)
        {
            string message = composer.Fault == YamlFault.Decode ? composer.FaultMessage : DescribeKey(yaml);
            throw new YamlException(prefix + message, composer.FaultMark.Line + 1, composer.FaultMark.Column + 1);
        }

        return (value, composer.HasNonFinite);
    }

    private static string DescribeKey(string yaml)
    {
        var composer = new YamlComposer<GoSyntaxNode, GoSyntaxBuilder>(yaml, default);
        composer.Read(out _);
        var text = new StringBuilder();
        if (composer.Fault == YamlFault.CollectionKey)
        {
            composer.FaultValue.Append(text.Append("yaml: invalid map key: "));
            return text.ToString();
        }

        bool isNull = composer.FaultKey.Kind == YamlScalarKind.Null;
        text.Append("unsupported map key of type: ").Append(isNull ? "%!s(<nil>)" : "uint64").Append(", key: ");
        if (isNull)
            text.Append("<nil>");
        else
            composer.FaultKey.AppendGoSyntax(text);
        text.Append(", value: ");
        if (composer.FaultValue is { Items: null, Entries: null, Scalar.Kind: YamlScalarKind.Null })
            text.Append("<nil>");
        else
            composer.FaultValue.Append(text);
        return text.ToString();
    }

    // encoding/json meets the keys in their order.
    private static void RefuseNonFinite(GoValue value)
    {
        if (value.AsMap is { } map)
        {
            foreach ((_, GoValue item) in map)
                RefuseNonFinite(item);
        }
        else if (value.AsList is { } list)
        {
            foreach (GoValue item in list.Span)
                RefuseNonFinite(item);
        }
        else if (value.Kind == GoKind.Float && !double.IsFinite(value.FloatValue))
        {
            throw new YamlException($"{Converting}json: unsupported value: {GoFloat.Format(value.FloatValue)}");
        }
    }

    private static string DecodeUtf16(string yaml, string prefix)
    {
        byte[] bytes = GoString.ToBytes(yaml);
        if (bytes[0] == bytes[1])
            return yaml;
        try
        {
            return new UnicodeEncoding(bytes[0] == 0xFE, false, true).GetString(bytes, 2, bytes.Length - 2);
        }
        catch (ArgumentException)
        {
            throw new YamlException($"{prefix}yaml: {(bytes.Length % 2 == 0 ? "unexpected low surrogate area" : "incomplete UTF-16 character")}");
        }
    }
}
