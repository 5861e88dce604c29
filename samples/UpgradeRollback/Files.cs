namespace UpgradeRollback;

/// <summary>The chart and the values files: beside the program, wherever it is started from.</summary>
internal static class Files
{
    public static string Chart => Path.Combine(AppContext.BaseDirectory, "charts", "my-nginx");

    public static string V1 => Path.Combine(AppContext.BaseDirectory, "values-v1.yaml");

    public static string V2 => Path.Combine(AppContext.BaseDirectory, "values-v2.yaml");

    /// <summary>What nginx cannot start with; the annotation makes the embedded cluster's pods crash as nginx would.</summary>
    public static string Broken => Path.Combine(AppContext.BaseDirectory, "values-broken.yaml");
}
