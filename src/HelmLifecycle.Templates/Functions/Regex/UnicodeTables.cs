using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>The character tables that <c>\p{...}</c> names: general categories and scripts, by Go's rules for names.</summary>
internal static class UnicodeTables
{
    private const int MaxRune = 0x10FFFF;

    // In the order of UnicodeCategory.
    private static readonly string[] Codes =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps",
        "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    // The long names of categories.
    private static string? Alias(string name) => name switch
    {
        "Casedletter" => "LC",
        "Closepunctuation" => "Pe",
        "Combiningmark" or "Mark" => "M",
        "Connectorpunctuation" => "Pc",
        "Control" or "Cntrl" => "Cc",
        "Currencysymbol" => "Sc",
        "Dashpunctuation" => "Pd",
        "Decimalnumber" or "Digit" => "Nd",
        "Enclosingmark" => "Me",
        "Finalpunctuation" => "Pf",
        "Format" => "Cf",
        "Initialpunctuation" => "Pi",
        "Letter" => "L",
        "Letternumber" => "Nl",
        "Lineseparator" => "Zl",
        "Lowercaseletter" => "Ll",
        "Mathsymbol" => "Sm",
        "Modifierletter" => "Lm",
        "Modifiersymbol" => "Sk",
        "Nonspacingmark" => "Mn",
        "Number" => "N",
        "Openpunctuation" => "Ps",
        "Other" => "C",
        "Otherletter" => "Lo",
        "Othernumber" => "No",
        "Otherpunctuation" => "Po",
        "Othersymbol" => "So",
        "Paragraphseparator" => "Zp",
        "Privateuse" => "Co",
        "Punctuation" or "Punct" => "P",
        "Separator" => "Z",
        "Spaceseparator" => "Zs",
        "Spacingmark" => "Mc",
        "Surrogate" => "Cs",
        "Symbol" => "S",
        "Titlecaseletter" => "Lt",
        "Unassigned" => "Cn",
        "Uppercaseletter" => "Lu",
        _ => null,
    };

    private static readonly ConcurrentDictionary<string, int[]> Categories = new(StringComparer.Ordinal);

    /// <summary>The ranges of a table, as pairs of first and last code point in order; null when there is no such name.</summary>
    public static int[]? Find(string name)
    {
        name = CanonicalName(name);
        switch (name)
        {
            case "Any":
                return [0, MaxRune];
            case "Ascii":
                return [0, 0x7F];
            case "Assigned":
                return Categories.GetOrAdd("Assigned", static _ => Collect(static code => code != "Cn"));
            case "Lc":
                return Category("LC");
        }

        if (name.Length == 1 && "CLMNPSZ".Contains(name[0]) || (name.Length == 2 && Array.IndexOf(Codes, name) >= 0))
            return Category(name);
        return UnicodeScripts.Find(name) ?? (Alias(name) is { } code ? Category(code) : null);
    }

    private static int[] Category(string name) => Categories.GetOrAdd(name, static name => name == "LC"
        ? Collect(static code => code is "Lu" or "Ll" or "Lt")
        : Collect(code => code.StartsWith(name, StringComparison.Ordinal)));

    private static int[] Collect(Func<string, bool> belongs)
    {
        var wanted = new bool[Codes.Length];
        for (int i = 0; i < wanted.Length; i++)
            wanted[i] = belongs(Codes[i]);
        var ranges = new List<int>();
        int start = -1;
        for (int r = 0; r <= MaxRune; r++)
        {
            bool inside = wanted[(int)CharUnicodeInfo.GetUnicodeCategory(r)];
            if (inside && start < 0)
                start = r;
            if (!inside && start >= 0)
            {
                ranges.Add(start);
                ranges.Add(r - 1);
                start = -1;
            }
        }

        if (start >= 0)
            ranges.AddRange([start, MaxRune]);
        return ranges.ToArray();
    }

    /// <summary>A name as Go makes them alike: one capital, the rest small, without spaces, hyphens and underscores.</summary>
    public static string CanonicalName(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (c is '_' or '-' or ' ')
                continue;
            text.Append(c >= 0x80 ? c : text.Length == 0 ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
