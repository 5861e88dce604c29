namespace HelmLifecycle.Templates;

internal sealed partial class Formatter
{
    private void PrintInteger(in GoValue value, int verb)
    {
        bool signed = value.Kind == GoKind.Int;
        ulong bits = (ulong)value.IntValue;
        switch (verb)
        {
            case 'v' when _sharpV && !signed:
                bool sharp = _sharp;
                _sharp = true;
                FormatInteger(bits, 16, false, 'v', LowerDigits);
                _sharp = sharp;
                break;
            case 'v' or 'd':
                FormatInteger(bits, 10, signed, verb, LowerDigits);
                break;
            case 'b':
                FormatInteger(bits, 2, signed, verb, LowerDigits);
                break;
            case 'o' or 'O':
                FormatInteger(bits, 8, signed, verb, LowerDigits);
                break;
            case 'x':
                FormatInteger(bits, 16, signed, verb, LowerDigits);
                break;
            case 'X':
                FormatInteger(bits, 16, signed, verb, UpperDigits);
                break;
            case 'c':
                int start = _buffer.Length;
                _buffer.AppendRune(bits > 0x10FFFF ? 0xFFFD : (long)bits);
                PadWritten(start);
                break;
            case 'q':
                start = _buffer.Length;
                Strconv.AppendQuotedRune(_buffer, bits > 0x10FFFF ? 0xFFFD : (long)bits, _plus);
                PadWritten(start);
                break;
            case 'U':
                FormatUnicode(bits);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void FormatInteger(ulong u, uint radix, bool signed, int verb, string digits)
    {
        bool negative = signed && (long)u < 0;
        if (negative)
            u = unchecked(0 - u);
        int precision = 0;
        if (_hasPrecision)
        {
            precision = _precision;
            if (precision == 0 && u == 0)
            {
                bool kept = _zero;
                _zero = false;
                WritePadding(_width);
                _zero = kept;
                return;
            }
        }
        else if (_zero && !_minus && _hasWidth)
        {
            precision = _width;
            if (negative || _plus || _space)
                precision--;
        }

        Span<char> reversed = stackalloc char[72];
        int count = 0;
        do
        {
            reversed[count++] = digits[(int)(u % radix)];
            u /= radix;
        }
        while (u != 0);

        int start = _buffer.Length;
        if (negative)
            _buffer.Append('-');
        else if (_plus)
            _buffer.Append('+');
        else if (_space)
            _buffer.Append(' ');
        if (verb == 'O')
            _buffer.Append("0o");
        if (_sharp)
        {
            switch (radix)
            {
                case 2:
                    _buffer.Append("0b");
                    break;
                case 8 when precision <= count && reversed[count - 1] != '0':
                    _buffer.Append('0');
                    break;
                case 16:
                    _buffer.Append('0');
                    _buffer.Append(digits[16]);
                    break;
            }
        }

        _buffer.Append('0', precision - count);
        while (count > 0)
            _buffer.Append(reversed[--count]);
        bool zero = _zero;
        _zero = false;
        PadWritten(start);
        _zero = zero;
    }

    private void FormatUnicode(ulong u)
    {
        int start = _buffer.Length;
        string hex = u.ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        _buffer.Append("U+");
        _buffer.Append('0', (_hasPrecision && _precision > 4 ? _precision : 4) - hex.Length);
        _buffer.Append(hex);
        if (_sharp && u <= 0x10FFFF && Strconv.IsPrint((int)u))
        {
            _buffer.Append(" '");
            _buffer.AppendRune((long)u);
            _buffer.Append('\'');
        }

        bool zero = _zero;
        _zero = false;
        PadWritten(start);
        _zero = zero;
    }

    private void PrintFloat(in GoValue value, double number, int verb)
    {
        switch (verb)
        {
            case 'v':
                FormatFloat(number, 'g', -1);
                break;
            case 'b' or 'g' or 'G' or 'x' or 'X':
                FormatFloat(number, (char)verb, -1);
                break;
            case 'f' or 'e' or 'E' or 'F':
                FormatFloat(number, verb == 'F' ? 'f' : (char)verb, 6);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void FormatFloat(double value, char verb, int precision)
    {
        if (_hasPrecision)
            precision = _precision;
        string text = Strconv.FormatFloat(value, verb, precision);
        char sign = text[0] is '-' or '+' ? text[0] : '+';
        string number = text[0] is '-' or '+' ? text[1..] : text;
        if (_space && sign == '+' && !_plus)
            sign = ' ';
        if (number[0] is 'I' or 'N')
        {
            bool zero = _zero;
            _zero = false;
            Pad(number[0] == 'N' && !_space && !_plus ? number : sign == '+' && !_plus ? number is "Inf" ? "+Inf" : number : sign + number);
            _zero = zero;
            return;
        }

        if (_sharp && verb != 'b')
            number = KeepPoint(number, verb, precision);
        if (!_plus && sign == '+')
        {
            Pad(number);
            return;
        }

        if (_zero && !_minus && _hasWidth && _width > number.Length + 1)
        {
            _buffer.Append(sign);
            WritePadding(_width - number.Length - 1);
            _buffer.Append(number);
            return;
        }

        Pad(sign + number);
    }

    // The flag # keeps the decimal point, and trailing zeros for %g.
    private static string KeepPoint(string number, char verb, int precision)
    {
        int digits = verb is 'g' or 'G' or 'x' ? precision < 0 ? 6 : precision : 0;
        int tailStart = number.IndexOfAny(verb is 'x' or 'X' ? ['p', 'P'] : ['e', 'E', 'p', 'P']);
        string tail = tailStart < 0 ? "" : number[tailStart..];
        string body = tailStart < 0 ? number : number[..tailStart];
        bool point = false, nonzero = false;
        foreach (char c in body)
        {
            if (c == '.')
            {
                point = true;
                continue;
            }

            nonzero |= c != '0';
            if (nonzero)
                digits--;
        }

        if (!point)
        {
            if (body is "0")
                digits--;
            body += ".";
        }

        return body + (digits > 0 ? new string('0', digits) : "") + tail;
    }

    private void PrintComplex(in GoValue value, int verb)
    {
        if (verb is not ('v' or 'b' or 'g' or 'G' or 'x' or 'X' or 'f' or 'F' or 'e' or 'E'))
        {
            BadVerb(value, verb);
            return;
        }

        bool plus = _plus;
        _buffer.Append('(');
        PrintFloat(value, value.ComplexValue.Real, verb);
        _plus = true;
        PrintFloat(value, value.ComplexValue.Imaginary, verb);
        _buffer.Append("i)");
        _plus = plus;
    }

    private void FormatString(string text) => Pad(Truncate(text));

    private void FormatQuoted(string text)
    {
        text = Truncate(text);
        int start = _buffer.Length;
        if (_sharp && Strconv.CanBackquote(text))
        {
            _buffer.Append('`');
            _buffer.Append(text);
            _buffer.Append('`');
        }
        else
        {
            Strconv.AppendQuoted(_buffer, text, '"', _plus);
        }

        PadWritten(start);
    }

    private void FormatHex(ReadOnlySpan<byte> bytes, string digits)
    {
        if (_hasPrecision && _precision < bytes.Length)
            bytes = bytes[.._precision];
        if (bytes.IsEmpty)
        {
            if (_hasWidth)
                WritePadding(_width);
            return;
        }

        int width = 2 * bytes.Length;
        if (_space)
            width = (_sharp ? width * 2 : width) + bytes.Length - 1;
        else if (_sharp)
            width += 2;
        if (_hasWidth && _width > width && !_minus)
            WritePadding(_width - width);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (_space && i > 0)
                _buffer.Append(' ');
            if (_sharp && (i == 0 || _space))
            {
                _buffer.Append('0');
                _buffer.Append(digits[16]);
            }

            _buffer.Append(digits[bytes[i] >> 4]);
            _buffer.Append(digits[bytes[i] & 15]);
        }

        if (_hasWidth && _width > width && _minus)
            WritePadding(_width - width);
    }
}
