using System.Net;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Tests.Host;
using Microsoft.Extensions.Configuration;

namespace AspireGateway.Portal.Tests.SignIns;

/// <summary>Whoever fails too often has to wait, and nobody else.</summary>
public sealed class SignInThrottleTests(PeopleHost people) : IClassFixture<PeopleHost>
{
    private static readonly IPAddress s_one = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void Failures_OfOneAddress_ShutItsDoorForTheRestOfTheMinute()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var throttle = new SignInThrottle(clock, new ConfigurationBuilder().Build());
        for (var i = 0; i < SignInThrottle.UsualFailures; i++)
        {
            Assert.Null(throttle.Wait("link", s_one));
            throttle.Failed("link", s_one);
        }
        clock.Now += TimeSpan.FromSeconds(20);
        Assert.Equal(TimeSpan.FromSeconds(40), throttle.Wait("link", s_one));
        Assert.Null(throttle.Wait("api", s_one));
        Assert.Null(throttle.Wait("link", IPAddress.Parse("192.0.2.2")));
        clock.Now += TimeSpan.FromSeconds(40);
        Assert.Null(throttle.Wait("link", s_one));
        throttle.Failed("link", s_one);
        Assert.Null(throttle.Wait("link", s_one));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    public void Addresses_OfOneNetworkOfIPv6_CountAsOne(string failing, string asking, bool waits)
    {
        var throttle = new SignInThrottle(new ManualClock(DateTimeOffset.UnixEpoch), new ConfigurationBuilder().Build());
        for (var i = 0; i < SignInThrottle.UsualFailures; i++) throttle.Failed("link", IPAddress.Parse(failing));
        Assert.Equal(waits, throttle.Wait("link", IPAddress.Parse(asking)) is not null);
    }

    [Fact]
    public void Flood_FromVeryManyAddresses_DoesNotFillTheMemory()
    {
        var throttle = new SignInThrottle(new ManualClock(DateTimeOffset.UnixEpoch), new ConfigurationBuilder().Build());
        for (uint i = 0; i < 200_000; i++) throttle.Failed("link", new IPAddress(i));
        Assert.InRange(throttle.Count, 1, SignInThrottle.MaxAddresses);
    }

    [Fact]
    public async Task Link_WrongTooOften_IsRefusedAlsoWhenRight()
    {
        await using var portal = people.With(("Portal:SignIn:MaxFailures", "3"));
        using var client = PeopleHost.Client(portal, null);
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/signin?token=wrong", UriKind.Relative))).StatusCode);
        var answer = await client.GetAsync(new Uri($"/signin?token={PortalHost.OneTimeToken}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Too many attempts", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WayBack_FailedTooOften_KeepsTheProvidersDoorShut()
    {
        await using var portal = people.With(("Portal:SignIn:MaxFailures", "2"));
        using var client = PeopleHost.Client(portal, null);
        for (var i = 0; i < 2; i++)
        {
            var back = await client.GetAsync(new Uri("/signin/callback?code=x&state=forged", UriKind.Relative));
            Assert.StartsWith("/signin?fault=", back.Headers.Location?.OriginalString, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync(new Uri("/signin/provider", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Api_WrongTooOften_SaysWaitToWrongTokensAndServesGoodOnes()
    {
        await using var portal = people.With(("Portal:SignIn:MaxFailures", "3"));
        using var client = PeopleHost.Client(portal, null);
        async Task<HttpResponseMessage> CallAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/organizations");
            if (token is not null) request.Headers.Authorization = new("Bearer", token);
            return await client.SendAsync(request);
        }
        foreach (var wrong in new[] { "wrong", "agw-pat-wrong", "wrong" }) await CallAsync(wrong);
        foreach (var wrong in new[] { "wrong", "agw-pat-wrong" })
        {
            var answer = await CallAsync(wrong);
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(PortalHost.AdminToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(null)).StatusCode);
    }
}
