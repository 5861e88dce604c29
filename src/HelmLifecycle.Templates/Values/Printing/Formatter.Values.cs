using System.Runtime.CompilerServices;

namespace HelmLifecycle.Templates;

internal sealed partial class Formatter
{
    private void PrintArgument(in GoValue value, int verb)
    {
        switch (value.Kind)
        {
            case GoKind.Nil when verb is 'T' or 'v':
                Pad("<nil>");
                return;
            case GoKind.Nil:
                BadVerb(value, verb);
                return;
        }

        switch (verb)
        {
            case 'T':
                FormatString(value.Type!.Name);
                return;
            case 'p':
                PrintPointer(value);
                return;
            case 'w':
                // Only fmt.Errorf knows it.
                BadVerb(value, verb);
                return;
        }

        PrintValue(value, verb, false);
    }

    private void PrintValue(in GoValue value, int verb, bool isElement)
    {
        DeepStack.Check();
        switch (value.Kind)
        {
            case GoKind.Nil:
                _buffer.Append(_sharpV ? "interface {}(nil)" : "<nil>");
                break;
            case GoKind.Bool when verb is 't' or 'v':
                Pad(value.BoolValue ? "true" : "false");
                break;
            case GoKind.Int or GoKind.Uint when verb is 'v' or 's' or 'q' or 'x' or 'X' && !_sharpV && OwnText(value) is { } text:
                PrintString(value, text, verb);
                break;
            case GoKind.Int or GoKind.Uint:
                PrintInteger(value, verb);
                break;
            case GoKind.Float:
                PrintFloat(value, value.FloatValue, verb);
                break;
            case GoKind.Complex:
                PrintComplex(value, verb);
                break;
            case GoKind.String:
                PrintString(value, value.AsString!, verb);
                break;
            case GoKind.List:
                PrintList(value.AsList!, verb, isElement);
                break;
            case GoKind.Map:
                PrintMap(value.AsMap!, verb);
                break;
            case GoKind.Object when isElement && value.AsObject!.IsBarePointer:
                PrintPointer(value);
                break;
            case GoKind.Object when verb is 'v' or 's' or 'q' or 'x' or 'X':
                PrintString(value, value.AsObject!.Print(), _sharpV ? 's' : verb);
                break;
            case GoKind.Func when verb is 'v':
                PrintPointer(value);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void PrintString(in GoValue value, string text, int verb)
    {
        switch (verb)
        {
            case 'v' when _sharpV:
                FormatQuoted(text);
                break;
            case 'v' or 's':
                FormatString(text);
                break;
            case 'x':
                FormatHex(GoString.ToBytes(text), LowerDigits);
                break;
            case 'X':
                FormatHex(GoString.ToBytes(text), UpperDigits);
                break;
            case 'q':
                FormatQuoted(text);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void PrintList(GoList list, int verb, bool isElement)
    {
        if (list.TryGetBytes(out ReadOnlyMemory<byte> bytes) && verb is 's' or 'x' or 'X' or 'q')
        {
            switch (verb)
            {
                case 's':
                    FormatString(GoString.FromBytes(bytes.Span));
                    return;
                case 'q':
                    FormatQuoted(GoString.FromBytes(bytes.Span));
                    return;
                default:
                    FormatHex(bytes.Span, verb == 'x' ? LowerDigits : UpperDigits);
                    return;
            }
        }

        if (_sharpV)
        {
            _buffer.Append(list.Type == GoType.Bytes && !isElement ? "[]byte" : list.Type.Name);
            _buffer.Append('{');
        }
        else
        {
            _buffer.Append('[');
        }

        for (int i = 0; i < list.Count; i++)
        {
            if (i > 0)
                _buffer.Append(_sharpV ? ", " : " ");
            PrintValue(list[i], verb, true);
        }

        _buffer.Append(_sharpV ? '}' : ']');
    }

    private void PrintMap(GoMap map, int verb)
    {
        _buffer.Append(_sharpV ? map.Type.Name : "map");
        _buffer.Append(_sharpV ? '{' : '[');
        bool first = true;
        foreach (string key in map.SortedKeys)
        {
            if (!first)
                _buffer.Append(_sharpV ? ", " : " ");
            first = false;
            PrintString(GoValue.String(key), key, verb);
            _buffer.Append(':');
            PrintValue(map[key], verb, true);
        }

        _buffer.Append(_sharpV ? '}' : ']');
    }

    // An address. It differs from run to run in Go as well.
    private void PrintPointer(in GoValue value)
    {
        if (value.Kind is not (GoKind.List or GoKind.Map or GoKind.Func or GoKind.Object))
        {
            BadVerb(value, 'p');
            return;
        }

        object target = (object?)value.AsMap ?? (object?)value.AsList ?? (object?)value.AsFunc ?? value.AsObject!;
        Pad($"0xc{RuntimeHelpers.GetHashCode(target):x9}");
    }

    private void BadVerb(in GoValue value, int verb)
    {
        _buffer.Append("%!");
        _buffer.AppendRune(verb);
        _buffer.Append('(');
        if (value.IsNil)
        {
            _buffer.Append("<nil>");
        }
        else
        {
            _buffer.Append(value.Type!.Name);
            _buffer.Append('=');
            PrintArgument(value, 'v');
        }

        _buffer.Append(')');
    }
}
