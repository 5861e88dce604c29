using System.ComponentModel;
using System.Diagnostics;

namespace HelmLifecycle.Charts;

/// <summary>Runs an installed decryption program and takes what it prints.</summary>
internal static class ProgramRunner
{
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string path, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ValuesException($"{path} is encrypted and needs the program {program}, which is not installed", e);
        }

        using (process)
        {
            try
            {
                process.StandardInput.Close();
                Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken), errors = process.StandardError.ReadToEndAsync(cancellationToken);
                await Task.WhenAll(output, errors).ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                if (process.ExitCode != 0)
                    throw new ValuesException($"{path} cannot be decrypted: {program} says: {(await errors.ConfigureAwait(false)).Trim()}");
                return await output.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }
}
