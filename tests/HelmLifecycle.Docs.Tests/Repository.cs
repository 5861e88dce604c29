using System.Reflection;

namespace HelmLifecycle.Docs.Tests;

/// <summary>Where the repository lies, seen from the built tests.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Configuration { get; } =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public static string[] Libraries { get; } =
    [
        "HelmLifecycle", "HelmLifecycle.Charts", "HelmLifecycle.EmbeddedCluster", "HelmLifecycle.Kubernetes", "HelmLifecycle.Storage.Sql", "HelmLifecycle.Templates",
    ];

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot(string from)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HelmLifecycle.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No HelmLifecycle.sln above {from}.");
    }
}
