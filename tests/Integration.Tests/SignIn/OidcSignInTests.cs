using System.Net;
using AspireGateway.Integration.Tests.Portal;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AspireGateway.Integration.Tests.SignIn;

/// <summary>Sign-in by a real OpenID provider, in a real browser: the way in, what must not lead in, and the ways out.</summary>
public sealed class OidcSignInTests(SignInFixture fixture) : IClassFixture<SignInFixture>
{
    [Fact]
    public async Task Person_WithAMappedGroup_ComesInWithItsRoleAndWhereTheyWereGoing()
    {
        await fixture.MapAsync("leads-of-blue", "team_lead", team: true);
        await fixture.Provider.SetAsync("lena", new { name = "Lena Lead", groups = (string[])["leads-of-blue", "everybody"] });
        await using var visit = await fixture.OpenAsync();
        var asked = new List<Uri>();
        visit.Page.Request += (_, r) => asked.Add(new Uri(r.Url));

        await visit.Page.GotoAsync("/keys?q=mine");
        await visit.AssertAccessibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" }).ClickAsync();
        await SignInFixture.LogInAsync(visit, "lena");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Keys");
        Assert.EndsWith("/keys?q=mine", visit.Page.Url, StringComparison.Ordinal);
        await Expect(visit.Page.Locator(".person-name")).ToHaveTextAsync("lena@example.org");
        var authorise = QueryHelpers.ParseQuery(asked.First(u => u.AbsolutePath == "/auth").Query);
        Assert.Equal("S256", authorise["code_challenge_method"]);
        Assert.Equal(43, authorise["code_challenge"].ToString().Length);
        Assert.Equal("code", authorise["response_type"]);
        Assert.True(authorise["nonce"].ToString().Length >= 32);
        // Leads see their budgets and no webhooks.
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Budgets" })).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" })).ToHaveCountAsync(0);
        Assert.Equal("team_lead true", await fixture.SqlAsync(
            "select u.role || ' ' || m.is_lead::text from users u join team_members m on m.user_id = u.id where u.email = 'lena@example.org'"));
        // Page, callback and log hold neither the code nor the secret.
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Person_WithoutARole_IsToldSoAndComesInOnceTheGroupIsMapped()
    {
        await fixture.Provider.SetAsync("nora", new { groups = (string[])["newcomers"] });
        await using var visit = await fixture.OpenAsync("light", 390);
        await SignInFixture.SignInAsync(visit, "nora");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "You have no role here yet" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("nora@example.org")).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        var refused = await visit.Page.GotoAsync("/keys");
        Assert.Equal(403, refused!.Status);

        var mapping = await fixture.MapAsync("newcomers", "developer", team: true);
        await visit.GoAsync("/keys");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Keys");

        // And the other way round: the page that is open learns it without being loaded again.
        await fixture.UnmapAsync(mapping);
        await Expect(visit.Page.GetByText("You have no role here")).ToBeVisibleAsync();
        refused = await visit.Page.GotoAsync("/keys");
        Assert.Equal(403, refused!.Status);
    }

    [Fact]
    public async Task Role_ChangedAtTheProvider_HoldsFromTheNextSignIn()
    {
        await fixture.MapAsync("auditors", "auditor");
        await fixture.MapAsync("platform-people", "platform");
        await fixture.Provider.SetAsync("paul", new { groups = (string[])["platform-people"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "paul");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Kill switches" })).ToHaveCountAsync(1);
        Assert.Equal("platform", await fixture.SqlAsync("select role from users where email = 'paul@example.org'"));

        await fixture.Provider.SetAsync("paul", new { groups = (string[])["auditors"] });
        await visit.Page.GotoAsync("/signin/provider");
        await Expect(visit.Page.Locator(".person-name")).ToHaveTextAsync("paul@example.org");
        Assert.Equal("auditor", await fixture.SqlAsync("select role from users where email = 'paul@example.org'"));
    }

    [Fact]
    public async Task Operator_ByTheSettings_SeesEveryOrganisationAndNoMappingMakesOne()
    {
        using var api = fixture.Api();
        using var wish = await api.PostAsync("/api/sign-in-mappings?organization=acme", new StringContent("""{"value":"x","role":"operator"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, wish.StatusCode);

        await fixture.Provider.SetAsync("olga", new { groups = (string[])["gateway-operators"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "olga");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" })).ToHaveCountAsync(1);
        Assert.Equal(0L, await fixture.SqlAsync("select count(*) from users where email = 'olga@example.org'"));
    }

    [Fact]
    public async Task SignOut_EndsBothSessionsAndEveryOpenPage()
    {
        await fixture.MapAsync("leavers", "finops");
        await fixture.Provider.SetAsync("lars", new { groups = (string[])["leavers"] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "lars");
        await Expect(visit.Page.Locator(".person-name")).ToHaveTextAsync("lars@example.org");
        var other = await visit.Page.Context.NewPageAsync();
        await other.GotoAsync("/keys");
        await Expect(other.Locator("main h1")).ToHaveTextAsync("Keys");
        var cookie = (await visit.Page.Context.CookiesAsync()).Single(c => c.Name == "agw_session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        // The provider asks whether its own session shall end as well.
        await visit.Page.Locator("button[name=logout]").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" })).ToBeVisibleAsync();

        await Expect(other.GetByText("your session has ended")).ToBeVisibleAsync();
        // Whoever kept the cookie has nothing of it.
        await visit.Page.Context.AddCookiesAsync([new() { Name = cookie.Name, Value = cookie.Value, Url = fixture.Portal.Address.ToString() }]);
        await visit.Page.GotoAsync("/keys");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" })).ToBeVisibleAsync();
        // And the provider wants the name again.
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" }).ClickAsync();
        await Expect(visit.Page.Locator("input[name=login]")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("seen_at = seen_at - interval '2 hours'")]
    [InlineData("expires_at = now()")]
    public async Task Session_ThatIsOver_LeadsToTheDoorAlsoInAPageThatIsOpen(string end)
    {
        await fixture.MapAsync("sleepers-" + end.Length, "finops");
        await fixture.Provider.SetAsync("sam" + end.Length, new { groups = (string[])["sleepers-" + end.Length] });
        await using var visit = await fixture.OpenAsync();
        await SignInFixture.SignInAsync(visit, "sam" + end.Length);
        await Expect(visit.Page.Locator(".person-name")).ToBeVisibleAsync();
        await visit.GoAsync("/keys");

        await fixture.SqlAsync($"update portal_sessions s set {end} from identities i where i.id = s.identity_id and i.subject = 'sam{end.Length}'");

        await Expect(visit.Page.GetByText("your session has ended")).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/keys");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("code_challenge")]
    [InlineData("state")]
    public async Task WayThere_WithAnotherValue_DoesNotLeadIn(string parameter)
    {
        await fixture.MapAsync("tampered-" + parameter, "finops");
        await fixture.Provider.SetAsync("tim-" + parameter, new { groups = (string[])["tampered-" + parameter] });
        await using var visit = await fixture.OpenAsync();
        // Well formed, and not what the portal sent; the browser has the cookies of the way that the portal began.
        var way = await visit.Page.Context.APIRequest.GetAsync("/signin/provider", new() { MaxRedirects = 0 });
        var sent = new Uri(way.Headers["location"]);
        var query = QueryHelpers.ParseQuery(sent.Query).ToDictionary(q => q.Key, q => (string?)q.Value.ToString());
        query[parameter] = parameter == "state" ? query[parameter] + "x" : new string('A', 43);
        await visit.Page.GotoAsync(QueryHelpers.AddQueryString(sent.GetLeftPart(UriPartial.Path), query));

        await SignInFixture.LogInAsync(visit, "tim-" + parameter);

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "You are not signed in" })).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync();
        Assert.DoesNotContain(await visit.Page.Context.CookiesAsync(), c => c.Name == "agw_session");
        Assert.Equal(0L, await fixture.SqlAsync($"select count(*) from identities where subject = 'tim-{parameter}'"));
    }

    [Fact]
    public async Task WayBack_OfAnotherBrowserOrOnceMore_DoesNotLeadIn()
    {
        await fixture.MapAsync("replayed", "finops");
        await fixture.Provider.SetAsync("rita", new { groups = (string[])["replayed"] });
        await using var victim = await fixture.OpenAsync();
        await using var visit = await fixture.OpenAsync();
        var back = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Stopped on its way back, so that the code is fresh. It comes by redirects, which only the browser's own protocol lets one stop.
        var protocol = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        protocol.Event("Fetch.requestPaused").OnEvent += async (_, paused) =>
        {
            back.TrySetResult(paused!.Value.GetProperty("request").GetProperty("url").GetString()!);
            await protocol.SendAsync("Fetch.failRequest", new() { ["requestId"] = paused.Value.GetProperty("requestId").GetString()!, ["errorReason"] = "Aborted" });
        };
        await protocol.SendAsync("Fetch.enable", new() { ["patterns"] = new[] { new { urlPattern = "*/signin/callback?*" } } });
        await visit.Page.GotoAsync("/signin");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" }).ClickAsync();
        await SignInFixture.LogInAsync(visit, "rita");
        var address = await back.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // Somebody else's browser, which an attacker wants signed in as himself.
        await victim.Page.GotoAsync(address);
        await Expect(victim.Page.GetByText("began in another browser")).ToBeVisibleAsync();
        Assert.DoesNotContain(await victim.Page.Context.CookiesAsync(), c => c.Name == "agw_session");

        // The browser it belongs to, once and not twice.
        await protocol.SendAsync("Fetch.disable");
        await visit.Page.GotoAsync(address);
        await Expect(visit.Page.Locator(".person-name")).ToHaveTextAsync("rita@example.org");
        await visit.Page.Context.ClearCookiesAsync(new() { Name = "agw_session" });
        await visit.Page.GotoAsync(address);
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "You are not signed in" })).ToBeVisibleAsync();
        Assert.DoesNotContain(await visit.Page.Context.CookiesAsync(), c => c.Name == "agw_session");
    }

    [Fact]
    public async Task Return_ToAnotherSite_LeadsToTheOverview()
    {
        await fixture.MapAsync("redirected", "finops");
        await fixture.Provider.SetAsync("remo", new { groups = (string[])["redirected"] });
        await using var visit = await fixture.OpenAsync();
        await visit.Page.GotoAsync("/signin/provider?return=//evil.example/");
        await SignInFixture.LogInAsync(visit, "remo");
        await Expect(visit.Page.Locator(".person-name")).ToHaveTextAsync("remo@example.org");
        Assert.Equal(fixture.Portal.Address.ToString(), visit.Page.Url);
    }
}
