using System.Globalization;
using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>A replacement text taken apart: plain text and references to groups, <c>$1</c> or <c>${name}</c>, by Go's rules.</summary>
internal sealed class RegexTemplate
{
    // A text to take over, or the numbers of the groups of which the first that took part is taken.
    private readonly List<(string? Text, int[] Groups)> _parts = [];

    public RegexTemplate(string template, string[] groupNames)
    {
        var plain = new StringBuilder();
        int at = 0;
        while (at < template.Length)
        {
            int dollar = template.IndexOf('$', at);
            if (dollar < 0)
                break;
            plain.Append(template, at, dollar - at);
            at = dollar + 1;
            if (at < template.Length && template[at] == '$')
            {
                plain.Append('$');
                at++;
            }
            else if (TryReadName(template, ref at, out string name))
            {
                AddText(plain);
                _parts.Add((null, GroupsOf(name, groupNames)));
            }
            else
            {
                plain.Append('$');
            }
        }

        AddText(plain.Append(template, at, template.Length - at));
    }

    /// <summary>How many parts there are.</summary>
    public int Count => _parts.Count;

    private void AddText(StringBuilder plain)
    {
        if (plain.Length > 0)
            _parts.Add((plain.ToString(), []));
        plain.Clear();
    }

    // Letters, digits and underscores behind the dollar sign, or such in braces.
    private static bool TryReadName(string template, ref int at, out string name)
    {
        bool brace = at < template.Length && template[at] == '{';
        int start = brace ? at + 1 : at;
        int end = start;
        while (end < template.Length)
        {
            int rune = GoRune.At(template, end, out int width);
            if (rune != '_' && !GoRune.IsLetter(rune) && !GoRune.IsDigit(rune))
                break;
            end += width;
        }

        name = template[start..end];
        if (name.Length == 0 || (brace && (end >= template.Length || template[end] != '}')))
            return false;
        at = brace ? end + 1 : end;
        return true;
    }

    private static int[] GroupsOf(string name, string[] groupNames)
    {
        bool isNumber = name.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && name.Length <= 9 && (name.Length == 1 || name[0] != '0');
        if (isNumber)
        {
            int number = int.Parse(name, CultureInfo.InvariantCulture);
            return number < groupNames.Length ? [number] : [];
        }

        return Enumerable.Range(0, groupNames.Length).Where(i => groupNames[i] == name).ToArray();
    }

    /// <summary>Appends the replacement of a match.</summary>
    public void AppendTo(StringBuilder result, string text, ReadOnlySpan<int> slots)
    {
        foreach ((string? plain, int[] groups) in _parts)
        {
            result.Append(plain);
            foreach (int group in groups)
            {
                int start = slots[2 * group];
                if (start < 0)
                    continue;
                result.Append(text, start, slots[2 * group + 1] - start);
                break;
            }
        }
    }
}
