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
    public void Story_OfAHit_SaysThatTheCacheAnsweredAndWhatThatSaved()
    {
        var details = new RequestDetails { Request = Row with { CacheHit = "exact", SavedNanoUsd = 5_125_000, SavedUs = 2_500_000, CostNanoUsd = 0, LatencyUs = 1_500 } };
        Assert.StartsWith("web asked for smart; the gateway's cache answered in ", Story.Sentence(details), StringComparison.Ordinal);
        var facts = Story.Facts(details).ToDictionary(f => f.Name, f => f.Value);
        Assert.Equal(("exact hit", "$0.005125 and 2.50\u00A0s"), (facts["Cache"], facts["Saved by the cache"]));
        Assert.Contains(("x-gateway-cache", "hit"), Story.Headers(details));
        Assert.DoesNotContain(Story.Facts(new() { Request = Row }), f => f.Name.Contains("ache", StringComparison.Ordinal));
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
        Assert.Equal(2_500_000_000, CostLine.Of(Row, Price with { CacheRead = null })[1].Price);

    [Fact]
    public void CostLines_OfATierAndALongPrompt_HaveItsPrices()
    {
        var price = Price with
        {
            Tiers = [new() { Name = "flex", Input = 1_000_000_000, Output = 4_000_000_000, Steps = [new() { Above = 1499, Input = 2_000_000_000, Output = 8_000_000_000 }] }],
        };
        var lines = CostLine.Of(Row with { ServiceTier = "flex" }, price);

        Assert.Equal([2_000_000_000, 2_000_000_000, 8_000_000_000], lines.Select(l => l.Price));
        Assert.Equal("Prices of the service tier flex for prompts above 1,499 tokens.", CostLine.Choice(Row with { ServiceTier = "flex" }, price));
        Assert.Equal("Prices of the service tier flex.", CostLine.Choice(Row with { ServiceTier = "flex", InputTokens = 10 }, price));
        Assert.Null(CostLine.Choice(Row, price));
    }

    [Fact]
    public void CostLines_OfUnits_NameWhatWasUsed()
    {
        var row = Row with
        {
            InputTokens = 1000, CacheReadTokens = 0, CacheWriteTokens = 300,
            Units = new()
            {
                Images = 2, ImageSize = "1024x1024", ImageQuality = "hd", AudioMs = 90_000, Characters = 1_000, Searches = 3, AudioInputTokens = 400, CacheWrite1hTokens = 100,
            },
        };
        var price = new PriceComponents
        {
            Input = 1_000_000_000, AudioInput = 10_000_000_000, CacheWrite = 1_250_000_000, CacheWrite1h = 2_000_000_000, Output = 0,
            Images = [new() { Price = 40_000_000 }, new() { Size = "1024x1024", Quality = "hd", Price = 80_000_000 }],
            Second = 100_000_000_000, Character = 15_000_000_000, Search = 10_000_000,
        };

        Assert.Equal(
            [
                ("Input", "600", 600_000L), ("Audio input", "400", 4_000_000), ("Input written to cache", "200", 250_000),
                ("Input written to cache for an hour", "100", 200_000), ("Output", "200", 0), ("Images 1024x1024 hd", "2", 160_000_000),
                ("Audio", "1\u00A0min 30\u00A0s", 9_000_000), ("Characters", "1,000", 15_000_000), ("Searches", "3", 30_000_000),
            ],
            CostLine.Of(row, price).Select(l => (l.Name, l.Quantity!, l.NanoUsd)));
    }

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
    public async Task RequestView_RefusedByABudget_ExplainsWithItsNumbersAndWhoMayChangeIt()
    {
        var budget = Guid.NewGuid();
        var refused = Row with { Status = UsageStatuses.Refused, StatusCode = 402, Error = "budget_exceeded", UserId = "zoë", Feature = "search", Deployment = null, FallbackChain = [], CostNanoUsd = 0 };
        var page = await DrawAsync(refused, Journey with
        {
            Attempts = [],
            Refusal = new()
            {
                Kind = "budget", Message = "The daily budget of user 'zoë' has no room.", ScopeKind = "user", ScopeId = "zoë", BudgetId = budget, Period = "daily",
                SettledNanoUsd = 4_500_000_000, HeldNanoUsd = 400_000_000, CapNanoUsd = 5_000_000_000,
            },
        }, null);

        Assert.Equal("The daily budget of user zoë had no room", page.QuerySelector(".refusal h2")!.TextContent);
        Assert.Equal("The daily budget of user 'zoë' has no room.", page.QuerySelector(".refusal blockquote")!.TextContent);
        Assert.Contains("$4.50 of $5.00 was settled and $0.40 held, $0.10 was left.", page.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Organisation", "Team Commerce", "Key web", "User zoë refused", "Feature search", "Model smart"], page.Texts(".scope-tree li").Select(t => t.Replace("zoërefused", "zoë refused", StringComparison.Ordinal)));
        Assert.Equal(["User zoë"], page.Texts(".scope-tree strong"));
        Assert.Contains("The team's lead may change it", page.TextContent, StringComparison.Ordinal);
        Assert.Equal($"budgets/{budget}", page.QuerySelector(".refusal a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task RequestView_LetThroughByACheaperModel_SaysSo()
    {
        var page = await DrawAsync(Row, Journey with
        {
            DowngradedFrom = "large", Refusal = new() { Kind = "limit", ScopeKind = "team", ScopeId = Guid.Empty.ToString(), Unit = "requests", Amount = 60, Period = "minute", WaitMs = 1500 },
        }, Price);

        Assert.Equal("Team Commerce was at its limit", page.QuerySelector(".refusal h2")!.TextContent);
        Assert.Null(page.QuerySelector(".refusal blockquote"));
        Assert.Contains("let through all the same, with smart instead of large.", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("60 requests a minute were used; there was room again after 1.50\u00A0s.", page.TextContent, StringComparison.Ordinal);
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
