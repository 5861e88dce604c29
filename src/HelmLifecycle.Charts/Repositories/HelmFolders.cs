namespace HelmLifecycle.Charts;

/// <summary>Helm's folders: <c>HELM_CONFIG_HOME</c>, <c>HELM_CACHE_HOME</c>, <c>HELM_DATA_HOME</c>, else by the XDG rules as Helm has them.</summary>
public static class HelmFolders
{
    /// <summary>Configuration: <c>repositories.yaml</c>, <c>registry/config.json</c>.</summary>
    public static string Configuration => Find("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", "Library/Preferences", ".config", Environment.SpecialFolder.ApplicationData);

    /// <summary>Cache: <c>repository/NAME-index.yaml</c> and pulled archives.</summary>
    public static string Cache => Find("HELM_CACHE_HOME", "XDG_CACHE_HOME", "Library/Caches", ".cache", Environment.SpecialFolder.LocalApplicationData);

    private static string Find(string own, string xdg, string mac, string unix, Environment.SpecialFolder windows)
    {
        if (Environment.GetEnvironmentVariable(own) is { Length: > 0 } folder)
            return folder;
        if (Environment.GetEnvironmentVariable(xdg) is { Length: > 0 } parent)
            return Path.Combine(parent, "helm");
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(windows), "helm");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home, OperatingSystem.IsMacOS() ? mac : unix, "helm");
    }
}
