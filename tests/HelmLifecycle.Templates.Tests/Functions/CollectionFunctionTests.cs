namespace HelmLifecycle.Templates.Tests.Functions;

public class CollectionFunctionTests
{
    [Theory]
    [InlineData("{{ append (list 1) 2 }}{{ prepend (list 1) 0 }}{{ concat (list 1) (list 2 3) }}", "[1 2][0 1][1 2 3]")]
    [InlineData("{{ first (list 1 2) }}{{ last (list 1 2) }}{{ rest (list 1 2 3) }}{{ initial (list 1 2 3) }}", "12[2 3][1 2]")]
    [InlineData("{{ rest (list) | toJson }}{{ first (list) | toJson }}{{ concat (list) | toJson }}", "nullnullnull")]
    [InlineData("{{ uniq (list 1 1 1.0 \"1\" \"1\") | len }}", "3")]
    [InlineData("{{ without (list 1 2 3) 2 3 }}{{ has 2 (list 1 2) }}{{ has 2.0 (list 1 2) }}", "[1]truefalse")]
    [InlineData("{{ slice (list 1 2 3 4) 1 3 }}{{ slice (list 1 2 3 4) 2 }}", "[2 3][3 4]")]
    [InlineData("{{ chunk 3 (list 1 2 3 4) }}{{ chunk -5 (list 1 2 3) }}", "[[1 2 3] [4]][]")]
    [InlineData("{{ compact (list 1 0 \"\" \"a\" nil false (list)) }}{{ reverse (list 1 2) }}", "[1 a][2 1]")]
    [InlineData("{{ join \"-\" (list 1 nil \"a\") }}|{{ join \"-\" 5 }}|{{ join \"-\" nil }}|", "1-a|5||")]
    [InlineData("{{ sortAlpha (list \"b\" 10 \"a\" 9) }}{{ sortAlpha \"z\" }}", "[10 9 a b][z]")]
    [InlineData("{{ (split \",\" \"a,b\")._1 }}{{ splitn \",\" 2 \"a,b,c\" }}{{ splitList \"\" \"aé\" }}", "bmap[_0:a _1:b,c][a é]")]
    [InlineData("{{ until -3 }}{{ untilStep 3 6 2 }}{{ untilStep 3 0 1 }}{{ seq 0 2 10 }}|{{ seq 0 }}", "[0 -1 -2][3 5][]0 2 4 6 8 10|1 0")]
    [InlineData("{{ dict \"a\" 1 \"b\" }}{{ get (dict \"a\" 1) \"b\" }}{{ hasKey (dict \"a\" nil) \"a\" }}", "map[a:1 b:]true")]
    [InlineData("{{ $d := dict \"a\" 1 }}{{ $_ := set $d \"b\" 2 }}{{ $_ := unset $d \"a\" }}{{ $d }}", "map[b:2]")]
    [InlineData("{{ pluck \"a\" (dict \"a\" 1) (dict \"b\" 2) (dict \"a\" 3) }}{{ pick (dict \"a\" 1 \"b\" 2) \"b\" \"c\" }}", "[1 3]map[b:2]")]
    [InlineData("{{ dig \"a\" \"b\" \"no\" (dict \"a\" (dict \"b\" 1)) }}{{ dig \"a\" \"c\" \"no\" (dict \"a\" (dict)) }}", "1no")]
    [InlineData("{{ merge (dict \"a\" 0 \"b\" 1) (dict \"a\" 5 \"b\" 6 \"c\" nil) }}", "map[a:5 b:1]")]
    [InlineData("{{ mergeOverwrite (dict \"a\" 1 \"m\" (dict \"x\" 1)) (dict \"a\" 0 \"m\" (dict \"y\" 2) \"n\" nil) }}", "map[a:0 m:map[x:1 y:2] n:<nil>]")]
    [InlineData("{{ merge (dict \"a\" (dict \"b\" 1)) (dict \"a\" \"text\") }}{{ merge (dict \"a\" \"text\") (dict \"a\" (dict)) }}", "map[a:map[b:1]]map[a:text]")]
    [InlineData("{{ $a := dict \"x\" (dict \"y\" 1) }}{{ $b := deepCopy $a }}{{ $_ := set $b.x \"y\" 2 }}{{ $a }}{{ $b }}", "map[x:map[y:1]]map[x:map[y:2]]")]
    [InlineData("{{ default 1 0 }}{{ default 1 2 }}{{ default 1 nil }}{{ coalesce nil 0 \"\" \"z\" }}{{ empty (list) }}", "121ztrue")]
    [InlineData("{{ ternary 1 2 true }}{{ all 1 0 }}{{ any 1 0 }}{{ all }}{{ any }}", "1falsetruetruefalse")]
    [InlineData("{{ typeOf 1 }} {{ kindOf (list) }} {{ typeIs \"string\" \"\" }} {{ kindOf nil }} {{ typeIsLike \"semver.Version\" (semver \"1\") }}", "int slice true invalid true")]
    [InlineData("{{ deepEqual (list 1 (dict \"a\" 2)) (list 1 (dict \"a\" 2)) }}{{ deepEqual 1 1.0 }}", "truefalse")]
    public void Lists_and_maps_behave_as_in_Sprig(string text, string expected) =>
        GoTemplate.Parse(text, "t").WithFunctions(FunctionTable.Helm).Render(default, Sprig.Options()).Should().Be(expected);

    [Theory]
    [InlineData("{{ append nil 1 }}", "runtime error: invalid memory address or nil pointer dereference")]
    [InlineData("{{ first \"a\" }}", "Cannot find first on type string")]
    [InlineData("{{ slice (list 1) 2 }}", "reflect.Value.Slice: slice index out of bounds")]
    [InlineData("{{ chunk 0 (list 1) }}", "runtime error: makeslice: len out of range")]
    [InlineData("{{ dig \"a\" 1 }}", "dig needs at least three arguments")]
    [InlineData("{{ dig \"a\" \"b\" 1 (dict \"a\" 2) }}", "interface conversion: interface {} is int, not map[string]interface {}")]
    [InlineData("{{ set nil \"a\" 1 }}", "assignment to entry in nil map")]
    [InlineData("{{ deepCopy nil }}", "reflect: call of reflect.Value.Type on zero Value")]
    public void Wrong_types_give_the_words_of_Sprig(string text, string error) => Sprig.ErrorOf(text).Should().EndWith(error);

    [Theory]
    [InlineData("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}")]
    [InlineData("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $e := dict }}{{ $_ := set $e \"d\" $e }}{{ merge $d $e }}{{ deepEqual $d $e }}")]
    [InlineData("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $e := dict }}{{ $_ := set $e \"d\" $e }}{{ deepEqual $d $e }}")]
    public void A_map_that_holds_itself_ends_in_the_limit(string text)
    {
        Action render = () => Sprig.Render(text);
        render.Should().Throw<TemplateLimitException>();
    }

    [Theory]
    [InlineData("{{ int \"12.7\" }} {{ int \"-.5\" }} {{ int \"0x1F\" }} {{ int \"010\" }} {{ int \"1_000\" }} {{ int \"1e3\" }} {{ int 1e19 }} {{ int true }}", "12 0 31 8 1000 0 -9223372036854775808 1")]
    [InlineData("{{ add 1 2.9 \"3\" }} {{ sub 5 7 }} {{ mul 2 3 4 }} {{ div 7 -2 }} {{ mod -7 3 }} {{ add1 1 }}", "6 -2 24 -3 -1 2")]
    [InlineData("{{ addf 0.1 0.2 }} {{ subf 7.5 2 3 }} {{ divf 10 2 4 }} {{ divf 1 3 }} {{ mulf 1.5 2 2 }} {{ add1f 1.5 }}", "0.3 2.5 1.25 0.3333333333333333 6 2.5")]
    [InlineData("{{ max 1 \"5\" 3 }} {{ min 1 0.5 }} {{ maxf 1 2.5 }} {{ minf 1 0.5 }} {{ ceil 1.1 }} {{ floor -1.1 }}", "5 0 2.5 0.5 2 -2")]
    [InlineData("{{ round 123.5555 3 }} {{ round -2.5 0 }} {{ round 1.45 1 0.6 }}", "123.556 -3 1.4")]
    [InlineData("{{ atoi \"010\" }} {{ atoi \"1.5\" }} {{ atoi \"99999999999999999999\" }} {{ toDecimal \"777\" }} {{ toDecimal 9 }}", "10 0 9223372036854775807 511 0")]
    [InlineData("{{ float64 \"1e3\" }} {{ float64 \"x\" }} {{ int64 \"5\" | typeOf }}", "1000 0 int64")]
    public void Arithmetic_converts_and_wraps_as_in_Sprig(string text, string expected) => Sprig.Render(text).Should().Be(expected);

    [Theory]
    [InlineData("{{ base \"/a/b.c\" }} {{ dir \"/a/b.c\" }} {{ clean \"a/../../b//c/.\" }} {{ ext \"a.b.c\" }} {{ isAbs \"/a\" }}", "b.c /a ../b/c .c true")]
    [InlineData("{{ base \"\" }} {{ dir \"\" }} {{ clean \"/..\" }} {{ ext \"a.b/c\" }}|", ". . / |")]
    [InlineData("{{ b64enc \"a\" }} {{ b64dec \"YQ==\" }} {{ b64dec \"Y\" }} {{ b64dec \"YQ=\" }} {{ b64dec \"YQ==x\" }}", "YQ== a illegal base64 data at input byte 0 illegal base64 data at input byte 3 illegal base64 data at input byte 4")]
    [InlineData("{{ b32enc \"abc\" }} {{ b32dec \"MFRGG===\" }} {{ b32dec \"!\" }}", "MFRGG=== abc illegal base32 data at input byte 0")]
    [InlineData("{{ sha1sum \"a\" }} {{ adler32sum \"Wikipedia\" }}", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 300286872")]
    [InlineData("{{ (urlParse \"http://u:p@h.x:80/a%20b?q#f\").userinfo }} {{ (urlParse \"http://u:p@h.x:80/a%20b?q#f\").path }} {{ (urlParse \"http://[::1]:8/\").hostname }}", "u:p /a b ::1")]
    [InlineData("{{ urlJoin (dict \"scheme\" \"https\" \"host\" \"h\" \"path\" \"/a b\" \"query\" \"q=1\" \"userinfo\" \"me\" \"fragment\" \"f\") }}", "https://me@h/a%20b?q=1#f")]
    public void Paths_encodings_and_URLs_are_those_of_Go(string text, string expected) =>
        Sprig.Render(text).Should().Be(expected);

    [Theory]
    [InlineData("{{ urlParse \"http://a b\" }}", "unable to parse url: parse \"http://a b\": invalid character \" \" in host name")]
    [InlineData("{{ urlParse \"%zz\" }}", "unable to parse url: parse \"%zz\": invalid URL escape \"%zz\"")]
    [InlineData("{{ urlParse \":x\" }}", "unable to parse url: parse \":x\": missing protocol scheme")]
    [InlineData("{{ urlParse \"http://h:x/\" }}", "unable to parse url: parse \"http://h:x/\": invalid port \":x\" after host")]
    [InlineData("{{ urlJoin (dict \"host\" 1) }}", "unable to parse host key, must be of type string, but int found")]
    public void Bad_URLs_give_the_words_of_Go(string text, string error) => Sprig.ErrorOf(text).Should().EndWith(error);
}
