using AspireGateway.Gateway.Guardrails.Groundedness;

namespace AspireGateway.Gateway.Tests.Guardrails.Groundedness;

/// <summary>What counts as said by a context.</summary>
public sealed class GroundednessScorerTests
{
    private const string Context = """
        The invoice of Ada Lovelace amounts to 340 euros and is due on 12 March. The invoice of Alan Turing amounts to 1,250 euros.
        Returns are accepted within 30 days of delivery. Opened software cannot be returned.
        Die Garantie des Modells Falke gilt zwei Jahre und deckt keine Wasserschäden.
        """;

    [Theory]
    [InlineData("Ada Lovelace's invoice amounts to 340 euros.", true)]
    [InlineData("The invoice of Alan Turing amounts to 1250 euros.", true)]
    [InlineData("You can return items within 30 days of delivery; returns are accepted.", true)]
    [InlineData("Opened software cannot be returned.", true)]
    [InlineData("Die Garantie gilt für das Modell Falke und deckt keine Wasserschäden.", true)]
    [InlineData("The invoice of Ada Lovelace amounts to 1,250 euros.", false)]
    [InlineData("The invoice of Alan Turing amounts to 340 euros.", false)]
    [InlineData("The invoice of Ada Lovelace amounts to 341 euros.", false)]
    [InlineData("The invoice of Grace Hopper amounts to 340 euros.", false)]
    [InlineData("Opened software can be returned.", false)]
    [InlineData("Returns are not accepted within 30 days of delivery.", false)]
    [InlineData("Die Garantie deckt Wasserschäden beim Modell Falke.", false)]
    [InlineData("Shipping to islands takes two weeks longer.", false)]
    public void Score_OneStatement_IsSupportedOrNot(string reply, bool expected)
    {
        var score = Score(reply);
        Assert.Equal(expected ? score.Claims : 0, score.Supported);
        Assert.True(score.Claims > 0);
    }

    [Fact]
    public void Score_TwoNeighbours_SupportTogetherWhatBelongsTogether() =>
        Assert.Equal(new(1, 1), Score("The invoices amount to 340 euros for Ada Lovelace, while that of Alan Turing amounts to 1,250 euros"));

    [Fact]
    public void Score_ReplyWithoutStatements_HasNothingToSupport() => Assert.Equal((0, 1.0), (Score("Sure! Anything else?").Claims, Score("Sure!").Share));

    [Fact]
    public void Score_SeveralStatements_GivesTheirShare() =>
        Assert.Equal(0.5, Score("Returns are accepted within 30 days. Shipping is free above 99 euros.").Share);

    [Fact]
    public void Score_LongContext_IsLinear()
    {
        var scorer = new GroundednessScorer(isStrict: false);
        scorer.Add(string.Concat(Enumerable.Repeat("The invoice of a customer amounts to some euros and is due soon. ", 5_000)));
        scorer.Add(Context);
        Assert.Equal(new(200, 200), scorer.Score(string.Concat(Enumerable.Repeat("The invoice of Ada Lovelace amounts to 340 euros. ", 200))));
    }

    private static GroundednessScore Score(string reply)
    {
        var scorer = new GroundednessScorer(isStrict: false);
        scorer.Add(Context);
        return scorer.Score(reply);
    }
}
