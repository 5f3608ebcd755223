using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Ledger;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class BudgetMarkupTests
{
    private const long Dollar = Money.NanosPerDollar;

    // November, of which 20 days and 13.5 hours are over at the clock of everything drawn.
    private static readonly BudgetStanding Month = new()
    {
        Budget = new()
        {
            Id = Guid.Parse("01a1fe0e-e47c-72b5-964e-28eecf691178"), ScopeKind = ScopeKinds.Team, ScopeId = Guid.Empty.ToString(), ScopeName = "Commerce", Period = BudgetPeriods.Monthly,
            CapUsd = "500", CapNanoUsd = 500 * Dollar, OnExceeded = BudgetActions.Reject, Thresholds = [50, 80, 100], CreatedAt = Drawn.Now.AddDays(-60), CreatedBy = "ada@example.org",
            RaisedUsd = "0", RaisedNanoUsd = 0,
        },
        Window = BudgetWindow.Of(BudgetPeriods.Monthly, Drawn.Now, Drawn.Zone, Drawn.Now), At = Drawn.Now, CapNanoUsd = 500 * Dollar, SettledNanoUsd = 412_100_000_000,
        HeldNanoUsd = 3_200_000_000, Holds = 14,
    };

    [Fact]
    public void Sentence_OfABudgetThatWillNotLast_SaysWhen() => Assert.Equal(
        "$412.10 of $500.00 settled, $3.20 held by 14 running requests; at this pace the cap is reached on 25 November.", BudgetSentence.Of(Month, Drawn.Zone));

    [Fact]
    public void Sentence_OfABudgetThatWillLast_SaysWhereItEnds() => Assert.Equal(
        "$100.00 of $500.00 settled, $3.20 held by running requests; at this pace it ends the month at $145.90.",
        BudgetSentence.Of(Month with { SettledNanoUsd = 100 * Dollar, Holds = null }, Drawn.Zone));

    [Theory]
    [InlineData(BudgetActions.Reject, "it is used up: requests are refused until it renews on 1 December.")]
    [InlineData(BudgetActions.Downgrade, "it is used up: requests go to small until it renews on 1 December.")]
    [InlineData(BudgetActions.Soft, "it is used up, requests go on, and it renews on 1 December.")]
    public void Sentence_OfAUsedUpBudget_SaysWhatHappens(string action, string outlook) => Assert.Equal(
        "$500.00 of $500.00 settled; " + outlook,
        BudgetSentence.Of(Month with { SettledNanoUsd = 500 * Dollar, HeldNanoUsd = 0, Budget = Month.Budget with { OnExceeded = action, DowngradeModel = "small" } }, Drawn.Zone));

    [Fact]
    public void Sentence_OfAlmostAll_DoesNotReadAsAll() => Assert.StartsWith(
        "$499.9999 of $500.00 settled;", BudgetSentence.Of(Month with { SettledNanoUsd = 499_999_900_000, HeldNanoUsd = 0 }, Drawn.Zone), StringComparison.Ordinal);

    [Fact]
    public void Sentence_WithoutTheLedger_SaysWhatIsNotKnown()
    {
        Assert.Equal(
            "$412.10 of $500.00 settled, as far as the request log tells; what running requests hold is not known at the moment.",
            BudgetSentence.Of(Month with { HeldNanoUsd = null, IsFromLog = true }, Drawn.Zone));
        Assert.Equal("What of $500.00 is spent is not known at the moment.", BudgetSentence.Of(Month with { SettledNanoUsd = null, HeldNanoUsd = null }, Drawn.Zone));
    }

    [Fact]
    public void Sentence_OfADefault_NamesWhoSpentMost()
    {
        var each = Month with { Budget = Month.Budget with { ScopeKind = ScopeKinds.User, ScopeId = null, Period = BudgetPeriods.Daily }, CapNanoUsd = 5 * Dollar };

        Assert.Equal("Each may spend $5.00; what is spent is not known at the moment.", BudgetSentence.Of(each, Drawn.Zone));
        Assert.Equal("Each may spend $5.00; nobody has spent anything of theirs.", BudgetSentence.Of(each with { ShareCount = 0 }, Drawn.Zone));
        Assert.Equal(
            "Each may spend $5.00; 2 have spent of theirs, most zoë with $4.00 settled; at this pace that is used up on 26 November.",
            BudgetSentence.Of(each with { ShareCount = 2, Shares = [new("zoë", "zoë", 4 * Dollar, 0, 5 * Dollar), new("bo", "bo", Dollar, 0, 5 * Dollar)] }, Drawn.Zone));
    }

    [Theory]
    [InlineData(BudgetPeriods.Monthly, 0.2)]
    [InlineData(BudgetPeriods.Daily, 0.2)]
    [InlineData(BudgetPeriods.Total, 0.2)]
    public void Pace_AtTheVeryBeginning_IsNotTold(string period, double hours)
    {
        var start = Drawn.Now.AddHours(-hours);
        Assert.Null(BudgetPace.Of(Month with { Budget = Month.Budget with { Period = period }, Window = new(start, period == BudgetPeriods.Daily ? start.AddDays(1) : start.AddDays(30)) }));
    }

    [Fact]
    public void Pace_OfATotal_HasNoEndButMayReachItsCap()
    {
        var total = Month with { Budget = Month.Budget with { Period = BudgetPeriods.Total }, Window = new(Drawn.Now.AddDays(-10), DateTimeOffset.MaxValue), SettledNanoUsd = 250 * Dollar };

        Assert.Equal(new BudgetPace(null, Drawn.Now.AddDays(10)), BudgetPace.Of(total));
        Assert.Equal(new BudgetPace(null, null), BudgetPace.Of(total with { SettledNanoUsd = 1 }));
    }

    [Fact]
    public async Task Bar_OfWhatFits_EndsAtTheCap()
    {
        var bar = await Drawn.Async<BudgetBar>(
            (nameof(BudgetBar.SettledNanoUsd), 250 * Dollar), (nameof(BudgetBar.HeldNanoUsd), 50 * Dollar), (nameof(BudgetBar.CapNanoUsd), 500 * Dollar),
            (nameof(BudgetBar.ProjectedNanoUsd), 400 * Dollar));

        Assert.Equal("50%", bar.QuerySelector(".budget-settled")!.GetAttribute("width"));
        var held = bar.QuerySelector("rect[fill]")!;
        Assert.Equal(("50%", "10%"), (held.GetAttribute("x"), held.GetAttribute("width")));
        Assert.Equal(["50%", "80%"], bar.QuerySelectorAll(".budget-tick").Select(t => t.GetAttribute("x")));
        Assert.Equal("80%", bar.QuerySelector(".budget-projected")!.GetAttribute("x"));
        Assert.Equal("true", bar.QuerySelector("svg")!.GetAttribute("aria-hidden"));
    }

    [Fact]
    public async Task Bar_OfMoreThanTheCap_ReachesBeyondIt()
    {
        var bar = await Drawn.Async<BudgetBar>((nameof(BudgetBar.SettledNanoUsd), 1000 * Dollar), (nameof(BudgetBar.HeldNanoUsd), null), (nameof(BudgetBar.CapNanoUsd), 500 * Dollar));

        Assert.Equal("100%", bar.QuerySelector(".budget-settled.budget-full")!.GetAttribute("width"));
        Assert.Equal(["25%", "40%", "50%"], bar.QuerySelectorAll(".budget-tick").Select(t => t.GetAttribute("x")));
        Assert.Null(bar.QuerySelector(".budget-projected"));
    }

    [Fact]
    public async Task View_OfABudget_ShowsHoldsRefusalsThresholdsAndRaises()
    {
        var view = await Drawn.Async<BudgetView>((nameof(BudgetView.Data), Data with
        {
            Holds = [new("req_1", Drawn.Now.AddSeconds(-20), "web", "smart", "vm:1", 120_000_000)],
            Refusals = [new(Guid.Empty, Drawn.Now.AddMinutes(-3), "req_2", "web", "$499.00 of $500.00 was settled and $1.00 held, $0.00 was left.")],
        }));

        Assert.Equal(["$500.00", "$412.10", "$3.20", "$84.70"], view.Texts(".budget-figures dd"));
        Assert.Equal(["req_1", "20 s ago", "web", "smart", "vm:1", "$0.12"], Cells(view, ".holds"));
        Assert.Equal(["3 min ago, request req_2", "web", "$499.00 of $500.00 was settled and $1.00 held, $0.00 was left."], Cells(view, ".refusals"));
        Assert.Equal(["80 %", "2 days ago", "$400.00", "told", "launchbo@example.org", "ended 1 day ago", "$25.00"], Cells(view, ".columns"));
        Assert.Null(view.QuerySelector(".notice"));
    }

    [Fact]
    public async Task View_WithoutTheLedger_SaysWhatIsUnknownAndShowsNoHolds()
    {
        var view = await Drawn.Async<BudgetView>((nameof(BudgetView.Data), Data with { Ledger = LedgerState.Away, Standing = Month with { HeldNanoUsd = null, IsFromLog = true } }));

        Assert.Contains("Redis does not answer the portal", view.QuerySelector(".notice")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["$500.00", "$412.10", "unknown", "unknown"], view.Texts(".budget-figures dd"));
        Assert.DoesNotContain("Live holds", view.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LimitUnits.Requests, 60, LimitPeriods.Minute, "60 requests a minute")]
    [InlineData(LimitUnits.Requests, 1, LimitPeriods.Hour, "1 request an hour")]
    [InlineData(LimitUnits.Tokens, 100_000, LimitPeriods.Day, "100,000 tokens a day")]
    [InlineData(LimitUnits.Concurrency, 10, null, "10 requests at the same time")]
    [InlineData(LimitUnits.OutputTokens, 4096, null, "4,096 output tokens a request")]
    public void Limit_OfAnyUnit_IsSaid(string unit, long amount, string? period, string words) => Assert.Equal(words, LimitWords.Amount(unit, amount, period));

    [Fact]
    public void ScopeChoice_WithoutAName_IsNotTakenForTheDefault()
    {
        var choice = new ScopeChoice { Kind = ScopeKinds.User };
        Assert.Equal("Say which user.", choice.Fault);

        choice.Named = "zoë";
        Assert.Equal((null, "zoë"), (choice.Fault, choice.Id));
        choice.IsDefault = true;
        Assert.Equal((null, null), (choice.Fault, choice.Id));
        choice.Kind = ScopeKinds.Organisation;
        Assert.Equal((null, null), (choice.Fault, choice.Id));
    }

    private static IEnumerable<string> Cells(AngleSharp.Dom.IElement view, string table) => view.Texts($"{table} tbody td").Select(t => t.Replace('\u00A0', ' '));

    private static BudgetPageData Data => new()
    {
        Standing = Month, Ledger = LedgerState.Live, Choices = new([], [], [], [], false), MayChange = false,
        Events = [new()
        {
            Id = Guid.NewGuid(), BudgetId = Month.Budget.Id, ScopeKind = ScopeKinds.Team, WindowStart = Month.Window.Start, Threshold = 80, SettledUsd = "400", SettledNanoUsd = 400 * Dollar,
            CapUsd = "500", CapNanoUsd = 500 * Dollar, At = Drawn.Now.AddDays(-2), AnnouncedAt = Drawn.Now.AddDays(-2),
        }],
        Raises = [new()
        {
            Id = Guid.NewGuid(), BudgetId = Month.Budget.Id, AmountUsd = "25", AmountNanoUsd = 25 * Dollar, Until = Drawn.Now.AddDays(-1), Reason = "launch", CreatedAt = Drawn.Now.AddDays(-3),
            CreatedBy = "bo@example.org",
        }],
    };
}
