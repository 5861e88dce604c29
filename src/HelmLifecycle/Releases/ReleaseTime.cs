using System.Globalization;

namespace HelmLifecycle;

/// <summary>
/// A moment as Go keeps it: to the nanosecond, with the UTC offset of the machine that wrote it. <c>default</c> is "not set".
/// A record read and written again keeps all of it, which a <see cref="DateTimeOffset"/> (100 ns) cannot.
/// </summary>
public readonly struct ReleaseTime : IEquatable<ReleaseTime>, IComparable<ReleaseTime>
{
    private readonly DateTimeOffset _value;
    private readonly byte _nanoseconds;

    /// <summary>Makes it from a .NET time.</summary>
    public ReleaseTime(DateTimeOffset value)
        : this(value, 0)
    {
    }

    private ReleaseTime(DateTimeOffset value, byte nanoseconds)
    {
        _value = value;
        _nanoseconds = nanoseconds;
    }

    /// <summary>Whether no time is set (Go's zero time).</summary>
    public bool IsZero => _value == default && _nanoseconds == 0;

    /// <summary>The time, cut to 100 nanoseconds.</summary>
    public DateTimeOffset Value => _value;

    /// <summary>Reads RFC 3339; an empty text is the zero time.</summary>
    /// <exception cref="FormatException">The text is not RFC 3339.</exception>
    public static ReleaseTime Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return default;
        if (!TryParse(text, out var time)) throw new FormatException($"parsing time \"{text}\" as RFC 3339 failed");
        return time;
    }

    /// <summary>Reads RFC 3339 with up to nine fractional digits.</summary>
    public static bool TryParse(string text, out ReleaseTime time)
    {
        time = default;
        // 2006-01-02T15:04:05[.999999999](Z|+00:00)
        if (text.Length < 20) return false;
        int end = 19;
        int nanos = 0;
        if (text[end] == '.')
        {
            int digits = 0;
            for (end++; end < text.Length && char.IsAsciiDigit(text[end]); end++)
            {
                if (digits++ < 9) nanos = nanos * 10 + (text[end] - '0');
            }

            if (digits == 0) return false;
            for (; digits < 9; digits++) nanos *= 10;
        }

        if (!DateTime.TryParseExact(text.AsSpan(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        var offset = TimeSpan.Zero;
        var zone = text.AsSpan(end);
        if (!(zone is "Z"))
        {
            if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':') return false;
            if (!int.TryParse(zone[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out int hours)) return false;
            if (!int.TryParse(zone[4..6], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)) return false;
            offset = new TimeSpan(hours, minutes, 0);
            if (zone[0] == '-') offset = -offset;
        }

        if (offset.Duration() > TimeSpan.FromHours(14)) return false;
        var ticks = local.Ticks + nanos / 100;
        if (ticks - offset.Ticks < DateTime.MinValue.Ticks || ticks - offset.Ticks > DateTime.MaxValue.Ticks) return false;
        time = new ReleaseTime(new DateTimeOffset(ticks, offset), (byte)(nanos % 100));
        return true;
    }

    /// <summary>A .NET time as a release time.</summary>
    public static implicit operator ReleaseTime(DateTimeOffset value) => new(value);

    /// <summary>The time, cut to 100 nanoseconds.</summary>
    public static implicit operator DateTimeOffset(ReleaseTime time) => time._value;

    /// <summary>RFC 3339 with trailing zeros of the fraction dropped, as Go writes it; the empty text for the zero time.</summary>
    public override string ToString()
    {
        if (IsZero) return "";
        var text = _value.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        long nanos = _value.Ticks % TimeSpan.TicksPerSecond * 100 + _nanoseconds;
        if (nanos != 0) text += "." + nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        if (_value.Offset == TimeSpan.Zero) return text + "Z";
        var offset = _value.Offset.Duration();
        return text + (_value.Offset < TimeSpan.Zero ? '-' : '+') + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public int CompareTo(ReleaseTime other)
    {
        int order = _value.CompareTo(other._value);
        return order != 0 ? order : _nanoseconds.CompareTo(other._nanoseconds);
    }

    /// <inheritdoc/>
    public bool Equals(ReleaseTime other) => _value.EqualsExact(other._value) && _nanoseconds == other._nanoseconds;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReleaseTime other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_value, _nanoseconds);

    /// <summary>Whether both are the same moment with the same offset.</summary>
    public static bool operator ==(ReleaseTime left, ReleaseTime right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ReleaseTime left, ReleaseTime right) => !left.Equals(right);

    /// <summary>Whether the left is earlier.</summary>
    public static bool operator <(ReleaseTime left, ReleaseTime right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left is later.</summary>
    public static bool operator >(ReleaseTime left, ReleaseTime right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left is not later.</summary>
    public static bool operator <=(ReleaseTime left, ReleaseTime right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left is not earlier.</summary>
    public static bool operator >=(ReleaseTime left, ReleaseTime right) => left.CompareTo(right) >= 0;
}
