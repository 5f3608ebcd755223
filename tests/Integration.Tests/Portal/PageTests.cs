using AspireGateway.Integration.Tests.Stores;
using Microsoft.Playwright;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>What must hold on every page. An installation of its own, so that it may run beside the journeys.</summary>
public sealed class PageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly string[] Pages =
        ["/", "/keys", "/teams", "/users", "/users?view=end-users", "/users?q=nothing-like-it", "/agents", "/features", "/features?owner=none", "/features?q=nothing-like-it",
            "/models", "/models?view=deployments", "/models?view=providers", "/models?view=credentials", "/requests", "/keys?q=nothing-like-it",
            "/budgets", "/limits", "/limits?view=tiers", "/approvals", "/kill-switches", "/webhooks", "/routes", "/routes?view=tasks", "/routes?view=try",
            "/reliability", "/reliability?hours=24", "/reliability?view=figures", "/reliability?view=figures&by=task&range=7d&sort=p95", "/reliability?view=models", "/reliability?view=events", "/residency",
            "/digests", "/digests?view=weekly", "/alerts", "/alerts?view=acknowledged", "/alerts?view=muted", "/alerts?view=past", "/alerts/policies", "/guardrails", "/guardrails?view=checks", "/guardrails?view=found", "/guardrails?view=found&range=7d", "/requests?guardrail=secrets", "/quarantine", "/quarantine?state=rejected", "/content", "/content?view=holds", "/content?view=erasures", "/caching", "/caching?range=7d", "/caching?range=30d", "/pins", "/canaries",
            "/benchmarks", "/benchmarks?view=sets", "/quality", "/quality?view=versions", "/quality?view=use", "/organisations", "/sign-in-mapping", "/configuration", "/retention", "/usage-exports", "/prices", "/access-tokens", "/access-tokens?ended=true&everybody=true",
            "/playground", "/playground?model=small&with=chain", "/costs", "/costs?period=7d&by=model", "/costs?period=90d&by=day", "/costs?by=tag", "/costs?feature=nothing-like-it", "/costs/feature?name=nothing-like-it", "/costs/statement", "/costs/statement?month=2001-02",
            "/audit", "/audit?kind=model&range=7d", "/audit?q=nothing-like-it"];

    [Fact]
    public async Task EveryPage_IsAccessibleFitsAndLeavesTheConsoleEmpty()
    {
        await using var visit = await portal.OpenAsync("light", Looks.Desk);
        // Something that the audit tells.
        await visit.GoAsync("/teams");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Readers");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("tr", new() { HasText = "Readers" })).ToBeVisibleAsync();
        foreach (var page in Pages)
        {
            await visit.GoAsync(page);
            await Looks.AssertAsync(visit, $"page{string.Concat(page.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}");
        }
        await visit.GoAsync("/requests");
        await visit.Page.Locator(".list a.cell-main").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".waterfall")).ToBeVisibleAsync();
        await Looks.AssertAsync(visit, "request-open");
        await visit.GoAsync("/audit");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Verify", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".audit-verification")).ToContainTextAsync("none was changed, taken out or put in");
        await Looks.AssertAsync(visit, "audit-verified");
        await visit.Page.Locator(".list a.cell-main").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".audit-diff")).ToBeVisibleAsync();
        await Looks.AssertAsync(visit, "audit-entry-open");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Theme_Toggled_IsThereInTheFirstByteOfTheNextPage()
    {
        await using var visit = await portal.OpenAsync("light");
        await visit.GoAsync("/");

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark theme" }).ClickAsync();

        await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        var document = await visit.Page.Context.APIRequest.GetAsync("/keys", new() { Headers = [new("Accept", "text/html")] });
        Assert.Contains("<html lang=\"en\" data-theme=\"dark\">", await document.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Navigation_OnAPhone_IsADrawerThatEscCloses()
    {
        await using var visit = await portal.OpenAsync(width: 390);
        await visit.GoAsync("/");
        var menu = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Navigation" });
        var keys = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Keys" });
        await Assertions.Expect(keys).ToBeHiddenAsync();

        await menu.ClickAsync();
        await Assertions.Expect(keys).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(keys).ToBeHiddenAsync();
        await Assertions.Expect(menu).ToBeFocusedAsync();

        await menu.ClickAsync();
        await keys.ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Keys");
        await Assertions.Expect(keys).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Slash_AnywhereOnAList_FocusesItsFilter()
    {
        await using var visit = await portal.OpenAsync();
        await visit.GoAsync("/keys");

        // The framework gives the heading the focus once the page answers, which may be after the first press.
        var filter = visit.Page.GetByLabel("Name or start of the secret");
        await Eventually.HoldsAsync(
            async () =>
            {
                await visit.Page.Keyboard.PressAsync("/");
                return await filter.EvaluateAsync<bool>("field => document.activeElement === field");
            },
            TimeSpan.FromSeconds(20), "the filter has the focus");
    }

    [Fact]
    public async Task Visitor_WithoutSession_IsLedToTheDoorAndTheLinkWorksOnce()
    {
        await using var visit = await portal.OpenAsync(signedIn: false);

        await visit.Page.GotoAsync("/keys");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();

        var second = await visit.Page.GotoAsync(portal.Portal.SignInLink.ToString());
        Assert.Equal(401, second!.Status);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "This sign-in link no longer works" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Address_ThatDoesNotExist_SaysSoInTheFrame()
    {
        await using var visit = await portal.OpenAsync();

        var answer = await visit.Page.GotoAsync("/no-such-page");

        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(visit.Page.GetByText("There is no page at this address")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Requests" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        // A session of its own: the other tests share one.
        await using var own = await PortalProcess.StartAsync(portal.World.Database, portal.World.MasterKey, portal.Gateway.Address, portal.Redis);
        await using var visit = await portal.OpenAsync(signedIn: false);
        await visit.GoAsync(own.SignInLink.ToString());

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/keys");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }
}
