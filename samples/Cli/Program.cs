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

await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
await using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
await using var session = new Session(output, error, Console.In, Environment.GetEnvironmentVariable) { IsTerminal = !Console.IsErrorRedirected };
return await Hlc.RunAsync(session, args, cancel.Token);
