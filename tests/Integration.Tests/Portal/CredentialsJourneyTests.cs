using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>A deployment gets a second key and a model a canned answer, as a platform engineer does it; a refused key is seen where one would look.</summary>
[Collection(nameof(PortalPages))]
public sealed class CredentialsJourneyTests(PortalFixture portal)
{
    [Fact]
    public async Task SecondKey_CannedAnswer_AndARefusedKey_AreSetAndSeen()
    {
        var world = portal.World;
        var provider = Assert.Single(await world.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var main = Assert.Single(await world.Configuration.IdsAsync("select id from credentials where name = 'main'"));
        await world.Configuration.AddCredentialAsync(world.Organisation, provider, "spare");
        var deployment = await world.Configuration.AddDeploymentAsync(world.Organisation, "two-keys", provider, "two-keys", main);
        await world.Configuration.AddModelAsync(world.Organisation, "two-keys", [deployment]);
        await using var visit = await portal.OpenAsync("light");
        var page = visit.Page;

        await visit.GoAsync("/models?view=deployments");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit two-keys" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("fieldset.places .rz-dropdown").ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "spare" }).ClickAsync();
        await Expect(dialog.Locator("fieldset.places li")).ToHaveCountAsync(2);
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save deployment" }).ClickAsync();
        await Expect(page.GetByText("2 credentials")).ToBeVisibleAsync();

        await visit.GoAsync("/reliability?view=models");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit what two-keys does when it fails" }).ClickAsync();
        await dialog.Locator(".rz-dropdown").ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Send a canned answer" }).ClickAsync();
        await dialog.GetByLabel("The answer").FillAsync("Not right now. Please try again in a few minutes.");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("then a canned answer")).ToBeVisibleAsync();

        // The spare key's envelope is none that the gateway could open: it is left alone, and the other one serves.
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(world.Key, Ask.Body(model: "two-keys"));
                return answer.IsSuccessStatusCode
                    && (await world.Configuration.IdsAsync("select id from steering_events where type = 'credential.refused' and detail ->> 'deployment' = 'two-keys'")).Length == 1;
            },
            TimeSpan.FromSeconds(20), "the key that cannot be opened is noticed");
        await SeeRefusedAsync("light", 1440);
        await SeeRefusedAsync("dark", 390);
        Assert.Empty(visit.Complaints);
    }

    private async Task SeeRefusedAsync(string theme, int width)
    {
        await using var visit = await portal.OpenAsync(theme, width);
        await visit.GoAsync("/models?view=credentials");
        await Expect(visit.Page.GetByText("Refused", new() { Exact = true }).First).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.GoAsync("/reliability");
        await Expect(visit.Page.GetByText("Refused: credential spare")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
    }
}
