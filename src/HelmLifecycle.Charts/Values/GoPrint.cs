using System.Globalization;

namespace HelmLifecycle.Charts;

/// <summary>Values as Go's <c>%v</c> prints them, for warnings and errors about values.</summary>
internal static class GoPrint
{
    internal static string Value(GoValue value) => value.Kind switch
    {
        GoKind.Nil => "<nil>",
        GoKind.Bool => value.BoolValue ? "true" : "false",
        GoKind.Int => value.IntValue.ToString(CultureInfo.InvariantCulture),
        GoKind.Uint => ((ulong)value.IntValue).ToString(CultureInfo.InvariantCulture),
        GoKind.Float => GoNumber.Print(value.FloatValue),
        GoKind.String => value.AsString!,
        GoKind.Map => $"map[{string.Join(' ', value.AsMap!.Select(e => $"{e.Key}:{Value(e.Value)}"))}]",
        GoKind.List => $"[{string.Join(' ', value.AsList!.Select(Value))}]",
        GoKind.Object => value.AsObject!.Print(),
        _ => value.Type?.Name ?? "",
    };
}
