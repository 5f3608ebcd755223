using System.Globalization;
using System.Net;
using System.Text;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Kept replies to similar questions at a real gateway: what is one, what callers may ask, what ends it.</summary>
public sealed class SemanticTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private static readonly CacheSettings Semantic = new() { Mode = CacheModes.Semantic };

    private readonly CachingWorld caching = fixture.Caching;

    private GatewayWorld World => caching.World;

    [Fact]
    public async Task OtherFormOfTheWords_IsAHit_SaysHowCloseAndCostsNothing()
    {
        var key = await caching.KeyAsync(Semantic);
        using var first = await AskAsync(key, "How do I reset my Heron password?");
        var made = await first.Content.ReadAsStringAsync();
        Assert.Equal("miss", CachingWorld.CacheOf(first));
        Assert.False(first.Headers.Contains("x-gateway-cache-similarity"));

        using var second = await AskAsync(key, "Hello! Can you tell me how to reset my Heron password, please");
        Assert.Equal(made, await second.Content.ReadAsStringAsync());
        Assert.Equal(("semantic", "0", "0", "sim-second"), (CachingWorld.CacheOf(second), Ask.Header(second, "x-gateway-cost-usd"), Ask.Header(second, "x-gateway-output-tokens"), Ask.Header(second, "x-gateway-deployment")));
        Assert.InRange(double.Parse(Ask.Header(second, "x-gateway-cache-similarity"), CultureInfo.InvariantCulture), CacheSettings.LexicalSimilarity, 1);
        Assert.InRange(long.Parse(Ask.Header(second, "x-gateway-cache-age"), CultureInfo.InvariantCulture), 0, 60);
        Assert.Equal(1, caching.AskedFor("Heron password"));

        using var same = await AskAsync(key, "How do I reset my Heron password?");
        Assert.Equal("hit", CachingWorld.CacheOf(same));
        Assert.False(same.Headers.Contains("x-gateway-cache-similarity"));

        var paid = await World.RecordAsync(Ask.Header(first, "x-request-id"));
        var hit = await World.RecordAsync(Ask.Header(second, "x-request-id"));
        Assert.Equal((UsageStatuses.Ok, 0L, 0L, 0L), (hit.Status, hit.CostNanoUsd, hit.InputTokens, hit.OutputTokens));
        var saved = await caching.SavedAsync(Ask.Header(second, "x-request-id"));
        Assert.Equal(("semantic", paid.CostNanoUsd), (saved.Hit, saved.SavedNanoUsd));
        Assert.True(await caching.MetricAsync("llm_cache_lookups_total{model=\"small\",result=\"semantic\"}") >= 1);
        Assert.True(await caching.MetricAsync("llm_cache_closest_total{model=\"small\",at_least=\"0.85\",asks=\"same\"}") >= 1);
        Assert.True(await caching.MetricAsync("llm_cache_compared_total{model=\"small\"}") >= 2);
        using var told = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("so how do I reset my Heron password"), ("x-gateway-metadata", "body"));
        Assert.Matches("\"cache\":\"semantic\",\"cache_similarity\":(0\\.[89]|1[,}])", await told.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Take 5 mg of Zylox daily", "Take 50 mg of Zylox daily", "numbers")]
    [InlineData("Is Plover safe with milk", "Is Plover not safe with milk", "negations")]
    [InlineData("Trains from Tartu to Narva", "Trains from Narva to Tartu", "names")]
    [InlineData("Sort my Osprey list ascending", "Sort my Osprey list descending", "opposites")]
    [InlineData("Reset my Gannet password", "Delete my Gannet password", "words")]
    public async Task NearMiss_IsAMissThatSaysWhy(string kept, string asked, string reason)
    {
        // At the least threshold only vetoes are left.
        var key = await caching.KeyAsync(Semantic with { Similarity = CacheSettings.LeastSimilarity });
        var before = await caching.MetricAsync($"llm_cache_vetoes_total{{reason=\"{reason}\"}}");
        using var first = await AskAsync(key, kept);
        using var near = await AskAsync(key, asked);
        Assert.Equal(("miss", "miss"), (CachingWorld.CacheOf(first), CachingWorld.CacheOf(near)));
        Assert.True(await caching.MetricAsync($"llm_cache_vetoes_total{{reason=\"{reason}\"}}") > before);
    }

    [Fact]
    public async Task Caller_MayAskForMoreAndNeverForLess()
    {
        var key = await caching.KeyAsync(Semantic with { Similarity = 0.97 });
        using var first = await AskAsync(key, "How do I clean my Siskin lamp?");
        const string close = "please, how do I clean my Siskin lamp", far = "in my lamp, Siskin, how do I clean";
        using var exact = await AskAsync(key, close, "exact, only-if-cached");
        Assert.Equal(HttpStatusCode.GatewayTimeout, exact.StatusCode);
        using var closer = await AskAsync(key, far, "only-if-cached, similarity=1");
        Assert.Equal(HttpStatusCode.GatewayTimeout, closer.StatusCode);
        // What lies below the policy's threshold is none whatever the caller says.
        using var lower = await AskAsync(key, far, "only-if-cached, similarity=0.1");
        Assert.Equal(HttpStatusCode.GatewayTimeout, lower.StatusCode);
        using var hit = await AskAsync(key, close, "only-if-cached, similarity=0.1");
        Assert.Equal("semantic", CachingWorld.CacheOf(hit));
        foreach (var wrong in (string[])["similarity=1.1", "similarity=-1", "similarity=x", "similarity", "semantic"])
        {
            using var refused = await AskAsync(key, close, wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        // No directive turns it on.
        using var other = await AskAsync(await caching.KeyAsync(new() { Mode = CacheModes.Exact }), close, "only-if-cached, similarity=0.5");
        Assert.Equal(HttpStatusCode.GatewayTimeout, other.StatusCode);
    }

    [Fact]
    public async Task NoCache_MakesAnewAndSimilarQuestionsFindThat()
    {
        var key = await caching.KeyAsync(Semantic);
        World.Simulator.Script("text=\"the old one\"");
        using var first = await AskAsync(key, "Where do Bitterns sleep?");
        World.Simulator.Script("text=\"the new one\"");
        using var renewed = await AskAsync(key, "Where do Bitterns sleep?", "no-cache");
        Assert.Equal("bypass", CachingWorld.CacheOf(renewed));
        using var similar = await AskAsync(key, "where do bitterns sleep");
        Assert.Equal("semantic", CachingWorld.CacheOf(similar));
        Assert.Contains("the new one", await similar.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var unkept = await AskAsync(key, "Where do Avocets nest?", "no-store");
        using var after = await AskAsync(key, "where do avocets nest", "only-if-cached");
        Assert.Equal(HttpStatusCode.GatewayTimeout, after.StatusCode);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "messages")]
    [InlineData("/v1/messages", "messages")]
    [InlineData("/v1/responses", "input")]
    public async Task EveryDialect_AnswersWholeAndAsAStream(string path, string field)
    {
        var key = await caching.KeyAsync(Semantic);
        World.Simulator.Script("text=\"Dunlins are small waders.\"");
        using var first = await caching.PostAsync(key, path, BodyOf(field, $"What are Dunlins in {field}{path.Length}?"));
        Assert.Equal("miss", CachingWorld.CacheOf(first));
        foreach (var more in (string[])["", ",\"stream\":true"])
        {
            using var similar = await caching.PostAsync(key, path, BodyOf(field, $"please tell me what are Dunlins in {field}{path.Length}", more));
            Assert.Equal("semantic", CachingWorld.CacheOf(similar));
            Assert.Contains("waders", await similar.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnotherGateway_AndOneThatStarts_FindTheQuestion()
    {
        var key = await caching.KeyAsync(Semantic);
        using var before = await AskAsync(key, "How deep do Guillemots dive?");
        // It begins with nothing in memory, so that what it finds is in Redis.
        var other = await caching.StartAnotherAsync("semantic-other");
        await HitAtAsync(other, key, "how deep do guillemots dive");
        // And what is kept since it looked reaches it too.
        using var after = await AskAsync(key, "How deep do Puffins dive?");
        await HitAtAsync(other, key, "how deep do puffins dive");
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Purge_EndsItAtOnce()
    {
        var key = await caching.KeyAsync(Semantic);
        using var first = await AskAsync(key, "Which songs do Wrens sing?");
        await HitAtAsync(caching.Gateway, key, "which songs do wrens sing");
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString);
        await redis.GetDatabase().HashIncrementAsync(new CacheKeys(World.Organisation).Epochs, CachePurge.OfModel("small"));
        await redis.GetDatabase().StringIncrementAsync(CacheKeys.PurgeNumber);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var purged = await AskAsync(key, "which songs do wrens sing", "only-if-cached");
                return purged.StatusCode == HttpStatusCode.GatewayTimeout;
            },
            TimeSpan.FromSeconds(30), "the purge is known");
    }

    [Fact]
    public async Task Redis_HoldsNoWordOfAQuestion()
    {
        var key = await caching.KeyAsync(Semantic);
        using var first = await AskAsync(key, "Do quixotic Xylophonists admire Zeppelins?");
        var keys = new CacheKeys(World.Organisation);
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString + ",allowAdmin=true");
        var server = redis.GetServer(redis.GetEndPoints().Single());
        await Eventually.HoldsAsync(() => Task.FromResult(server.Keys(pattern: keys.RowOrder + "*").Any()), TimeSpan.FromSeconds(30), "the row is written");
        var rows = 0;
        foreach (var name in server.Keys(pattern: "*").ToArray())
        {
            var said = new StringBuilder(name.ToString());
            if (await redis.GetDatabase().KeyTypeAsync(name) == RedisType.Hash)
            {
                foreach (var field in await redis.GetDatabase().HashGetAllAsync(name))
                {
                    if (field.Name == "v") rows++;
                    said.Append(field.Name).Append(Encoding.Latin1.GetString((byte[])field.Value!));
                }
            }
            foreach (var word in (string[])["quixotic", "xylophon", "zeppelin", "admire"]) Assert.DoesNotContain(word, said.ToString(), StringComparison.OrdinalIgnoreCase);
        }
        Assert.True(rows > 0);
    }

    [Fact]
    public async Task MaskedPrompt_AnswersWithEachCallersOwnValues()
    {
        var key = await caching.KeyAsync(Semantic);
        var (policy, id) = (Guid.CreateVersion7(), Assert.Single(await World.Configuration.IdsAsync("select id from virtual_keys where secret_hash = $1", VirtualKeySecret.Hash(key))));
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Guardrail, policy, World.Organisation)],
            "insert into guardrail_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, 'key', $3, '{\"personal_data\":{\"level\":\"standard\",\"action\":\"mask\",\"restore\":true}}', now(), 'test')",
            policy, World.Organisation, id.ToString());
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await caching.PostAsync(key, "/v1/guardrails/check", """{"input":"ada@example.com"}""");
                return (await response.Content.ReadAsStringAsync()).Contains("\"mask\"", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30), "the policy is known");

        World.Simulator.Script("text=\"I invited <EMAIL_1>.\"");
        using var first = await AskAsync(key, "Invite ada@example.com to the Kestrel party");
        using var second = await AskAsync(key, "please invite bob@example.org to the Kestrel party");
        var text = await second.Content.ReadAsStringAsync();
        Assert.Equal("semantic", CachingWorld.CacheOf(second));
        Assert.Contains("bob@example.org", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", text, StringComparison.Ordinal);
        // Two of them are another question.
        using var two = await AskAsync(key, "please invite bob@example.org eve@example.net to the Kestrel party", "only-if-cached");
        Assert.Equal(HttpStatusCode.GatewayTimeout, two.StatusCode);
    }

    private async Task HitAtAsync(GatewayProcess gateway, string key, string prompt) => await Eventually.HoldsAsync(
        async () =>
        {
            using var response = await CachingWorld.PostAsync(gateway, key, "/v1/chat/completions", CachingWorld.Body(prompt), ("x-gateway-cache", "only-if-cached"));
            return CachingWorld.CacheOf(response) == "semantic";
        },
        TimeSpan.FromSeconds(30), $"'{prompt}' is answered");

    private Task<HttpResponseMessage> AskAsync(string key, string prompt, string? directive = null) =>
        caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt), directive is null ? [] : [("x-gateway-cache", directive)]);

    private static string BodyOf(string field, string prompt, string more = "") => field == "input"
        ? $$"""{"model":"small","max_output_tokens":200,"input":"{{prompt}}"{{more}}}""" : CachingWorld.Body(prompt, more);
}
