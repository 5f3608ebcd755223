using AspireGateway.Portal.Overview;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class OverviewMarkupTests
{
    private static readonly DateTimeOffset Since = Drawn.Now.AddMinutes(-30).AddHours(-23);

    [Fact]
    public async Task OverviewView_Data_ShowsHeadlineFiguresWithTheirChange()
    {
        var page = await Drawn.Async<OverviewView>((nameof(OverviewView.Data), Data()));

        Assert.Equal(["$12.35", "2.4\u00A0k", "5.0\u00A0%", "3.4\u00A0M"], page.QuerySelectorAll(".figure-value").Select(f => f.TextContent));
        Assert.Equal("$12.345678901 (12,345,678,901 nano-USD)", page.QuerySelector(".figure-value")!.GetAttribute("title"));
        Assert.Equal(
            ["up 23.5 % against the day before", "down 4.0 % against the day before", "up 25.0 % against the day before", "nothing the day before"],
            page.Texts(".figure-change .sr-only"));
        Assert.Contains("7 of the requests at an estimated cost", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("and 12 refused by the gateway", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverviewView_Errors_OnlyTheyAreBadWhenTheyGrow()
    {
        var page = await Drawn.Async<OverviewView>((nameof(OverviewView.Data), Data()));
        Assert.Equal(["Errors"], page.QuerySelectorAll(".figure-worse").Select(f => f.ParentElement!.QuerySelector("h2")!.TextContent));
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
