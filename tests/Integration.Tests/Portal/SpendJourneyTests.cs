using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>Limits, budgets, approvals, stops and webhooks in a real browser, against a real gateway and its ledger.</summary>
[Collection(nameof(PortalPages))]
public sealed class SpendJourneyTests(PortalFixture portal)
{
    private const string Body = """{"model":"small","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task Budget_SetByTheDialog_StandsInTheListAndExplainsWhatItRefuses()
    {
        var (_, secret) = await KeyAsync();
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/budgets");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set budget" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set budget" }).ClickAsync();
        await Expect(dialog.GetByText("Say which team.")).ToBeVisibleAsync();
        await visit.ChooseAsync("Budget of", "Feature");
        await Expect(dialog.GetByLabel("Which feature")).ToBeVisibleAsync();
        await Expect(dialog.GetByText("Say which team.")).ToHaveCountAsync(0);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set budget" }).ClickAsync();
        await Expect(dialog.GetByText("Say which feature.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Which feature").FillAsync("journey");
        await dialog.GetByLabel("Cap, dollars").FillAsync("0.0004");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set budget" }).ClickAsync();

        var row = page.Locator(".budget", new() { HasText = "Feature journey" });
        await Expect(row).ToBeVisibleAsync();
        // The first budget opens the ledger: looked at in that moment, what is held is not known.
        await RefreshUntilAsync(visit, async () => (await row.InnerTextAsync()).Contains("Nothing of $0.0004 is spent", StringComparison.Ordinal), "what the budget holds is known");
        HttpStatusCode status = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(secret, Body, headers: ("x-gateway-feature", "journey"));
                await answer.Content.ReadAsByteArrayAsync();
                return (status = answer.StatusCode) == HttpStatusCode.PaymentRequired;
            },
            TimeSpan.FromSeconds(20), "the budget is used up");
        Assert.Equal(HttpStatusCode.PaymentRequired, status);

        await RefreshUntilAsync(
            visit, async () => (await row.InnerTextAsync()).Contains("of $0.0004 settled", StringComparison.Ordinal) && await row.Locator(".budget-settled").CountAsync() == 1,
            "the row says what was spent");
        await row.GetByRole(AriaRole.Link, new() { Name = "Feature journey, monthly" }).ClickAsync();
        var refusals = page.Locator(".refusals tbody tr");
        await RefreshUntilAsync(visit, async () => await refusals.CountAsync() > 0, "the refusal is recorded");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();

        await refusals.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".refusal h2")).ToHaveTextAsync("The monthly budget of feature journey had no room");
        await Expect(page.Locator(".refusal blockquote")).ToContainTextAsync("The monthly budget of feature 'journey' has no room");
        await Expect(page.Locator(".scope-tree strong")).ToHaveTextAsync("Feature journey");
        await visit.AssertAccessibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Request_TooDearUnasked_PassesOnceItIsGranted()
    {
        var (key, secret) = await KeyAsync();
        await portal.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.VirtualKey, key, portal.World.Organisation)],
            "update virtual_keys set name = 'dear-key', approval_threshold_nano_usd = 1, approval_action = 'wait' where id = $1", key);
        var ticket = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(secret, Body);
                if (answer.StatusCode != HttpStatusCode.PaymentRequired) return false;
                var message = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString()!;
                ticket = message.Split("Ticket ")[1][..36];
                return true;
            },
            TimeSpan.FromSeconds(20), "the request must be approved");

        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        var grant = page.GetByRole(AriaRole.Button, new() { Name = "Grant the request of dear-key" });
        await Eventually.HoldsAsync(
            async () =>
            {
                await visit.GoAsync("/approvals");
                return await grant.CountAsync() > 0;
            },
            TimeSpan.FromSeconds(20), "the request stands among those that wait");
        await visit.AssertAccessibleAsync();
        await grant.First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Grant", Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Granted" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "dear-key" }).First).ToContainTextAsync("Granted once");

        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(secret, Body, headers: ("x-gateway-approval", ticket));
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(20), "the gateway takes the ticket");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Feature_Stopped_IsRefusedUntilItIsReleased()
    {
        var (_, secret) = await KeyAsync();
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/kill-switches");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.ChooseAsync("Stop", "Feature");
        await dialog.GetByLabel("Which feature").FillAsync("runaway");
        await dialog.GetByLabel("Reason").FillAsync("Runs in a loop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(dialog.GetByText("0 requests were made in the last hour")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Stop feature runaway" }).ClickAsync();

        var row = page.Locator(".list tbody tr", new() { HasText = "Feature runaway" });
        await Expect(row).ToContainTextAsync("Runs in a loop");
        await AnswersAsync(HttpStatusCode.Forbidden);
        await row.GetByRole(AriaRole.Button, new() { Name = "Release feature runaway" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        await AnswersAsync(HttpStatusCode.OK);
        Assert.Empty(visit.Complaints);

        Task AnswersAsync(HttpStatusCode expected) => Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await portal.Gateway.ChatAsync(secret, Body, headers: ("x-gateway-feature", "runaway"));
                return answer.StatusCode == expected;
            },
            TimeSpan.FromSeconds(20), $"the gateway answers {expected}");
    }

    [Fact]
    public async Task LimitAndTier_SetByTheirDialogs_StandInTheirLists()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/limits");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set limit" }).First.ClickAsync();
        await visit.ChooseAsync("Limit of", "User");
        await dialog.GetByText("Every user that has none of its own").ClickAsync();
        await dialog.GetByLabel("Requests a minute").FillAsync("9000");
        await visit.ChooseAsync("Beyond it a request", "waits its turn");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set limit" }).ClickAsync();
        var row = page.Locator(".list tbody tr", new() { HasText = "Every user without its own" });
        await Expect(row).ToContainTextAsync("9,000 requests a minute");
        await Expect(row).ToContainTextAsync("waits up to 10\u00A0s");

        await visit.GoAsync("/limits?view=tiers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add tier" }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Gold");
        await dialog.GetByLabel("Requests a minute").FillAsync("8000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add tier" }).ClickAsync();
        await Expect(page.Locator(".list tbody tr", new() { HasText = "Gold" })).ToContainTextAsync("8,000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give a tier" }).ClickAsync();
        await visit.ChooseAsync("Which team", "blue");
        await visit.ChooseAsync("Tier", "Gold");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Give tier" }).ClickAsync();
        await Expect(page.Locator(".plain tbody tr", new() { HasText = "Team blue" })).ToContainTextAsync("Gold");
        await visit.AssertAccessibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Webhook_Added_ShowsItsSecretOnceAndWhatATestCameTo()
    {
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.GoAsync("/webhooks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).First.ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("chat");
        // Reserved never to resolve (RFC 2606).
        await dialog.GetByLabel("Address").FillAsync("https://hooks.invalid/agw");
        await dialog.GetByLabel("Budget thresholds").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).ClickAsync();
        var secret = (await dialog.Locator(".secret").TextContentAsync())!;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Link, new() { Name = "chat" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test", Exact = true }).ClickAsync();
        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("It could not be reached.");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
    }

    // What is refused here must not stand among the requests of the key that other journeys look at.
    private static Task<TimeSpan> RefreshUntilAsync(Visit visit, Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(
        async () =>
        {
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
            await visit.SettledAsync();
            return await condition();
        },
        TimeSpan.FromSeconds(30), what);

    private async Task<(Guid Id, string Secret)> KeyAsync()
    {
        var secret = VirtualKeySecret.Create();
        return (await portal.World.Configuration.AddKeyAsync(portal.World.Organisation, portal.World.Team, secret), secret);
    }
}
