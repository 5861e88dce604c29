namespace HelmLifecycle.Templates;

internal sealed partial class Formatter
{
    private const int MaxNumber = 1_000_000;

    private bool _reordered;
    private bool _goodArgument;

    /// <summary>Go's Sprintf. A verb that does not fit its operand writes a mark such as <c>%!d(string=x)</c> and never fails.</summary>
    internal static string Format(string format, ReadOnlySpan<GoValue> arguments)
    {
        var buffer = new TextBuffer(format.Length + 32);
        new Formatter(buffer).FormatAll(format, arguments);
        return GoString.Normalize(buffer.ToString());
    }

    private void FormatAll(string format, ReadOnlySpan<GoValue> arguments)
    {
        int argument = 0;
        int i = 0;
        while (i < format.Length)
        {
            _goodArgument = true;
            int percent = format.AsSpan(i).IndexOf('%');
            if (percent < 0)
            {
                _buffer.Append(format.AsSpan(i));
                break;
            }

            _buffer.Append(format.AsSpan(i, percent));
            i += percent + 1;
            ClearFlags();
            i = ReadFlags(format, i);
            i = ReadWidthAndPrecision(format, i, arguments, ref argument, out bool afterIndex);
            if (!afterIndex)
                i = ReadIndex(format, i, arguments.Length, ref argument, out _);
            if (i >= format.Length)
            {
                _buffer.Append("%!(NOVERB)");
                break;
            }

            int verb = Strconv.DecodeRune(format.AsSpan(i), out int size, out _);
            if (verb < 0)
                verb = 0xFFFD;
            i += size;
            if (verb == '%')
            {
                _buffer.Append('%');
            }
            else if (!_goodArgument)
            {
                AppendNote(verb, "(BADINDEX)");
            }
            else if (argument >= arguments.Length)
            {
                AppendNote(verb, "(MISSING)");
            }
            else
            {
                if (verb == 'v')
                {
                    (_sharpV, _sharp) = (_sharp, false);
                    (_plusV, _plus) = (_plus, false);
                }

                PrintArgument(arguments[argument++], verb);
            }
        }

        if (!_reordered && argument < arguments.Length)
            AppendExtra(arguments[argument..]);
    }

    private void AppendNote(int verb, string note)
    {
        _buffer.Append("%!");
        _buffer.AppendRune(verb);
        _buffer.Append(note);
    }

    private void AppendExtra(ReadOnlySpan<GoValue> extra)
    {
        ClearFlags();
        _buffer.Append("%!(EXTRA ");
        for (int i = 0; i < extra.Length; i++)
        {
            if (i > 0)
                _buffer.Append(", ");
            if (!extra[i].IsNil)
            {
                _buffer.Append(extra[i].Type!.Name);
                _buffer.Append('=');
            }

            PrintArgument(extra[i], 'v');
        }

        _buffer.Append(')');
    }

    private int ReadFlags(string format, int i)
    {
        for (; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '#':
                    _sharp = true;
                    break;
                case '0':
                    _zero = true;
                    break;
                case '+':
                    _plus = true;
                    break;
                case '-':
                    _minus = true;
                    break;
                case ' ':
                    _space = true;
                    break;
                default:
                    return i;
            }
        }

        return i;
    }

    private int ReadWidthAndPrecision(
        string format, int i, ReadOnlySpan<GoValue> arguments, ref int argument, out bool afterIndex)
    {
        i = ReadIndex(format, i, arguments.Length, ref argument, out afterIndex);
        if (i < format.Length && format[i] == '*')
        {
            i++;
            _hasWidth = TryTakeNumber(arguments, ref argument, out _width);
            if (!_hasWidth)
                _buffer.Append("%!(BADWIDTH)");
            if (_width < 0)
            {
                _width = -_width;
                _minus = true;
                _zero = false;
            }

            afterIndex = false;
        }
        else
        {
            i = ReadNumber(format, i, format.Length, out _width, out _hasWidth);
            if (afterIndex && _hasWidth)
                _goodArgument = false;
        }

        if (i >= format.Length || format[i] != '.')
            return i;
        i++;
        if (afterIndex)
            _goodArgument = false;
        i = ReadIndex(format, i, arguments.Length, ref argument, out afterIndex);
        if (i < format.Length && format[i] == '*')
        {
            i++;
            _hasPrecision = TryTakeNumber(arguments, ref argument, out _precision);
            if (_precision < 0)
            {
                _precision = 0;
                _hasPrecision = false;
            }

            if (!_hasPrecision)
                _buffer.Append("%!(BADPREC)");
            afterIndex = false;
        }
        else
        {
            i = ReadNumber(format, i, format.Length, out _precision, out _hasPrecision);
            if (!_hasPrecision)
            {
                _precision = 0;
                _hasPrecision = true;
            }
        }

        return i;
    }

    private int ReadIndex(string format, int i, int count, ref int argument, out bool found)
    {
        found = false;
        if (i >= format.Length || format[i] != '[')
            return i;
        _reordered = true;
        int close = format.IndexOf(']', i);
        if (format.Length - i < 3 || close < 0)
        {
            _goodArgument = false;
            return i + 1;
        }

        int end = ReadNumber(format, i + 1, close, out int index, out bool isNumber);
        if (!isNumber || end != close)
        {
            _goodArgument = false;
            return close + 1;
        }

        found = true;
        if (index >= 1 && index <= count)
            argument = index - 1;
        else
            _goodArgument = false;
        return close + 1;
    }

    private static int ReadNumber(string format, int i, int end, out int number, out bool isNumber)
    {
        number = 0;
        isNumber = false;
        for (; i < end && char.IsAsciiDigit(format[i]); i++)
        {
            if (number > MaxNumber)
            {
                number = 0;
                isNumber = false;
                return end;
            }

            number = (number * 10) + (format[i] - '0');
            isNumber = true;
        }

        return i;
    }

    private static bool TryTakeNumber(ReadOnlySpan<GoValue> arguments, ref int argument, out int number)
    {
        number = 0;
        if (argument >= arguments.Length)
            return false;
        GoValue value = arguments[argument++];
        if (value.Kind is not (GoKind.Int or GoKind.Uint) || value.IntValue is < -MaxNumber or > MaxNumber)
            return false;
        number = (int)value.IntValue;
        return true;
    }
}
