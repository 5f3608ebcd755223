using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>What became of each try to tell a receiver, in a real browser, and once more when somebody asks.</summary>
[Collection(nameof(PortalPages))]
public sealed class WebhookTriesJourneyTests(PortalFixture portal)
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Delivery_ThatFailed_IsDeliveredAgain_AndBothTriesStandInTheList(string theme, int width)
    {
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var (dialog, name) = (page.GetByRole(AriaRole.Dialog), $"pager {theme} {width}");
        await visit.GoAsync("/webhooks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).First.ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        // Reserved never to resolve (RFC 2606).
        await dialog.GetByLabel("Address").FillAsync("https://hooks.invalid/agw");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test", Exact = true }).ClickAsync();
        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("It could not be reached.");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Deliver Test of .* again$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) }).ClickAsync();
        await Expect(page.GetByText("It was not taken")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await ShowAsync("webhook-deliveries");

        await page.GetByRole(AriaRole.Link, new() { Name = "Each try" }).ClickAsync();
        await Expect(page.Locator(".list tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("try 2, asked for by local-operator");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await ShowAsync("webhook-tries");
        Assert.Empty(visit.Complaints);

        async Task ShowAsync(string picture)
        {
            await visit.PictureAsync($"{picture}-{theme}-{width}");
        }
    }
}
