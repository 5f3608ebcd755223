using System.Net;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Portal.Caching.Recent;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.Pages;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Portal.Tests.Caching;

/// <summary>What gateways counted, from a real Redis to the page.</summary>
public sealed class CacheRecentTests(PortalHost portal, RedisFixture stores) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Figures_OfTheLastDays_AddUp_TheDearestFirst()
    {
        var api = await PortalApi.StartAsync(portal);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        await using var redis = await ClientAsync(stores.Server);
        var (common, rare) = (CacheTallies.Entry("00ff", "chat_completions", "small"), CacheTallies.Entry("11ee", "messages", "large"));
        foreach (var back in (int[])[0, 1, 6, CacheRecentQuery.Days])
        {
            var day = new CacheTallies(api.Organisation, today.AddDays(-back));
            await SendAsync(redis, "ZINCRBY", day.Savings, "1000", common);
            await SendAsync(redis, "HINCRBY", day.Hits, common, "2");
            await SendAsync(redis, "HINCRBY", day.Closest, CacheTallies.Compared("small"), "10");
            await SendAsync(redis, "HINCRBY", day.Closest, CacheTallies.SameAt("small", 95), "3");
            await SendAsync(redis, "HINCRBY", day.Closest, CacheTallies.OtherAt("small", 95), "1");
            await SendAsync(redis, "HINCRBY", day.Closest, CacheTallies.SameAt("small", 99), "1");
        }
        var now = new CacheTallies(api.Organisation, today);
        await SendAsync(redis, "ZINCRBY", now.Savings, "5000", rare);
        await SendAsync(redis, "HINCRBY", now.Hits, rare, "1");
        await SendAsync(redis, "HINCRBY", new CacheTallies(Guid.NewGuid(), today).Hits, rare, "9");

        // The portal's own connection may be on its way.
        await Eventually.HoldsAsync(
            async () => (await portal.Get<CacheRecentQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, api.Organisation), default)).Value.Fault is null, TimeSpan.FromSeconds(20), "the portal reaches Redis");
        var (status, body) = await api.GetAsync("/api/caches/recent");
        Assert.Equal(HttpStatusCode.OK, status);
        var recent = (await portal.Get<CacheRecentQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, api.Organisation), default)).Value;
        Assert.Null(recent.Fault);
        Assert.Equal([new("11ee", "messages", "large", 1, 5_000), new("00ff", "chat_completions", "small", 6, 3_000)], recent.Entries);
        var questions = Assert.Single(recent.Questions);
        Assert.Equal(("small", 30L), (questions.Model, questions.Compared));
        Assert.Equal([new(95, 9, 3), new(99, 3, 0)], questions.Steps);
        Assert.Equal("11ee", body!["entries"]![0].Text("hash"));
        // Others see nothing of it, and leads no more than their teams'.
        Assert.Empty((await portal.Get<CacheRecentQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, Guid.NewGuid()), default)).Value.Entries);
        foreach (var role in (string[])[Roles.TeamLead, Roles.SecurityReviewer])
            Assert.IsType<Failure.Forbidden>((await portal.Get<CacheRecentQuery>().RunAsync(PortalHost.Actor(role, api.Organisation), default)).Failure);
    }

    [Fact]
    public async Task View_ShowsHashesAndShares_AndTeachesWhereThereIsNothing()
    {
        var recent = new CacheRecent([new("11ee", "chat_completions", "large", 1_234, 5_000_000_000)], [new("small", 200, [new(90, 120, 40), new(95, 62, 0)])]);
        var page = await Drawn.Async<CacheRecentView>((nameof(CacheRecentView.Data), recent));
        Assert.Equal(["11ee", "0.90", "0.95"], page.Texts("th[scope=row]"));
        Assert.Contains("$5.00", page.TextContent, StringComparison.Ordinal);
        Assert.Equal(["60.0 %", "25.0 %", "31.0 %", "0.0 %"], page.Texts(".cache-thresholds td").Select(t => t.Replace('\u202f', ' ').Replace('\u2009', ' ').Replace('\u00a0', ' ')));
        Assert.Equal(["0,40 10,69", "0,80 10,100"], page.QuerySelectorAll("polyline").Select(line => line.GetAttribute("points")));
        Assert.Contains("No kept reply was given", (await Drawn.Async<CacheRecentView>((nameof(CacheRecentView.Data), new CacheRecent([], [])))).TextContent, StringComparison.Ordinal);
        Assert.Contains("away", (await Drawn.Async<CacheRecentView>((nameof(CacheRecentView.Data), new CacheRecent([], [], "Redis is away")))).TextContent, StringComparison.Ordinal);
    }

    private static async Task SendAsync(RedisClient redis, params string[] words)
    {
        using var call = redis.Rent();
        call.Begin(words.Length);
        foreach (var word in words) call.Arg(word);
        Assert.Equal(RedisOutcome.Ok, await redis.SendAsync(call));
    }

    private static async Task<RedisClient> ClientAsync(RedisServer server)
    {
        var client = new RedisClient(RedisOptions.Parse(server.ConnectionString) with { CallTimeout = TimeSpan.FromSeconds(20) }, TimeProvider.System, NullLogger<RedisClient>.Instance, []);
        client.Start();
        await Eventually.HoldsAsync(() => client.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is up");
        return client;
    }
}
