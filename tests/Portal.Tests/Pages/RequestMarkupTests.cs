using AspireGateway.Portal.Requests;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class RequestMarkupTests
{
    private static readonly RequestRow Row = new()
    {
        Id = Guid.Parse("01a1fe0e-e47c-72b5-964e-28eecf691178"), At = Drawn.Now.AddMinutes(-1), RequestId = "req_1", TeamId = Guid.Empty, TeamName = "Commerce",
        KeyId = Guid.Empty, KeyName = "web", Route = "chat_completions", Model = "smart", Provider = "azure", Deployment = "second", FallbackChain = ["first", "second"],
        InputTokens = 1000, CacheReadTokens = 500, CacheWriteTokens = 0, OutputTokens = 200, ReasoningTokens = 0, LatencyUs = 3_000_000, TtftUs = 2_000_000,
        OverheadUs = 600, Status = UsageStatuses.Ok, StatusCode = 200, CostNanoUsd = 5_125_000, Estimated = false, Streamed = true, GuardrailsTriggered = [],
    };

    private static readonly JourneyDocument Journey = new()
    {
        RequestedModel = "smart", RouteReason = "fallback", Revision = 7,
        Candidates = [new("first", "openai"), new("second", "azure"), new("third", "mistral"), new("old", "openai", "disabled")],
        Steps = [new("identify_caller", 100), new("CallProvider", 2_900_000), new("send_reply", 3_000_000)],
        Attempts = [new("first", 200, null, 1_000_000, 529, "overloaded"), new("second", 1_100_000, 2_000_000, 2_900_000, 200, "ok")],
    };

    private static readonly PriceComponents Price = new() { Input = 2_500_000_000, CacheRead = 1_250_000_000, Output = 10_000_000_000 };

    [Fact]
    public async Task RequestView_Fallback_TellsItsJourneyInOrder()
    {
        var page = await DrawAsync(Row, Journey, Price);

        Assert.Equal(["Identify caller", "Call provider", "1. first", "2. second", "Send reply"], page.QuerySelectorAll(".waterfall-name").Select(n => n.FirstChild!.TextContent.Trim()));
        Assert.Equal(["529, overloaded", "200, first byte after 900 ms"], page.Texts(".waterfall-name .cell-sub"));
        Assert.Equal(["0.10\u00A0ms", "2.90\u00A0s", "1.00\u00A0s", "1.80\u00A0s", "100\u00A0ms"], page.QuerySelectorAll(".waterfall-time").Select(t => t.TextContent));
        Assert.Contains("web asked for smart; second answered in 3.00\u00A0s for $0.005125.", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestView_Candidates_SaysWhatBecameOfEach()
    {
        var page = await DrawAsync(Row, Journey, Price);
        Assert.Equal(["overloaded, 529", "answered", "kept in reserve", "dropped: disabled"], page.Texts(".candidates td:last-child"));
    }

    [Fact]
    public void CostLines_TokenClasses_AddUpToTheBookedAmount()
    {
        var lines = CostLine.Of(Row, Price);

        Assert.Equal(["Input", "Input read from cache", "Output"], lines.Select(l => l.Name));
        Assert.Equal(Row.CostNanoUsd, lines.Sum(l => l.NanoUsd));
    }

    [Fact]
    public void CostLines_CacheWithoutAPriceOfItsOwn_CostsAsInput() =>
        Assert.Equal(2_500_000_000, CostLine.Of(Row, Price with { CacheRead = null })[1].PricePerMillion);

    [Fact]
    public async Task RequestView_RefusedUnknownModel_ExplainsItAndWhatToDo()
    {
        var refused = Row with { Status = UsageStatuses.Refused, StatusCode = 404, Error = "model_not_found", Model = null, Deployment = null, FallbackChain = [], CostNanoUsd = 0 };
        var page = await DrawAsync(refused, new JourneyDocument { RequestedModel = "nowhere" }, null);

        Assert.Contains("There is no model nowhere. Create it under Models", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("No provider was called, so nothing was spent.", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("No deployment was considered", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestView_JourneyGone_ShowsTheRecordAlone()
    {
        var page = await DrawAsync(Row, null, Price);

        Assert.Null(page.QuerySelector(".waterfall"));
        Assert.Contains("not kept any more", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("Booked", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestView_EstimatedCost_SaysSo() =>
        Assert.Contains("Booked, estimated: the provider reported no usage", (await DrawAsync(Row with { Estimated = true }, Journey, Price)).TextContent, StringComparison.Ordinal);

    private static Task<AngleSharp.Dom.IElement> DrawAsync(RequestRow row, JourneyDocument? journey, PriceComponents? price) =>
        Drawn.Async<RequestView>((nameof(RequestView.Details), new RequestDetails { Request = row, Journey = journey, Price = price }));
}
