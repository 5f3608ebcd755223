using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>The content store in a real browser: a policy, a legal hold, and an erasure that the hold stands against.</summary>
[Collection(nameof(PortalPages))]
public sealed class ContentJourneyTests(PortalFixture portal)
{
    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Policy_Hold_Erasure_AreSetPlacedAndRefused(string theme, int width)
    {
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/content");
        await Expect(page.GetByText("Nothing is kept", new() { Exact = true })).ToBeVisibleAsync();
        await LookAsync(visit, $"content-empty-{theme}-{width}");
        // Administrators read no texts, so they are shown no way to.
        await Expect(page.GetByText("Search and export")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).First.ClickAsync();
        await visit.ChooseAsync("Requests of", "Organisation");
        await dialog.GetByText("More", new() { Exact = true }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("as guardrails leave them");
        await LookAsync(visit, $"content-policy-{theme}-{width}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();
        await Expect(page.Locator("li.panel")).ToContainTextAsync("Prompts and replies, masked, 30 days");
        await LookAsync(visit, $"content-policies-{theme}-{width}");

        await visit.GoAsync("/content?view=holds");
        await LookAsync(visit, $"content-holds-empty-{theme}-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place hold" }).ClickAsync();
        await dialog.GetByLabel("Which user").FillAsync($"ada.{theme}@example.org");
        await dialog.GetByLabel("Reason").FillAsync("short");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Place hold" }).ClickAsync();
        await Expect(dialog.Locator(".field-error")).ToContainTextAsync("at least 10 characters");
        await LookAsync(visit, $"content-hold-{theme}-{width}");
        await dialog.GetByLabel("Reason").FillAsync("Case 17 of the legal department");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Place hold" }).ClickAsync();
        var row = page.Locator("tbody tr", new() { HasText = $"ada.{theme}@example.org" });
        await Expect(row).ToContainTextAsync("stands");

        await visit.GoAsync("/content?view=erasures");
        await EraseAsync();
        await Expect(dialog.Locator(".field-error")).ToContainTextAsync("A legal hold on this user stands");
        await LookAsync(visit, $"content-erase-refused-{theme}-{width}");
        await visit.GoAsync("/content?view=holds");
        await row.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("Case 17 was closed yesterday");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Release hold" }).ClickAsync();
        await Expect(row).ToContainTextAsync("released");
        await LookAsync(visit, $"content-holds-{theme}-{width}");

        await visit.GoAsync("/content?view=erasures");
        await EraseAsync();
        await Expect(page.Locator("tbody tr", new() { HasText = $"ada.{theme}@example.org" })).ToContainTextAsync("there were none");
        await LookAsync(visit, $"content-erasures-{theme}-{width}");
        await visit.GoAsync("/audit?kind=content");
        await Expect(page.GetByText("Kept texts erased").First).ToBeVisibleAsync();
        await LookAsync(visit, $"content-audit-{theme}-{width}");
        Assert.Empty(visit.Complaints);
        // The journeys share the installation: the other theme begins where nothing is kept.
        await portal.World.Configuration.ExecuteAsync("delete from content_policies; delete from content_holds; delete from content_erasures");

        async Task EraseAsync()
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Erase a user" }).ClickAsync();
            await dialog.GetByLabel("User", new() { Exact = true }).FillAsync($"ada.{theme}@example.org");
            await dialog.GetByLabel("Reason").FillAsync("Request 118 of the subject");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
        }
    }

    private static async Task LookAsync(Visit visit, string name)
    {
        await visit.PictureAsync(name);
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
    }
}
