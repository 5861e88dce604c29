using System.Text;

namespace HelmLifecycle.Templates;

/// <summary>Reads TOML 1.0 as BurntSushi/toml 1.5 does: the tables, and which key may stand where.</summary>
internal sealed partial class TomlReader
{
    private const int MaxDepth = 500;

    /// <summary>The Go type of a list made by <c>[[name]]</c>.</summary>
    private static readonly GoType s_tableList = new("[]map[string]interface {}", GoKind.List, "slice", GoType.Map);

    private readonly string _text;
    private readonly Table _root = new();
    private int _pos;
    private int _line = 1;
    private int _depth;

    // For messages: the table that is being filled, and the key.
    private string[] _context = [];
    private string _key = "";

    /// <summary>A table, and how it came to be: that decides who may add to it.</summary>
    private sealed class Table
    {
        public Dictionary<string, object> Entries { get; } = new(StringComparer.Ordinal);

        /// <summary>Made on the way to another, so that it may still be defined once.</summary>
        public bool IsImplicit { get; set; }
    }

    private TomlReader(string text) => _text = text;

    public static GoMap Read(string text)
    {
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        int nul = text.AsSpan(0, Math.Min(6, text.Length)).IndexOf('\0');
        if (nul >= 0)
            throw new TomlException("toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8", 1, nul + 1);
        var reader = new TomlReader(text);
        reader.ReadDocument();
        return ToMap(reader._root);
    }

    private static GoMap ToMap(Table table)
    {
        var map = new GoMap(table.Entries.Count);
        foreach ((string key, object value) in table.Entries)
            map[key] = ToValue(value);
        return map;
    }

    private static GoValue ToValue(object value) => value switch
    {
        Table table => ToMap(table),
        List<Table> tables => new GoList(tables.Select(t => GoValue.Map(ToMap(t))).ToArray(), s_tableList),
        List<object> items => new GoList(items.Select(ToValue).ToArray()),
        _ => (GoValue)value,
    };

    private TomlException Error(string message, int? line = null)
    {
        string key = string.Join('.', _key.Length > 0 ? [.. _context, _key] : _context);
        int at = line ?? _line;
        string last = key.Length > 0 ? $" (last key {Strconv.Quote(key)})" : "";
        return new TomlException($"toml: line {at}{last}: {message}", at, _pos - _text.LastIndexOf('\n', Math.Max(_pos - 1, 0)));
    }

    // The end of the text counts as lying on the line before.
    private TomlException EndError(string message) => Error(message, _line - 1);

    // An error that is found by reading the character: a line break is behind one then.
    private TomlException ErrorAfterCharacter(string message) => AtEnd ? EndError(message) : Error(message, Current == '\n' ? _line + 1 : _line);

    private bool AtEnd => _pos >= _text.Length;

    private char Current => _pos < _text.Length ? _text[_pos] : '\0';

    private string Shown => AtEnd ? "'\\x00'" : Strconv.Quote(char.ConvertFromUtf32(CodePoint())) is var q ? $"'{q[1..^1].Replace("\\\"", "\"").Replace("'", "\\'")}'" : "";

    private int CodePoint() =>
        _pos + 1 < _text.Length && char.IsSurrogatePair(_text[_pos], _text[_pos + 1]) ? char.ConvertToUtf32(_text[_pos], _text[_pos + 1])
        : char.IsSurrogate(_text[_pos]) ? 0xFFFD : _text[_pos];

    /// <summary>Passes over one character, which must be one that TOML allows.</summary>
    private char Next()
    {
        char c = _text[_pos];
        if (char.IsSurrogate(c) && !(_pos + 1 < _text.Length && char.IsSurrogatePair(c, _text[_pos + 1])) && !(_pos > 0 && char.IsSurrogatePair(_text[_pos - 1], c)))
            throw Error($"invalid UTF-8 byte: 0x{GoString.ToBytes(c.ToString())[0]:x2}");
        if (c is (< ' ' and not ('\t' or '\n' or '\r')) or '\u007F' || (c == '\r' && (_pos + 1 >= _text.Length || _text[_pos + 1] != '\n')))
            throw Error($"TOML files cannot contain control characters: '0x{(int)c:x2}'");
        if (c == '\n')
            _line++;
        _pos++;
        return c;
    }

    private void SkipBlanks()
    {
        while (Current is ' ' or '\t')
            _pos++;
    }

    private void SkipComment()
    {
        while (!AtEnd && Current != '\n' && !(Current == '\r' && _pos + 1 < _text.Length && _text[_pos + 1] == '\n'))
            Next();
    }

    private void ReadDocument()
    {
        string[] table = [];
        while (true)
        {
            while (!AtEnd && Current is ' ' or '\t' or '\n' or '\r')
                Next();
            if (AtEnd)
                return;
            if (Current == '#')
            {
                SkipComment();
                continue;
            }

            if (Current == '[')
            {
                table = ReadHeader();
                _context = table;
            }
            else
            {
                _context = table;
                ReadKeyValue(Find(table));
                _context = table;
            }

            EndLine();
        }
    }

    private void EndLine()
    {
        SkipBlanks();
        if (Current == '#')
            SkipComment();
        if (AtEnd)
            return;
        if (Current is not ('\n' or '\r'))
            throw Error($"expected a top-level item to end with a newline, comment, or EOF, but got {Shown} instead");
        _key = "";
    }

    private string[] ReadHeader()
    {
        _pos++;
        bool isArray = Current == '[';
        if (isArray)
            _pos++;
        var parts = new List<string>();
        while (true)
        {
            SkipBlanks();
            if (AtEnd || Current == ']')
                throw Error("unexpected end of table name (table names cannot be empty)");
            if (Current == '.')
                throw Error("unexpected table separator (table names cannot be empty)");
            parts.Add(ReadKeyPart());
            SkipBlanks();
            if (Current == '.')
            {
                _pos++;
                continue;
            }

            if (Current != ']')
                throw ErrorAfterCharacter($"expected '.' or ']' to end table name, but got {Shown} instead");
            _pos++;
            break;
        }

        if (isArray)
        {
            if (Current != ']')
                throw ErrorAfterCharacter($"expected end of table array name delimiter ']', but got {Shown} instead");
            _pos++;
        }

        string[] key = [.. parts];
        if (isArray)
            DefineArrayTable(key);
        else
            DefineTable(key);
        return key;
    }

    private static string Join(IEnumerable<string> key) => string.Join('.', key.Select(QuotePart));

    private static string QuotePart(string part) =>
        part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? part : Strconv.Quote(part);

    // The table that holds the last part of a key; tables on the way are made.
    private Table Enter(Table from, string[] key, string[] prefix)
    {
        Table table = from;
        for (int i = 0; i < key.Length - 1; i++)
        {
            if (!table.Entries.TryGetValue(key[i], out object? next))
                table.Entries[key[i]] = next = new Table { IsImplicit = true };
            table = next switch
            {
                Table t => t,
                List<Table> tables => tables[^1],
                _ => throw Error($"Key '{Join([.. prefix, .. key[..(i + 1)]])}' was already created as a hash."),
            };
        }

        return table;
    }

    private Table Find(string[] key)
    {
        Table table = _root;
        foreach (string part in key)
            table = table.Entries[part] is List<Table> tables ? tables[^1] : (Table)table.Entries[part];
        return table;
    }

    private void DefineTable(string[] key)
    {
        Table parent = Enter(_root, key, []);
        _context = key[..^1];
        if (parent.Entries.TryGetValue(key[^1], out object? known))
        {
            if (known is not Table { IsImplicit: true } table)
                throw Error($"Key '{Join(key)}' has already been defined.");
            table.IsImplicit = false;
            return;
        }

        parent.Entries[key[^1]] = new Table();
    }

    private void DefineArrayTable(string[] key)
    {
        Table parent = Enter(_root, key, []);
        _context = key[..^1];
        if (!parent.Entries.TryGetValue(key[^1], out object? known))
            parent.Entries[key[^1]] = known = new List<Table>();
        if (known is not List<Table> tables)
            throw Error($"Key '{Join(key)}' was already created and cannot be used as an array.");
        tables.Add(new Table());
    }

    /// <summary>Reads a key and its value; returns the last part of the key.</summary>
    private string ReadKeyValue(Table into)
    {
        string[] outer = _context;
        string[] key = ReadKey();
        _key = key[^1];
        Table table = into;
        for (int i = 0; i < key.Length - 1; i++)
        {
            _context = [.. outer, .. key[..(i + 1)]];
            if (!table.Entries.TryGetValue(key[i], out object? next))
                table.Entries[key[i]] = next = new Table { IsImplicit = true };
            else if (next is Table known)
                known.IsImplicit = false;
            table = next as Table ?? throw Error($"Key '{Join(_context)}' has already been defined.");
        }

        _context = [.. outer, .. key[..^1]];
        SkipBlanks();
        object value = ReadValue();
        if (!table.Entries.TryAdd(key[^1], value))
        {
            // As in Go, what only stood on the way to another key is defined by the first that names it, and keeps what it has.
            if (table.Entries[key[^1]] is not Table { IsImplicit: true } implied)
                throw Error($"Key '{Join([.. outer, .. key])}' has already been defined.");
            implied.IsImplicit = false;
        }

        _key = "";
        _context = outer;
        return key[^1];
    }

    private string[] ReadKey()
    {
        SkipBlanks();
        if (AtEnd || Current == '=')
            throw Error("unexpected '=': key name appears blank");
        if (Current == '.')
            throw Error("unexpected '.': keys cannot start with a '.'");
        var parts = new List<string>();
        while (true)
        {
            parts.Add(ReadKeyPart());
            SkipBlanks();
            if (AtEnd)
                throw EndError("unexpected EOF; expected key separator '='");
            if (Current == '=')
            {
                _pos++;
                return [.. parts];
            }

            if (Current != '.')
                throw ErrorAfterCharacter($"expected '.' or '=', but got {Shown} instead");
            _pos++;
            SkipBlanks();
            if (AtEnd || Current == '=')
                throw Error("unexpected '='");
            if (Current == '.')
                throw Error("unexpected '.'");
        }
    }

    private string ReadKeyPart()
    {
        if (Current is '"' or '\'')
            return Current == '"' ? ReadString() : ReadRawString();
        int from = _pos;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '_' or '-')
            _pos++;
        return _text[from.._pos];
    }
}
