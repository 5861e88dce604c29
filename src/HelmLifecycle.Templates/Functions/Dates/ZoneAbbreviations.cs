namespace HelmLifecycle.Templates;

internal static class ZoneAbbreviations
{
    public static string Find(string zone, bool daylight, int offset) => "";
}
