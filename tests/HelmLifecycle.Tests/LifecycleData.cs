using System.Formats.Tar;
using System.IO.Compression;

namespace HelmLifecycle.Tests;

/// <summary>The recorded lifecycle of real Helm, unpacked once per run; another folder of the same form may be given by LIFECYCLE_DIR.</summary>
internal static class LifecycleData
{
    private static readonly Lazy<string> s_folder = new(Unpack);

    public static string Folder => s_folder.Value;

    private static string Unpack()
    {
        if (Environment.GetEnvironmentVariable("LIFECYCLE_DIR") is { Length: > 0 } given) return Path.GetFullPath(given);
        string folder = Directory.CreateTempSubdirectory("helmlifecycle-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using var data = typeof(LifecycleData).Assembly.GetManifestResourceStream("lifecycle.tar.gz")!;
        using var gzip = new GZipStream(data, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(gzip, folder, overwriteFiles: true);
        return folder;
    }
}
