using System.Text;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.PromptLimits;

public sealed class PromptLimitsGuardrailTests
{
    private const string German = "Bitte sag mir, was dieser Vertrag bedeutet und warum er unterschrieben werden soll.";
    private const string English = "Please tell me what this contract means and why it should be signed.";

    private static readonly GuardrailRule Standard = new() { Level = GuardrailLevels.Standard };

    [Theory]
    [InlineData(5, "TOO_LONG")]
    [InlineData(4, "TOO_LONG")]
    [InlineData(6, null)]
    public void Look_CharactersOfAllTexts_AreCountedTogether(int most, string? type) =>
        Assert.Equal(type, Blocked(Standard with { MaxCharacters = most }, """[{"role":"system","content":"abc"},{"role":"user","content":[{"type":"text","text":"de"},{"type":"text","text":"f"}]}]"""));

    [Theory]
    [InlineData(1, "TOO_MANY_MESSAGES")]
    [InlineData(2, null)]
    public void Look_MoreMessagesThanAllowed_Blocks(int most, string? type) =>
        Assert.Equal(type, Blocked(Standard with { MaxMessages = most }, """[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"},{"type":"text","text":"c"}]}]"""));

    [Theory]
    [InlineData(English, null)]
    [InlineData(German, "LANGUAGE_DE")]
    [InlineData("ok", null)]
    [InlineData("Москва Волгоград Екатеринбург", "LANGUAGE_UNKNOWN")]
    public void Look_OnlyEnglishAllowed_BlocksWhatIsKnownToBeAnother(string text, string? type) =>
        Assert.Equal(type, Blocked(Standard with { Languages = ["en"] }, Says(text)));

    [Theory]
    [InlineData(English, null)]
    [InlineData(German, "LANGUAGE_DE")]
    public void Look_GermanDenied_BlocksIt(string text, string? type) => Assert.Equal(type, Blocked(Standard with { DeniedLanguages = ["de"] }, Says(text)));

    [Fact]
    public void Look_StrictWithAllowedLanguages_BlocksWhatIsUnknown_UnlessSomethingElseWasSaid()
    {
        var strict = Standard with { Level = GuardrailLevels.Strict, Languages = ["en"] };

        Assert.Equal("LANGUAGE_UNKNOWN", Blocked(strict, Says("ok")));
        Assert.Null(Blocked(strict, $$"""[{"role":"user","content":"{{English}}"},{"role":"assistant","content":"?"},{"role":"user","content":"ok"}]"""));
        Assert.Null(Blocked(strict with { Languages = null, DeniedLanguages = ["de"] }, Says("ok")));
    }

    [Fact]
    public void Look_AnotherLanguageFarWithinALongText_IsFound()
    {
        var text = string.Join(' ', Enumerable.Repeat(English, 120)) + string.Join(' ', Enumerable.Repeat(German, 40));
        Assert.Contains("LANGUAGE_DE", Blocked(Standard with { Languages = ["en"] }, Says(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_SystemPromptToolsAndModel_MaySpeakAnyLanguage() =>
        Assert.Null(Blocked(Standard with { Languages = ["en"] }, $$"""[{"role":"system","content":"{{German}}"},{"role":"assistant","content":"{{German}}"},{"role":"tool","content":"{{German}}"},{"role":"user","content":"{{English}}"}]"""));

    [Fact]
    public void Look_ExceptedType_DoesNotCount() => Assert.Null(Blocked(Standard with { Languages = ["en"], ExceptTypes = ["LANGUAGE_DE"] }, Says(German)));

    [Fact]
    public void Look_TooLongAndAnotherLanguage_SaysBoth() =>
        Assert.Equal("TOO_LONG,LANGUAGE_DE", Blocked(Standard with { MaxCharacters = 10, Languages = ["en"] }, Says(German)));

    [Fact]
    public void Merge_OfModelAndKey_IsTheStricter()
    {
        var rule = RuleMerge.Of(
            GuardrailNames.PromptLimits,
            new() { PromptLimits = Standard with { MaxCharacters = 100, MaxMessages = 2, Languages = ["en", "de"], DeniedLanguages = ["fr"] } },
            null,
            null,
            new() { PromptLimits = Standard with { MaxCharacters = 50, Languages = ["de", "it"], DeniedLanguages = ["es"] } })!;
        Assert.Equal((50, 2), (rule.MaxCharacters, rule.MaxMessages));
        Assert.Equal(["de"], rule.Languages!);
        Assert.Equal(["fr", "es"], rule.DeniedLanguages!);
    }

    [Fact]
    public void Merge_OfListsThatShareNothing_AllowsNothing()
    {
        var rule = RuleMerge.Of(GuardrailNames.PromptLimits, new() { PromptLimits = Standard with { Languages = ["en"] } }, null, null, new() { PromptLimits = Standard with { Languages = ["de"] } })!;

        Assert.Equal("LANGUAGE_EN", Blocked(rule, Says(English)));
        Assert.Equal("LANGUAGE_DE", Blocked(rule, Says(German)));
    }

    private static string Says(string text) => $$"""[{"role":"user","content":"{{text}}"}]""";

    private static string? Blocked(GuardrailRule rule, string messages)
    {
        var screened = GuardrailWorld.Screened(new() { PromptLimits = rule });
        using var scratch = ScreenScratch.Take();
        Assert.True(BodyTextReader.TryRead(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":{{messages}}}"""), 64, scratch.Texts));
        var verdict = new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false);
        return verdict is null ? null : string.Join(',', verdict.Types);
    }
}
