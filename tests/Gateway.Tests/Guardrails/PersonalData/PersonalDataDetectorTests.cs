using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.PersonalData;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Guardrails.PersonalData;

public sealed class PersonalDataDetectorTests
{
    private static readonly PersonalDataDetector Detector = new();

    [Fact]
    public void Find_AnyText_StaysInsideItWithoutOverlaps()
    {
        var pieces = new[] { "4111 1111", "@", ".", "+49", "(0)", "::", "Dr. ", "Anna ", "Via ", "né le ", "12.", "IBAN DE89", "-", "/", "0x", "\n", "Ł", "\uD83D", "é", "X1234567", " GmbH", "ul. ", "tel: " };
        var texts = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements(pieces).ArrayOf().Select(string.Concat));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var findings = Find(text ?? "", PersonalDataKinds.All, 0.01);
            var last = 0;
            foreach (var finding in findings)
            {
                if (finding.Start < last || finding.Length < 1 || finding.End > (text ?? "").Length || finding.Score is <= 0 or > 1) return false;
                last = finding.End;
            }
            return true;
        }));
    }

    public static TheoryData<string, string> Adversarial => new()
    {
        { "digits", "7" }, { "spaced digits", "7 " }, { "dashed digits", "12-" }, { "at signs", "@" }, { "addresses without an end", "a@" }, { "dots", "." }, { "hexadecimal", "af09" }, { "colons", "::a:" },
        { "nested brackets", "(+(0)" }, { "capitals", "Anna " }, { "one long word", "A" }, { "initials", "J. " }, { "separators", "1/2.3-4 " }, { "letters beyond ASCII", "Éł" }, { "titles", "Dr. Mr " }, { "streets", "12 Main " },
        { "dates", "12.03." }, { "labels", "ssn tel born " }, { "companies", "Smith & " }, { "pairs", "ab:" },
    };

    // A square cost would take minutes for a million characters.
    [Theory]
    [MemberData(nameof(Adversarial))]
    public void Find_MillionCharactersMadeToHurt_Ends(string name, string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));

        var findings = Find(text, PersonalDataKinds.All, 0.5);

        Assert.True(findings.Length <= text.Length, name);
    }

    [Fact]
    public void Find_KindNotWanted_IsLeftOut()
    {
        const string Text = "Write to ana@example.org or call +34 612 34 56 78.";

        Assert.Equal(["EMAIL", "PHONE"], Find(Text, PersonalDataKinds.All, 0.5).Select(f => f.Type));
        Assert.Equal(["PHONE"], Find(Text, PersonalDataKinds.All & ~PersonalDataKinds.Email, 0.5).Select(f => f.Type));
        Assert.Empty(Find(Text, PersonalDataKinds.None, 0.5));
    }

    [Fact]
    public void Find_HigherThreshold_LeavesTheUnsureOut()
    {
        const string Text = "07700 900123";

        Assert.Single(Find(Text, PersonalDataKinds.All, 0.5));
        Assert.Empty(Find(Text, PersonalDataKinds.All, 0.9));
    }

    [Fact]
    public void TryParse_EveryName_GivesTheKindOfThatName()
    {
        foreach (var name in PersonalDataTypes.All)
        {
            Assert.True(PersonalDataTypes.TryParse(name, out var kind));
            Assert.Equal(name, PersonalDataTypes.NameOf(kind));
        }
        Assert.False(PersonalDataTypes.TryParse("email", out _));
    }

    private static Finding[] Find(string text, PersonalDataKinds kinds, double threshold)
    {
        var findings = new FindingList();
        Detector.Find(text, kinds, threshold, findings);
        return findings.All.ToArray();
    }
}
