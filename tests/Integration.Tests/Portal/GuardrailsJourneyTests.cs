using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>Guardrail policies in a real browser: set in the dialog, held to by a gateway, and what was found.</summary>
[Collection(nameof(PortalPages))]
public sealed class GuardrailsJourneyTests(PortalFixture portal)
{
    // A word of this test alone, so that the policy holds for nobody else's requests.
    private const string Prompt = "What does the Falcon cost?";

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task BannedWord_SetOnTheOrganisation_IsRefusedByTheGateway_AndWhatWasFoundShowsIt(string theme, int width)
    {
        var key = VirtualKeySecret.Create();
        await portal.World.Configuration.AddKeyAsync(portal.World.Organisation, portal.World.Team, key);
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        Assert.Equal(200, (await Ask.StatusAsync(portal.Gateway, key, Ask.Body(Prompt))).Status);
        await visit.GoAsync("/guardrails");
        await Expect(page.GetByText("Nothing is looked at")).ToBeVisibleAsync();
        await visit.PictureAsync($"guardrails-empty-{theme}-{width}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).First.ClickAsync();
        await Expect(dialog).ToContainTextAsync("It does nothing yet");
        var banned = dialog.Locator(".guardrail-part", new() { HasText = "Banned words" });
        // The organisation has no wider policy.
        await Expect(banned.Locator(".guardrail-head .rz-dropdown")).ToContainTextAsync("Not set");
        await banned.Locator(".guardrail-head .rz-dropdown").ClickAsync();
        await page.Locator(".rz-dropdown-item:visible").GetByText("Standard", new() { Exact = true }).ClickAsync();
        // The list tells the form once it has closed.
        await Expect(dialog.GetByLabel("Words and phrases")).ToBeVisibleAsync();
        // What is missing is said beside its field, and what was chosen stays.
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();
        await Expect(banned.Locator(".field-error")).ToContainTextAsync("required");
        await dialog.GetByLabel("Words and phrases").FillAsync("falcon\npeacock");
        await dialog.GetByLabel("Patterns").FillAsync("PRJ-(");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();
        await Expect(banned.Locator(".field-error")).ToContainTextAsync("wrong in entry 1");
        await dialog.GetByLabel("Patterns").FillAsync("PRJ-[0-9]{4}");
        await dialog.GetByLabel("Words and phrases").ClickAsync();
        await Expect(dialog).ToContainTextAsync("In requests of the organisation: Banned words: 2 words and 1 pattern blocked.");
        await visit.PictureAsync($"guardrails-dialog-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();

        await Expect(page.Locator(".guardrail")).ToContainTextAsync("2 words and 1 pattern blocked");
        await Eventually.HoldsAsync(
            async () => await Ask.StatusAsync(portal.Gateway, key, Ask.Body(Prompt)) == (403, "guardrail_blocked"), TimeSpan.FromSeconds(20), "the gateway holds to the policy");
        await visit.PictureAsync($"guardrails-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                await visit.GoAsync("/guardrails?view=found");
                return await page.GetByRole(AriaRole.Link, new() { Name = "Banned words" }).CountAsync() == 1;
            },
            TimeSpan.FromSeconds(30), "the finding is counted");
        await visit.PictureAsync($"guardrails-found-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Banned words" }).ClickAsync();
        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("403");
        await page.Locator(".list a.cell-main").First.ClickAsync();
        await Expect(page.Locator(".refusal")).ToContainTextAsync("A guardrail does not let it pass");
        await Expect(page.Locator(".facts").First).ToContainTextAsync("Banned words");
        await visit.PictureAsync($"guardrails-request-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await visit.GoAsync("/guardrails");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete guardrails of the organisation" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("nothing is looked for in requests any more");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete policy" }).ClickAsync();
        await Expect(page.GetByText("Nothing is looked at")).ToBeVisibleAsync();
        await Eventually.HoldsAsync(async () => (await Ask.StatusAsync(portal.Gateway, key, Ask.Body(Prompt))).Status == 200, TimeSpan.FromSeconds(20), "the gateway lets it pass again");
        Assert.Empty(visit.Complaints);
    }
}
