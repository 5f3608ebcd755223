using AspireGateway.Integration.Tests.Guardrails;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>The cache in a real browser: turned on in the dialog, held to by a gateway, its savings shown, purged.</summary>
[Collection(nameof(PortalPages))]
public sealed class CachingJourneyTests(PortalFixture portal)
{
    private const string CacheHeader = "x-gateway-cache";

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task Cache_TurnedOnForATeam_AnswersTheSecondRequest_IsShownAndPurged(string theme, int width)
    {
        var key = VirtualKeySecret.Create();
        await portal.World.Configuration.AddKeyAsync(portal.World.Organisation, portal.World.Team, key);
        // A model of its own: where another journey has opened a circuit, a fallback answers, and its replies are not kept.
        var model = await CheckedModel.AddAsync(portal.World);
        // A question of this run alone, so that nobody else's answer is kept for it.
        var question = $"What is caching? {Guid.NewGuid():N}";
        await using var visit = await portal.OpenAsync(theme, width);
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/caching");
        await visit.PictureAsync($"caching-before-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).First.ClickAsync();
        await Expect(dialog).ToContainTextAsync("A request of the team that says the same as one before");
        // What is missing is said beside its field.
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();
        await Expect(dialog.Locator(".field-error")).ToContainTextAsync("Say which team");
        await visit.ChooseAsync("Which team", "blue");
        await dialog.GetByText("More", new() { Exact = true }).ClickAsync();
        await visit.PictureAsync($"caching-dialog-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set policy" }).ClickAsync();
        await Expect(page.Locator(".cache-policy")).ToContainTextAsync("Exact, shared within the team, 1 hour");

        string? said = null;
        await Eventually.HoldsAsync(
            async () => (said = await AskAsync(key, model, question)) == "hit", TimeSpan.FromSeconds(20), () => $"the gateway holds to the policy and answers the same question again (the last time it said {said ?? "nothing"})");
        await Eventually.HoldsAsync(
            async () =>
            {
                await visit.GoAsync("/caching");
                return await page.Locator(".figure", new() { HasText = "Answered from the cache" }).Locator(".figure-value").TextContentAsync() is not (null or "0");
            },
            TimeSpan.FromSeconds(30), "the hit is counted");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Cache by model" })).ToContainTextAsync(model);
        foreach (var range in (string[])["Last 7 days", "Last 30 days", "Last 24 hours"])
        {
            await page.GetByRole(AriaRole.Link, new() { Name = range }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = range })).ToHaveAttributeAsync("aria-current", "true");
            await visit.SettledAsync();
        }
        await visit.PictureAsync($"caching-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Purge" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("no reply that is kept in the organisation is given any more");
        await visit.ChooseAsync("Replies of", "A model");
        await visit.ChooseAsync("Which one", model);
        await visit.PictureAsync($"caching-purge-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Purge" }).ClickAsync();
        await Expect(page.GetByText("No gateway gives what it kept.")).ToBeVisibleAsync();
        // Gateways ask four times a second whether anything was purged; the first miss keeps its reply again.
        await Eventually.HoldsAsync(async () => await AskAsync(key, model, question) == "miss", TimeSpan.FromSeconds(20), "what was kept is forgotten");

        // Similar questions too: a model may compare them, or nobody.
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit the policy of team blue" }).ClickAsync();
        await visit.ChooseAsync("Replies", "Also give them to questions that ask the same");
        await Expect(dialog).ToContainTextAsync("asks the same in other forms of the same words");
        await visit.ChooseAsync("Compared by", "embed");
        await Expect(dialog).ToContainTextAsync("at the cost of one vector");
        // And beginnings of prompts.
        await visit.ChooseAsync("Providers keep", "Beginnings that were seen before");
        await Expect(dialog).ToContainTextAsync("Providers keep beginnings of prompts that were seen before");
        await visit.PictureAsync($"caching-semantic-{theme}-{width}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.ChooseAsync("Compared by", "The gateway: the words themselves");
        await Expect(dialog).ToContainTextAsync("asks the same in other forms of the same words");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save policy" }).ClickAsync();
        await Expect(page.Locator(".cache-policy")).ToContainTextAsync("Similar questions too, shared within the team, 1 hour");
        await Eventually.HoldsAsync(
            async () =>
            {
                var code = Guid.NewGuid().ToString("N");
                await AskAsync(key, model, $"What is caching? {code}");
                return await AskAsync(key, model, $"hello, please tell me what caching is: {code}") == "semantic";
            },
            TimeSpan.FromSeconds(20), "the gateway holds to the policy");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the policy of team blue" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("nothing is kept or given");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete policy" }).ClickAsync();
        await Expect(page.GetByText("There is none any more")).ToBeVisibleAsync();
        await Eventually.HoldsAsync(async () => await AskAsync(key, model, question) is null, TimeSpan.FromSeconds(20), "the cache has nothing to do with it any more");
        Assert.Empty(visit.Complaints);
    }

    private async Task<string?> AskAsync(string key, string model, string question)
    {
        // Room for the longest reply: one that is cut off is not kept, and how long it gets depends on the question.
        using var response = await portal.Gateway.ChatAsync(key, Ask.Body(question, maxTokens: 500, model: model));
        Assert.Equal(200, (int)response.StatusCode);
        // To its end: what a caller leaves before is not kept.
        await response.Content.ReadAsStringAsync();
        return response.Headers.TryGetValues(CacheHeader, out var values) ? Assert.Single(values) : null;
    }
}
