using AspireGateway.Portal.Quarantine;
using AspireGateway.Portal.Tests.Pages;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Tests.Quarantine;

/// <summary>Quarantined requests as people read them.</summary>
public sealed class QuarantineMarkupTests
{
    private static readonly QuarantineRow Waiting = new()
    {
        Id = Guid.NewGuid(), TeamId = Guid.NewGuid(), KeyId = Guid.NewGuid(), RecordId = Guid.NewGuid(), Operation = "chat_completions", Model = "demo-large", UserId = "ada",
        Guardrails = [GuardrailNames.PromptInjection, GuardrailNames.BannedPatterns], Findings = [new("OVERRIDE", 2), new("BANNED_WORD", 1)], BodyBytes = 120, State = QuarantineStates.Pending,
        CreatedAt = Drawn.Now.AddMinutes(-5), Deadline = Drawn.Now.AddHours(3).AddMinutes(1), TeamName = "Commerce", KeyName = "checkout", HasText = true,
    };

    [Fact]
    public async Task List_OffersDecisions_ToThoseWhoDecideAndWhereOneWaits()
    {
        var page = await Drawn.Async<QuarantineList>((nameof(QuarantineList.Rows), new[] { Waiting }), (nameof(QuarantineList.MayDecide), true));
        Assert.NotNull(page.QuerySelector("button[aria-label='Release the request of checkout']"));
        Assert.Contains("2 OVERRIDE, 1 BANNED_WORD", page.TextContent, StringComparison.Ordinal);
        Assert.Equal($"quarantine/{Waiting.Id}", page.QuerySelector("a.cell-main")!.GetAttribute("href"));
        Assert.Empty((await Drawn.Async<QuarantineList>((nameof(QuarantineList.Rows), new[] { Waiting }))).QuerySelectorAll("td button"));
        var decided = Waiting with { State = QuarantineStates.Rejected, DecidedBy = "bob", Note = "An attack", DecidedAt = Drawn.Now };
        Assert.Empty((await Drawn.Async<QuarantineList>((nameof(QuarantineList.Rows), new[] { decided }), (nameof(QuarantineList.MayDecide), true))).QuerySelectorAll("td button"));
    }

    [Theory]
    [InlineData(QuarantineStates.Pending, "Waits")]
    [InlineData(QuarantineStates.Released, "Released")]
    [InlineData(QuarantineStates.Rejected, "Rejected")]
    [InlineData(QuarantineStates.Expired, "Expired")]
    public async Task State_IsSaidInAWord_WithWhoAndWhy(string state, string word)
    {
        var isDecided = state is QuarantineStates.Released or QuarantineStates.Rejected;
        var request = Waiting with { State = state, DecidedBy = isDecided ? "bob" : null, Note = isDecided ? "Looked at" : null, ValidUntil = state == QuarantineStates.Released ? Drawn.Now.AddHours(1) : null };
        var drawn = await Drawn.Async<QuarantineState>((nameof(QuarantineState.Request), request));
        Assert.Equal([word], drawn.Texts(".state"));
        Assert.Equal(isDecided, drawn.TextContent.Contains("bob: Looked at", StringComparison.Ordinal));
    }
}
