using AspireGateway.Gateway.Guardrails.Injection;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.Gateway.Tests.Guardrails.Injection.Rules;

/// <summary>How rules are read and when they fire.</summary>
public sealed class RuleSetTests
{
    private const string Words = "verb: ignore, pay no attention\nnoun: rule*\nother: lines";

    [Theory]
    [InlineData("Ignore the rules", true)]
    [InlineData("rules? ignore", true)]
    [InlineData("pay no attention to rulers", true)]
    [InlineData("ignore one two three four five rules", false)]
    [InlineData("Ignore him. One two. Rules", false)]
    [InlineData("ignore", false)]
    public void Take_ConceptsNearEachOther_Fires(string text, bool expected)
    {
        var rules = RuleSet.Parse(ConceptLexicon.Parse(Words), "near test 1 5 U: verb noun");

        Assert.Equal(expected, Fired(rules, text, InjectionSource.User) != 0);
        Assert.Equal(0UL, Fired(rules, text, InjectionSource.System));
    }

    [Fact]
    public void WeightOf_RulesOfOneFamily_CountTheLargestAndAPartOfTheRest()
    {
        var rules = RuleSet.Parse(ConceptLexicon.Parse(Words), "a one 2 5 U: verb\nb one 1 5 U: noun\nc two 4 5 U: other\nd two -3 5 U: other");

        Assert.Equal(2.3f, rules.WeightOf(0b0011), 3);
        Assert.Equal(6.3f, rules.WeightOf(0b0111), 3);
        Assert.Equal(-3f, rules.WeightOf(0b1000), 3);
    }

    [Theory]
    [InlineData("a one 2 5 U: unknown")]
    [InlineData("a one 2 5: verb")]
    [InlineData("a one two 5 U: verb")]
    public void Parse_RuleThatIsNotWellFormed_Throws(string text) =>
        Assert.Throws<FormatException>(() => RuleSet.Parse(ConceptLexicon.Parse(Words), text));

    [Theory]
    [InlineData("no colon")]
    [InlineData("a: one two three four five")]
    [InlineData("a: two words*")]
    [InlineData("a: ...")]
    public void ParseLexicon_EntryThatIsNotWellFormed_Throws(string text) => Assert.Throws<FormatException>(() => ConceptLexicon.Parse(text));

    private static ulong Fired(RuleSet rules, string text, InjectionSource source)
    {
        using var normal = new NormalText();
        TextNormaliser.Normalise(text, normal, rules.Lexicon, decode: false);
        var run = new RuleRun(rules, source);
        ulong fired = 0;
        for (var i = 0; i < normal.WordCount; i++) fired |= run.Take(rules.Lexicon.ConceptsOf(normal, i), normal.Words[i].Break);
        return fired;
    }
}
