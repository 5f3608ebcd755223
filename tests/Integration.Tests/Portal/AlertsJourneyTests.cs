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

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    [InlineData("dark", 1440)]
    public async Task Key_ThatRanAway_IsShownAsHeld_AndLetGo(string theme, int width)
    {
        var (world, key, name) = (portal.World, Guid.Empty, $"crawler-{theme}-{width}");
        key = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, $"agw-{Guid.NewGuid():N}");
        var throttled = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, $"agw-{Guid.NewGuid():N}");
        await world.Configuration.ExecuteAsync("update virtual_keys set name = $2 where id = $1", key, name);
        await world.Configuration.ExecuteAsync("update virtual_keys set name = $2 where id = $1", throttled, $"nightly-{theme}-{width}");
        await AddAsync(key, name, "stop");
        await AddAsync(throttled, $"nightly-{theme}-{width}", "throttle");
        try
        {
            await using var visit = await portal.OpenAsync(theme, width);
            var page = visit.Page;
            var dialog = page.GetByRole(AriaRole.Dialog);
            await visit.GoAsync("/alerts/policies");
            await Expect(page.GetByText("Nothing is done by itself")).ToBeVisibleAsync();
            await LookAsync(visit, $"anomaly-none-{theme}-{width}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).First.ClickAsync();
            await Expect(dialog).ToContainTextAsync("When a key of the organisation runs away, it is held to its usual rate for 1 hour, beside all limits that it has.");
            await LookAsync(visit, $"anomaly-dialog-{theme}-{width}");
            await dialog.GetByLabel("Requests a minute").FillAsync("120");
            await dialog.GetByLabel("Requests a minute").PressAsync("Tab");
            await Expect(dialog).ToContainTextAsync("120 requests a minute or its usual rate, whichever is less,");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();
            await Expect(page.Locator(".cache-policy")).ToContainTextAsync("Throttled to 120 requests a minute or its usual rate, whichever is less, for 1 hour");
            await LookAsync(visit, $"anomaly-policies-{theme}-{width}");

            await visit.GoAsync("/alerts");
            var alert = page.Locator(".alert").Filter(new() { HasText = name });
            await Expect(alert).ToContainTextAsync("Key stopped until");
            await LookAsync(visit, $"anomaly-alert-{theme}-{width}");
            await visit.GoAsync($"/keys?q={name}");
            await Expect(page.GetByText("Stopped", new() { Exact = true })).ToBeVisibleAsync();
            await LookAsync(visit, $"anomaly-key-{theme}-{width}");
            await visit.GoAsync("/keys?q=nightly");
            await Expect(page.GetByText("Throttled", new() { Exact = true })).ToBeVisibleAsync();
            await LookAsync(visit, $"anomaly-throttled-{theme}-{width}");
            await visit.GoAsync("/kill-switches");
            await Expect(page.GetByText("Anomaly: it cost $6.20 within ten minutes")).ToBeVisibleAsync();
            await LookAsync(visit, $"anomaly-stops-{theme}-{width}");

            await visit.GoAsync("/alerts");
            await alert.GetByRole(AriaRole.Button, new() { Name = "Lift it" }).ClickAsync();
            await LookAsync(visit, $"anomaly-lift-{theme}-{width}");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Lift the stop" }).ClickAsync();
            await Expect(alert).ToContainTextAsync("Key was stopped, lifted by local-operator at");
            await LookAsync(visit, $"anomaly-lifted-{theme}-{width}");
            await visit.GoAsync("/keys?q=nightly");
            await page.GetByRole(AriaRole.Button, new() { Name = "Let nightly" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Lift the throttle" }).ClickAsync();
            await Expect(page.GetByText("Throttled", new() { Exact = true })).ToHaveCountAsync(0);
            await visit.GoAsync("/audit?kind=key_brake");
            await Expect(page.GetByText("Anomaly's hold on a key lifted").First).ToBeVisibleAsync();
            await LookAsync(visit, $"anomaly-audit-{theme}-{width}");
            Assert.Empty(visit.Complaints);
        }
        finally
        {
            await world.Configuration.ExecuteAsync("delete from alerts where subject = any($1)", (object)new[] { $"key:{key}", $"key:{throttled}" });
            await world.Configuration.ExecuteAsync("delete from key_brakes");
            await world.Configuration.ExecuteAsync("delete from anomaly_policies");
            await world.Configuration.RevokeKeyAsync(world.Organisation, throttled);
        }
    }

    private async Task AddAsync(Guid key, string name, string kind)
    {
        var (id, world) = (Guid.CreateVersion7(), portal.World);
        // As the watch leaves it: answered, and announced.
        await world.Configuration.ExecuteAsync("""
            insert into alerts (id, organisation_id, kind, subject, subject_name, tier, value, latest, usual, threshold, learned, samples, opened_at, seen_at, announced_at, decided_at)
            values ($1, $2, 'cost_spike', $3, $4, 'page', 6.2, 6.2, 0.2, 1.3, 'seasonal', 15, now(), now(), now(), now())
            """, id, world.Organisation, $"key:{key}", name);
        await world.Configuration.ExecuteAsync("""
            insert into key_brakes (id, organisation_id, key_id, alert_id, kind, requests_per_minute, reason, created_at, until)
            values ($1, $2, $3, $1, $4, $5, 'Anomaly: it cost $6.20 within ten minutes, $0.20 are usual at this time', now(), now() + interval '1 hour')
            """, id, world.Organisation, key, kind, kind == "stop" ? null : 120);
    }

    private static async Task LookAsync(Visit visit, string name)
    {
        await visit.PictureAsync(name);
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
    }
}
