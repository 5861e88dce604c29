namespace HelmLifecycle.Cli;

/// <summary>
/// Reads a command line as helm's parser does: flags anywhere, <c>--flag value</c>, <c>--flag=value</c>, <c>-f value</c>, <c>-fvalue</c>, joined
/// one-letter flags, <c>--</c> ends the flags. Flags of the root are known to every command.
/// </summary>
internal static class CommandLineParser
{
    public static (Command Command, List<string> Arguments, bool Help) Parse(Command root, IReadOnlyList<string> words)
    {
        Command command = root;
        var arguments = new List<string>();
        bool help = false, flagsEnded = false, searching = true;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (flagsEnded || word.Length < 2 || word[0] != '-')
            {
                // The first words that are no flags choose the command; after that they are arguments.
                if (searching && command.Find(word) is { } next)
                    command = next;
                else if (searching && command == root && arguments.Count == 0)
                    throw new UsageException(Unknown(root, word));
                else
                    (searching, _) = (false, AddArgument(arguments, word));
                continue;
            }

            if (word == "--")
                flagsEnded = true;
            else if (word is "--help" or "-h")
                help = true;
            else if (word[1] == '-')
                Long(root, command, words, ref i);
            else
                Short(root, command, words, ref i);
        }

        return (command, arguments, help);
    }

    private static bool AddArgument(List<string> arguments, string word)
    {
        arguments.Add(word);
        return true;
    }

    private static void Long(Command root, Command command, IReadOnlyList<string> words, ref int i)
    {
        string text = words[i][2..];
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        Flag flag = All(root, command).FirstOrDefault(f => f.Name == name) ?? throw new UsageException($"unknown flag: --{name}");
        if (equals >= 0)
            flag.Set(text[(equals + 1)..]);
        else if (flag.Alone is { } alone)
            flag.Set(alone);
        else if (i + 1 < words.Count)
            flag.Set(words[++i]);
        else
            throw new UsageException($"flag needs an argument: --{name}");
    }

    private static void Short(Command root, Command command, IReadOnlyList<string> words, ref int i)
    {
        string letters = words[i][1..];
        for (int k = 0; k < letters.Length; k++)
        {
            char letter = letters[k];
            Flag flag = All(root, command).FirstOrDefault(f => f.Shorthand == letter)
                ?? throw new UsageException($"unknown shorthand flag: '{letter}' in -{letters}");
            if (k + 1 < letters.Length && letters[k + 1] == '=')
            {
                flag.Set(letters[(k + 2)..]);
                return;
            }

            if (flag.Alone is { } alone)
            {
                flag.Set(alone);
                continue;
            }

            if (k + 1 < letters.Length)
                flag.Set(letters[(k + 1)..]);
            else if (i + 1 < words.Count)
                flag.Set(words[++i]);
            else
                throw new UsageException($"flag needs an argument: '{letter}' in -{letters}");
            return;
        }
    }

    private static IEnumerable<Flag> All(Command root, Command command)
    {
        for (Command? c = command; c is not null && c != root; c = c.Parent)
        {
            foreach (Flag flag in c.Flags)
                yield return flag;
        }

        foreach (Flag flag in root.Flags)
            yield return flag;
    }

    private static string Unknown(Command root, string word)
    {
        string text = $"unknown command \"{word}\" for \"{root.Name}\"";
        string[] near = [.. root.Commands.Select(c => c.Name).Where(n => Distance(n, word) <= 2 || n.StartsWith(word, StringComparison.Ordinal))];
        if (near.Length > 0)
            text += "\n\nDid you mean this?\n" + string.Concat(near.Select(n => $"\t{n}\n"));
        return text + $"\nRun '{root.Name} --help' for usage.";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
