using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>The table of quality as a platform engineer fills it: import with a look at what changes, versions, putting one back.</summary>
[Collection(nameof(PortalPages))]
public sealed class QualityJourneyTests(PortalFixture portal)
{
    private const string First = "task,provider,model,mean,lower,upper,samples,date\ncoding,sim,sim-large,0.93,0.9,0.95,400,2026-11-20\ncoding,sim,sim-small,0.71,0.66,0.75,400,2026-11-20\nchat,sim,sim-small,0.92,0.88,0.95,200,2026-11-20\n";

    [Fact]
    public async Task Figures_Imported_StandAgainstTheBar_AndAnOlderVersionComesBack()
    {
        await portal.World.Configuration.ExecuteAsync(
            "insert into quality_learned values ($1, 'coding', 'sim', 'sim-small', 0.8, 0.6, 0.9, 31, 12, now()), ($1, 'chat', 'sim', 'sim-large', 0.9, 0.83, 0.95, 40, 15, now())", portal.World.Organisation);
        await using var visit = await portal.OpenAsync("light");
        var page = visit.Page;
        await visit.GoAsync("/quality");
        await ImportAsync(visit, First, "In November");
        // Other journeys may have published these models before, for other tasks: the note says that the table is the new one.
        await Expect(page.Locator("main")).ToContainTextAsync("In November");
        await Expect(page.Locator("table.quality")).ToContainTextAsync("sim-large");
        // Other journeys may have published tasks of their own.
        var coding = (await page.Locator("table.quality thead th").AllTextContentsAsync()).ToList().FindIndex(head => head.StartsWith("coding", StringComparison.Ordinal));
        await Expect(page.Locator("tr", new() { HasText = "sim-large" }).Locator("th, td").Nth(coding).Locator(".quality-score")).ToContainTextAsync("clears the bar");
        await Expect(page.Locator("tr", new() { HasText = "sim-small" }).Locator("th, td").Nth(coding).Locator(".quality-score")).ToContainTextAsync("is below the bar");
        await Expect(page.Locator("table.quality")).ToContainTextAsync("votes: 0.80");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        // Other journeys may publish as well.
        var first = await VersionAsync();
        await ImportAsync(visit, "task,provider,model,mean,samples,date\ncoding,sim,sim-small,0.86,900,2026-11-27\nmath,sim,nobody,0.5,20,2026-11-27\n", "The new prompt");
        await visit.GoAsync($"/quality?view=versions&version={await VersionAsync()}");
        await Expect(page.Locator(".quality-changes")).ToContainTextAsync("0.71");
        await Expect(page.Locator(".quality-changes")).ToContainTextAsync("0.86");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Put version {first} back" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Put back" }).ClickAsync();
        await Expect(page.Locator(".quality-versions")).ToContainTextAsync($"version {first} again");
        Assert.Empty(visit.Complaints);

        await using var phone = await portal.OpenAsync("dark", 390);
        foreach (var address in new[] { "/quality", $"/quality?view=versions&version={await VersionAsync()}" })
        {
            await phone.GoAsync(address);
            await Expect(phone.Page.Locator("table.plain").First).ToBeVisibleAsync();
            await phone.AssertAccessibleAsync();
            await phone.AssertFitsAsync();
        }
        await using var dark = await portal.OpenAsync("dark");
        await dark.GoAsync("/quality");
        await Expect(dark.Page.Locator("table.quality")).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    private async Task<int> VersionAsync()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(portal.World.Database);
        await using var command = source.CreateCommand("select max(version) from quality_versions");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ImportAsync(Visit visit, string csv, string note)
    {
        var page = visit.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Import figures" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Note").FillAsync(note);
        await visit.ChooseFileAsync("q.csv", csv);
        await Expect(dialog.Locator(".quality-changes")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
    }
}
