using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>Canaries as a platform engineer sees them: live arms, and a promotion that the gateway follows.</summary>
[Collection(nameof(PortalPages))]
public sealed class SteeringJourneyTests(PortalFixture portal)
{
    [Fact]
    public async Task Canary_Runs_ShowsItsArmsByItself_AndIsPromoted()
    {
        var (id, world) = (Guid.CreateVersion7(), portal.World);
        var first = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-first'"));
        var second = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        await world.Configuration.AddModelAsync(world.Organisation, "watched", [second]);
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Canary, id, world.Organisation)],
            """
            insert into canaries (id, organisation_id, model, deployment_id, sticky, shares, dwell_seconds, min_requests, status, created_at, created_by)
            values ($1, $2, 'watched', $3, 'user', '{5000,10000}', '{3600,0}', 100, 'running', now(), 'test')
            """,
            id, world.Organisation, first);
        await using var visit = await portal.OpenAsync("light");
        var page = visit.Page;
        await visit.GoAsync("/canaries");
        var panel = page.Locator(".canary").Filter(new() { HasText = "watched" });
        await Expect(panel.Locator("h2")).ToContainTextAsync("watched");

        // Nobody reloads: the page looks again while a canary runs.
        for (var i = 0; i < 20; i++) (await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: "watched"), headers: ("x-gateway-user", $"user-{i}"))).Dispose();
        await Expect(panel.Locator("table")).ToContainTextAsync("All others");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.PictureAsync("canary");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin canary" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Gateways roll it back when");
        await visit.AssertAccessibleAsync();
        await visit.PictureAsync("canary-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Promote the canary of watched" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Promote", Exact = true }).ClickAsync();
        await Expect(panel.Locator(".state")).ToHaveTextAsync("Promoted");
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: "watched"));
                return Ask.Header(answer, "x-gateway-deployment") == "sim-first" && Ask.Header(answer, "x-gateway-route-reason") == "priority";
            },
            TimeSpan.FromSeconds(20), "the promoted deployment serves");
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Canary_BegunByTheDialog_GetsItsShare_AndIsAborted(string theme, int width)
    {
        var (world, model) = (portal.World, $"ramped-{theme}");
        var second = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        await world.Configuration.AddModelAsync(world.Organisation, model, [second]);
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/canaries");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin canary" }).First.ClickAsync();
        await visit.ChooseAsync("Requests for", model);
        await visit.ChooseAsync("Go in part to", "sim-first");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Ramp" }).FillAsync("all at once");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Begin canary" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert).First).ToContainTextAsync("A ramp reads like");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Ramp" }).FillAsync("100");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Begin canary" }).ClickAsync();

        var panel = page.Locator(".canary").Filter(new() { HasText = model });
        await Expect(panel).ToContainTextAsync("Running");
        await Eventually.HoldsAsync(() => ServedByAsync("sim-first"), TimeSpan.FromSeconds(20), "all of it goes to the canary");
        await visit.PictureAsync($"canary-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Abort the canary of {model}" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Abort canary" }).ClickAsync();
        await Expect(panel.Locator(".state")).ToHaveTextAsync("Aborted");
        await Eventually.HoldsAsync(() => ServedByAsync("sim-second"), TimeSpan.FromSeconds(20), "it goes where it went before");
        Assert.Empty(visit.Complaints);

        async Task<bool> ServedByAsync(string deployment)
        {
            using var answer = await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: model));
            return Ask.Header(answer, "x-gateway-deployment") == deployment;
        }
    }

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Pin_SetByTheDialog_DecidesTheVersion_AndIsDeleted(string theme, int width)
    {
        var (world, model) = (portal.World, $"pinned-{theme}");
        var second = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        await world.Configuration.AddModelAsync(world.Organisation, model, [second]);
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/pins");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pin version" }).First.ClickAsync();
        await visit.ChooseAsync("Model", model);
        await visit.ChooseAsync("Deployment", "sim-second");
        await dialog.GetByLabel("Version").FillAsync("sim-2026-01-31");
        await visit.AssertAccessibleAsync();
        await visit.PictureAsync($"pin-dialog-{theme}-{width}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pin version" }).ClickAsync();

        await Expect(page.Locator("main")).ToContainTextAsync("sim-2026-01-31");
        await Eventually.HoldsAsync(async () => await AskedForAsync() == "sim-2026-01-31", TimeSpan.FromSeconds(20), "the provider is asked for the version");
        await visit.PictureAsync($"pins-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Delete the pin of {model}" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete pin" }).ClickAsync();
        await Expect(page.Locator("main")).Not.ToContainTextAsync(model);
        await Eventually.HoldsAsync(async () => await AskedForAsync() == "sim-small", TimeSpan.FromSeconds(20), "it is asked for its own again");
        Assert.Empty(visit.Complaints);

        async Task<string> AskedForAsync()
        {
            (await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: model))).Dispose();
            return world.Simulator.Requests[^1].Model;
        }
    }
}
