using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Reliability.Figures;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class FiguresMarkupTests
{
    private static readonly FigureRow Row = new()
    {
        Group = "sim/small & fast", Requests = 2000, Errors = 30, Refused = 1000, Retried = 50, ExtraAttempts = 61, Succeeded = 900, InputTokens = 1_200_000, OutputTokens = 34_000,
        Latency = new(850_000, 1_240_000, 2_000_000), Ttft = new(120_000, 300_000, 400_000),
    };

    private static readonly FiguresReport Report = new()
    {
        By = "model", Range = "7d", Sort = "p95", From = Drawn.Now.AddDays(-7), AsOf = Drawn.Now, Rows = [Row, Row with { Group = null, Latency = null, Ttft = null, Requests = 3, Refused = 3, Succeeded = 0 }],
        Total = Row with { Group = null, Requests = 2003 }, Overhead = new(120, Drawn.Now.AddMinutes(-30), new(800, 2_100, 3_300)),
    };

    [Fact]
    public async Task View_Rows_SayEachFigure_AndLeadToTheirRequests()
    {
        var page = await DrawAsync(Report);
        var cells = page.QuerySelectorAll("tbody tr")[0].Children.Select(c => c.TextContent.Trim()).ToList();
        Assert.Equal(["sim/small & fast", "2.0\u00A0k", "1.5\u00A0%", "50.0\u00A0%", "2.5\u00A0%", "61", "850\u00A0ms", "1.24\u00A0s", "2.00\u00A0s", "120\u00A0ms", "300\u00A0ms", "1.2\u00A0M", "34.0\u00A0k", "90.0\u00A0%"], cells);
        Assert.Equal("requests?model=sim%2Fsmall%20%26%20fast&range=7d", page.QuerySelector("tbody th a")!.GetAttribute("href"));
        // What has no name leads nowhere, and what was never measured is a dash.
        var unnamed = page.QuerySelectorAll("tbody tr")[1];
        Assert.Equal("no model", unnamed.QuerySelector("th span.quiet")!.TextContent);
        Assert.Null(unnamed.QuerySelector("a"));
        Assert.Equal("–", unnamed.Children[6].TextContent.Trim());
        Assert.Equal("–", unnamed.Children[13].TextContent.Trim());
    }

    [Fact]
    public async Task View_Head_NamesItsOrder_AndLeadsToTheOthers()
    {
        var page = await DrawAsync(Report);
        Assert.Contains("slowest first, by p95", page.Texts("h2").Single(), StringComparison.Ordinal);
        Assert.Equal("p95", Assert.Single(page.QuerySelectorAll("[aria-sort=descending]")).TextContent.Replace("arrow_downward", "", StringComparison.Ordinal).Trim());
        Assert.Equal(FigureOrders.All.Order(), page.QuerySelectorAll("thead a").Select(a => a.GetAttribute("href")!.Split('=')[1]).Order());
        Assert.Equal(14, page.QuerySelectorAll("thead tr")[1].ChildElementCount);
        Assert.Equal(14, page.QuerySelectorAll("thead tr")[0].Children.Sum(c => int.Parse(c.GetAttribute("colspan") ?? "1", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task View_Headline_SaysWhatTheGatewayAdded_OrThatNothingTells()
    {
        var page = await DrawAsync(Report);
        Assert.Equal(["1.5\u00A0%", "1.24\u00A0s", "2.5\u00A0%", "2.1\u00A0ms"], page.QuerySelectorAll(".figure-value").Select(f => f.TextContent));
        Assert.Contains("of 120 answers since 13:00", page.TextContent, StringComparison.Ordinal);

        var silent = await DrawAsync(Report with { Overhead = new(0, null, null), HasMore = true });
        Assert.Contains("no answer in the last hour", silent.TextContent, StringComparison.Ordinal);
        Assert.Contains("of most requests are shown", silent.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_ByTask_LinksNoRequests()
    {
        var page = await DrawAsync(Report with { By = "task" });
        Assert.Empty(page.QuerySelectorAll("tbody a"));
        Assert.Equal("no task", page.Texts("tbody th .quiet").Single());
    }

    [Fact]
    public async Task Skeleton_HasTheShapeOfThePage()
    {
        var page = await Drawn.Async<FiguresSkeleton>();
        Assert.Equal(4, page.QuerySelectorAll(".figures .panel").Length);
        Assert.Equal(7, page.QuerySelectorAll(".skeleton-row").Length);
    }

    private static Task<AngleSharp.Dom.IElement> DrawAsync(FiguresReport report) =>
        Drawn.Async<FiguresView>((nameof(FiguresView.Data), report), (nameof(FiguresView.Address), (Func<string, string>)(sort => $"?sort={sort}")));
}
