using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Guardrails.Found;
using AspireGateway.Portal.Tests.Pages;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Tests.Guardrails;

/// <summary>Policies and findings as people read them.</summary>
public sealed class GuardrailMarkupTests
{
    private static readonly GuardrailRow Policy = new()
    {
        Id = Guid.NewGuid(), ScopeKind = GuardrailScopes.Team, ScopeId = Guid.NewGuid().ToString(), ScopeName = "Commerce", CreatedAt = Drawn.Now.AddMinutes(-5), CreatedBy = "ada",
        Settings = new() { Secrets = new() { Level = GuardrailLevels.Standard }, BannedPatterns = new() { Level = GuardrailLevels.Standard, Words = ["falcon"] } },
    };

    [Theory]
    [InlineData(GuardrailNames.Secrets, GuardrailLevels.Standard, null, null, true, null, "masked, restored in the reply")]
    [InlineData(GuardrailNames.Secrets, GuardrailLevels.Strict, "mask", "block", false, null, "masked, not restored in the reply, also what is only possible; in replies blocked")]
    [InlineData(GuardrailNames.PromptInjection, GuardrailLevels.Standard, null, null, true, "open", "blocked; let through where it cannot look to the end")]
    [InlineData(GuardrailNames.ContentPolicy, GuardrailLevels.Flag, "block", "block", true, null, "only counted; in replies only counted")]
    [InlineData(GuardrailNames.ReplyFormat, GuardrailLevels.Standard, null, null, true, null, "in replies blocked")]
    [InlineData(GuardrailNames.Groundedness, GuardrailLevels.Flag, null, "block", true, null, "in replies only counted")]
    [InlineData(GuardrailNames.PersonalData, GuardrailLevels.Off, "block", "block", true, null, "not looked for")]
    public void Rule_InWords_SaysWhatItDoes(string guardrail, string level, string? action, string? reply, bool restore, string? onError, string words) =>
        Assert.Equal(words, GuardrailWords.Does(guardrail, new() { Level = level, Action = action, ReplyAction = reply, Restore = restore, OnError = onError }));

    [Fact]
    public void Rule_OfLimitsAndChecks_SaysWhich()
    {
        Assert.Equal(
            "up to 20,000 characters, up to 1 message, only in en, de, not in fr; else blocked",
            GuardrailWords.Does(GuardrailNames.PromptLimits, new() { Level = GuardrailLevels.Standard, MaxCharacters = 20_000, MaxMessages = 1, Languages = ["en", "de"], DeniedLanguages = ["fr"] }));
        Assert.Equal(
            "only cooking, not politics, rivals; else blocked", GuardrailWords.Does(GuardrailNames.Topics, new() { Level = GuardrailLevels.Standard, AllowedTopics = ["cooking"], DeniedTopics = ["politics", "rivals"] }));
        Assert.Equal(
            "up to 3, each up to 2,048 KB, up to 4,000,000 pixels, only image/*, no addresses, places taken out; else blocked",
            GuardrailWords.Does(GuardrailNames.Media, new()
            {
                Level = GuardrailLevels.Standard, MaxMedia = 3, MaxMediaKb = 2_048, MaxPixels = 4_000_000, MediaTypes = ["image/*"], AllowRemote = false, MediaLocation = MediaLocations.Strip,
            }));
        Assert.Equal("none, without places; else blocked", GuardrailWords.Does(GuardrailNames.Media, new() { Level = GuardrailLevels.Standard, MaxMedia = 0, MediaLocation = MediaLocations.Find }));
        Assert.Equal("what they say they are; else only counted", GuardrailWords.Does(GuardrailNames.Media, new() { Level = GuardrailLevels.Flag }));
        Assert.Equal("people, judge; only counted", GuardrailWords.Does(GuardrailNames.ExternalChecks, new() { Level = GuardrailLevels.Flag, Checks = ["people", "judge"] }));
    }

    [Fact]
    public void Sentence_OfAPolicy_SaysWhoseWhatAndTheRest()
    {
        Assert.Equal(
            "In requests of team Commerce: Secrets: masked, restored in the reply. Banned words: 1 word blocked. For the other guardrails the next wider policy decides.",
            GuardrailWords.Sentence("team Commerce", GuardrailScopes.Team, Policy.Settings));
        Assert.StartsWith("It does nothing yet", GuardrailWords.Sentence("x", GuardrailScopes.Team, new()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfPolicies_SaysWhatEachGuardrailDoes_AndOffersChangesToThoseWhoMay()
    {
        var page = await Drawn.Async<GuardrailList>((nameof(GuardrailList.Rows), new[] { Policy }), (nameof(GuardrailList.MayChange), true));
        Assert.Equal(["Team Commerce"], page.Texts("h2"));
        Assert.Equal(
            ["as the wider policy says", "as the wider policy says", "as the wider policy says", "masked, restored in the reply", "as the wider policy says", "1 word blocked", .. Enumerable.Repeat("as the wider policy says", 6)], page.Texts(".guardrail-rules dd"));
        Assert.NotNull(page.QuerySelector("button[aria-label='Delete guardrails of team Commerce']"));
        Assert.Empty((await Drawn.Async<GuardrailList>((nameof(GuardrailList.Rows), new[] { Policy }))).QuerySelectorAll("button"));
    }

    [Fact]
    public async Task Found_LinksToRequests_OnlyForThoseWhoMaySeeThem()
    {
        var report = new FoundReport
        {
            From = Drawn.Now.AddDays(-7), To = Drawn.Now, Requests = 5, Refused = 2, Guardrails = [new("banned_patterns", "banned_patterns", 5, 2)], Teams = [new("t", null, 5, 2)],
            Types = [new("banned_patterns", "BANNED_WORD", 5, 9)], Features = [new("", null, 3, 2), new("search", "search", 2, 0)],
            Steps = [.. Enumerable.Range(0, 8).Select(i => new FoundStep(Drawn.Now.AddDays(i - 7), i == 7 ? 5 : 0, i == 7 ? 2 : 0))],
        };
        var page = await Drawn.Async<FoundView>((nameof(FoundView.Report), report), (nameof(FoundView.Range), "7d"), (nameof(FoundView.MaySeeRequests), true));
        Assert.Equal("requests?guardrail=banned_patterns&range=7d", page.QuerySelector("td a")!.GetAttribute("href"));
        Assert.Contains("(deleted)", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("40.0", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("BANNED_WORD", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("(none named)", page.TextContent, StringComparison.Ordinal);
        Assert.Equal("requests?feature=search&range=7d", page.QuerySelectorAll("td a")[1].GetAttribute("href"));
        Assert.Null((await Drawn.Async<FoundView>((nameof(FoundView.Report), report), (nameof(FoundView.Range), "7d"))).QuerySelector("td a"));
    }

    [Fact]
    public void Form_OfARule_SendsWhatItShows()
    {
        var banned = GuardrailDescription.Of(GuardrailNames.BannedPatterns)!;
        var rule = new GuardrailRule { Level = GuardrailLevels.Strict, Action = "mask", ReplyAction = "flag", Restore = false, OnError = "open", TimeLimitMs = 7, ExceptTypes = ["A", "B"], Words = ["x y", "z"], Patterns = ["p,q"] };
        var form = RuleForm.Of(banned, rule);
        var sent = form.ToRule()!;
        Assert.Equal(("strict", "mask", "flag", false, "open", 7), (sent.Level, sent.Action, sent.ReplyAction, sent.Restore, sent.OnError, sent.TimeLimitMs));
        Assert.Equal(rule.ExceptTypes, sent.ExceptTypes);
        Assert.Equal(rule.Words, sent.Words);
        Assert.Equal(rule.Patterns, sent.Patterns);
        Assert.True(form.HasRare);
        Assert.Null(RuleForm.Of(banned, null).ToRule());
    }

    [Fact]
    public void Form_OfEachGuardrail_ShowsWhatItsAnnotationsGiveIt()
    {
        Assert.Equal(["action", "on_error", "time_limit_ms", "except_types"], Shown(GuardrailNames.PromptInjection, GuardrailLevels.Standard));
        Assert.Equal(["action", "reply_action", "restore", "on_error", "time_limit_ms", "except_types"], Shown(GuardrailNames.Secrets, GuardrailLevels.Standard));
        Assert.Equal(["words", "patterns", "on_error", "time_limit_ms", "except_types"], Shown(GuardrailNames.BannedPatterns, GuardrailLevels.Flag));
        Assert.Equal(
            ["on_error", "time_limit_ms", "except_types", "max_media_kb", "max_media", "max_pixels", "media_location", "media_types", "allow_remote"],
            Shown(GuardrailNames.Media, GuardrailLevels.Flag));
        Assert.Empty(Shown(GuardrailNames.Secrets, GuardrailLevels.Off));

        static string[] Shown(string guardrail, string level)
        {
            var form = RuleForm.Of(GuardrailDescription.Of(guardrail)!, new() { Level = level });
            return [.. form.Settings.Where(form.Needs).Select(s => s.Name)];
        }
    }

    [Fact]
    public async Task Field_OfAModel_OffersThose_ThatThereAre()
    {
        var form = RuleForm.Of(GuardrailDescription.Of(GuardrailNames.Secrets)!, new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Reroute, RestrictedModel = "gone" });
        var offered = await Drawn.Async<RuleFields>(
            (nameof(RuleFields.Form), form), (nameof(RuleFields.Faults), new FormFaults()), (nameof(RuleFields.ScopeKind), GuardrailScopes.Team), (nameof(RuleFields.Models), new[] { "fast", "in-house" }));
        Assert.Null(offered.QuerySelector("input.rz-textbox#secrets-restricted_model"));
        // What is set stays to be seen, so that saving something else does not change it.
        Assert.Contains("gone", offered.QuerySelector(".rz-dropdown[name='secrets-restricted_model'], [aria-labelledby='secrets-restricted_model-label']")!.Closest(".field")!.TextContent, StringComparison.Ordinal);
        var written = await Drawn.Async<RuleFields>((nameof(RuleFields.Form), form), (nameof(RuleFields.Faults), new FormFaults()), (nameof(RuleFields.ScopeKind), GuardrailScopes.Team));
        Assert.NotNull(written.QuerySelector("input.rz-textbox#secrets-restricted_model"));
    }

    [Fact]
    public async Task List_OfChecks_CanTryThem_OnlyForThoseWhoMayChangeThem()
    {
        GuardrailCheckDetails check = new()
        {
            Id = Guid.NewGuid(), Name = "reader", Kind = GuardrailCheckKinds.Ocr, Url = "https://ocr.example.com/read", IsPrivate = false, HasSecret = false, TimeLimitMs = 1_500, OnError = "closed", AppliesTo = "prompts",
            MaxCharacters = 50_000, Regions = [], CreatedAt = Drawn.Now, CreatedBy = "ada",
        };
        var page = await Drawn.Async<GuardrailCheckList>((nameof(GuardrailCheckList.Rows), new[] { check }), (nameof(GuardrailCheckList.MayChange), true));
        Assert.NotNull(page.QuerySelector("button[aria-label='Try check reader']"));
        Assert.Contains("pictures and documents of prompts, up to 50,000 characters in each; 1,500 ms, else refused", page.TextContent, StringComparison.Ordinal);
        Assert.Empty((await Drawn.Async<GuardrailCheckList>((nameof(GuardrailCheckList.Rows), new[] { check }))).QuerySelectorAll("button"));
    }

    [Fact]
    public async Task Field_OfASetting_IsDrawnAsItsAnnotationSays()
    {
        var form = RuleForm.Of(GuardrailDescription.Of(GuardrailNames.BannedPatterns)!, new() { Level = GuardrailLevels.Standard, Words = ["falcon", "peacock"] });
        var page = await Drawn.Async<RuleFields>((nameof(RuleFields.Form), form), (nameof(RuleFields.Faults), new FormFaults()), (nameof(RuleFields.ScopeKind), GuardrailScopes.Team));
        Assert.Equal("Banned words", page.QuerySelector("h3")!.TextContent);
        Assert.Equal("falcon\npeacock", page.QuerySelector("textarea#banned_patterns-words")!.TextContent.Trim());
        Assert.Equal(["Words and phrases", "Patterns optional", "In prompts", "In replies", "Where it cannot look to the end", "Time limit, ms optional", "Types that do not count optional"], page.Texts(".field label"));
        Assert.Null(page.QuerySelector("input[type=checkbox]"));
    }
}
