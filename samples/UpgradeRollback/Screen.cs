using HelmLifecycle;
using Spectre.Console;

namespace UpgradeRollback;

/// <summary>Shows what happens: colours and a spinner on a terminal, plain lines elsewhere.</summary>
internal sealed class Screen
{
    private readonly bool _terminal = !Console.IsOutputRedirected;

    public bool HasColor => _terminal;

    public void Title(string text)
    {
        Console.WriteLine();
        if (_terminal)
            AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
        else
            Console.WriteLine($"== {text}");
    }

    public void Text(string text) => Console.WriteLine(text);

    /// <summary>Shows the events of an action and returns the release it ends with.</summary>
    public async Task<Release> ShowAsync(IAsyncEnumerable<ReleaseEvent> events)
    {
        if (!_terminal)
            return await ReadAsync(events, Console.WriteLine);
        return await AnsiConsole.Status().StartAsync("preparing", context => ReadAsync(events, line => context.Status(Markup.Escape(line))));
    }

    private static async Task<Release> ReadAsync(IAsyncEnumerable<ReleaseEvent> events, Action<string> show)
    {
        Release? release = null;
        string last = "";
        await foreach (ReleaseEvent e in events)
        {
            if (e is ReleaseCompleted completed)
                release = completed.Release;
            if (e.Message != last)
                show("  " + e.Message);
            last = e.Message;
        }

        return release ?? throw new InvalidOperationException("The action ended without a release.");
    }
}
