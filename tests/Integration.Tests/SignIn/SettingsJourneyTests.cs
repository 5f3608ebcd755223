using System.Net;
using System.Net.Http.Headers;
using AspireGateway.Integration.Tests.Portal;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.SignIn;

/// <summary>What operators, administrators and developers do under Settings, in a real browser.</summary>
public sealed class SettingsJourneyTests(SignInFixture fixture) : IClassFixture<SignInFixture>
{
    [Fact]
    public async Task Administrator_MapsAGroup_AndItsPeopleComeIn()
    {
        await fixture.MapAsync("admins", "org_admin");
        await fixture.Provider.SetAsync("anna", new { groups = (string[])["admins"] });
        await fixture.Provider.SetAsync("dora", new { groups = (string[])["blue-developers"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "anna");
        await Expect(visit.Page.Locator(".person-name")).ToBeVisibleAsync();
        await visit.GoAsync("/sign-in-mapping");
        var page = visit.Page;
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Organisations" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Map a value" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Map value" }).ClickAsync();
        await Expect(dialog.GetByText("Value is required.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Value", new() { Exact = true }).FillAsync("blue-developers");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Map value" }).ClickAsync();
        var row = page.Locator("tr", new() { HasText = "blue-developers" });
        await Expect(row).ToContainTextAsync("Developer");
        await visit.AssertAccessibleAsync();

        await using (var other = await fixture.OpenAsync())
        {
            await SignInFixture.SignInAsync(other, "dora");
            await Expect(other.Page.Locator(".person-name")).ToHaveTextAsync("dora@example.org");
            await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "Sign-in mapping" })).ToHaveCountAsync(0);
            // The address alone opens nothing either.
            await other.Page.GotoAsync("/sign-in-mapping");
            await Expect(other.Page.GetByText("Your role may not create or change teams.")).ToBeVisibleAsync();
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete blue-developers" }).ClickAsync();
        await dialog.GetByLabel("Type blue-developers to confirm").FillAsync("blue-developers");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete mapping" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Person_MakesATokenUsesItAndRevokesIt()
    {
        await fixture.MapAsync("scripters", "platform");
        await fixture.Provider.SetAsync("theo", new { groups = (string[])["scripters"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "theo");
        await Expect(visit.Page.Locator(".person-name")).ToBeVisibleAsync();
        await visit.GoAsync("/access-tokens");
        var page = visit.Page;
        await Expect(page.GetByText("No tokens that work")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Make a token" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("nightly");
        await visit.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make token" }).ClickAsync();
        var secret = (await dialog.Locator(".secret").TextContentAsync())!;
        Assert.StartsWith("agw-pat-", secret, StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = fixture.Portal.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/keys")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync("/api/keys/revoke", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"))).StatusCode);

        await page.ReloadAsync();
        await visit.SettledAsync();
        var row = page.Locator("tr", new() { HasText = "nightly" });
        await Expect(row).Not.ToContainTextAsync("never");
        await visit.AssertAccessibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke nightly" }).ClickAsync();
        await dialog.GetByLabel("Type nightly to confirm").FillAsync("nightly");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke token" }).ClickAsync();
        await Expect(page.GetByText("No tokens that work")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/keys")).StatusCode);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Operator_CreatesAnOrganisationAndSwitches_WhileAnOpenTabStaysWhereItWas()
    {
        await fixture.Provider.SetAsync("otto", new { groups = (string[])["gateway-operators"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "otto");
        await Expect(visit.Page.Locator(".person-name")).ToBeVisibleAsync();
        var page = visit.Page;
        await visit.GoAsync("/organisations");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create organisation" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Globex");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create organisation" }).ClickAsync();
        await Expect(page.Locator("tr", new() { HasText = "Globex" })).ToHaveCountAsync(1);
        await visit.AssertAccessibleAsync();

        // Another tab, in the first organisation.
        var tab = await page.Context.NewPageAsync();
        await tab.GotoAsync("/teams");
        await Expect(tab.GetByText("blue", new() { Exact = true }).First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Open Globex" }).ClickAsync();
        await Expect(page.GetByLabel("Organisation", new() { Exact = true })).ToHaveValueAsync(await IdAsync("globex"));
        await visit.GoAsync("/teams");
        await Expect(page.GetByText("blue", new() { Exact = true })).ToHaveCountAsync(0);

        // What the first tab's buttons do, they do where it was opened.
        await tab.GetByRole(AriaRole.Button, new() { Name = "Create team" }).First.ClickAsync();
        await tab.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true }).FillAsync("Made in the first");
        await tab.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create team" }).ClickAsync();
        await Expect(tab.GetByText("Made in the first")).ToHaveCountAsync(1);
        Assert.Equal(fixture.World.Organisation, await fixture.SqlAsync("select organisation_id from teams where name = 'Made in the first'"));

        // And back by the bar.
        // The bar says so at once; whether it is so is known when the form has been answered.
        await page.RunAndWaitForResponseAsync(
            () => page.GetByLabel("Organisation", new() { Exact = true }).SelectOptionAsync(fixture.World.Organisation.ToString()),
            r => r.Request.Method == "POST" && r.Url.EndsWith("/organisation", StringComparison.Ordinal));
        await visit.SettledAsync();
        await Expect(page.GetByLabel("Organisation", new() { Exact = true })).ToHaveValueAsync(fixture.World.Organisation.ToString());
        await visit.GoAsync("/teams");
        await Expect(page.GetByText("Made in the first")).ToHaveCountAsync(1);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Administrator_OfOneOrganisation_CannotChooseAnother()
    {
        using var api = fixture.Api();
        using var made = await api.PostAsync("/api/organizations", new StringContent("""{"name":"Foreign","slug":"foreign"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        await fixture.MapAsync("single-admins", "org_admin");
        await fixture.Provider.SetAsync("sven", new { groups = (string[])["single-admins"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "sven");
        await Expect(visit.Page.Locator(".house")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".house-choice")).ToHaveCountAsync(0);

        // The form of the bar, filled in by hand.
        var foreign = await IdAsync("foreign");
        var answer = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Page.EvaluateAsync($$"""
                const form = document.querySelector("form.sign-out");
                form.action = "/organisation";
                const field = document.createElement("input");
                field.name = "organisation"; field.value = "{{foreign}}";
                form.append(field);
                form.submit();
                """),
            r => r.Request.Method == "POST" && r.Url.EndsWith("/organisation", StringComparison.Ordinal));
        Assert.Contains("/signin/no-role", answer.Headers["location"], StringComparison.Ordinal);
        Assert.Equal(0L, await fixture.SqlAsync($"select count(*) from portal_sessions where organisation_id = '{foreign}'"));
        await visit.SettledAsync();
        await Expect(visit.Page.Locator(".house")).ToContainTextAsync("acme");
    }

    private async Task<string> IdAsync(string slug) => ((Guid)(await fixture.SqlAsync($"select id from organisations where slug = '{slug}'"))!).ToString();
}
