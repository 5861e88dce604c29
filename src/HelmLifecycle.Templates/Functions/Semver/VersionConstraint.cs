using System.Diagnostics.CodeAnalysis;

namespace HelmLifecycle.Templates;

/// <summary>
/// A condition on versions such as <c>&gt;=1.2 &lt;2 || ^3.1-0</c>, with the grammar and meaning of Masterminds/semver 3.4: <c>||</c>
/// separates alternatives, a space or comma joins conditions. A pre-release version is only accepted by an alternative that
/// names a pre-release itself.
/// </summary>
public sealed class VersionConstraint
{
    // Reading takes quadratic time at worst; no honest constraint is longer.
    private const int MaxLength = 8192;

    private readonly Condition[][] _alternatives;

    private VersionConstraint(Condition[][] alternatives) => _alternatives = alternatives;

    /// <summary>Reads a constraint.</summary>
    /// <exception cref="FormatException">The text is no constraint; the message is that of Helm.</exception>
    public static VersionConstraint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out string? error) ?? throw new FormatException(error);
    }

    /// <summary>Reads a constraint.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionConstraint? constraint)
    {
        constraint = text is null ? null : Read(text, out _);
        return constraint is not null;
    }

    /// <summary>Whether the version meets the constraint.</summary>
    public bool IsSatisfiedBy(SemanticVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        foreach (Condition[] conditions in _alternatives)
        {
            if (AllMet(conditions, version))
                return true;
        }

        return false;
    }

    private static bool AllMet(Condition[] conditions, SemanticVersion version)
    {
        bool namesPrerelease = false;
        foreach (Condition condition in conditions)
            namesPrerelease |= condition.Bound.Prerelease.Length != 0;
        if (version.Prerelease.Length != 0 && !namesPrerelease)
            return false;
        foreach (Condition condition in conditions)
        {
            if (!condition.IsMet(version))
                return false;
        }

        return true;
    }

    /// <summary>The constraint as text: conditions joined by spaces, alternatives by <c>||</c>.</summary>
    public override string ToString() =>
        string.Join(" || ", _alternatives.Select(a => string.Join(' ', a.Select(c => c.Operator + c.Text))));

    internal static VersionConstraint? Read(string text, out string? error)
    {
        error = text.Length > MaxLength ? "improper constraint: " + text : null;
        if (error is not null)
            return null;
        string[] parts = HyphenRange.Rewrite(text).Split("||");
        var alternatives = new Condition[parts.Length][];
        for (int i = 0; i < parts.Length; i++)
        {
            Condition[]? conditions = ReadConditions(parts[i], ref error);
            if (conditions is null)
                return null;
            alternatives[i] = conditions;
        }

        return new VersionConstraint(alternatives);
    }

    private static Condition[]? ReadConditions(string text, ref string? error)
    {
        var conditions = new List<Condition>();
        bool badVersion = false;
        int at = 0;
        while (true)
        {
            SkipSpace(text, ref at);
            string op = ReadOperator(text, ref at);
            SkipSpace(text, ref at);
            if (PartialVersion.Read(text, at) is not { } version)
                break;
            at += version.Length;
            Condition? condition = Condition.Create(op, version);
            badVersion |= condition is null;
            if (condition is not null)
                conditions.Add(condition);
            int end = at;
            SkipSpace(text, ref at);
            if (at == text.Length)
            {
                if (!badVersion)
                    return conditions.ToArray();
                error = "constraint parser error";
                return null;
            }

            if (text[at] == ',')
                at++;
            else if (at == end)
                break;
        }

        error = "improper constraint: " + text;
        return null;
    }

    private static string ReadOperator(string text, ref int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        string op = "";
        if (!rest.IsEmpty)
        {
            char next = rest.Length > 1 ? rest[1] : '\0';
            op = rest[0] switch
            {
                '=' => next switch { '>' => "=>", '<' => "=<", _ => "=" },
                '!' => next == '=' ? "!=" : "",
                '>' => next == '=' ? ">=" : ">",
                '<' => next == '=' ? "<=" : "<",
                '~' => next == '>' ? "~>" : "~",
                '^' => "^",
                _ => "",
            };
        }

        at += op.Length;
        return op;
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && IsSpace(text[at]))
            at++;
    }

    /// <summary>The space of the library's expressions, RE2's <c>\s</c>.</summary>
    internal static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    /// <summary>One condition: an operator and a version some of whose parts may be left open.</summary>
    private sealed class Condition
    {
        public required string Operator { get; init; }
        public required string Text { get; init; }
        public required SemanticVersion Bound { get; init; }
        // Whether any part is open; the minor part and what follows; the patch part only.
        public required bool IsOpen { get; init; }
        public required bool MinorIsOpen { get; init; }
        public required bool PatchIsOpen { get; init; }

        public static Condition? Create(string op, PartialVersion version)
        {
            bool open = true, minorOpen = false, patchOpen = false;
            string text = version.Text;
            if (IsWildcard(version.Major))
            {
                text = "0.0.0" + version.Prerelease;
            }
            else if (version.Minor.Length == 0 || IsWildcard(version.Minor))
            {
                minorOpen = true;
                text = version.Major + ".0.0" + version.Prerelease;
            }
            else if (version.Patch.Length == 0 || IsWildcard(version.Patch))
            {
                patchOpen = true;
                text = version.Major + "." + version.Minor + ".0" + version.Prerelease;
            }
            else
            {
                open = false;
            }

            SemanticVersion? bound = SemanticVersion.Read(text, out _);
            return bound is null
                ? null
                : new Condition
                {
                    Operator = op,
                    Text = version.Text,
                    Bound = bound,
                    IsOpen = open,
                    MinorIsOpen = minorOpen,
                    PatchIsOpen = patchOpen,
                };
        }

        private static bool IsWildcard(string part) => part is "x" or "X" or "*";

        public bool IsMet(SemanticVersion v) => Operator switch
        {
            "" or "=" => IsOpen ? Tilde(v) : v.CompareTo(Bound) == 0,
            "!=" => NotEqual(v),
            ">" => Greater(v),
            "<" => v.CompareTo(Bound) < 0,
            ">=" or "=>" => v.CompareTo(Bound) >= 0,
            "<=" or "=<" => LessOrEqual(v),
            "~" or "~>" => Tilde(v),
            _ => Caret(v),
        };

        private bool NotEqual(SemanticVersion v)
        {
            if (!IsOpen)
                return v.CompareTo(Bound) != 0;
            if (Bound.Major != v.Major)
                return true;
            if (MinorIsOpen)
                return false;
            if (Bound.Minor != v.Minor)
                return true;
            if (PatchIsOpen)
                return SemanticVersion.ComparePrereleases(v.Prerelease, Bound.Prerelease) != 0;
            return Bound.Patch != v.Patch || v.CompareTo(Bound) != 0;
        }

        private bool Greater(SemanticVersion v)
        {
            if (!IsOpen)
                return v.CompareTo(Bound) > 0;
            if (v.Major != Bound.Major)
                return v.Major > Bound.Major;
            if (MinorIsOpen)
                return false;
            return PatchIsOpen ? v.Minor > Bound.Minor : v.CompareTo(Bound) > 0;
        }

        private bool LessOrEqual(SemanticVersion v)
        {
            if (!IsOpen)
                return v.CompareTo(Bound) <= 0;
            return v.Major < Bound.Major || (v.Major == Bound.Major && (v.Minor <= Bound.Minor || MinorIsOpen));
        }

        private bool Tilde(SemanticVersion v)
        {
            if (v.CompareTo(Bound) < 0)
                return false;
            // "~0.0.0" and "*" accept everything from there on.
            if (Bound is { Major: 0, Minor: 0, Patch: 0 } && !MinorIsOpen && !PatchIsOpen)
                return true;
            return v.Major == Bound.Major && (v.Minor == Bound.Minor || MinorIsOpen);
        }

        private bool Caret(SemanticVersion v)
        {
            if (v.CompareTo(Bound) < 0)
                return false;
            if (Bound.Major > 0 || MinorIsOpen || v.Major > 0)
                return v.Major == Bound.Major;
            if (Bound.Minor > 0 || PatchIsOpen || v.Minor > 0)
                return v.Minor == Bound.Minor;
            return v.Patch == Bound.Patch;
        }
    }
}
