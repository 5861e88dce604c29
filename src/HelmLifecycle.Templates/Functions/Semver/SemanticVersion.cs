using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>
/// A semantic version, read as leniently as Helm reads it (Masterminds/semver 3.4): a leading <c>v</c>, missing parts and leading
/// zeros in the three numbers are accepted, so that <c>v1.2</c> is <c>1.2.0</c>.
/// </summary>
public sealed class SemanticVersion : IComparable<SemanticVersion>, IEquatable<SemanticVersion>
{
    internal SemanticVersion(ulong major, ulong minor, ulong patch, string prerelease, string metadata, string? original)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
        Metadata = metadata;
        Original = original ?? ToString();
    }

    /// <summary>The major number.</summary>
    public ulong Major { get; }

    /// <summary>The minor number; 0 when the text had none.</summary>
    public ulong Minor { get; }

    /// <summary>The patch number; 0 when the text had none.</summary>
    public ulong Patch { get; }

    /// <summary>The pre-release part without its hyphen, such as <c>rc.1</c>; empty when there is none.</summary>
    public string Prerelease { get; }

    /// <summary>The build metadata without its plus sign; empty when there is none. It does not count in comparisons.</summary>
    public string Metadata { get; }

    /// <summary>The text the version was read from.</summary>
    public string Original { get; }

    /// <summary>Reads a version.</summary>
    /// <exception cref="FormatException">The text is no version; the message is that of Helm.</exception>
    public static SemanticVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out string? error) ?? throw new FormatException(error);
    }

    /// <summary>Reads a version.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = text is null ? null : Read(text, out _);
        return version is not null;
    }

    internal static SemanticVersion? Read(string text, out string? error)
    {
        error = "invalid semantic version";
        ReadOnlySpan<char> rest = text;
        if (rest.StartsWith('v'))
            rest = rest[1..];
        ReadOnlySpan<char> major = TakeDigits(ref rest);
        if (major.IsEmpty)
            return null;
        if (!TakeDotted(ref rest, out ReadOnlySpan<char> minor) || !TakeDotted(ref rest, out ReadOnlySpan<char> patch)
            || !TakeLabel(ref rest, '-', out ReadOnlySpan<char> prerelease) || !TakeLabel(ref rest, '+', out ReadOnlySpan<char> metadata)
            || !rest.IsEmpty)
            return null;
        if (!ToNumber(major, out ulong a, ref error) || !ToNumber(minor, out ulong b, ref error) || !ToNumber(patch, out ulong c, ref error))
            return null;
        foreach (Range part in prerelease.Split('.'))
        {
            ReadOnlySpan<char> p = prerelease[part];
            if (p.Length > 1 && p[0] == '0' && p.IndexOfAnyExceptInRange('0', '9') < 0)
            {
                error = "version segment starts with 0";
                return null;
            }
        }

        error = null;
        return new SemanticVersion(a, b, c, prerelease.ToString(), metadata.ToString(), text);
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        return digits;
    }

    private static bool TakeDotted(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> digits)
    {
        digits = default;
        if (!rest.StartsWith('.'))
            return true;
        rest = rest[1..];
        digits = TakeDigits(ref rest);
        return !digits.IsEmpty;
    }

    // A label is a row of non-empty parts of letters, digits and hyphens, with dots between them.
    private static bool TakeLabel(ref ReadOnlySpan<char> rest, char mark, out ReadOnlySpan<char> label)
    {
        label = default;
        if (!rest.StartsWith(mark))
            return true;
        int end = 1;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '-' or '.'))
            end++;
        label = rest[1..end];
        rest = rest[end..];
        return !label.IsEmpty && label[0] != '.' && label[^1] != '.' && label.IndexOf("..") < 0;
    }

    private static bool ToNumber(ReadOnlySpan<char> digits, out ulong number, ref string? error)
    {
        number = 0;
        if (digits.IsEmpty || ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return true;
        error = $"error parsing version segment: strconv.ParseUint: parsing \"{digits}\": value out of range";
        return false;
    }

    /// <summary>
    /// Compares by precedence: the three numbers, then the pre-release (a version without one is the higher). Metadata is ignored.
    /// </summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
            return 1;
        int order = Major.CompareTo(other.Major);
        if (order == 0)
            order = Minor.CompareTo(other.Minor);
        if (order == 0)
            order = Patch.CompareTo(other.Patch);
        if (order != 0)
            return order;
        if (Prerelease.Length == 0 || other.Prerelease.Length == 0)
            return (other.Prerelease.Length != 0 ? 1 : 0) - (Prerelease.Length != 0 ? 1 : 0);
        return ComparePrereleases(Prerelease, other.Prerelease);
    }

    internal static int ComparePrereleases(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (true)
        {
            ReadOnlySpan<char> p = TakePart(ref a), q = TakePart(ref b);
            int order = ComparePart(p, q);
            if (order != 0)
                return order;
            if (a.IsEmpty && b.IsEmpty)
                return 0;
        }
    }

    private static ReadOnlySpan<char> TakePart(ref ReadOnlySpan<char> label)
    {
        int dot = label.IndexOf('.');
        ReadOnlySpan<char> part = dot < 0 ? label : label[..dot];
        label = dot < 0 ? default : label[(dot + 1)..];
        return part;
    }

    // A number is lower than a word; a number too large for 64 bits counts as a word, as in Go.
    private static int ComparePart(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.SequenceEqual(b))
            return 0;
        if (b.IsEmpty)
            return 1;
        if (a.IsEmpty)
            return -1;
        bool aIsNumber = ulong.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out ulong x);
        bool bIsNumber = ulong.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out ulong y);
        if (aIsNumber && bIsNumber)
            return x > y ? 1 : -1;
        if (aIsNumber != bIsNumber)
            return aIsNumber ? -1 : 1;
        return Math.Sign(a.SequenceCompareTo(b));
    }

    /// <summary>Whether both have the same precedence; metadata is ignored.</summary>
    public bool Equals(SemanticVersion? other) => other is not null && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SemanticVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, Prerelease);

    /// <summary>The canonical text: <c>major.minor.patch[-prerelease][+metadata]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}")
        + (Prerelease.Length == 0 ? "" : "-" + Prerelease) + (Metadata.Length == 0 ? "" : "+" + Metadata);

    /// <summary>Whether <paramref name="left"/> is lower.</summary>
    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is higher.</summary>
    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is lower or the same.</summary>
    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is higher or the same.</summary>
    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Whether both have the same precedence.</summary>
    public static bool operator ==(SemanticVersion? left, SemanticVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the precedence differs.</summary>
    public static bool operator !=(SemanticVersion? left, SemanticVersion? right) => !(left == right);
}
