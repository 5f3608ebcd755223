using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>The configuration as a file, in a real browser: taken away, changed, compared, applied, rolled back.</summary>
[Collection(nameof(PortalPages))]
public sealed class ConfigurationJourneyTests(PortalFixture portal)
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 1440)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task File_Exported_IsChangedComparedAppliedAndRolledBack(string theme, int width)
    {
        var team = $"crew-{theme}-{width}";
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        await visit.GoAsync("/configuration");
        await ShowAsync("configuration");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var exported = await reader.ReadToEndAsync();
        Assert.Contains("\nversion: 1\n", exported, StringComparison.Ordinal);

        // A fault is told with its line before anything is compared.
        await ChooseAsync("version: 1\nteams:\n  - slug: x\n    nmae: X\n");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("line 4, column 5: nmae is not a field of teams.");
        await ShowAsync("configuration-fault");
        await visit.AssertAccessibleAsync();

        // The world was made without the portal: a first revision to go back to.
        await ChooseAsync($"version: 1\ntiers:\n  - name: Base {theme} {width}\n    concurrency: 3\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply 1 change" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "holds now" })).ToContainTextAsync("1 thing ·");
        // The history is told by a push, which may come before the import's own end; what is chosen until then is forgotten.
        await Expect(page.GetByText("Configuration imported").First).ToBeVisibleAsync();

        await ChooseAsync($"version: 1\nteams:\n  - slug: {team}\n    name: Crew\n    allowed_models: [small]\ntiers:\n  - name: Crew {theme} {width}\n    concurrency: 9\n");
        await Expect(page.Locator(".change-list")).ToContainTextAsync(team);
        await Expect(page.Locator(".change-summary")).ToContainTextAsync("2 new things");
        await ShowAsync("configuration-diff");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply 2 changes" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "holds now" })).ToContainTextAsync("Import of house.yaml");
        // The list is the new one, not that of the import before.
        await Expect(page.Locator("tr", new() { HasText = "holds now" })).ToContainTextAsync("2 things ·");

        await page.Locator("tbody tr", new() { HasText = "Roll back" }).First.GetByRole(AriaRole.Button).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".change-list")).ToContainTextAsync(team);
        await ShowAsync("configuration-rollback");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back 2 changes" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "holds now" })).ToContainTextAsync("Rolled back to revision");
        Assert.Empty(visit.Complaints);

        Task ChooseAsync(string yaml) => visit.ChooseFileAsync("house.yaml", yaml);

        async Task ShowAsync(string name)
        {
            await visit.PictureAsync($"{name}-{theme}-{width}");
        }
    }
}
