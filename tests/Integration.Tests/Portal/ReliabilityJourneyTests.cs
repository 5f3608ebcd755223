using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>The reliability page in a real browser while a deployment is left alone, another one stands in, and a credential is refused.</summary>
[Collection(nameof(PortalPages))]
public sealed class ReliabilityJourneyTests(PortalFixture portal)
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 1280)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task Outage_IsShown_WithWhoStandsInAndWhichCredentialIsRefused(string theme, int width)
    {
        var world = portal.World;
        await world.Configuration.ExecuteAsync("delete from circuit_events");
        await world.Configuration.ExecuteAsync("delete from steering_events");
        await world.Configuration.ExecuteAsync("""
            insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, until, gateway)
            select gen_random_uuid(), organisation_id, id, now() - interval '20 s', 'open', '5 failures in a row, the last timeout', now() + interval '40 s', 'gateway-1' from deployments where name = 'sim-first'
            """);
        await world.Configuration.ExecuteAsync("""
            insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, until, gateway)
            select gen_random_uuid(), organisation_id, id, now() - interval '19 s', 'standing_in', 'stands in for sim-first, with 50 % of its requests at first', now() + interval '60 s', 'gateway-1'
            from deployments where name = 'sim-second'
            """);
        await world.Configuration.ExecuteAsync("""
            insert into steering_events (id, organisation_id, type, subject_id, occurrence, detail, at)
            select gen_random_uuid(), d.organisation_id, 'credential.refused', d.credential_id, 'journey',
                jsonb_build_object('deployment_id', d.id, 'deployment', d.name, 'provider', 'sim', 'reason', 'unauthorized', 'until', now() + interval '10 minutes'), now() from deployments d where d.name = 'sim-embed'
            """);
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;

        await visit.GoAsync("/reliability");
        await Expect(page.Locator("tr", new() { HasText = "sim-first" }).First).ToContainTextAsync("Left alone");
        await Expect(page.Locator("tr", new() { HasText = "stands in for sim-first" }).First).ToContainTextAsync("Ramping up");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.PictureAsync($"reliability-{theme}-{width}");

        await visit.GoAsync("/reliability?view=events");
        await Expect(page.Locator("tr", new() { HasText = "Credential refused" })).ToContainTextAsync("its provider refuses credential main");
        await Expect(page.Locator("tr", new() { HasText = "Ramping up" })).ToContainTextAsync("sim-second");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.PictureAsync($"happened-{theme}-{width}");
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 1440)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task Figures_OfTheLastDay_AreShownByModel_AndLeadToTheRequests(string theme, int width)
    {
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;

        await visit.GoAsync("/reliability?view=figures");
        var row = page.Locator("tbody tr", new() { HasText = "small" }).First;
        await Expect(row).ToBeVisibleAsync();
        await Expect(page.GetByText("Added by the gateway, p95")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.PictureAsync($"figures-{theme}-{width}");

        await page.GetByRole(AriaRole.Link, new() { Name = "Errors", Exact = true }).ClickAsync();
        await Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Errors");
        await page.GetByRole(AriaRole.Link, new() { Name = "Last 7 days" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(portal.Portal.Address, "reliability?view=figures&by=model&range=7d&sort=errors").ToString());
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Requests");
        Assert.Empty(visit.Complaints);
    }
}
