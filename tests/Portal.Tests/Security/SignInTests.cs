using System.Net;
using AspireGateway.Portal.Tests.Host;
using Microsoft.AspNetCore.Mvc.Testing;

namespace AspireGateway.Portal.Tests.Security;

/// <summary>The one-time link, the session and its end.</summary>
public sealed class SignInTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Link = $"/signin?token={PortalHost.OneTimeToken}";

    [Fact]
    public async Task Link_UsedByManyAtOnceAndAgainOnAReplica_OpensOneSession()
    {
        await using var replica = portal.Replica();
        using var elsewhere = replica.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var clients = Enumerable.Range(0, 8).Select(_ => portal.Client()).Append(elsewhere).ToArray();
        var answers = await Task.WhenAll(clients.Select(c => c.GetAsync(new Uri(Link, UriKind.Relative))));

        var winner = Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Found);
        Assert.Equal("/", winner.Headers.Location?.OriginalString);
        Assert.All(answers.Where(a => a != winner), a => Assert.Equal(HttpStatusCode.Unauthorized, a.StatusCode));
        var help = await answers.First(a => a != winner).Content.ReadAsStringAsync();
        Assert.Contains("./run.sh", help, StringComparison.Ordinal);

        // The session: its cookie's rules, that a replica takes it, that it does not open the API, and that it ends.
        var cookie = Assert.Single(winner.Headers.GetValues("Set-Cookie"), c => c.StartsWith("agw_session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        var session = cookie.Split(';')[0];

        Assert.Equal(HttpStatusCode.Found, (await SendAsync(elsewhere, HttpMethod.Get, Link, session)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(elsewhere, HttpMethod.Get, "/", session)).StatusCode);
        var missing = await SendAsync(elsewhere, HttpMethod.Get, "/no/such/page", session);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("There is no page at this address", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(elsewhere, HttpMethod.Get, "/api/keys", session)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(elsewhere, HttpMethod.Post, "/api/teams", session)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(elsewhere, HttpMethod.Post, "/signout", session)).StatusCode);
    }

    [Fact]
    public async Task Link_ThatABrowserOnlyLooksAheadTo_IsNotUsedUp()
    {
        using var client = portal.Client();
        using var ahead = new HttpRequestMessage(HttpMethod.Get, "/signin?token=anything");
        ahead.Headers.Add("Sec-Purpose", "prefetch;prerender");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.SendAsync(ahead)).StatusCode);
    }

    [Theory]
    [InlineData("/signin?token=wrong")]
    [InlineData("/signin?token=")]
    [InlineData("/signin?token=test-one-time-token-of-some-lengt")]
    public async Task Link_Wrong_IsRefusedAndNotLogged(string link)
    {
        using var client = portal.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(link, UriKind.Relative))).StatusCode);
        Assert.DoesNotContain("one-time-token", portal.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/keys")]
    [InlineData("/no/such/page")]
    public async Task Page_WithoutSession_LeadsToSignIn(string path)
    {
        using var client = portal.Client();
        var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith("http://localhost/signin?return=", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_WithTheApiAlone_ServesNoPageAndNoSignIn()
    {
        await using var alone = portal.With("Production", ("Portal:ApiOnly", "true"), ("Portal:OneTimeToken", ""));
        using var client = alone.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        foreach (var path in new[] { "/", "/keys", "/signin", Link, "/portal.css" })
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.ReadAsync("/api/organizations")).Status);
        client.DefaultRequestHeaders.Authorization = portal.Api.DefaultRequestHeaders.Authorization;
        Assert.Equal(HttpStatusCode.OK, (await client.ReadAsync("/api/organizations")).Status);
    }

    [Fact]
    public async Task Circuit_WithoutSession_IsRefused()
    {
        using var client = portal.Client();
        using var answer = await client.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/signin")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/Radzen.Blazor/css/standard.css")]
    public async Task Address_ThatNeedsNoSession_AnswersWithTheSecurityHeaders(string path)
    {
        using var client = portal.Client();
        var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlazorScript_AskedForAgain_IsNotSentAgain()
    {
        using var client = portal.Client();
        var first = await client.GetAsync(new Uri("/_framework/blazor.web.js", UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/_framework/blazor.web.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task SessionKeys_InTheDatabase_AreSealed()
    {
        using var client = portal.Client();
        // A page with a form makes a key where there is none yet.
        await client.GetAsync(new Uri("/signin", UriKind.Relative));
        portal.Get<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>().CreateProtector("test").Protect([1]);
        var document = await portal.ScalarAsync<string>("select document from session_keys limit 1");
        Assert.Contains("<sealed ", document, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", document, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string cookie)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Accept", "text/html");
        return await client.SendAsync(request);
    }
}
