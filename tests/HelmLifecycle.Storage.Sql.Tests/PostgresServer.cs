using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace HelmLifecycle.Storage.Sql.Tests;

/// <summary>A PostgreSQL server of this machine's own programs, in a temporary folder, for the tests of one class.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "pg" + Guid.NewGuid().ToString("n")[..8]);
    private int _port;
    private int _databases;

    /// <summary>The folder of the newest installed server's programs; null when there is none.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(v => Path.Combine(v, "bin")).FirstOrDefault(b => File.Exists(Path.Combine(b, "initdb")))
        : null;

    public async Task InitializeAsync()
    {
        if (Programs is null)
            return;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        Directory.CreateDirectory(_folder);
        // PostgreSQL refuses to run as root.
        if (Environment.UserName == "root")
            await RunAsync("chown", "postgres", _folder);
        await RunServerAsync("initdb", "-D", _folder + "/data", "-A", "trust", "-U", "helm", "--no-sync");
        await RunServerAsync("pg_ctl", "-D", _folder + "/data", "-w", "-l", _folder + "/log", "-o", $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start");
    }

    public async Task DisposeAsync()
    {
        if (Programs is null)
            return;
        NpgsqlConnection.ClearAllPools();
        await RunServerAsync("pg_ctl", "-D", _folder + "/data", "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The address of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        string name = $"db{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Username=helm;Database=postgres");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return $"postgres://helm@127.0.0.1:{_port}/{name}?sslmode=disable";
    }

    private static Task RunServerAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(Programs!, program);
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server keeps what it inherits open, so its output is not waited for.
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}

/// <summary>A test that needs PostgreSQL's programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = RealPart.SkipReason(PostgresServer.Programs is not null, "PostgreSQL is not installed");
}

/// <summary>Tests that need PostgreSQL's programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = RealPart.SkipReason(PostgresServer.Programs is not null, "PostgreSQL is not installed");
}
