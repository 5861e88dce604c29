using FsCheck;
using FsCheck.Fluent;

namespace HelmLifecycle.Templates.Tests.Functions;

public class RegexTests
{
    [Theory]
    [InlineData("a|ab", "xab", "a")]
    [InlineData("a*?b", "aab", "aab")]
    [InlineData("(?i)straSSe", "STRASSE", "STRASSE")]
    [InlineData("(?i)k", "\u212A", "\u212A")]
    [InlineData("\\pL+", "12añ3", "añ")]
    [InlineData("\\p{Greek}+", "abc αβγ", "αβγ")]
    [InlineData("\\p{letter}+", "12ab", "ab")]
    [InlineData("[[:alpha:]]+", "12ab", "ab")]
    [InlineData("[^[:^digit:]]+", "a12b", "12")]
    [InlineData("(?s)a.b", "a\nb", "a\nb")]
    [InlineData("(?m)^b$", "a\nb\nc", "b")]
    [InlineData("\\bfoo\\b", "afoo foo", "foo")]
    [InlineData("x{2,3}", "xxxx", "xxx")]
    [InlineData("x{2,3}?", "xxxx", "xx")]
    [InlineData("x{,2}", "x{,2}", "x{,2}")]
    [InlineData("(?U)a+", "aaa", "a")]
    [InlineData("\\Qa.b\\E+", "a.bb", "a.bb")]
    [InlineData("[\\]a-]+", "]-a", "]-a")]
    [InlineData("\\x{1F600}", "a😀", "😀")]
    [InlineData("(|a)*", "aa", "")]
    [InlineData("(|a)+", "aa", "")]
    [InlineData("\\z", "a", "")]
    public void The_leftmost_match_of_the_first_alternative_is_found(string pattern, string text, string match) =>
        GoRegex.Compile(pattern).Find(text).Should().Be(match);

    [Theory]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax: `(?=`")]
    [InlineData("(?<=a)b", "invalid named capture: `(?<=a)b`")]
    [InlineData("(?P<n>a)(?P<1+>b)", "invalid named capture: `(?P<1+>`")]
    [InlineData("\\1", "invalid escape sequence: `\\1`")]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("*a", "missing argument to repetition operator: `*`")]
    [InlineData("a{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("(a{100}){100}", "invalid repeat count: `{100}`")]
    [InlineData("a{2,1}", "invalid repeat count: `{2,1}`")]
    [InlineData("(a", "missing closing ): `(a`")]
    [InlineData("a)", "unexpected ): `a)`")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData("[b-a]", "invalid character class range: `b-a`")]
    [InlineData("[[:foo:]]", "invalid character class range: `[:foo:]`")]
    [InlineData("\\p{Nope}", "invalid character class range: `\\p{Nope}`")]
    [InlineData("a\\", "trailing backslash at end of expression: ``")]
    [InlineData("\\8", "invalid escape sequence: `\\8`")]
    [InlineData("\\xZ", "invalid escape sequence: `\\xZ`")]
    [InlineData("(?i-", "invalid or unsupported Perl syntax: `(?i-`")]
    public void A_bad_expression_gives_the_words_of_Go(string pattern, string error)
    {
        Action compile = () => GoRegex.Compile(pattern);
        compile.Should().Throw<FormatException>().WithMessage("error parsing regexp: " + error);
    }

    [Fact]
    public void Deep_nesting_is_refused_like_in_Go()
    {
        Action compile = () => GoRegex.Compile(new string('(', 1001) + "a" + new string(')', 1001));
        compile.Should().Throw<FormatException>().WithMessage("*nests too deeply*");
    }

    [Theory]
    [InlineData("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-")]
    [InlineData("a(x*)b", "-ab-axxb-", "$1W", "---")]
    [InlineData("(?P<f>.)(.)", "ab", "$2${f}$$$x", "ba$")]
    [InlineData("", "añ", "-", "-a-ñ-")]
    [InlineData("x*", "axb", "-", "-a-b-")]
    [InlineData("b", "abc", "${", "a${c")]
    public void Replacements_name_groups_as_in_Go(string pattern, string text, string with, string expected) =>
        GoRegex.Compile(pattern).ReplaceAll(text, with).Should().Be(expected);

    [Theory]
    [InlineData("a", "banana", -1, "b|n|n|")]
    [InlineData("a", "banana", 2, "b|nana")]
    [InlineData("z*", "abc", -1, "a|b|c")]
    [InlineData(",", "", -1, "")]
    public void Splitting_cuts_where_Go_cuts(string pattern, string text, int limit, string parts) =>
        string.Join('|', GoRegex.Compile(pattern).Split(text, limit)).Should().Be(parts);

    [Theory]
    [InlineData("{{ regexMatch \"(\" \"a\" }}{{ regexFindAll \"[2,4,6,8]\" \"123456789\" -1 }}{{ regexFind \"x\" \"a\" }}|", "false[2 4 6 8]|")]
    [InlineData("{{ regexReplaceAllLiteral \"a(x*)b\" \"-ab-\" \"${1}\" }}{{ regexSplit \"z+\" \"pizza\" -1 }}{{ regexQuoteMeta \"1.2\" }}", "-${1}-[pi a]1\\.2")]
    public void Sprig_reaches_the_engine(string text, string expected) => Sprig.Render(text).Should().Be(expected);

    [Theory]
    [InlineData("{{ regexFind \"(\" \"a\" }}", "error calling regexFind: regexp: Compile(`(`): error parsing regexp: missing closing ): `(`")]
    [InlineData("{{ mustRegexFind \"(\" \"a\" }}", "error calling mustRegexFind: error parsing regexp: missing closing ): `(`")]
    public void A_bad_expression_in_a_template_is_worded_by_the_function(string text, string error) => Sprig.ErrorOf(text).Should().EndWith(error);

    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|aa)+$b")]
    [InlineData("(x+x+)+y")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[^a]b")]
    public void Evil_expressions_take_linear_time(string pattern) =>
        GoRegex.Compile(pattern).IsMatch(new string('a', 10_000) + new string('x', 10_000)).Should().BeFalse();

    [Fact]
    public void Bytes_that_are_not_UTF8_match_as_the_replacement_character()
    {
        string text = GoString.FromBytes([0x61, 0xFF, 0xFE, 0x62]);
        GoRegex.Compile("a.{2}b").IsMatch(text).Should().BeTrue();
        GoRegex.Compile("\uFFFD").FindAll(text).Should().HaveCount(2);
        GoRegex.Compile(".").FindAll(text).Should().HaveCount(4);
    }

    /// <summary>A small expression together with the simplest of matchers: all ends of matches from a place, in order of preference.</summary>
    private abstract record Node
    {
        public abstract IEnumerable<int> Ends(string text, int at);

        public sealed record Char(char C) : Node
        {
            public override IEnumerable<int> Ends(string text, int at) => at < text.Length && text[at] == C ? [at + 1] : [];

            public override string ToString() => C.ToString();
        }

        public sealed record Any : Node
        {
            public override IEnumerable<int> Ends(string text, int at) => at < text.Length ? [at + 1] : [];

            public override string ToString() => ".";
        }

        public sealed record End : Node
        {
            public override IEnumerable<int> Ends(string text, int at) => at == text.Length ? [at] : [];

            public override string ToString() => "$";
        }

        public sealed record Cat(Node A, Node B) : Node
        {
            public override IEnumerable<int> Ends(string text, int at) => A.Ends(text, at).SelectMany(middle => B.Ends(text, middle));

            public override string ToString() => $"(?:{A})(?:{B})";
        }

        public sealed record Or(Node A, Node B) : Node
        {
            public override IEnumerable<int> Ends(string text, int at) => A.Ends(text, at).Concat(B.Ends(text, at));

            public override string ToString() => $"(?:{A}|{B})";
        }

        public sealed record Quest(Node A, bool Lazy) : Node
        {
            public override IEnumerable<int> Ends(string text, int at) => Lazy ? A.Ends(text, at).Prepend(at) : A.Ends(text, at).Append(at);

            public override string ToString() => $"(?:{A})?{(Lazy ? "?" : "")}";
        }

        // Repeats what takes at least one character, so that the order of preference has nothing doubtful in it.
        public sealed record Star(Node A, bool Lazy) : Node
        {
            public override IEnumerable<int> Ends(string text, int at)
            {
                IEnumerable<int> more = A.Ends(text, at).Where(next => next > at).SelectMany(next => Ends(text, next));
                return Lazy ? more.Prepend(at) : more.Append(at);
            }

            public override string ToString() => $"(?:{A})*{(Lazy ? "?" : "")}";
        }

        public abstract override string ToString();
    }

    private static Gen<Node> Expressions(int size)
    {
        Gen<Node> leaf = Gen.Elements<Node>(new Node.Char('a'), new Node.Char('b'), new Node.Char('c'), new Node.Any());
        if (size <= 1)
            return Gen.Frequency((9, leaf), (1, Gen.Constant<Node>(new Node.End())));
        Gen<Node> half = Expressions(size / 2);
        Gen<bool> lazy = Gen.Elements(false, true);
        return Gen.OneOf(
            leaf,
            half.Zip(half).Select(p => (Node)new Node.Cat(p.Item1, p.Item2)),
            half.Zip(half).Select(p => (Node)new Node.Or(p.Item1, p.Item2)),
            half.Zip(lazy).Select(p => (Node)new Node.Quest(p.Item1, p.Item2)),
            leaf.Zip(leaf).Zip(lazy).Select(p => (Node)new Node.Star(new Node.Or(p.Item1.Item1, new Node.Cat(p.Item1.Item1, p.Item1.Item2)), p.Item2)));
    }

    [Fact]
    public void Both_matchers_find_what_plain_backtracking_finds()
    {
        Gen<string> texts = Gen.Elements('a', 'b', 'c').ListOf().Select(c => new string(c.Take(8).ToArray()));
        Prop.ForAll(Arb.From(Expressions(8).Zip(texts)), sample =>
        {
            (Node node, string text) = sample;
            string pattern = node.ToString();
            (int Start, int End)? expected = null;
            for (int start = 0; start <= text.Length && expected is null; start++)
            {
                foreach (int end in node.Ends(text, start).Take(1))
                    expected = (start, end);
            }

            RegexNode parsed = RegexParser.Parse(pattern, out string[] names);
            RegexProgram program = RegexCompiler.Compile(parsed, names.Length);
            var slots = new int[2];
            (int, int)? backtracked = BacktrackMatcher.Find(program, text, 0, slots) ? (slots[0], slots[1]) : null;
            (int, int)? piked = PikeMatcher.Find(program, text, 0, slots, null) ? (slots[0], slots[1]) : null;
            return (backtracked == expected && piked == expected).Label($"{pattern} on {text}: {expected} {backtracked} {piked}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void Both_matchers_agree_on_groups()
    {
        Gen<string> pieces = Gen.Elements("a", "b", "(a)", "(a*)", "(|b)", "(b|a)", "(.)", "(a|ab)", "(c?)", "[^b]", "\\b", "^", "$");
        Gen<string> patterns = pieces.Zip(Gen.Elements("", "*", "+", "?", "*?", "{1,2}")).Select(p => p.Item2.Length > 0 && p.Item1.Length == 2 ? p.Item1 : p.Item1 + (p.Item1 is "^" or "$" ? "" : p.Item2))
            .ListOf().Select(list => string.Concat(list.Take(6)));
        Gen<string> texts = Gen.Elements('a', 'b', 'c', ' ').ListOf().Select(c => new string(c.Take(10).ToArray()));
        Prop.ForAll(Arb.From(patterns.Zip(texts)), sample =>
        {
            RegexNode parsed = RegexParser.Parse(sample.Item1, out string[] names);
            RegexProgram program = RegexCompiler.Compile(parsed, names.Length);
            int[] a = new int[program.Slots], b = new int[program.Slots];
            bool foundA = BacktrackMatcher.Find(program, sample.Item2, 0, a), foundB = PikeMatcher.Find(program, sample.Item2, 0, b, null);
            return (foundA == foundB && (!foundA || a.SequenceEqual(b))).Label($"{sample.Item1} on '{sample.Item2}': {string.Join(',', a)} {string.Join(',', b)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void No_pattern_raises_anything_but_the_format_exception()
    {
        Gen<string> pieces = Gen.Elements(
            "a", "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "\\", "^", "$", ".", "-", ",", "1", "1000", "\\p", "{L}", "(?", "i", ":", "P<", ">", "\\x", "\\Q", "\\E", "[:", ":]", "é", "\uDCFF");
        Prop.ForAll(Arb.From(pieces.ListOf().Select(list => string.Concat(list))), pattern =>
        {
            try
            {
                GoRegex.Compile(pattern).FindAll("aé1\n[]");
            }
            catch (FormatException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(30));
    }
}
