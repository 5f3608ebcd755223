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
        await Expect(page.Locator(".canary h2")).ToContainTextAsync("watched");

        // Nobody reloads: the page looks again while a canary runs.
        for (var i = 0; i < 20; i++) (await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: "watched"), headers: ("x-gateway-user", $"user-{i}"))).Dispose();
        await Expect(page.Locator(".canary table")).ToContainTextAsync("All others");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin canary" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Gateways roll it back when");
        await visit.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Promote the canary of watched" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Promote", Exact = true }).ClickAsync();
        await Expect(page.Locator(".canary .state")).ToHaveTextAsync("Promoted");
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: "watched"));
                return Ask.Header(answer, "x-gateway-deployment") == "sim-first" && Ask.Header(answer, "x-gateway-route-reason") == "priority";
            },
            TimeSpan.FromSeconds(20), "the promoted deployment serves");
        Assert.Empty(visit.Complaints);
    }
}
