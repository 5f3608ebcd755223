using AspireGateway.Portal.Overview;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class OverviewMarkupTests
{
    private static readonly DateTimeOffset Since = Drawn.Now.AddMinutes(-30).AddHours(-23);

    [Fact]
    public async Task HealthFigures_Data_ShowsFiguresWithTheirChange()
    {
        var page = await Drawn.Async<HealthFigures>((nameof(HealthFigures.Data), Data() with { Latency = new(100_000, 850_000, 2_000_000), LatencyBefore = new(100_000, 680_000, 2_000_000), Ttft = new(1, 200_000, 3) }));

        Assert.Equal(["5.0\u00A0%", "850\u00A0ms", "2.4\u00A0k", "3.4\u00A0M"], page.QuerySelectorAll(".figure-value").Select(f => f.TextContent));
        Assert.Equal("120 of 2,400 requests", page.QuerySelector(".figure-value")!.GetAttribute("title"));
        Assert.Equal(
            ["up 25.0 % against the day before", "up 25.0 % against the day before", "down 4.0 % against the day before", "nothing the day before"],
            page.Texts(".figure-change .sr-only"));
        Assert.Contains("the first token within 200", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("and 12 refused by the gateway", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthFigures_Errors_AreBadWhenTheyGrow_RequestsAreNot()
    {
        var page = await Drawn.Async<HealthFigures>((nameof(HealthFigures.Data), Data()));
        Assert.Equal(["Errors"], page.QuerySelectorAll(".figure-worse").Select(f => f.ParentElement!.QuerySelector("h3")!.TextContent));
    }

    [Fact]
    public async Task MoneyFigures_Data_ShowsTodayTheMonthAndWhatItComesTo()
    {
        var money = new MoneyData(2_000_000_000, 1_000_000_000, 40_000_000_000, 50_000_000_000, new(90_000_000_000, 80_000_000_000, 100_000_000_000), 60_000_000_000);
        var page = await Drawn.Async<MoneyFigures>((nameof(MoneyFigures.Data), money), (nameof(MoneyFigures.Estimated), 7L));

        Assert.Equal(["$2.00", "$40.00", "$90.00", "7"], page.QuerySelectorAll(".figure-value").Select(f => f.TextContent));
        Assert.Equal(["up 100.0 % against yesterday by this time", "down 20.0 % against last month by this day", "up 50.0 % against the month before"], page.Texts(".figure-change .sr-only"));
        Assert.Contains("between $80.00 and $100.00", page.TextContent, StringComparison.Ordinal);
        var early = await Drawn.Async<MoneyFigures>((nameof(MoneyFigures.Data), money with { Forecast = null }));
        Assert.Contains("too few days for a forecast yet", early.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HomeView_Parts_StandInTheOrderOfTheRole_UnderWhatWaits()
    {
        var home = new HomeData
        {
            AsOf = Drawn.Now, Needs = [new("savings", "A budget is used up", "$5.00 of $5.00", "budgets/1", true)], Order = [HomeParts.Security, HomeParts.Health, HomeParts.Money], Day = Data(),
            Money = new(1, 1, 1, 1, null, 1), Security = new(5, 5, [("guardrail_blocked", 4), ("something_new", 1)], []),
        };
        var page = await Drawn.Async<HomeView>((nameof(HomeView.Data), home));
        Assert.Equal("budgets/1", page.QuerySelector(".needs a")!.GetAttribute("href"));
        Assert.Equal(["Protection", "Health", "Spend"], page.QuerySelectorAll(".part-title").Select(t => t.FirstChild!.TextContent.Trim()));
        Assert.Contains("blocked by a guardrail", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("something new", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed yet.", page.TextContent, StringComparison.Ordinal);

        var quiet = await Drawn.Async<HomeView>((nameof(HomeView.Data), home with { Needs = [], Day = Data() with { IsFirstRun = true } }));
        Assert.Equal("Nothing waits for you.", quiet.Texts(".needs p").Single());
        Assert.Contains("No request has come through yet", quiet.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Protection"], quiet.QuerySelectorAll(".part-title").Select(t => t.FirstChild!.TextContent.Trim()));
    }

    [Fact]
    public async Task HourTable_Hours_HasOneRowEachNewestFirstInTheZone()
    {
        var page = await Drawn.Async<HourTable>((nameof(HourTable.Hours), Data().Hours));

        var hours = page.Texts("tbody th");
        Assert.Equal(24, hours.Count);
        Assert.Equal("21 Nov, 13:00 (running)", hours[0]);
        Assert.Equal("20 Nov, 14:00", hours[^1]);
        Assert.Equal("–", page.QuerySelectorAll("tbody tr")[^1].QuerySelectorAll("td")[^1].TextContent);
    }

    [Fact]
    public void HourCsv_Hours_IsExact()
    {
        var lines = HourCsv.Write(Data().Hours).Split("\r\n");

        Assert.Equal(26, lines.Length);
        Assert.Equal("2026-11-20T13:00:00Z,0,0,0,0,0,,,", lines[1]);
        Assert.Equal("2026-11-21T12:00:00Z,1,2,3,4,5,10,20,30", lines[24]);
    }

    [Fact]
    public void HourAxis_HourThatComesTwice_HasDifferentLabels()
    {
        var start = new DateTimeOffset(2026, 10, 24, 20, 0, 0, TimeSpan.Zero);
        var hours = Enumerable.Range(0, 24).Select(i => new OverviewHour(start.AddHours(i), new(0, 0, 0, 0, 0, 0), null)).ToList();

        var labels = HourAxis.Labels(hours, Drawn.Zone);

        Assert.Equal(24, labels.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(2, labels.Count(l => l.TrimEnd('\u200B') == "02:00"));
    }

    [Fact]
    public async Task TopSpenders_Rows_LinkToTheirRequests()
    {
        var page = await Drawn.Async<OverviewView>((nameof(OverviewView.Data), Data()));
        Assert.Equal(["requests?model=a%20%26%20b", "requests?key=k1"], page.QuerySelectorAll(".spenders a").Select(a => a.GetAttribute("href")));
    }

    private static OverviewData Data()
    {
        var hours = Enumerable.Range(0, 24).Select(i => new OverviewHour(Since.AddHours(i), new(0, 0, 0, 0, 0, 0), null)).ToList();
        hours[^1] = new(hours[^1].Start, new(1, 2, 3, 4, 5, 6), new(10, 20, 30));
        return new(
            Drawn.Now, Since, new(12_345_678_901, 2_400, 120, 12, 3_440_000, 7), new(10_000_000_000, 2_500, 100, 0, 0, 0), hours,
            [new("a & b", null, "a & b", 1, 2, 3)], [new("web", "Commerce", "k1", 1, 2, 3)], false);
    }
}
