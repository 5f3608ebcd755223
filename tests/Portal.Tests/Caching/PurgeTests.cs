using System.Net;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Portal.Tests.Caching;

/// <summary>Purges, in a real Redis.</summary>
public sealed class PurgeTests(PortalHost portal, RedisFixture stores) : IClassFixture<PortalHost>
{
    private const string Path = "/api/caches/purge";

    [Fact]
    public async Task Purge_OfEachKind_CountsItsEpochUpTellsGatewaysAndIsAudited()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Shop");
        var key = await api.KeyAsync(team, "k");
        await api.ModelAsync("fast");
        (string Kind, string? Id, string Field, string? Kept)[] purges =
        [
            ("organisation", null, CachePurge.All, null), ("model", "fast-alias", CachePurge.OfModel("fast"), "fast"), ("route", "chat_completions", CachePurge.OfRoute("chat_completions"), "chat_completions"),
            ("team", "shop", CachePurge.OfTeam(team), team.ToString()), ("key", "k", CachePurge.OfKey(key), key.ToString()), ("tag", "stage=a=b", CachePurge.OfTag("stage", "a=b"), "stage=a=b"),
        ];
        await using var redis = Client(stores.Server);
        foreach (var (kind, id, field, kept) in purges)
        {
            var (epoch, number) = (await EpochAsync(redis, api.Organisation, field), await NumberAsync(redis));
            var (status, done) = await api.PostAsync(Path, id is null ? $$"""{"scope_kind":"{{kind}}"}""" : $$"""{"scope_kind":"{{kind}}","scope_id":"{{id}}"}""");
            Assert.True(status == HttpStatusCode.OK, $"{kind}: {done}");
            Assert.Equal((kind, kept), (done.Text("scope_kind"), done!["scope_id"]?.GetValue<string>()));
            Assert.Equal(epoch + 1, await EpochAsync(redis, api.Organisation, field));
            // Others may purge meanwhile, in the same Redis.
            Assert.True(await NumberAsync(redis) > number);
        }
        Assert.Equal(["all", .. purges.Skip(1).Select(p => p.Field).Order(StringComparer.Ordinal)], (await FieldsAsync(redis, api.Organisation)).OrderBy(f => f != "all").ThenBy(f => f, StringComparer.Ordinal));
        var audited = await api.ItemsAsync("/api/audit?action=cache.purge");
        Assert.Equal(purges.Reverse().Select(p => p.Kind), audited.Select(a => a["after"].Text("scope_kind")));
        // Gateways have nothing to load for it, and there is no way back.
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'cache' and organisation_id = '{api.Organisation}'"));
        var (undo, why) = await api.PostAsync($"/api/audit/{audited[0].Id()}/undo");
        Assert.Equal((HttpStatusCode.Conflict, "What was purged is made anew by the next requests."), (undo, why.Text("detail")));
    }

    [Theory]
    [InlineData("{}", "scope_kind")]
    [InlineData("""{"scope_kind":"user","scope_id":"x"}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"x"}""", "scope_id")]
    [InlineData("""{"scope_kind":"team"}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","scope_id":"no-such"}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","scope_id":"no-such"}""", "scope_id")]
    [InlineData("""{"scope_kind":"model","scope_id":"no-such"}""", "scope_id")]
    [InlineData("""{"scope_kind":"route","scope_id":"moderations"}""", "scope_id")]
    [InlineData("""{"scope_kind":"tag","scope_id":"stage"}""", "scope_id")]
    [InlineData("""{"scope_kind":"tag","scope_id":"=a"}""", "scope_id")]
    [InlineData("""{"scope_kind":"tag"}""", "scope_id")]
    public async Task Purge_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PostAsync(Path, body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, string.Join(' ', problem.Faults())));
        await using var redis = Client(stores.Server);
        Assert.Empty(await FieldsAsync(redis, api.Organisation));
    }

    [Fact]
    public async Task Purge_WhileRedisIsAway_SaysSoAndIsNotAuditedAsDone()
    {
        await using var own = await RedisServer.StartPrivateAsync();
        await using var host = portal.With("Development", ("ConnectionStrings:cache-data", own.ConnectionString));
        using var client = host.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", PortalHost.AdminToken);
        var slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";
        await client.PostAsync("/api/organizations", $$"""{"name":"{{slug}}","slug":"{{slug}}"}""");
        var at = $"{Path}?organization={slug}";
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(at, """{"scope_kind":"organisation"}""")).Status);
        await own.KillAsync();
        var before = await portal.RevisionAsync();

        var (status, problem) = await client.PostAsync(at, """{"scope_kind":"organisation"}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("Redis", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, await portal.RevisionAsync());
        Assert.Single((await client.ReadAsync($"/api/audit?action=cache.purge&organization={slug}")).Body!["items"]!.AsArray());
        await own.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await client.PostAsync(at, """{"scope_kind":"organisation"}""")).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(20), "it purges again");
    }

    [Fact]
    public async Task Purge_WithoutAnyRedis_SaysWhatToSet()
    {
        await using var none = new CacheServer(TimeProvider.System, null, isOwn: false);
        var why = await none.PurgeAsync(Guid.NewGuid(), CachePurge.All, CancellationToken.None);
        Assert.Contains("ConnectionStrings__cache", why, StringComparison.Ordinal);
    }

    private static RedisClient Client(RedisServer server)
    {
        var client = new RedisClient(RedisOptions.Parse(server.ConnectionString), TimeProvider.System, NullLogger<RedisClient>.Instance, []);
        client.Start();
        return client;
    }

    private static Task<long> EpochAsync(RedisClient redis, Guid organisation, string field) => NumberOfAsync(redis, "HGET", new CacheKeys(organisation).Epochs, field);

    private static Task<long> NumberAsync(RedisClient redis) => NumberOfAsync(redis, "GET", CacheKeys.PurgeNumber);

    private static async Task<long> NumberOfAsync(RedisClient redis, params string[] command) => (await AskAsync(redis, command)).Select(v => v is null ? 0 : long.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).Single();

    private static async Task<IReadOnlyList<string>> FieldsAsync(RedisClient redis, Guid organisation) => [.. (await AskAsync(redis, "HKEYS", new CacheKeys(organisation).Epochs)).Select(f => f!)];

    private static async Task<List<string?>> AskAsync(RedisClient redis, params string[] command)
    {
        List<string?> found = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                using var call = redis.Rent();
                call.Begin(command.Length);
                foreach (var part in command) call.Arg(part);
                if (await redis.SendAsync(call) != RedisOutcome.Ok) return false;
                found = Read(call.Reply);
                return true;
            },
            TimeSpan.FromSeconds(30), "Redis answers");
        return found;
    }

    private static List<string?> Read(RespReader reply)
    {
        if (reply.Type != RespType.Array) return [reply.IsNull ? null : System.Text.Encoding.UTF8.GetString(reply.Bytes)];
        var count = reply.ArrayLength;
        var values = new List<string?>();
        while (values.Count < count && reply.Read()) values.Add(System.Text.Encoding.UTF8.GetString(reply.Bytes));
        return values;
    }
}
