using AspireGateway.Portal.ConfigurationFiles;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class ConfigurationMarkupTests
{
    private static readonly ThingChange s_limit = new()
    {
        Section = "limits", What = "limit", Name = "team payments requests minute", Outcome = "change", Fields = [new("amount", "600", "700"), new("burst", null, "70")],
    };

    [Fact]
    public async Task Changes_OfFields_StandWithWhatIsNowAndThen()
    {
        var page = await Drawn.Async<ChangeList>(("Import", Import(s_limit)));
        Assert.Equal(["1 thing changes, 4 stay as they are."], page.Texts("[role=status]"));
        Assert.Equal(["team payments requests minutelimitChangesamount600700", "burstnot set70"], page.Texts("tbody tr"));
        Assert.Equal("2", page.QuerySelector("th[scope=rowgroup]")!.GetAttribute("rowspan"));
    }

    [Fact]
    public async Task Changes_OfWhatComesAndGoes_SayWhatBecomesOfIt()
    {
        var page = await Drawn.Async<ChangeList>(("Import", Import(
            new() { Section = "teams", What = "team", Name = "ops", Outcome = "create", Fields = [new("slug", null, "ops"), new("name", null, "Ops")] },
            new() { Section = "teams", What = "team", Name = "old", Outcome = "archive", Fields = [] })));
        Assert.Equal(["opsteamNewslug ops · name Ops", "oldteamArchivedIt is put away, its keys with it; it can be brought back."], page.Texts("tbody tr"));
    }

    [Fact]
    public async Task Changes_BeyondTwoHundred_AreCounted()
    {
        var page = await Drawn.Async<ChangeList>(("Import", Import([.. Enumerable.Range(0, 2_000).Select(i => s_limit with { Name = $"l{i}" })])));
        Assert.Equal(200, page.QuerySelectorAll("tbody").Length);
        Assert.Contains("and 1,800 more things", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_None_SaySo_AndWarningsStand()
    {
        var page = await Drawn.Async<ChangeList>(("Import", Import() with { Warnings = ["Provider x has no credential y."] }));
        Assert.Equal(["Nothing would change: the configuration is like this already."], page.Texts("[role=status]"));
        Assert.Null(page.QuerySelector("table"));
        Assert.Contains("Provider x has no credential y.", page.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revisions_HaveAWayBack_ButTheNewest()
    {
        ConfigurationRevision Row(long revision) => new() { Revision = revision, At = Drawn.Now.AddMinutes(-revision), Actor = "a@example.org", Things = 3, Actions = ["team.create"] };
        IReadOnlyList<ConfigurationRevision> rows = [Row(9) with { File = "house.yaml" }, Row(8) with { RolledBackTo = 5 }, Row(7) with { Name = "Ops" }];
        var first = await Drawn.Async<RevisionList>(("Rows", rows), ("IsFirstPage", true));
        Assert.Equal(["Import of house.yaml", "Rolled back to revision 5", "Team created: Ops"], first.Texts(".cell-main"));
        Assert.Equal(["Roll back to revision 8", "Roll back to revision 7"], first.QuerySelectorAll("button").Select(b => b.GetAttribute("aria-label")!));
        Assert.Equal(3, (await Drawn.Async<RevisionList>(("Rows", rows))).QuerySelectorAll("button").Length);
    }

    private static ConfigurationImport Import(params ThingChange[] changes) => new()
    {
        DryRun = true, Revision = 7, Created = changes.Count(c => c.Outcome == "create"), Changed = changes.Count(c => c.Outcome == "change"), Ended = changes.Count(c => c.Outcome == "archive"),
        Unchanged = 4, Changes = changes, Warnings = [],
    };
}
