namespace HelmLifecycle.Templates;

/// <summary>The kinds of tokens inside and outside of actions.</summary>
internal enum TokenKind : byte
{
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    EndOfFile,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParenthesis,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParenthesis,
    Space,
    String,
    Text,
    Variable,

    // Keywords come last: all after Keyword are some.
    Keyword,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// <summary>A token: a stretch of the text, or the message of an error.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, int Length, int Line, string? Message = null)
{
    internal ReadOnlySpan<char> In(string text) => text.AsSpan(Position, Length);

    /// <summary>The form in which parse errors name it.</summary>
    internal string Describe(string text)
    {
        switch (Kind)
        {
            case TokenKind.EndOfFile:
                return "EOF";
            case TokenKind.Error:
                return Message!;
            case > TokenKind.Keyword:
                return string.Concat("<", In(text), ">");
        }

        ReadOnlySpan<char> value = In(text);
        if (GoString.ByteCount(value) <= 10)
            return Strconv.Quote(value);
        int length = 0;
        for (int runes = 0; runes < 10 && length < value.Length; runes++)
        {
            Strconv.DecodeRune(value[length..], out int width, out _);
            length += width;
        }

        return Strconv.Quote(value[..length]) + "...";
    }
}
