using System.Runtime.InteropServices;
using System.Text;
using HelmLifecycle.Cli;

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The first Ctrl-C lets the action store how far it came; a second one ends the process.
    e.Cancel = !cancel.IsCancellationRequested;
    cancel.Cancel();
};
using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    cancel.Cancel();
});

// Streams of our own and no waiting for them: what Console has would look up the terminal's encoding and write through the thread pool, which most commands never need to start.
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
await using var session = new Session(output, error, input, Environment.GetEnvironmentVariable) { IsTerminal = !Console.IsErrorRedirected };
return await Hlc.RunAsync(session, args, cancel.Token);
