using System.Net;
using AspireGateway.Portal.Tests.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;

namespace AspireGateway.Portal.Tests.Security;

/// <summary>Whose address stands in the audit and counts at the doors: a header says it only where a trusted proxy sent it.</summary>
public sealed class ForwardedAddressTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Trusted = "10.0.0.5, 10.1.0.0/16";

    [Theory]
    // From who is no proxy of ours the header is what anybody may write.
    [InlineData(Trusted, "192.0.2.9", "203.0.113.7", "192.0.2.9")]
    [InlineData(Trusted, "10.2.0.1", "203.0.113.7", "10.2.0.1")]
    [InlineData("", "10.0.0.5", "203.0.113.7", "10.0.0.5")]
    [InlineData(Trusted, "10.0.0.5", "203.0.113.7", "203.0.113.7")]
    [InlineData(Trusted, "::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7")]
    [InlineData(Trusted, "10.1.255.1", "2001:db8::7", "2001:db8::7")]
    // Read from the right: each proxy adds who called it, so what stands left of the first stranger is the stranger's word.
    [InlineData(Trusted, "10.0.0.5", "198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7")]
    [InlineData(Trusted, "10.0.0.5", "10.1.2.3, 203.0.113.7", "203.0.113.7")]
    [InlineData(Trusted, "10.0.0.5", "no address, 203.0.113.7", "203.0.113.7")]
    [InlineData(Trusted, "10.0.0.5", "203.0.113.7, no address", "10.0.0.5")]
    [InlineData(Trusted, "10.0.0.5", null, "10.0.0.5")]
    public async Task Audit_FromWhere_IsThePeer_OrWhoItsTrustedProxySaw(string proxies, string peer, string? header, string expected)
    {
        var slug = $"o-{Guid.NewGuid():N}";
        var organisation = await portal.AddOrganisationAsync(slug);
        var team = await portal.AddTeamAsync(organisation);
        await using var host = portal.With("Development", ("Portal:TrustedProxies", proxies));

        var answer = await SendAsync(host, peer, header, http =>
        {
            (http.Request.Method, http.Request.Path, http.Request.QueryString) = ("POST", $"/api/teams/{team}/archive", new QueryString($"?organization={slug}"));
            http.Request.Headers.Authorization = $"Bearer {PortalHost.AdminToken}";
        });

        Assert.Equal(StatusCodes.Status200OK, answer.Response.StatusCode);
        Assert.Equal(expected, await portal.ScalarAsync<string>($"select remote_address from audit_entries where organisation_id = '{organisation}'"));
    }

    [Fact]
    public async Task Door_BehindATrustedProxy_ShutsToWhoFails_AndToNobodyElse()
    {
        await using var host = portal.With("Development", ("Portal:TrustedProxies", Trusted), ("Portal:SignIn:MaxFailures", "2"));

        for (var i = 0; i < 2; i++) Assert.Equal(StatusCodes.Status401Unauthorized, await TryAsync(host, "10.0.0.5", $"198.51.100.{i}, 203.0.113.7"));

        Assert.Equal(StatusCodes.Status429TooManyRequests, await TryAsync(host, "10.0.0.5", "198.51.100.9, 203.0.113.7"));
        Assert.Equal(StatusCodes.Status401Unauthorized, await TryAsync(host, "10.0.0.5", "203.0.113.8"));
        // The same caller by another way is the same caller.
        Assert.Equal(StatusCodes.Status429TooManyRequests, await TryAsync(host, "203.0.113.7", null));
    }

    [Fact]
    public async Task Door_ToWhoWritesTheHeaderHimself_ShutsAllTheSame()
    {
        await using var host = portal.With("Development", ("Portal:TrustedProxies", Trusted), ("Portal:SignIn:MaxFailures", "2"));

        for (var i = 0; i < 2; i++) Assert.Equal(StatusCodes.Status401Unauthorized, await TryAsync(host, "192.0.2.9", $"203.0.113.{i}"));

        Assert.Equal(StatusCodes.Status429TooManyRequests, await TryAsync(host, "192.0.2.9", "203.0.113.99"));
        // And the one whose address was written is not shut out by it.
        Assert.Equal(StatusCodes.Status401Unauthorized, await TryAsync(host, "10.0.0.5", "203.0.113.0"));
    }

    private static async Task<int> TryAsync(WebApplicationFactory<Program> host, string peer, string? header) => (await SendAsync(host, peer, header, http =>
    {
        (http.Request.Method, http.Request.Path, http.Request.QueryString) = ("GET", "/signin", new QueryString("?token=wrong"));
    })).Response.StatusCode;

    private static Task<HttpContext> SendAsync(WebApplicationFactory<Program> host, string peer, string? header, Action<HttpContext> request) => host.Server.SendAsync(http =>
    {
        (http.Request.Scheme, http.Request.Host) = ("http", new HostString("localhost"));
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (header is not null) http.Request.Headers["X-Forwarded-For"] = header;
        request(http);
    });
}
