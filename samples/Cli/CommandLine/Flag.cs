using HelmLifecycle.Templates;

namespace HelmLifecycle.Cli;

/// <summary>A flag of a command, as helm's own parser (pflag) understands flags.</summary>
internal abstract class Flag
{
    protected Flag(string name, char shorthand, string typeName, string usage, string defaultText)
    {
        Name = name;
        Shorthand = shorthand;
        TypeName = typeName;
        Usage = usage;
        DefaultText = defaultText;
    }

    public string Name { get; }

    /// <summary>The one-letter form; '\0' for none.</summary>
    public char Shorthand { get; }

    public string TypeName { get; }

    public string Usage { get; }

    /// <summary>What help shows as the default; empty shows none.</summary>
    public string DefaultText { get; }

    /// <summary>The value when the flag stands alone; null when it must be given one.</summary>
    public string? Alone { get; init; }

    public bool IsHidden { get; init; }

    /// <summary>What to use instead of the flag, for one that is on its way out.</summary>
    public string? Deprecated { get; init; }

    public bool IsGiven { get; private set; }

    public string Title => Shorthand == '\0' ? $"--{Name}" : $"-{Shorthand}, --{Name}";

    public void Set(string text)
    {
        if (Read(text) is { } problem)
            throw new UsageException($"invalid argument \"{text}\" for \"{Title}\" flag: {problem}");
        IsGiven = true;
    }

    /// <returns>What is wrong with the text; null when nothing.</returns>
    protected abstract string? Read(string text);
}

internal sealed class BoolFlag(string name, string usage, char shorthand = '\0', bool value = false)
    : Flag(name, shorthand, "", usage, value ? "true" : "")
{
    public bool Value { get; private set; } = value;

    public static implicit operator bool(BoolFlag flag) => flag.Value;

    public static BoolFlag Make(string name, string usage, char shorthand = '\0', bool value = false) => new(name, usage, shorthand, value) { Alone = "true" };

    protected override string? Read(string text)
    {
        switch (text)
        {
            case "1" or "t" or "T" or "true" or "TRUE" or "True":
                Value = true;
                return null;
            case "0" or "f" or "F" or "false" or "FALSE" or "False":
                Value = false;
                return null;
            default:
                return $"strconv.ParseBool: parsing \"{text}\": invalid syntax";
        }
    }
}

internal sealed class TextFlag(string name, string usage, string value = "", char shorthand = '\0', string typeName = "string", Func<string, string?>? check = null)
    : Flag(name, shorthand, typeName, usage, value.Length == 0 ? "" : typeName == "string" ? $"\"{value}\"" : value)
{
    public string Value { get; private set; } = value;

    protected override string? Read(string text)
    {
        if (check?.Invoke(text) is { } problem)
            return problem;
        Value = text;
        return null;
    }
}

internal sealed class IntFlag(string name, string usage, int value = 0, char shorthand = '\0')
    : Flag(name, shorthand, "int", usage, value == 0 ? "" : value.ToString(System.Globalization.CultureInfo.InvariantCulture))
{
    public int Value { get; private set; } = value;

    public static implicit operator int(IntFlag flag) => flag.Value;

    protected override string? Read(string text)
    {
        if (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int number))
            return $"strconv.ParseInt: parsing \"{text}\": invalid syntax";
        Value = number;
        return null;
    }
}

internal sealed class DurationFlag(string name, string usage, TimeSpan value)
    : Flag(name, '\0', "duration", usage, GoDate.FormatDuration(value))
{
    public TimeSpan Value { get; private set; } = value;

    protected override string? Read(string text)
    {
        try
        {
            Value = GoDate.ParseDuration(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}

/// <summary>A flag that may be given several times; a comma list counts as several when <c>splits</c>.</summary>
internal sealed class ListFlag(string name, string usage, char shorthand = '\0', bool splits = false, string typeName = "stringArray", Action<string>? seen = null)
    : Flag(name, shorthand, typeName, usage, "")
{
    private readonly List<string> _values = [];

    public IReadOnlyList<string> Values => _values;

    protected override string? Read(string text)
    {
        foreach (string value in splits ? text.Split(',') : [text])
        {
            _values.Add(value);
            seen?.Invoke(value);
        }

        return null;
    }
}
