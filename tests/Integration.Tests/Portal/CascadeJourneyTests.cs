using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A cascade made by the dialog, previewed, run, and explained on a request's page.</summary>
[Collection(nameof(PortalPages))]
public sealed class CascadeJourneyTests(PortalFixture portal)
{
    // Where to put pictures while one works on a page; usually none are made.
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("CASCADE_PICTURES");

    [Fact]
    public async Task Cascade_MadeByTheDialog_EscalatesAndSaysWhy()
    {
        var world = portal.World;
        var first = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-first'"));
        var second = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        var name = "stairs-" + Guid.NewGuid().ToString("N")[..6];
        var model = await world.Configuration.AddModelAsync(world.Organisation, name, [second, first]);
        await using var visit = await portal.OpenAsync("light");
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/models");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Edit {name}" }).First.ClickAsync();
        await dialog.Locator(".rz-dropdown").First.ClickAsync();
        await page.Locator(".rz-dropdown-item", new() { HasText = "A cascade" }).Last.ClickAsync();
        await dialog.GetByLabel("Fewest characters").FillAsync("500");
        await dialog.GetByLabel("Judge").FillAsync("small");
        await dialog.GetByLabel("Judge").PressAsync("Tab");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save model" }).ClickAsync();
        await Expect(dialog.GetByText("rubric says in 1 to 2000 characters")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await PictureAsync(page, "dialog-light");
        await dialog.GetByLabel("Rubric").FillAsync("Correct and complete.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save model" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);

        string? id = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                id = "stairs-" + Guid.NewGuid().ToString("N");
                using var answer = await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: name), id);
                return Ask.Header(answer, "x-gateway-route-reason") == "cascade:length";
            },
            TimeSpan.FromSeconds(20), "the gateway cascades");
        await world.RecordAsync(id!);
        var record = Assert.Single(await world.Configuration.IdsAsync("select id from usage_records where request_id = $1", id!));
        await visit.GoAsync($"/requests/{record}");
        await Expect(page.Locator(".waterfall")).ToContainTextAsync("scored 0 for its length");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await PictureAsync(page, "request-light");
        Assert.Empty(visit.Complaints);

        await using var dark = await portal.OpenAsync("dark", width: 390);
        await dark.GoAsync("/models");
        await dark.Page.GetByRole(AriaRole.Button, new() { Name = $"Edit {name}" }).First.ClickAsync();
        await Expect(dark.Page.GetByRole(AriaRole.Dialog).GetByLabel("Rubric")).ToHaveValueAsync("Correct and complete.");
        await dark.AssertAccessibleAsync();
        await dark.AssertFitsAsync();
        await PictureAsync(dark.Page, "dialog-dark-390");
        await dark.GoAsync($"/requests/{record}");
        await PictureAsync(dark.Page, "request-dark-390");
        await dark.GoAsync("/reliability?view=models");
        await PictureAsync(dark.Page, "reliability-dark-390");
        await world.Configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "delete from models where id = $1", model);
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
    }
}
