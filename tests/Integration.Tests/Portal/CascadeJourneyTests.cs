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
        await Expect(dialog.GetByText("A judge needs a rubric")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.PictureAsync("cascade-dialog-light");
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
        await Expect(page.Locator(".waterfall")).ToContainTextAsync("200, scored 0");
        await Expect(page.GetByText("answered, scored 0 for its length")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.PictureAsync("cascade-request-light");

        await visit.GoAsync("/reliability?view=models");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Edit what {name} does when it fails" }).First.ClickAsync();
        await dialog.GetByText("Ask a second deployment when the first is slow to begin").ClickAsync();
        await dialog.GetByLabel("No sooner than, ms").FillAsync("250");
        await dialog.GetByLabel("No sooner than, ms").PressAsync("Tab");
        await visit.AssertAccessibleAsync();
        await visit.PictureAsync("cascade-hedge-light");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("a second is asked after its p95")).ToBeVisibleAsync();
        await visit.AssertFitsAsync();
        Assert.Empty(visit.Complaints);

        await using var dark = await portal.OpenAsync("dark", width: 390);
        await dark.GoAsync("/models");
        await dark.Page.GetByRole(AriaRole.Button, new() { Name = $"Edit {name}" }).First.ClickAsync();
        await Expect(dark.Page.GetByRole(AriaRole.Dialog).GetByLabel("Rubric")).ToHaveValueAsync("Correct and complete.");
        await dark.AssertAccessibleAsync();
        await dark.AssertFitsAsync();
        await dark.PictureAsync("cascade-dialog-dark-390");
        await dark.GoAsync($"/requests/{record}");
        await dark.PictureAsync("cascade-request-dark-390");
        await dark.GoAsync("/reliability?view=models");
        await dark.PictureAsync("cascade-reliability-dark-390");
        await world.Configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "delete from models where id = $1", model);
    }
}
