using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>
/// A Go string as a .NET string with one character, U+0000 to U+00FF, for each byte: for what must be cut or searched bytewise. Plain ASCII
/// is itself in both forms.
/// </summary>
internal static class GoBytes
{
    public static string Of(string text) =>
        Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(GoString.ToBytes(text));

    public static string From(string bytes) =>
        Ascii.IsValid(bytes) ? bytes : GoString.FromBytes(Encoding.Latin1.GetBytes(bytes));
}
