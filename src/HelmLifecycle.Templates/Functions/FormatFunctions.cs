namespace HelmLifecycle.Templates;

/// <summary>The functions that read and write YAML, JSON and TOML: Sprig's, and Helm's, some of which take the place of Sprig's.</summary>
internal static class FormatFunctions
{
    private delegate GoValue Reader(string text);

    private delegate string Writer(GoValue value);

    /// <summary>Sprig's.</summary>
    internal static IEnumerable<GoFunction> Sprig =>
    [
        Writing("toJson", ToJson, quiet: true),
        Writing("mustToJson", ToJson, quiet: false),
        Writing("toPrettyJson", ToPrettyJson, quiet: true),
        Writing("mustToPrettyJson", ToPrettyJson, quiet: false),
        Writing("toRawJson", ToRawJson, quiet: false),
        Writing("mustToRawJson", ToRawJson, quiet: false),
        new("fromJson", [GoParameter.String], static (_, arguments) =>
        {
            try
            {
                return HelmJson.Read(arguments[0].AsString!);
            }
            catch (JsonSyntaxException)
            {
                return GoValue.Nil;
            }
        }),
        new("mustFromJson", [GoParameter.String], static (_, arguments) => Must(HelmJson.Read, arguments[0].AsString!)),
    ];

    /// <summary>Helm's own.</summary>
    internal static IEnumerable<GoFunction> Helm =>
    [
        Writing("toJson", ToJson, quiet: true),
        Writing("mustToJson", ToJson, quiet: false),
        new("fromJson", [GoParameter.String], static (_, arguments) => ReadMap(FromJson, arguments[0].AsString!)),
        new("fromJsonArray", [GoParameter.String], static (_, arguments) => ReadList(FromJson, arguments[0].AsString!)),
        Writing("toYaml", ToYaml, quiet: true),
        Writing("mustToYaml", ToYaml, quiet: false),
        Writing("toYamlPretty", ToYamlPretty, quiet: true),
        new("fromYaml", [GoParameter.String], static (_, arguments) => ReadMap(FromYaml, arguments[0].AsString!)),
        new("fromYamlArray", [GoParameter.String], static (_, arguments) => ReadList(FromYaml, arguments[0].AsString!)),
        new("toToml", [GoParameter.Any], ToToml),
        Writing("mustToToml", HelmToml.Write, quiet: false),
        new("fromToml", [GoParameter.String], static (_, arguments) => FromToml(arguments[0].AsString!)),
    ];

    private static string ToJson(GoValue value) => HelmJson.Write(value);

    private static string ToPrettyJson(GoValue value) => HelmJson.Write(value, indent: "  ");

    private static string ToRawJson(GoValue value) => HelmJson.Write(value, escapeHtml: false);

    private static string ToYaml(GoValue value) => HelmYaml.Write(value)[..^1];

    private static string ToYamlPretty(GoValue value) => HelmYaml.WritePretty(value)[..^1];

    // A quiet function gives an empty text for what it cannot write.
    private static GoFunction Writing(string name, Writer write, bool quiet) => new(name, [GoParameter.Any], (context, arguments) =>
    {
        try
        {
            string text = write(arguments[0]);
            context.Charge(text.Length);
            return text;
        }
        catch (Exception e) when (e is YamlException or JsonSyntaxException or TomlException)
        {
            return quiet ? "" : throw new GoFunctionException(e.Message, e);
        }
    });

    private static GoValue Must(Reader read, string text)
    {
        try
        {
            return read(text);
        }
        catch (JsonSyntaxException e)
        {
            throw new GoFunctionException(e.Message, e);
        }
    }

    // sigs.k8s.io/yaml leaves the target as it is when the text is null; encoding/json makes it nil.
    private static (GoValue Value, GoValue Null, string Prefix) FromYaml(string text, GoValue empty) =>
        (HelmYaml.Read(text), empty, "error unmarshaling JSON: while decoding JSON: ");

    private static (GoValue Value, GoValue Null, string Prefix) FromJson(string text, GoValue empty) =>
        (HelmJson.Read(text), empty.Kind == GoKind.Map ? GoMap.NilMap : GoList.NilList, "");

    private static GoValue ReadMap(Func<string, GoValue, (GoValue Value, GoValue Null, string Prefix)> read, string text)
    {
        string error;
        try
        {
            (GoValue value, GoValue nothing, string prefix) = read(text, new GoMap());
            if (value.Kind == GoKind.Map)
                return value;
            if (value.IsNil)
                return nothing;
            error = $"{prefix}json: cannot unmarshal {HelmJson.KindName(value)} into Go value of type map[string]interface {{}}";
        }
        catch (Exception e) when (e is YamlException or JsonSyntaxException)
        {
            error = e.Message;
        }

        return new GoMap { ["Error"] = error };
    }

    private static GoValue ReadList(Func<string, GoValue, (GoValue Value, GoValue Null, string Prefix)> read, string text)
    {
        string error;
        try
        {
            (GoValue value, GoValue nothing, string prefix) = read(text, GoList.Empty);
            if (value.Kind == GoKind.List)
                return value;
            if (value.IsNil)
                return nothing;
            error = $"{prefix}json: cannot unmarshal {HelmJson.KindName(value)} into Go value of type []interface {{}}";
        }
        catch (Exception e) when (e is YamlException or JsonSyntaxException)
        {
            error = e.Message;
        }

        return GoValue.List(GoValue.String(error));
    }

    // toToml gives the text of the error, but nil panics in Go before there is one.
    private static GoValue ToToml(GoCallContext context, ReadOnlySpan<GoValue> arguments)
    {
        if (arguments[0].IsNil)
            throw new GoFunctionException("reflect: call of reflect.Value.Type on zero Value");
        try
        {
            string text = HelmToml.Write(arguments[0]);
            context.Charge(text.Length);
            return text;
        }
        catch (TomlException e)
        {
            return e.Message;
        }
    }

    private static GoValue FromToml(string text)
    {
        try
        {
            return HelmToml.Read(text);
        }
        catch (TomlException e)
        {
            return new GoMap { ["Error"] = e.Message };
        }
    }
}
