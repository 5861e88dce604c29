using System.Text;

namespace HelmLifecycle.Templates;

/// <summary><c>snakecase</c>, <c>kebabcase</c> and <c>camelcase</c>, splitting words where huandu/xstrings 1.5 does.</summary>
internal static class WordCase
{
    private enum Word
    {
        None,
        Number,
        Upper,
        Letters,
        Connector,
        Punctuation,
        Other,
    }

    /// <summary>Joins the parts between spaces, underscores and hyphens, each beginning with a capital.</summary>
    public static string Pascal(string text)
    {
        if (text.Length == 0)
            return "";
        var result = new StringBuilder(text.Length);
        int at = 0;
        int rune = 0;
        bool capital = false;
        // Connectors in front stay.
        while (at < text.Length)
        {
            rune = Next(text, ref at);
            if (!IsConnector(rune))
            {
                capital = GoRune.IsUpper(rune);
                rune = GoRune.ToUpper(rune);
                break;
            }

            result.AppendRune(rune);
        }

        if (at == text.Length)
            return result.AppendAndReturn(rune);
        while (at < text.Length)
        {
            int previous = rune;
            rune = Next(text, ref at);
            if (IsConnector(rune) && IsConnector(previous))
            {
                result.AppendRune(previous);
                continue;
            }

            if (IsConnector(previous))
            {
                capital = GoRune.IsUpper(rune);
                rune = GoRune.ToUpper(rune);
                continue;
            }

            // A row of capitals is one word: only its first stays.
            if (capital)
            {
                if (GoRune.IsUpper(rune))
                    rune = GoRune.ToLower(rune);
                else
                    capital = false;
            }

            result.AppendRune(previous);
        }

        return result.AppendAndReturn(rune);
    }

    private static string AppendAndReturn(this StringBuilder builder, int rune)
    {
        builder.AppendRune(rune);
        return builder.ToString();
    }

    private static int Next(string text, ref int at)
    {
        int rune = GoRune.At(text, at, out int width);
        at += width;
        return rune;
    }

    private static bool IsConnector(int rune) => rune is '-' or '_' || GoRune.IsSpace(rune);

    // Letters but for Chinese characters.
    private static bool IsLetter(int rune) =>
        GoRune.IsLetter(rune) && rune is not ((>= 0x4E00 and <= 0x9FCC) or (>= 0x3400 and <= 0x4D85) or (>= 0x20000 and <= 0x2B81D));

    /// <summary>Puts a separator between words and makes capitals small.</summary>
    public static string Separate(string text, char separator)
    {
        if (text.Length == 0)
            return "";
        var result = new StringBuilder(text.Length + 8);
        int at = 0;
        (Word kind, string word) = NextWord(text, ref at);
        while (at < text.Length)
        {
            if (kind != Word.Connector)
                Append(result, kind, word, separator);
            (Word previousKind, string previousWord) = (kind, word);
            (kind, word) = NextWord(text, ref at);
            switch (previousKind)
            {
                case Word.Number:
                    AppendRun(result, text, ref at, ref kind, ref word, separator);
                    break;
                case Word.Connector:
                    Append(result, previousKind, previousWord, separator);
                    break;
                case Word.Punctuation:
                    break;
                default:
                    if (kind != Word.Number)
                    {
                        if (kind is not (Word.Connector or Word.Punctuation))
                            result.Append(separator);
                        break;
                    }

                    if (at == text.Length)
                        break;
                    string number = word;
                    (kind, word) = NextWord(text, ref at);
                    // A number belongs to the word before it, unless small letters follow.
                    if (kind != Word.Letters)
                    {
                        Append(result, Word.Number, number, separator);
                        if (kind is not (Word.Connector or Word.Punctuation))
                            result.Append(separator);
                        break;
                    }

                    result.Append(separator);
                    Append(result, Word.Number, number, separator);
                    AppendRun(result, text, ref at, ref kind, ref word, separator);
                    break;
            }
        }

        Append(result, kind, word, separator);
        return result.ToString();
    }

    // Letters and numbers that follow a number stay with it.
    private static void AppendRun(StringBuilder result, string text, ref int at, ref Word kind, ref string word, char separator)
    {
        while (kind is Word.Letters or Word.Number)
        {
            Append(result, kind, word, separator);
            (kind, word) = NextWord(text, ref at);
        }

        if (kind is not (Word.None or Word.Connector or Word.Punctuation))
            result.Append(separator);
    }

    private static void Append(StringBuilder result, Word kind, string word, char separator)
    {
        if (kind is not (Word.Upper or Word.Connector))
        {
            result.Append(word);
            return;
        }

        for (int at = 0; at < word.Length;)
        {
            int rune = Next(word, ref at);
            if (IsConnector(rune))
                result.Append(separator);
            else
                result.AppendRune(GoRune.IsUpper(rune) ? GoRune.ToLower(rune) : rune);
        }
    }

    private static (Word Kind, string Text) NextWord(string text, ref int at)
    {
        int start = at;
        if (at >= text.Length)
            return (Word.None, "");
        int rune = Peek(text, at, GoRune.Error, out int width);
        at += width;
        Word kind;
        if (rune == GoRune.Error)
        {
            kind = Word.None;
        }
        else if (IsConnector(rune))
        {
            kind = Word.Connector;
            TakeWhile(text, ref at, rune, IsConnector);
        }
        else if (GoRune.IsPunctuation(rune))
        {
            kind = Word.Punctuation;
            TakeWhile(text, ref at, rune, GoRune.IsPunctuation);
        }
        else if (GoRune.IsUpper(rune))
        {
            kind = Word.Upper;
            TakeUpper(text, ref at, rune);
        }
        else if (IsLetter(rune))
        {
            kind = Word.Letters;
            TakeWhile(text, ref at, rune, static r => IsLetter(r) && !GoRune.IsUpper(r));
        }
        else if (GoRune.IsNumber(rune))
        {
            kind = Word.Number;
            TakeWhile(text, ref at, rune, GoRune.IsNumber);
        }
        else
        {
            kind = Word.Other;
            TakeWhile(text, ref at, rune,
                static r => !IsConnector(r) && !IsLetter(r) && !GoRune.IsNumber(r) && !GoRune.IsPunctuation(r));
        }

        return (kind, text[start..at]);
    }

    // "HTTPStatus" is HTTP and Status: the last of several capitals belongs to the small letters behind it.
    private static void TakeUpper(string text, ref int at, int rune)
    {
        if (at >= text.Length)
            return;
        rune = Peek(text, at, rune, out int width);
        if (!GoRune.IsUpper(rune))
        {
            if (!IsLetter(rune))
                return;
            at += width;
            TakeWhile(text, ref at, rune, static r => IsLetter(r) && !GoRune.IsUpper(r));
            return;
        }

        int last = width;
        at += width;
        while (at < text.Length)
        {
            rune = Peek(text, at, rune, out width);
            if (!GoRune.IsUpper(rune))
                break;
            last = width;
            at += width;
        }

        if (at < text.Length && IsLetter(rune))
            at -= last;
    }

    private static void TakeWhile(string text, ref int at, int rune, Func<int, bool> belongs)
    {
        while (at < text.Length)
        {
            rune = Peek(text, at, rune, out int width);
            if (!belongs(rune))
                return;
            at += width;
        }
    }

    // The next character, with the bad bytes before it; when only such are left, the character before them again.
    private static int Peek(string text, int at, int previous, out int width)
    {
        width = 0;
        while (at + width < text.Length)
        {
            int rune = GoRune.At(text, at + width, out int one);
            width += one;
            if (rune != GoRune.Error)
                return rune;
        }

        return previous;
    }
}
