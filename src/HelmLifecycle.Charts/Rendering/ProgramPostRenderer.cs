using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace HelmLifecycle.Charts;

/// <summary>Runs a program with the manifest on its standard input, as Helm's <c>--post-renderer</c> does.</summary>
internal sealed class ProgramPostRenderer(string program, string[] arguments) : IPostRenderer
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public async Task<string> RunAsync(string manifest, CancellationToken cancellationToken)
    {
        using Process process = Start();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, manifest, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            string text = await output.ConfigureAwait(false), complaint = await errors.ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw Failed($"error while running command {program}. error output:\n{complaint}: exit status {process.ExitCode}");
            if (GoText.Trim(text).IsEmpty)
                throw Failed($"post-renderer {GoQuote.String(program)} produced empty output");
            return text;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = s_utf8,
            StandardOutputEncoding = s_utf8,
            StandardErrorEncoding = s_utf8,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start) ?? throw Failed($"unable to find binary at {program}");
        }
        catch (Win32Exception e)
        {
            throw new PostRenderException($"error while running post render on files: unable to find binary at {program}: {e.Message}", e);
        }
    }

    // A program need not read all its input: one that has ended or closed it has its reasons.
    private static async Task WriteAsync(Process process, string manifest, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(manifest.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    private static PostRenderException Failed(string what) => new($"error while running post render on files: {what}");
}
