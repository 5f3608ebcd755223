using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>An alert in a real browser: on the home page, taken on, gone from there, and muted.</summary>
[Collection(nameof(PortalPages))]
public sealed class AlertsJourneyTests(PortalFixture portal)
{
    // The portal watches the requests of the other journeys too, and may find something of theirs unusual.
    private const string Title = "Personal data: findings in many more requests than usual";

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Alert_OnTheHomePage_IsTakenOn_AndWaitsForNobodyElse(string theme, int width)
    {
        var (id, world) = (Guid.CreateVersion7(), portal.World);
        // A threshold of 0 is one that nothing falls below, so that the portal's own watch does not end it in between.
        await world.Configuration.ExecuteAsync(
            "insert into alerts (id, organisation_id, kind, subject, value, usual, threshold, opened_at, seen_at) values ($1, $2, 'guardrail_rise', 'personal_data', 1240, 35, 0, now(), now())",
            id, world.Organisation);
        try
        {
            await using var visit = await portal.OpenAsync(theme, width);
            var page = visit.Page;
            await visit.GoAsync("/");
            await page.GetByRole(AriaRole.Link, new() { Name = Title }).ClickAsync();
            var alert = page.Locator(".alert", new() { HasText = Title });
            await Expect(alert).ToContainTextAsync("1,240 requests within an hour; usual at this time: 35");
            await visit.PictureAsync($"alerts-{theme}-{width}");
            await visit.AssertAccessibleAsync();
            await visit.AssertFitsAsync();

            await alert.GetByRole(AriaRole.Button, new() { Name = "I look after" }).ClickAsync();
            await Expect(alert).ToHaveCountAsync(0);
            await page.GetByRole(AriaRole.Link, new() { Name = "Looked after" }).ClickAsync();
            await Expect(alert).ToContainTextAsync("local-operator looks after it");
            await Expect(alert.GetByRole(AriaRole.Button, new() { Name = "I look after" })).ToHaveCountAsync(0);
            await visit.PictureAsync($"alerts-taken-{theme}-{width}");
            await visit.GoAsync("/");
            await Expect(page.GetByText(Title)).ToHaveCountAsync(0);

            await visit.GoAsync("/alerts?view=acknowledged");
            await alert.GetByRole(AriaRole.Button, new() { Name = "Mute:" }).ClickAsync();
            await page.GetByLabel("Reason").FillAsync("A load test, until Monday");
            await visit.PictureAsync($"alerts-mute-{theme}-{width}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Mute", Exact = true }).ClickAsync();
            await Expect(alert).ToHaveCountAsync(0);
            await visit.GoAsync("/alerts?view=muted");
            await Expect(alert).ToContainTextAsync("muted, till");
            await Expect(page.Locator(".mute")).ToContainTextAsync("A load test, until Monday");
            await visit.PictureAsync($"alerts-muted-{theme}-{width}");
            await visit.AssertAccessibleAsync();
            await visit.AssertFitsAsync();
            Assert.Empty(visit.Complaints);
        }
        finally
        {
            await world.Configuration.ExecuteAsync("delete from alerts where id = $1", id);
            await world.Configuration.ExecuteAsync("delete from alert_mutes where organisation_id = $1", world.Organisation);
        }
    }
}
