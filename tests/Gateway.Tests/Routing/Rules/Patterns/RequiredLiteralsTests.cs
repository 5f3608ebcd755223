using System.Globalization;
using AspireGateway.Gateway.Routing.Rules.Patterns;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Rules.Patterns;

/// <summary>What is read from patterns, and that a search that goes by it never differs from the expressions alone.</summary>
public sealed class RequiredLiteralsTests
{
    [Theory]
    [InlineData(@"\border\s+#?7\d+\b", "order | 7")]
    [InlineData(@"\b(refund|chargeback)\b", "refund,chargeback")]
    [InlineData(@"(?:a(?:bc|de)f)+x?yz", "a | bc,de | f | yz")]
    [InlineData(@"ab?c", "a | c")]
    [InlineData(@"ab+c", "ab | c")]
    [InlineData(@"ab{0,2}c{2}d", "a | c | d")]
    [InlineData(@"a{b}", "a{b}")]
    [InlineData(@"foo\.bar\b\-x", "foo.bar-x")]
    [InlineData(@"[abc\]]x[^]]y", "x | y")]
    [InlineData(@"请.写", "请 | 写")]
    [InlineData(@"straße", "stra | e")]
    [InlineData(@"(foo)?bar", "bar")]
    [InlineData(@"foo|", "")]
    [InlineData(@"(foo|b*)", "")]
    [InlineData(@"\w+@\w+", "@")]
    // Not understood: nothing is said.
    [InlineData(@"(?<name>foo)", "")]
    [InlineData(@"(?x) f o o", "")]
    [InlineData(@"\x41foo", "")]
    [InlineData(@"\p{L}foo", "")]
    [InlineData(@"[a-z-[aeiou]]foo", "")]
    public void Texts_AreThoseThatEveryMatchHolds(string pattern, string expected)
    {
        Assert.NotNull(RuleBounds.Compile(pattern));
        Assert.Equal(expected, string.Join(" | ", RequiredLiterals.Of(pattern).Select(set => string.Join(',', set))));
    }

    [Fact]
    public void Search_NeverDiffersFromTheExpressions()
    {
        // Pieces that make matches, near misses, and letters that are equal only to an expression.
        string[] patternParts = ["foo", "(bar|ba)", "x?", "o+", @"\b", ".", "[fb]", "K", "i{2}", @"\d", "(?:fo|b)*", "|", "ß", "é", "_", "(foo|é)", "$", "^", @"\s", "代"];
        string[] textParts = ["foo", "FOO", "bar", "ba", "x", "o", "k", "\u212A", "i", "\u0130", "\u0131", "7", " ", "b", "ß", "ẞ", "é", "É", "_", "代", "\n", "\u017F", "f"];
        var random = new Random(5);
        var (used, matched, spared) = (0, 0, 0);
        for (var round = 0; round < 1500; round++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => patternParts[random.Next(patternParts.Length)]));
            var builder = new PatternSet.Builder();
            if (RuleBounds.Compile(pattern) is not { } regex || builder.Add(pattern) is not { } place) continue;
            // Beside another one, whose texts are looked for too.
            builder.Add("fo+bar");
            var set = builder.Build();
            used++;
            for (var i = 0; i < 20; i++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(0, 10)).Select(_ => textParts[random.Next(textParts.Length)]));
                var expected = regex.IsMatch(text);
                if (expected) matched++;
                if (RequiredLiterals.Of(pattern).Any(choices => !choices.Any(c => text.Contains(c, StringComparison.OrdinalIgnoreCase)))) spared++;
                Assert.True(expected == PatternSearch.Fresh(set).Matches(set, place, text), $"{pattern} on {text}");
            }
        }
        Assert.True(used > 1000 && matched > 2000 && spared > 2000, $"{used} patterns, {matched} matches, {spared} spared");
    }

    [Fact]
    public void LettersThatOnlyAnExpressionFindsEqual_AreKnown()
    {
        // Letters that are literals are equal in an expression to what a search finds equal, and to those that make a text odd.
        var all = new string([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code)]);
        foreach (var letter in Enumerable.Range('a', 26).Select(c => (char)c))
        {
            foreach (var match in RuleBounds.Compile(letter.ToString())!.EnumerateMatches(all))
            {
                var found = all[match.Index];
                if ("\u0130\u0131\u017F\u212A\u212B".Contains(found, StringComparison.Ordinal)) continue;
                Assert.True(letter.ToString().Equals(found.ToString(), StringComparison.OrdinalIgnoreCase), $"{letter} and U+{match.Index:X4}");
            }
        }
        // Those without case are equal to nothing else.
        for (var code = 0x80; code <= char.MaxValue; code++)
        {
            var character = (char)code;
            var (upper, lower) = (char.ToUpperInvariant(character), char.ToLowerInvariant(character));
            foreach (var other in new[] { upper, lower, character })
                if (char.GetUnicodeCategory(other) == UnicodeCategory.OtherLetter) Assert.True(upper == character && lower == character, $"U+{code:X4}");
        }
    }

    [Fact]
    public void Pattern_OfSeveralRules_IsThereOnce()
    {
        var builder = new PatternSet.Builder();
        Assert.Equal((0, 1, 0), (builder.Add("foo"), builder.Add("bar"), builder.Add("foo")));
        Assert.Null(builder.Add("(a)\\1"));
        Assert.Equal(2, builder.Build().Patterns.Length);
    }
}
