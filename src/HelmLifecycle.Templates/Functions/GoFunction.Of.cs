namespace HelmLifecycle.Templates;

public sealed partial class GoFunction
{
    /// <summary>Makes a function of a delegate without parameters. What it throws becomes an error of the template.</summary>
    public static GoFunction Of(string name, Func<GoValue> function) => new(name, [], (_, _) => function());

    /// <summary>Makes a function of a delegate that takes any value.</summary>
    public static GoFunction Of(string name, Func<GoValue, GoValue> function) =>
        new(name, [GoParameter.Any], (_, arguments) => function(arguments[0]));

    /// <summary>Makes a function of a delegate that takes any two values; a piped value is the second.</summary>
    public static GoFunction Of(string name, Func<GoValue, GoValue, GoValue> function) =>
        new(name, [GoParameter.Any, GoParameter.Any], (_, arguments) => function(arguments[0], arguments[1]));

    /// <summary>Makes a function of a delegate that takes a text; other arguments are errors, as in Go.</summary>
    public static GoFunction Of(string name, Func<string, string> function) =>
        new(name, [GoParameter.String], (_, arguments) => function(arguments[0].AsString!));

    /// <summary>Makes a function of a delegate that takes two texts; a piped value is the second.</summary>
    public static GoFunction Of(string name, Func<string, string, string> function) =>
        new(name, [GoParameter.String, GoParameter.String], (_, arguments) => function(arguments[0].AsString!, arguments[1].AsString!));
}
