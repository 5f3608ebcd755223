using AspireGateway.Gateway.Guardrails.ContentPolicy;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Injection.Rules;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.ContentPolicy;

/// <summary>What the content policy finds, and what it leaves alone.</summary>
public sealed class ContentPolicyDetectorTests
{
    private const int FewestCases = 20, MostMissed = 1, MostFalse = 1;

    public static TheoryData<string> Categories => [.. ContentCategory.All];

    [Theory]
    [MemberData(nameof(Categories))]
    public void Find_CasesOfACategory_TellsThemFromTextsCloseToThem(string category)
    {
        var cases = Cases(category);
        Assert.True(cases.Count(c => c.IsUnwanted) >= FewestCases && cases.Count(c => !c.IsUnwanted) >= FewestCases);

        var missed = cases.Where(c => c.IsUnwanted && ScoreOf(c.Text, category) < ContentPolicyDetector.Standard).Select(c => c.Text).ToList();
        var wrong = cases.Where(c => !c.IsUnwanted && ScoreOf(c.Text, category) >= ContentPolicyDetector.Standard).Select(c => c.Text).ToList();

        Assert.True(missed.Count <= MostMissed, $"Missed: {string.Join(" / ", missed)}");
        Assert.True(wrong.Count <= MostFalse, $"Found in error: {string.Join(" / ", wrong)}");
    }

    [Theory]
    [InlineData("How do I kill the process on port 80?")]
    [InlineData("Please shoot an email to the team")]
    [InlineData("A bomb cyclone hit Essex and Scunthorpe")]
    [InlineData("The bath bomb fizzes in the tub")]
    [InlineData("")]
    [InlineData("...")]
    public void Find_OrdinaryIdiom_FindsNothing(string text)
    {
        var findings = new FindingList();

        ContentPolicyDetector.Default.Find(text, findings);

        Assert.Equal(0, findings.Count);
    }

    [Theory]
    [InlineData("I want to KILL MYSELF")]
    [InlineData("I want to k i l l  m y s e l f")]
    [InlineData("I want to k\u200Bill my\u200Bself")]
    [InlineData("I want to \u043Aill mysel\uFF46")]
    [InlineData("I want to k1ll mys3lf")]
    [InlineData("I want to kill\nmyself")]
    public void Find_DisguisedPhrase_IsFound(string text) => Assert.True(ScoreOf(text, ContentCategory.SelfHarm) >= ContentPolicyDetector.Standard);

    [Fact]
    public void Find_Phrase_StandsWhereItStands()
    {
        const string Text = "Well, I will KILL \u200BHIM soon.";
        var findings = new FindingList();

        ContentPolicyDetector.Default.Find(Text, findings);
        findings.Settle();

        var finding = Assert.Single(findings.All.ToArray());
        Assert.Equal(ContentCategory.Violence, finding.Type);
        Assert.Equal("KILL \u200BHIM", Text.Substring(finding.Start, finding.Length));
    }

    [Fact]
    public void Find_Context_LowersAndRaises()
    {
        var detector = new ContentPolicyDetector(ConceptLexicon.Parse("distance: lecture\nVIOLENCE.term: duel\nVIOLENCE.raise: tomorrow"));

        Assert.Equal(0.5, Score("the duel"), 3);
        Assert.Equal(0.7, Score("the duel is tomorrow"), 3);
        Assert.Equal(0, Score("a lecture on the duel"), 3);
        Assert.Equal(0.4, Score("tomorrow a lecture on the duel"), 3);

        double Score(string text)
        {
            var findings = new FindingList();
            detector.Find(text, findings);
            return findings.All.ToArray().Select(finding => finding.Score).DefaultIfEmpty(0).Max();
        }
    }

    [Fact]
    public void Find_AnyString_StaysInside()
    {
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => IsInside((text ?? "") + " kill him\u0301 &#107;ill him %6bill him")));
    }

    [Theory]
    [InlineData("kill him ")]
    [InlineData("k i l l ")]
    [InlineData("killhim")]
    [InlineData("sex child ")]
    public void Find_OneMegabyteOfOnePiece_Ends(string piece) => Assert.True(IsInside(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length))));

    private static bool IsInside(string text)
    {
        var findings = new FindingList();
        ContentPolicyDetector.Default.Find(text, findings);
        foreach (var finding in findings.All)
            if (finding.Start < 0 || finding.Length < 1 || finding.End > text.Length || finding.Score is not (> 0 and <= 1)) return false;
        return true;
    }

    private static double ScoreOf(string text, string category)
    {
        var findings = new FindingList();
        ContentPolicyDetector.Default.Find(text, findings);
        return findings.All.ToArray().Where(finding => finding.Type == category).Select(finding => finding.Score).DefaultIfEmpty(0).Max();
    }

    private static List<(bool IsUnwanted, string Text)> Cases(string category)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "ContentPolicy", "cases.txt"));
        return [.. lines.SkipWhile(line => line != $"[{category}]").Skip(1).TakeWhile(line => !line.StartsWith('[')).Where(line => line.Length > 2).Select(line => (line[0] == '+', line[2..]))];
    }
}
