using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>
/// Credentials from a plug-in program (<c>client.authentication.k8s.io/v1</c> and <c>v1beta1</c>), kept until they expire or are refused.
/// The program gets no terminal: one that insists on it (<c>interactiveMode: Always</c>) is refused.
/// </summary>
internal sealed class ExecCredentials : ICredentialSource, IDisposable
{
    private const string Group = "client.authentication.k8s.io/";
    private const int LargestOutput = 4 * 1024 * 1024;

    private readonly JsonObject _exec;
    private readonly KubeTarget _target;
    private readonly TimeProvider _time;
    private readonly string _apiVersion;
    private readonly SemaphoreSlim _running = new(1, 1);
    private volatile Issued? _issued;

    private sealed record Issued(AuthenticationHeaderValue? Header, X509Certificate2? Certificate, DateTimeOffset? Expires);

    public ExecCredentials(JsonObject exec, KubeTarget target, TimeProvider time)
    {
        _exec = exec;
        _target = target;
        _time = time;
        _apiVersion = KubernetesObject.Text(exec, "apiVersion") ?? "";
        if (_apiVersion is not (Group + "v1" or Group + "v1beta1"))
            throw new ConnectionConfigurationException($"exec plugin: invalid apiVersion \"{_apiVersion}\"");
        if (KubernetesObject.Text(exec, "interactiveMode") == "Always")
            throw new ConnectionConfigurationException("exec plugin cannot support interactive mode: standard input is unavailable");
    }

    /// <summary>The client certificate that the plug-in last gave, or null.</summary>
    public X509Certificate2? Certificate => _issued?.Certificate;

    public async ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken ct)
    {
        if (Valid(_issued) is { } cached) return cached.Header;
        await _running.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            _issued = Valid(_issued) ?? await RunAsync(ct).ConfigureAwait(false);
            return _issued.Header;
        }
        finally
        {
            _running.Release();
        }
    }

    public bool Invalidate()
    {
        _issued = null;
        return true;
    }

    public void Dispose() => _running.Dispose();

    private Issued? Valid(Issued? issued) => issued is not null && (issued.Expires is not { } end || end > _time.GetUtcNow()) ? issued : null;

    private async Task<Issued> RunAsync(CancellationToken ct)
    {
        string command = KubernetesObject.Text(_exec, "command")
            ?? throw new ConnectionConfigurationException("exec plugin: command must be specified");
        // As for Go's os/exec: a name without a separator is looked up on the PATH, another counts from the kubeconfig's folder.
        if (command.IndexOfAny(['/', Path.DirectorySeparatorChar]) >= 0) command = Path.Combine(_target.UserFolder, command);
        var start = new ProcessStartInfo(command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (JsonNode? argument in _exec["args"] as JsonArray ?? []) start.ArgumentList.Add(argument?.ToString() ?? "");
        foreach (JsonObject variable in (_exec["env"] as JsonArray ?? []).OfType<JsonObject>())
            start.Environment[KubernetesObject.Text(variable, "name") ?? ""] = KubernetesObject.Text(variable, "value") ?? "";
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonText.Write(Request());

        using Process process = Start(start);
        try
        {
            process.StandardInput.Close();
            Task<string> error = ReadAsync(process.StandardError, ct);
            string output = await ReadAsync(process.StandardOutput, ct).ConfigureAwait(false);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            string complaint = (await error.ConfigureAwait(false)).Trim();
            if (process.ExitCode != 0)
                throw Failed($"exec: executable {_exec["command"]} failed with exit code {process.ExitCode}"
                    + (complaint.Length > 0 ? ": " + complaint : "") + Hint());
            return Read(output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw Failed($"exec: executable {_exec["command"]} not found" + Hint(), e);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken ct)
    {
        var text = new StringBuilder();
        char[] buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer.AsMemory(), ct).ConfigureAwait(false)) > 0)
        {
            text.Append(buffer, 0, read);
            if (text.Length > LargestOutput) throw Failed("exec: the output is too large");
        }
        return text.ToString();
    }

    private JsonObject Request()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (_exec["provideClusterInfo"] is JsonValue flag && flag.TryGetValue(out bool wanted) && wanted)
        {
            var cluster = new JsonObject { ["server"] = _target.ClusterText("server") };
            if (_target.ClusterText("tls-server-name") is { } name) cluster["tls-server-name"] = name;
            if (_target.Cluster["insecure-skip-tls-verify"] is JsonNode skip) cluster["insecure-skip-tls-verify"] = skip.DeepClone();
            if (_target.ClusterData("certificate-authority") is { } ca) cluster["certificate-authority-data"] = Convert.ToBase64String(ca);
            if (_target.ClusterText("proxy-url") is { } proxy) cluster["proxy-url"] = proxy;
            JsonObject? extension = (_target.Cluster["extensions"] as JsonArray ?? []).OfType<JsonObject>()
                .FirstOrDefault(e => KubernetesObject.Text(e, "name") == "client.authentication.k8s.io/exec");
            if (extension?["extension"] is { } config) cluster["config"] = config.DeepClone();
            spec["cluster"] = cluster;
        }
        return new JsonObject { ["apiVersion"] = _apiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
    }

    private Issued Read(string output)
    {
        JsonObject? answer;
        try
        {
            answer = JsonText.Parse(output) as JsonObject;
        }
        catch (FormatException e)
        {
            throw Failed("decoding stdout: " + e.Message, e);
        }
        string? version = KubernetesObject.Text(answer, "apiVersion");
        if (KubernetesObject.Text(answer, "kind") != "ExecCredential" || version != _apiVersion)
            throw Failed($"exec plugin is configured to use API version {_apiVersion}, plugin returned version {version}");
        if (answer!["status"] is not JsonObject status) throw Failed("exec plugin didn't return a status field");
        string? token = KubernetesObject.Text(status, "token");
        string? certificate = KubernetesObject.Text(status, "clientCertificateData"), key = KubernetesObject.Text(status, "clientKeyData");
        if (string.IsNullOrEmpty(token) && string.IsNullOrEmpty(certificate))
            throw Failed("exec plugin didn't return a token or cert/key pair");
        if (string.IsNullOrEmpty(certificate) != string.IsNullOrEmpty(key))
            throw Failed("exec plugin returned only certificate or key, not both");
        return new Issued(
            string.IsNullOrEmpty(token) ? null : new AuthenticationHeaderValue("Bearer", token),
            string.IsNullOrEmpty(certificate) ? null : Pem.ClientCertificate(Encoding.ASCII.GetBytes(certificate), Encoding.ASCII.GetBytes(key!)),
            KubernetesObject.Time(status, "expirationTimestamp"));
    }

    private static ConnectionConfigurationException Failed(string cause, Exception? inner = null) => new("getting credentials: " + cause, inner);

    private string Hint() => KubernetesObject.Text(_exec, "installHint") is { Length: > 0 } hint ? "\n\n" + hint : "";
}
