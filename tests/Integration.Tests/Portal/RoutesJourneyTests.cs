using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>Rules and own tasks in a real browser, and what a gateway makes of them.</summary>
[Collection(nameof(PortalPages))]
public sealed class RoutesJourneyTests(PortalFixture portal)
{
    // Words of this test alone, so that its rules hold for nobody else's requests.
    private const string Prompt = "Tell the quokka a story.";

    [Fact]
    public async Task Rule_AddedByTheDialog_RoutesIsTriedMovedAndSwitchedOff()
    {
        var secret = VirtualKeySecret.Create();
        await portal.World.Configuration.AddKeyAsync(portal.World.Organisation, portal.World.Team, secret);
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/routes?view=tasks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add task" }).First.ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("quokkas");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add task" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        await dialog.GetByLabel("Words and phrases").FillAsync("quokka*, setonix");
        // What Radzen does half a second after it opened a dialog: it must not take the field from who types.
        await page.EvaluateAsync("Radzen.focusFirstFocusableElement(document.querySelector('.rz-dialog-content'))");
        await Expect(dialog.GetByLabel("Words and phrases")).ToBeFocusedAsync();
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add task" }).ClickAsync();
        await Expect(page.Locator(".list")).ToContainTextAsync("setonix");

        await visit.GoAsync("/routes");
        await AddRuleAsync("journey-first", "setonix");
        await AddRuleAsync("journey-second", "quokka");
        var rules = page.Locator(".rule");
        await Expect(rules.Filter(new() { HasText = "journey-second" })).ToContainTextAsync("the task is quokkas and the message has “quokka”");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await Eventually.HoldsAsync(async () => await ReasonAsync() == "rule:journey-second", TimeSpan.FromSeconds(20), "the gateway follows the rule");

        await page.GetByRole(AriaRole.Button, new() { Name = "Ask journey-second earlier" }).ClickAsync();
        await Expect(rules.Filter(new() { HasText = "journey-" }).First).ToContainTextAsync("journey-second");

        await visit.PictureAsync("rules");
        await visit.GoAsync("/routes?view=try");
        await page.GetByLabel("Request", new() { Exact = true }).FillAsync(Prompt);
        await page.GetByRole(AriaRole.Button, new() { Name = "See where it goes" }).ClickAsync();
        var answer = page.Locator(".try-answer");
        await Expect(answer.Locator("h2")).ToHaveTextAsync("It would go to chain");
        await Expect(answer).ToContainTextAsync("Because rule journey-second holds.");
        await Expect(answer).ToContainTextAsync("quokkas, told by its words");
        await Expect(answer.Locator("li", new() { HasText = "journey-first" })).ToContainTextAsync("does not hold: none of the words");
        await Expect(answer.Locator("li", new() { HasText = "sim-first" })).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await page.GetByLabel("Request", new() { Exact = true }).FillAsync("{ nothing");
        await page.GetByRole(AriaRole.Button, new() { Name = "See where it goes" }).ClickAsync();
        await Expect(page.GetByText("This begins like JSON, but is none.")).ToBeVisibleAsync();

        await visit.GoAsync("/routes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch journey-second off" }).ClickAsync();
        await Expect(rules.Filter(new() { HasText = "journey-second" })).ToContainTextAsync("off");
        await Eventually.HoldsAsync(async () => await ReasonAsync() == "default_model", TimeSpan.FromSeconds(20), "the rule no longer holds");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete journey-second" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete rule" }).ClickAsync();
        await Expect(rules.Filter(new() { HasText = "journey-second" })).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);

        async Task AddRuleAsync(string name, string word)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).First.ClickAsync();
            await dialog.GetByLabel("Name").FillAsync(name);
            await visit.ChooseAsync("The task is", "quokkas");
            // The list of choices stays open for more; a click beside it closes it.
            await dialog.GetByLabel("Name").ClickAsync();
            await Expect(page.Locator(".rz-multiselect-item:visible")).ToHaveCountAsync(0);
            await dialog.GetByLabel("The user's last message has one of these words").FillAsync(word);
            await visit.AssertAccessibleAsync();
            await visit.ChooseAsync("Model", "chain");
            await visit.PictureAsync("rule-dialog");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).ClickAsync();
            await Expect(page.Locator(".rule").Filter(new() { HasText = name })).ToHaveCountAsync(1);
        }

        async Task<string?> ReasonAsync()
        {
            using var answered = await portal.Gateway.ChatAsync(secret, $$"""{"messages":[{"role":"user","content":"{{Prompt}}"}]}""");
            await answered.Content.ReadAsByteArrayAsync();
            return answered.Headers.TryGetValues("x-gateway-route-reason", out var reasons) ? reasons.Single() : null;
        }
    }
}
