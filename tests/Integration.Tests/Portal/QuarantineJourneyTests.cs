using AspireGateway.Integration.Tests.Guardrails;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A quarantined request in a real browser: kept by a gateway, looked at and released in the portal, repeated by its caller.</summary>
[Collection(nameof(PortalPages))]
public sealed class QuarantineJourneyTests(PortalFixture portal)
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task KeptRequest_IsLookedAtReleasedAndRepeatedOnce(string theme, int width)
    {
        var key = await PolicyKeys.AddAsync(portal.World, new()
        {
            BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Quarantine, QuarantineHours = 6, Words = ["kestrel"] },
        });
        await PolicyKeys.AppliedAsync(portal.World, portal.Gateway);
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/quarantine");
        await Expect(page.GetByText("No request waits")).ToBeVisibleAsync();
        await visit.PictureAsync($"quarantine-empty-{theme}-{width}");

        var body = Ask.Body($"What does the kestrel cost, {theme}?");
        var ticket = await PolicyKeys.TicketAsync(portal.Gateway, key, body);
        await visit.GoAsync("/quarantine");
        var row = page.Locator(".list tbody tr");
        await Expect(row).ToContainTextAsync("1 BANNED_WORD");
        await Expect(row).ToContainTextAsync("Waits");
        await Expect(row).ToContainTextAsync("rejected in 5");
        await visit.PictureAsync($"quarantine-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await row.Locator("a.cell-main").ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync(ticket.ToString());
        // Administrators decide and do not read.
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Read the text" })).ToHaveCountAsync(0);
        await visit.PictureAsync($"quarantine-request-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("may repeat this very request once");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await Expect(dialog.Locator(".field-error")).ToContainTextAsync("required");
        await dialog.GetByLabel("Note").FillAsync("Asked by the birds desk");
        await visit.PictureAsync($"quarantine-release-{theme}-{width}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await Expect(page.Locator(".facts")).ToContainTextAsync("Released");

        Assert.Equal(200, (await PolicyKeys.RepeatAsync(portal.Gateway, key, body, ticket)).Status);
        Assert.Contains("has been used", (await PolicyKeys.RepeatAsync(portal.Gateway, key, body, ticket)).Message, StringComparison.Ordinal);
        await visit.GoAsync("/quarantine?state=released");
        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("repeated");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        Assert.Empty(visit.Complaints);
        // The journeys share the installation: one begins where no policy is set.
        await portal.World.Configuration.ExecuteAsync("delete from guardrail_policies where scope_kind = 'key'");
    }
}
