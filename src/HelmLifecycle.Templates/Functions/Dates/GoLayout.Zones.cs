using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Reading the time zone of a text, and placing the time that was read in it.</summary>
internal static partial class GoLayout
{
    private ref partial struct Reader
    {
        private void ReadOffset(LayoutPart part)
        {
            if (Array.IndexOf(IsoZones, part) >= 0 && _rest.StartsWith('Z'))
            {
                _rest = _rest[1..];
                _isUtc = true;
                return;
            }

            string pattern = part switch
            {
                LayoutPart.IsoColonZone or LayoutPart.NumColonZone => "+hh:mm",
                LayoutPart.IsoShortZone or LayoutPart.NumShortZone => "+hh",
                LayoutPart.IsoColonSecondsZone or LayoutPart.NumColonSecondsZone => "+hh:mm:ss",
                LayoutPart.IsoSecondsZone or LayoutPart.NumSecondsZone => "+hhmmss",
                _ => "+hhmm",
            };
            _bad = _rest.Length < pattern.Length;
            if (_bad)
                return;
            int hours = 0, minutes = 0, seconds = 0;
            for (int i = 1; i < pattern.Length; i++)
            {
                char c = _rest[i];
                if (pattern[i] == ':' ? c != ':' : !char.IsAsciiDigit(c))
                {
                    _bad = true;
                    return;
                }

                switch (pattern[i])
                {
                    case 'h':
                        hours = hours * 10 + c - '0';
                        break;
                    case 'm':
                        minutes = minutes * 10 + c - '0';
                        break;
                    case 's':
                        seconds = seconds * 10 + c - '0';
                        break;
                }
            }

            char sign = _rest[0];
            _rest = _rest[pattern.Length..];
            // Some people do write offsets of 24 hours or 60 minutes.
            _range = hours > 24 ? "time zone offset hour" : minutes > 60 ? "time zone offset minute"
                : seconds > 60 ? "time zone offset second" : null;
            _offset = (hours * 60 + minutes) * 60 + seconds;
            if (sign == '-')
                _offset = -_offset;
            else
                _bad = sign != '+';
        }

        private void ReadZoneName()
        {
            if (_rest.StartsWith("UTC"))
            {
                _isUtc = true;
                _rest = _rest[3..];
                return;
            }

            int length = ZoneNameLength(_rest);
            _bad = length == 0;
            _zoneName = _rest[..length].ToString();
            _rest = _rest[length..];
        }

        private static int ZoneNameLength(ReadOnlySpan<char> text)
        {
            if (text.Length < 3)
                return 0;
            if (text.StartsWith("ChST") || text.StartsWith("MeST"))
                return 4;
            if (text.StartsWith("GMT"))
                return 3 + SignedHoursLength(text[3..]);
            if (text[0] is '+' or '-')
                return SignedHoursLength(text);
            int upper = 0;
            while (upper < 6 && upper < text.Length && char.IsAsciiLetterUpper(text[upper]))
                upper++;
            return upper switch
            {
                3 => 3,
                4 when text[3] == 'T' || text.StartsWith("WITA") => 4,
                5 when text[4] == 'T' => 5,
                _ => 0,
            };
        }

        private static int SignedHoursLength(ReadOnlySpan<char> text)
        {
            if (text.IsEmpty || text[0] is not ('+' or '-'))
                return 0;
            int end = text[1..].IndexOfAnyExceptInRange('0', '9');
            ReadOnlySpan<char> digits = end < 0 ? text[1..] : text[1..(end + 1)];
            bool isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int hours);
            return isNumber && hours <= 23 ? digits.Length + 1 : 0;
        }

        private readonly GoTime Place(long wall)
        {
            if (_isUtc)
                return new GoTime(wall, _nanosecond, GoLocation.Utc);
            if (_offset != -1)
            {
                long unix = wall - _offset;
                (int offset, string name) = _local.At(unix);
                bool isLocal = offset == _offset && (_zoneName.Length == 0 || name == _zoneName);
                return new GoTime(unix, _nanosecond, isLocal ? _local : GoLocation.Fixed(_zoneName, _offset));
            }

            if (_zoneName.Length == 0)
                return new GoTime(wall - _local.OffsetOfLocal(wall), _nanosecond, _local);
            int localOffset = _local.OffsetOfLocal(wall);
            if (_local.At(wall - localOffset).Abbreviation == _zoneName)
                return new GoTime(wall - localOffset, _nanosecond, _local);
            int hours = _zoneName.Length > 3 && _zoneName.StartsWith("GMT", StringComparison.Ordinal)
                ? int.Parse(_zoneName.AsSpan(3), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : 0;
            return new GoTime(wall - hours * 3600, _nanosecond, GoLocation.Fixed(_zoneName, hours * 3600));
        }
    }
}
