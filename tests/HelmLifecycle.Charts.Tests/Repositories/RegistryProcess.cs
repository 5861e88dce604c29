using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HelmLifecycle.Charts.Tests;

/// <summary>A real OCI registry on this machine, with or without a password.</summary>
internal sealed class RegistryProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private RegistryProcess(Process process, string folder, string address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <param name="htpasswd">A line of an htpasswd file; null lets everybody in.</param>
    /// <param name="tls">Speak HTTPS with a certificate of this authority; null speaks HTTP.</param>
    /// <param name="clientCertificates">Let in only who shows a certificate of <paramref name="tls"/>.</param>
    public static async Task<RegistryProcess> StartAsync(string? htpasswd = null, TestAuthority? tls = null, bool clientCertificates = false)
    {
        string folder = Directory.CreateTempSubdirectory("registry").FullName;
        int port = FreePort();
        string auth = "";
        if (htpasswd is not null)
        {
            string users = Path.Combine(folder, "htpasswd");
            await File.WriteAllTextAsync(users, htpasswd + "\n");
            auth = $"auth:\n  htpasswd:\n    realm: test\n    path: {users}\n";
        }

        string https = "";
        if (tls is not null)
        {
            (string certificate, string key) = tls.IssueFiles("registry", TestAuthority.Loopback);
            https = $"  tls:\n    certificate: {certificate}\n    key: {key}\n" + (clientCertificates ? $"    clientcas:\n    - {tls.CaFile}\n" : "");
        }

        string config = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(
            config,
            $"version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {folder}/data\nhttp:\n  addr: 127.0.0.1:{port}\n{https}{auth}");
        var start = new ProcessStartInfo("docker-registry", ["serve", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var registry = new RegistryProcess(process, folder, $"127.0.0.1:{port}");
        await registry.AwaitAsync();
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AwaitAsync()
    {
        using var socket = new TcpClient();
        string[] address = Address.Split(':');
        for (int i = 0; i < 200 && !_process.HasExited; i++)
        {
            try
            {
                await socket.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException("the registry did not start");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
