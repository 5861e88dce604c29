using System.Text;

namespace HelmLifecycle.Cli;

/// <summary>Help in the form of helm's.</summary>
internal static class HelpText
{
    public static string UseLine(Command command)
    {
        string use = command.Parent is null ? command.Use : $"{command.Parent.FullName} {command.Use}";
        return command.Flags.Count > 0 ? use + " [flags]" : use;
    }

    public static string Of(Command command)
    {
        var text = new StringBuilder();
        text.Append(command.Long.Trim()).Append("\n\nUsage:\n");
        if (command.CanRun)
            text.Append("  ").Append(UseLine(command)).Append('\n');
        if (command.Commands.Count > 0)
            text.Append("  ").Append(command.FullName).Append(" [command]\n");
        if (command.Aliases.Count > 0)
            text.Append("\nAliases:\n  ").Append(string.Join(", ", command.Aliases.Prepend(command.Name))).Append('\n');
        if (command.Commands.Count > 0)
        {
            text.Append("\nAvailable Commands:\n");
            int width = Math.Max(11, command.Commands.Max(c => c.Name.Length)) + 1;
            foreach (Command child in command.Commands.OrderBy(c => c.Name, StringComparer.Ordinal))
                text.Append("  ").Append(child.Name.PadRight(width)).Append(child.Summary).Append('\n');
        }

        Flags(text, "Flags", command.Flags);
        Command root = command;
        while (root.Parent is not null)
            root = root.Parent;
        if (root != command)
            Flags(text, "Global Flags", root.Flags);
        if (command.Commands.Count > 0)
            text.Append("\nUse \"").Append(command.FullName).Append(" [command] --help\" for more information about a command.\n");
        return text.ToString();
    }

    private static void Flags(StringBuilder text, string title, IReadOnlyList<Flag> flags)
    {
        List<(string Left, Flag Flag)> rows = [.. flags.Where(f => !f.IsHidden).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => (Left(f), f))];
        if (rows.Count == 0)
            return;
        text.Append('\n').Append(title).Append(":\n");
        int width = rows.Max(r => r.Left.Length) + 3;
        foreach ((string left, Flag flag) in rows)
        {
            text.Append(left.PadRight(width)).Append(flag.Usage);
            if (flag.DefaultText.Length > 0)
                text.Append(" (default ").Append(flag.DefaultText).Append(')');
            text.Append('\n');
        }
    }

    private static string Left(Flag flag)
    {
        string left = flag.Shorthand == '\0' ? $"      --{flag.Name}" : $"  -{flag.Shorthand}, --{flag.Name}";
        if (flag.TypeName.Length > 0)
            left += " " + flag.TypeName;
        return left;
    }
}
