using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Security;

/// <summary>A portal behind TLS that ends at a proxy: what it tells browsers, and what it believes of requests.</summary>
public sealed class TlsTests(PeopleHost people) : IClassFixture<PeopleHost>
{
    [Fact]
    public async Task Cookies_BehindTls_AreForThisHostOverTlsOnly()
    {
        await using var portal = people.With(("Portal:PublicUrl", "https://portal.example.com"));
        using var client = PeopleHost.Client(portal, null);
        var answer = await client.GetAsync(new Uri($"/signin?token={PortalHost.OneTimeToken}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        var session = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-agw_session=", session, StringComparison.Ordinal);
        foreach (var flag in new[] { "; path=/", "; secure", "; httponly", "; samesite=lax" }) Assert.Contains(flag, session, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", session, StringComparison.OrdinalIgnoreCase);

        // A page with a form has the other one.
        using var page = new HttpRequestMessage(HttpMethod.Get, "/");
        page.Headers.Add("Cookie", session.Split(';')[0]);
        page.Headers.Add("Accept", "text/html");
        var drawn = await client.SendAsync(page);
        Assert.Equal(HttpStatusCode.OK, drawn.StatusCode);
        var forgery = Assert.Single(drawn.Headers.GetValues("Set-Cookie"), c => c.Contains("antiforgery", StringComparison.Ordinal));
        Assert.StartsWith("__Host-agw_antiforgery=", forgery, StringComparison.Ordinal);
        foreach (var flag in new[] { "; path=/", "; secure", "; httponly", "; samesite=strict" }) Assert.Contains(flag, forgery, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Address_OfThePortal_IsItsSettingsNotTheRequests()
    {
        await using var portal = people.With(("Portal:PublicUrl", "https://portal.example.com"));
        using var client = PeopleHost.Client(portal, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/keys");
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("X-Forwarded-Proto", "http");
        var answer = await client.SendAsync(request);
        Assert.StartsWith("https://portal.example.com/signin?return=", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainHttp_OnThisMachine_PromisesNoTls()
    {
        using var client = people.Client();
        var answer = await client.GetAsync(new Uri("/signin", UriKind.Relative));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
    }

    [Theory]
    [InlineData("/signout")]
    [InlineData("/organisation")]
    public async Task Form_OfAnotherSite_ChangesNothing(string path)
    {
        await using var replica = people.With(("Portal:OneTimeToken", "another-one-time-token-" + path.Length));
        using var client = PeopleHost.Client(replica, null);
        var signedIn = await client.GetAsync(new Uri($"/signin?token=another-one-time-token-{path.Length}", UriKind.Relative));
        var session = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var forged = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("organisation", Guid.NewGuid().ToString())]) };
        forged.Headers.Add("Cookie", session);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(forged)).StatusCode);
        using var after = new HttpRequestMessage(HttpMethod.Get, "/");
        after.Headers.Add("Cookie", session);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(after)).StatusCode);
    }
}
