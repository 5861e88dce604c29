using System.Globalization;

namespace HelmLifecycle.Templates;

/// <summary>Reading a time by a layout.</summary>
internal static partial class GoLayout
{
    /// <summary>Reads a time.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="text">The text.</param>
    /// <param name="local">The zone of a text that names none.</param>
    /// <param name="time">The time.</param>
    /// <returns>Null when it is read; Go's error message otherwise.</returns>
    internal static string? Parse(string layout, string text, GoLocation local, out GoTime time)
    {
        var reader = new Reader(layout, text, local);
        string? error = reader.Read();
        time = error is null ? reader.Result : GoTime.Zero;
        return error;
    }

    private ref partial struct Reader(string layout, string text, GoLocation local)
    {
        private readonly string _layout = layout;
        private readonly string _text = text;
        private readonly GoLocation _local = local;
        private ReadOnlySpan<char> _rest = text;
        private ReadOnlySpan<char> _layoutRest = layout;
        private bool _bad;
        private string? _range;
        private bool _am, _pm;
        private int _year, _month = -1, _day = -1, _yearDay = -1, _hour, _minute, _second, _nanosecond;
        private int _offset = -1;
        private bool _isUtc;
        private string _zoneName = "";

        public GoTime Result { get; private set; } = GoTime.Zero;

        public string? Read()
        {
            while (true)
            {
                LayoutPart part = Next(_layoutRest, out int start, out int end);
                ReadOnlySpan<char> prefix = _layoutRest[..start];
                ReadOnlySpan<char> element = _layoutRest[start..end];
                Skip(prefix);
                if (_bad)
                    return Mismatch(prefix, _rest);
                if (part == LayoutPart.None)
                    break;
                _layoutRest = _layoutRest[end..];
                ReadOnlySpan<char> hold = _rest;
                ReadPart(part, end - start);
                if (_range is not null)
                    return $"parsing time {Quote(_text)}: {_range} out of range";
                if (_bad)
                    return Mismatch(element, hold);
            }

            if (!_rest.IsEmpty)
                return $"parsing time {Quote(_text)}: extra text: {Quote(_rest.ToString())}";
            return Finish();
        }

        private readonly string Mismatch(ReadOnlySpan<char> element, ReadOnlySpan<char> value) =>
            $"parsing time {Quote(_text)} as {Quote(_layout)}: cannot parse {Quote(value.ToString())} as {Quote(element.ToString())}";

        private void Skip(ReadOnlySpan<char> prefix)
        {
            while (!prefix.IsEmpty)
            {
                if (prefix[0] == ' ')
                {
                    if (!_rest.IsEmpty && _rest[0] != ' ')
                    {
                        _bad = true;
                        return;
                    }

                    prefix = prefix.TrimStart(' ');
                    _rest = _rest.TrimStart(' ');
                    continue;
                }

                if (_rest.IsEmpty || _rest[0] != prefix[0])
                {
                    _bad = true;
                    return;
                }

                prefix = prefix[1..];
                _rest = _rest[1..];
            }
        }

        private void ReadPart(LayoutPart part, int length)
        {
            switch (part)
            {
                case LayoutPart.Year:
                    _year = ReadDigits(2);
                    _year += _year >= 69 ? 1900 : 2000;
                    break;
                case LayoutPart.LongYear:
                    _bad = !IsDigit(0);
                    if (!_bad)
                        _year = ReadDigits(4);
                    break;
                case LayoutPart.Month:
                    _month = ReadName(Months, 3) + 1;
                    break;
                case LayoutPart.LongMonth:
                    _month = ReadName(Months, 0) + 1;
                    break;
                case LayoutPart.NumMonth or LayoutPart.ZeroMonth:
                    _month = ReadNumber(part == LayoutPart.ZeroMonth);
                    CheckRange(_month is > 0 and <= 12, "month");
                    break;
                case LayoutPart.WeekDay:
                    ReadName(Days, 3);
                    break;
                case LayoutPart.LongWeekDay:
                    ReadName(Days, 0);
                    break;
                case LayoutPart.Day or LayoutPart.UnderDay or LayoutPart.ZeroDay:
                    if (part == LayoutPart.UnderDay && _rest.StartsWith(' '))
                        _rest = _rest[1..];
                    _day = ReadNumber(part == LayoutPart.ZeroDay);
                    break;
                case LayoutPart.UnderYearDay or LayoutPart.ZeroYearDay:
                    for (int i = 0; i < 2 && part == LayoutPart.UnderYearDay && _rest.StartsWith(' '); i++)
                        _rest = _rest[1..];
                    _yearDay = ReadYearDay(part == LayoutPart.ZeroYearDay);
                    break;
                case LayoutPart.Hour:
                    _hour = ReadNumber(false);
                    CheckRange(_hour < 24, "hour");
                    break;
                case LayoutPart.Hour12 or LayoutPart.ZeroHour12:
                    _hour = ReadNumber(part == LayoutPart.ZeroHour12);
                    CheckRange(_hour <= 12, "hour");
                    break;
                case LayoutPart.Minute or LayoutPart.ZeroMinute:
                    _minute = ReadNumber(part == LayoutPart.ZeroMinute);
                    CheckRange(_minute < 60, "minute");
                    break;
                case LayoutPart.Second or LayoutPart.ZeroSecond:
                    ReadSecond(part == LayoutPart.ZeroSecond);
                    break;
                case LayoutPart.UpperPm or LayoutPart.LowerPm:
                    ReadPm(part == LayoutPart.UpperPm ? "PM" : "pm", part == LayoutPart.UpperPm ? "AM" : "am");
                    break;
                case LayoutPart.ZoneName:
                    ReadZoneName();
                    break;
                case LayoutPart.Fraction0:
                    _bad = _rest.Length < length;
                    if (!_bad)
                        ReadFraction(length);
                    break;
                case LayoutPart.Fraction9:
                    if (_rest.Length >= 2 && _rest[0] is '.' or ',' && IsDigit(1))
                        ReadFraction(CountDigits(1));
                    break;
                default:
                    ReadOffset(part);
                    break;
            }
        }

        private readonly bool IsDigit(int at) => at < _rest.Length && char.IsAsciiDigit(_rest[at]);

        // Where the digits end that start there.
        private readonly int CountDigits(int start)
        {
            while (IsDigit(start))
                start++;
            return start;
        }

        private void CheckRange(bool inside, string name)
        {
            if (!_bad && !inside)
                _range = name;
        }

        private int ReadDigits(int count)
        {
            if (_rest.Length < count || _rest[..count].IndexOfAnyExceptInRange('0', '9') >= 0)
            {
                // A sign before the digits is read as Go's atoi reads it.
                _bad = _rest.Length < count
                    || !int.TryParse(_rest[..count], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
                if (_bad)
                    return 0;
            }

            int number = int.Parse(_rest[..count], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            _rest = _rest[count..];
            return number;
        }

        private int ReadNumber(bool twoDigits)
        {
            if (!IsDigit(0) || (twoDigits && !IsDigit(1)))
            {
                _bad = true;
                return 0;
            }

            int count = IsDigit(1) ? 2 : 1;
            int number = int.Parse(_rest[..count], NumberStyles.None, CultureInfo.InvariantCulture);
            _rest = _rest[count..];
            return number;
        }

        private int ReadYearDay(bool threeDigits)
        {
            int count = Math.Min(CountDigits(0), 3);
            _bad = count == 0 || (threeDigits && count != 3);
            if (_bad)
                return 0;
            int number = int.Parse(_rest[..count], NumberStyles.None, CultureInfo.InvariantCulture);
            _rest = _rest[count..];
            return number;
        }

        private int ReadName(string[] names, int length)
        {
            for (int i = 0; i < names.Length; i++)
            {
                ReadOnlySpan<char> name = length == 0 ? names[i] : names[i].AsSpan(0, length);
                if (_rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                {
                    _rest = _rest[name.Length..];
                    return i;
                }
            }

            _bad = true;
            return -1;
        }

        private void ReadSecond(bool twoDigits)
        {
            _second = ReadNumber(twoDigits);
            CheckRange(_second < 60, "second");
            if (_bad || _range is not null || _rest.Length < 2 || _rest[0] is not ('.' or ',') || !IsDigit(1))
                return;
            // A fraction in the text is taken even when the layout has none.
            if (Next(_layoutRest, out _, out _) is not (LayoutPart.Fraction0 or LayoutPart.Fraction9))
                ReadFraction(CountDigits(2));
        }

        private void ReadFraction(int length)
        {
            _bad = _rest[0] is not ('.' or ',');
            if (_bad)
                return;
            ReadOnlySpan<char> digits = _rest[1..Math.Min(length, 10)];
            _bad = digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0;
            if (_bad)
                return;
            _nanosecond = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            for (int i = digits.Length; i < 9; i++)
                _nanosecond *= 10;
            _rest = _rest[length..];
        }

        private void ReadPm(string pm, string am)
        {
            _pm = _rest.StartsWith(pm);
            _am = _rest.StartsWith(am);
            _bad = !_pm && !_am;
            if (!_bad)
                _rest = _rest[2..];
        }

        private string? Finish()
        {
            if (_pm && _hour < 12)
                _hour += 12;
            else if (_am && _hour == 12)
                _hour = 0;
            string? error = _yearDay >= 0 ? SetFromYearDay() : null;
            if (error is not null)
                return $"parsing time {Quote(_text)}: {error}";
            if (_month < 0)
                _month = 1;
            if (_day < 0)
                _day = 1;
            if (_day < 1 || _day > GoTime.DaysIn(_year, _month))
                return $"parsing time {Quote(_text)}: day out of range";
            long wall = GoTime.SecondsOf(_year, _month, _day, _hour, _minute, _second);
            Result = Place(wall);
            return null;
        }

        private string? SetFromYearDay()
        {
            int days = GoTime.DaysIn(_year, 2) == 29 ? 366 : 365;
            if (_yearDay < 1 || _yearDay > days)
                return "day-of-year out of range";
            int month = 1, day = _yearDay;
            while (day > GoTime.DaysIn(_year, month))
                day -= GoTime.DaysIn(_year, month++);
            if (_month >= 0 && _month != month)
                return "day-of-year does not match month";
            if (_day >= 0 && _day != day)
                return "day-of-year does not match day";
            (_month, _day) = (month, day);
            return null;
        }
    }
}
