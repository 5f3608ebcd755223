using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>Who answers for what, in a real browser: features and their owners, agents, users, and several keys at once.</summary>
[Collection(nameof(PortalPages))]
public sealed class PeopleJourneyTests(PortalFixture portal)
{
    private const string Body = """{"model":"small","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task Feature_SeenInRequests_IsGivenAnOwner_AndItsPageTellsThem()
    {
        await AskAsync("owned-feature");
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await SeenAsync(visit, "/features?q=owned", "owned-feature");
        var row = page.Locator(".list tbody tr", new() { HasText = "owned-feature" });
        await Expect(row).ToContainTextAsync("Nobody");
        await Expect(row).ToContainTextAsync("today");

        await row.GetByRole(AriaRole.Button, new() { Name = "Name an owner of owned-feature" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        // What is no address is not even sent: the browser says so beside the field.
        await dialog.GetByLabel("Owner").FillAsync("ada lovelace");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save feature" }).ClickAsync();
        await Expect(dialog.Locator("#feature-owner:invalid")).ToHaveCountAsync(1);
        await visit.AssertAccessibleAsync();
        await dialog.GetByLabel("Owner").FillAsync("Ada@example.org");
        await dialog.GetByLabel("What it is for").FillAsync("Answers questions of customers.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save feature" }).ClickAsync();
        await Expect(row).ToContainTextAsync("ada@example.org");
        await Expect(dialog).ToHaveCountAsync(0);

        await row.GetByRole(AriaRole.Link, new() { Name = "owned-feature", Exact = true }).ClickAsync();
        await Expect(page.Locator(".feature-panel")).ToContainTextAsync("ada@example.org");
        await Expect(page.Locator(".feature-panel")).ToContainTextAsync("Answers questions of customers.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set budget" }).ClickAsync();
        await Expect(dialog.GetByLabel("Which feature")).ToHaveValueAsync("owned-feature");
        await page.Keyboard.PressAsync("Escape");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Person_IsGivenAnotherRole()
    {
        var person = Guid.CreateVersion7();
        await portal.World.Configuration.ExecuteAsync($"""
            insert into users (id, organisation_id, email, display_name, role, created_at) values ('{person}', '{portal.World.Organisation}', 'grace@example.org', 'Grace Hopper', 'developer', now())
            """);
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/users?q=grace");
        var row = page.Locator(".list tbody tr", new() { HasText = "Grace Hopper" });
        await Expect(row).ToContainTextAsync("Developer");

        await row.GetByRole(AriaRole.Button, new() { Name = "Change the role of Grace Hopper" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await visit.AssertAccessibleAsync();
        await dialog.Locator(".rz-dropdown").ClickAsync();
        await page.Locator(".rz-dropdown-item:visible").GetByText("FinOps", new() { Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save role" }).ClickAsync();

        await Expect(row).ToContainTextAsync("FinOps");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Team_TakesSomebodyInByTheirAddress_MakesThemALead_AndLetsThemGo()
    {
        var (person, team) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await portal.World.Configuration.ExecuteAsync($"""
            insert into teams (id, organisation_id, slug, name, allowed_models, created_at) values ('{team}', '{portal.World.Organisation}', 'compilers', 'Compilers', array[]::text[], now());
            insert into users (id, organisation_id, email, display_name, role, created_at) values ('{person}', '{portal.World.Organisation}', 'frances@example.org', 'Frances Allen', 'team_lead', now())
            """);
        try
        {
            await using var visit = await portal.OpenAsync();
            var page = visit.Page;
            await visit.GoAsync("/teams?q=Compilers");
            await page.GetByRole(AriaRole.Link, new() { Name = "0 members of Compilers" }).ClickAsync();
            await Expect(page.Locator("main")).ToContainTextAsync("Nobody is in Compilers yet");
            await visit.AssertAccessibleAsync();

            await page.GetByRole(AriaRole.Button, new() { Name = "Add member" }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Address").FillAsync("nobody@example.org");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Add to the team" }).ClickAsync();
            await Expect(dialog).ToContainTextAsync("Nobody here has this address");
            await visit.AssertAccessibleAsync();
            await visit.PictureAsync("member-dialog-light");
            await dialog.GetByLabel("Address").FillAsync("frances@example.org");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Add to the team" }).ClickAsync();
            var row = page.Locator(".list tbody tr", new() { HasText = "Frances Allen" });
            await Expect(row).ToContainTextAsync("Compilers");
            await Expect(dialog).ToHaveCountAsync(0);
            await visit.PictureAsync("members-light");

            await row.GetByRole(AriaRole.Button, new() { Name = "Change the place of Frances Allen in Compilers" }).ClickAsync();
            await dialog.GetByLabel("Leads the team").CheckAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Expect(row).ToContainTextAsync("Compilers, lead");
            await Expect(dialog).ToHaveCountAsync(0);
            await visit.AssertAccessibleAsync();
            await visit.AssertFitsAsync();
            await using (var phone = await portal.OpenAsync("dark", 390))
            {
                await phone.GoAsync($"/users?team={team}");
                await Expect(phone.Page.Locator(".list tbody tr")).ToContainTextAsync("Frances Allen");
                await phone.AssertAccessibleAsync();
                await phone.AssertFitsAsync();
                await phone.PictureAsync("members-dark-390");
            }

            await row.GetByRole(AriaRole.Button, new() { Name = "Take Frances Allen out of Compilers" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Take out" }).ClickAsync();
            await Expect(page.Locator("main")).ToContainTextAsync("Nobody is in Compilers yet");
            Assert.Empty(visit.Complaints);
        }
        finally
        {
            // Other journeys have one team only, which forms choose by themselves.
            await portal.World.Configuration.ExecuteAsync($"delete from teams where id = '{team}'");
        }
    }

    [Fact]
    public async Task Person_IsSignedOutEverywhere_AndThePageSaysSo()
    {
        var (person, identity) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await portal.World.Configuration.ExecuteAsync($"""
            insert into identities (id, issuer, subject, email, email_verified, display_name, claims, created_at, signed_in_at)
            values ('{identity}', 'https://id.example.org', '{identity}', 'radia@example.org', true, 'Radia Perlman', array[]::text[], now(), now())
            """);
        await portal.World.Configuration.ExecuteAsync($"""
            insert into users (id, organisation_id, identity_id, email, display_name, role, created_at)
            values ('{person}', '{portal.World.Organisation}', '{identity}', 'radia@example.org', 'Radia Perlman', 'developer', now())
            """);
        await portal.World.Configuration.ExecuteAsync($"""
            insert into portal_sessions (id, identity_id, created_at, seen_at, idle_seconds, expires_at)
            select gen_random_uuid(), '{identity}', now(), now(), 3600, now() + interval '1 day' from generate_series(1, 2)
            """);
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/users?q=radia");
        var row = page.Locator(".list tbody tr", new() { HasText = "Radia Perlman" });
        await visit.AssertFitsAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "End the sessions of Radia Perlman" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("2 sessions");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "End sessions" }).ClickAsync();

        await Expect(page.GetByText("2 sessions ended")).ToBeVisibleAsync();
        await Expect(row.GetByRole(AriaRole.Button, new() { Name = "End the sessions of Radia Perlman" })).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Keys_Selected_AreExtendedTogether_AndTheDialogSaysHowMany()
    {
        foreach (var name in (string[])["together-a", "together-b"])
        {
            var id = await portal.World.Configuration.AddKeyAsync(portal.World.Organisation, portal.World.Team, VirtualKeySecret.Create());
            await portal.World.Configuration.ExecuteAsync($"update virtual_keys set name = '{name}', expires_at = now() + interval '3 days' where id = '{id}'");
        }
        await using var visit = await portal.OpenAsync();
        var page = visit.Page;
        await visit.GoAsync("/keys?q=together");
        await page.GetByLabel("Select together-a").CheckAsync();
        await page.GetByLabel("Select together-b").CheckAsync();
        await visit.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Extend" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".summary")).ToContainTextAsync("All 2 keys work until");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Extend 2 keys" }).ClickAsync();
        await Expect(page.Locator(".list tbody tr", new() { HasText = "together-a" })).Not.ToContainTextAsync("in 2 days");
        await Expect(page.Locator(".list tbody tr", new() { HasText = "together-b" })).Not.ToContainTextAsync("in 2 days");
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 1440)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task Pages_WithData_AreAccessibleAndFit(string theme, int width)
    {
        await AskAsync("checkout-assistant");
        await AskAsync("search");
        await portal.World.Configuration.ExecuteAsync($"""
            insert into users (id, organisation_id, email, display_name, role, created_at) values (gen_random_uuid(), '{portal.World.Organisation}', 'linus@example.org', 'Linus Torvalds', 'platform', now()) on conflict do nothing
            """);
        await using var visit = await portal.OpenAsync(theme, width);
        foreach (var (name, address, shows) in new[]
        {
            ("home", "/", "What needs you"), ("features", "/features", "checkout-assistant"), ("agents", "/agents", "invoice-reader"), ("people", "/users", "Linus Torvalds"),
            ("end-users", "/users?view=end-users", "customer-4711"), ("feature", "/costs/feature?name=checkout-assistant", "Nobody"), ("requests", "/requests?agent=invoice-reader&range=7d", "invoice-reader"),
            ("between", "/requests?range=between&from=2020-01-01T00:00&to=2020-01-02T00:00", "No request matches"), ("keys", "/keys", "Last used"),
        })
        {
            await SeenAsync(visit, address, shows);
            await ShowAsync(name);
            await visit.AssertAccessibleAsync();
            await visit.AssertFitsAsync();
        }
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Issue key" }).First.ClickAsync();
        await visit.Page.Locator(".more summary").ClickAsync();
        await Expect(visit.Page.GetByText("A running request holds")).ToBeVisibleAsync();
        await ShowAsync("issue-key");
        await visit.AssertAccessibleAsync();
        Assert.Empty(visit.Complaints);

        async Task ShowAsync(string name)
        {
            await visit.PictureAsync($"{name}-{theme}-{width}");
        }
    }

    private async Task AskAsync(string feature)
    {
        using var answer = await portal.Gateway.ChatAsync(portal.World.Key, Body, headers: [("x-gateway-feature", feature), ("x-gateway-agent", "invoice-reader"), ("x-gateway-user", "customer-4711")]);
        await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"The gateway answered {(int)answer.StatusCode}.");
    }

    // Usage reaches the database a moment after its answer.
    private static async Task SeenAsync(Visit visit, string address, string shows) => await Eventually.HoldsAsync(
        async () =>
        {
            await visit.GoAsync(address);
            return (await visit.Page.Locator("main").InnerTextAsync()).Contains(shows, StringComparison.Ordinal);
        },
        TimeSpan.FromSeconds(30), $"{address} shows {shows}");
}
