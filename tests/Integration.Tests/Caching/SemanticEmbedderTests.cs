using System.Globalization;
using System.Net;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Vectors that a model of the gateway makes: found by them, paid for by the request, done without when they fail.</summary>
public sealed class SemanticEmbedderTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    // The simulator's vectors are of words, so that texts which share most of them lie close.
    private static readonly CacheSettings Embedded = new() { Mode = CacheModes.Semantic, Embedder = "embed", Similarity = 0.8 };

    private readonly CachingWorld caching = fixture.Caching;

    [Fact]
    public async Task Vector_OfAModel_IsPaidForByTheRequest()
    {
        var key = await caching.KeyAsync(Embedded);
        using var first = await AskAsync(key, "which quills do egrets really prefer in spring");
        Assert.Equal("miss", CachingWorld.CacheOf(first));
        // One call for the vector, one for the answer.
        Assert.Equal(2, caching.AskedFor("egrets"));
        using var second = await AskAsync(key, "which quills do egrets really like in spring");
        Assert.Equal("semantic", CachingWorld.CacheOf(second));
        Assert.Equal(3, caching.AskedFor("egrets"));
        Assert.InRange(double.Parse(Ask.Header(second, "x-gateway-cache-similarity"), CultureInfo.InvariantCulture), 0.8, 1);

        var (paid, hit) = (await caching.World.RecordAsync(Ask.Header(first, "x-request-id")), await caching.World.RecordAsync(Ask.Header(second, "x-request-id")));
        // 0.15 USD a million tokens; no tokens of an answer.
        Assert.True(hit.InputTokens > 0);
        Assert.Equal((hit.InputTokens * 150, 0L, false), (hit.CostNanoUsd, hit.OutputTokens, hit.Estimated));
        Assert.Equal((null, null, 0), (hit.Provider, hit.Deployment, hit.FallbackChain.Length));
        Assert.True(paid.CostNanoUsd > hit.CostNanoUsd);
        Assert.Equal(("sim-second", 0), (paid.Deployment, paid.FallbackChain.Length));
        Assert.Equal("semantic", (await caching.SavedAsync(Ask.Header(second, "x-request-id"))).Hit);

        // The same request again needs no vector.
        using var same = await AskAsync(key, "which quills do egrets really prefer in spring");
        Assert.Equal("hit", CachingWorld.CacheOf(same));
        Assert.Equal(3, caching.AskedFor("egrets"));
    }

    [Fact]
    public async Task Vetoes_HoldForVectorsOfModels()
    {
        var key = await caching.KeyAsync(Embedded);
        using var first = await AskAsync(key, "how many of the 12 eider ducks came home to the lake");
        using var near = await AskAsync(key, "how many of the 13 eider ducks came home to the lake");
        Assert.Equal("miss", CachingWorld.CacheOf(near));
    }

    [Fact]
    public async Task Embedder_ThatFails_MeansThatOnlyTheSameRequestIsFound()
    {
        var key = await caching.KeyAsync(Embedded with { Embedder = "embed" });
        using var first = await AskAsync(key, "how far do the terns of the north travel");
        Assert.Equal("miss", CachingWorld.CacheOf(first));
        var before = await caching.MetricAsync("llm_cache_faults_total{reason=\"embedder\"}");
        caching.World.Simulator.ScriptFor("sim-embed", "status=503");
        using var similar = await AskAsync(key, "how far do the terns of the north go");
        caching.World.Simulator.ClearScripts();
        Assert.Equal((HttpStatusCode.OK, "miss"), (similar.StatusCode, CachingWorld.CacheOf(similar)));
        Assert.Equal(before + 1, await caching.MetricAsync("llm_cache_faults_total{reason=\"embedder\"}"));
        using var same = await AskAsync(key, "how far do the terns of the north travel");
        Assert.Equal("hit", CachingWorld.CacheOf(same));

        var missing = await caching.KeyAsync(Embedded with { Embedder = "no-such-model" });
        using var answered = await AskAsync(missing, "how far do the skuas of the north travel");
        Assert.Equal((HttpStatusCode.OK, "miss"), (answered.StatusCode, CachingWorld.CacheOf(answered)));
    }

    [Fact]
    public async Task BudgetExhausted_WordsStillFindAndNoVectorIsPaidFor()
    {
        var (words, wordsId) = await KeyAsync(new() { Mode = CacheModes.Semantic });
        var (model, modelId) = await KeyAsync(Embedded);
        using var first = await AskAsync(words, "Where do the Ibises of Egypt live?");
        using var other = await AskAsync(model, "where do the ibises of egypt live today");
        await BudgetAsync(wordsId, 1);
        await BudgetAsync(modelId, 1);
        using var hit = await AskAsync(words, "please tell me where the Ibises of Egypt live");
        Assert.Equal((HttpStatusCode.OK, "semantic", "0"), (hit.StatusCode, CachingWorld.CacheOf(hit), Ask.Header(hit, "x-gateway-cost-usd")));
        var asked = caching.AskedFor("ibises");
        using var refused = await AskAsync(model, "where do the ibises of egypt live now today");
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal(asked, caching.AskedFor("ibises"));
        using var same = await AskAsync(model, "where do the ibises of egypt live today");
        Assert.Equal("hit", CachingWorld.CacheOf(same));
    }

    [Fact]
    public async Task Budget_IsChargedWithTheVectorOfAHit()
    {
        var team = await caching.World.Configuration.AddTeamAsync(caching.World.Organisation, "lapwing");
        var key = await caching.KeyAsync(Embedded, team);
        var budget = await BudgetAsync(team, 1_000_000_000, "team");
        using var first = await AskAsync(key, "what do the lapwings of the moor eat in winter");
        using var second = await AskAsync(key, "what do the lapwings of the moor eat during winter");
        Assert.Equal(("miss", "semantic"), (CachingWorld.CacheOf(first), CachingWorld.CacheOf(second)));
        var cost = 0L;
        foreach (var response in (HttpResponseMessage[])[first, second]) cost += (await caching.World.RecordAsync(Ask.Header(response, "x-request-id"))).CostNanoUsd;
        Assert.True(cost > 0);
        // Whatever the team spent before its budget was made, while its key became known, is in its window too.
        await using var source = Npgsql.NpgsqlDataSource.Create(caching.World.Database);
        await using var command = source.CreateCommand("select sum(cost_nano_usd)::bigint from usage_records where team_id = $1");
        command.Parameters.Add(new() { Value = team });
        var (all, settled) = (-1L, -1d);
        await Eventually.HoldsAsync(
            async () =>
            {
                // What a gateway heard last is as old as its last request; this one costs nothing.
                using var heard = await AskAsync(key, "what do the lapwings of the moor eat in winter");
                return (all = (long)(await command.ExecuteScalarAsync())!) >= cost && await SettledAsync();
            },
            TimeSpan.FromSeconds(30), () => $"the ledger has {all / 1e9} USD: {settled}");

        async Task<bool> SettledAsync() => Math.Abs((settled = await caching.MetricAsync($"llm_budget_settled_usd{{budget=\"{budget:N}\",scope_kind=\"team\",scope=\"{team}\"}}")) - all / 1e9) < 1e-12;
    }

    [Fact]
    public async Task EqualRequests_AtTheSameTime_ShareOneVectorAndOneFind()
    {
        var key = await caching.KeyAsync(Embedded);
        using var kept = await AskAsync(key, "what colour are the eggs of a robin in the woods");
        caching.World.Simulator.ScriptFor("sim-embed", "latency-ms=2500");
        const string similar = "what colour are the eggs of a robin in the forest";
        var leader = AskAsync(key, similar);
        await Eventually.HoldsAsync(() => Task.FromResult(caching.AskedFor(similar) == 1), TimeSpan.FromSeconds(30), "the vector is on its way");
        var followers = Enumerable.Range(0, 10).Select(_ => AskAsync(key, similar)).ToArray();
        // One that wants no similar one waits with the others and then asks for itself.
        using var strict = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(similar), ("x-gateway-cache", "exact"));
        foreach (var answer in (Task<HttpResponseMessage>[])[leader, .. followers])
        {
            using var response = await answer;
            Assert.Equal("semantic", CachingWorld.CacheOf(response));
            Assert.True(response.Headers.Contains("x-gateway-cache-similarity"));
        }
        Assert.Equal("miss", CachingWorld.CacheOf(strict));
        // The leader's vector, and the strict one's answer.
        Assert.Equal(2, caching.AskedFor(similar));
    }

    [Fact]
    public async Task Region_ThatForbidsTheEmbedder_MakesNoVector()
    {
        var key = await caching.KeyAsync(Embedded);
        var (id, second) = (Guid.CreateVersion7(), Assert.Single(await caching.World.Configuration.IdsAsync("select id from deployments where name = 'sim-second' and organisation_id = $1", caching.World.Organisation)));
        await caching.World.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, second, caching.World.Organisation)], "update deployments set region = 'eu-west' where id = $1", second);
        var revision = await caching.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Residency, id, caching.World.Organisation)],
            "insert into residency_rules (id, organisation_id, scope_kind, scope_id, regions, created_at, created_by) values ($1, $2, 'data_class', 'health', array['eu-*'], now(), 'test')", id, caching.World.Organisation);
        await Eventually.HoldsAsync(async () => await caching.Gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the change");
        using var bound = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("who treats sick jackdaws in the valley"), ("x-gateway-data-class", "health"));
        Assert.Equal((HttpStatusCode.OK, "miss"), (bound.StatusCode, CachingWorld.CacheOf(bound)));
        // The answer alone.
        Assert.Equal(1, caching.AskedFor("jackdaws"));
        using var free = await AskAsync(key, "who treats sick jackdaws in the village");
        Assert.Equal(3, caching.AskedFor("jackdaws"));
    }

    [Fact]
    public async Task Embedder_ThatIsStopped_MakesNoVector()
    {
        var key = await caching.KeyAsync(Embedded);
        using var before = await AskAsync(key, "where do the old choughs of the cliff rest");
        Assert.Equal(2, caching.AskedFor("choughs"));
        var id = Guid.CreateVersion7();
        async Task ChangeAsync(string sql, params object?[] values)
        {
            var revision = await caching.World.Configuration.WriteAsync([new(ConfigurationKinds.KillSwitch, id, caching.World.Organisation)], sql, values);
            await Eventually.HoldsAsync(async () => await caching.Gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the change");
        }
        await ChangeAsync(
            "insert into kill_switches (id, organisation_id, scope_kind, scope_id, reason, created_at, created_by) values ($1, $2, 'model', 'embed', 'test', now(), 'test')", id, caching.World.Organisation);
        using var stopped = await AskAsync(key, "where do the old choughs of the cliff sleep");
        Assert.Equal((HttpStatusCode.OK, "miss"), (stopped.StatusCode, CachingWorld.CacheOf(stopped)));
        Assert.Equal(3, caching.AskedFor("choughs"));
        await ChangeAsync("delete from kill_switches where id = $1", id);
        using var again = await AskAsync(key, "where do the old choughs of the cliff breed");
        Assert.Equal("semantic", CachingWorld.CacheOf(again));
    }

    private Task<HttpResponseMessage> AskAsync(string key, string prompt) => caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt));

    private async Task<(string Secret, Guid Id)> KeyAsync(CacheSettings settings)
    {
        var secret = await caching.KeyAsync(settings);
        return (secret, Assert.Single(await caching.World.Configuration.IdsAsync("select id from virtual_keys where secret_hash = $1", VirtualKeySecret.Hash(secret))));
    }

    private async Task<Guid> BudgetAsync(Guid scope, long capNanoUsd, string kind = "key")
    {
        var id = Guid.CreateVersion7();
        var revision = await caching.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Budget, id, caching.World.Organisation)],
            """
            insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, thresholds, created_at, created_by)
            values ($1, $2, $5, $3, 'monthly', $4, 'reject', '{50,80,100}', now() - interval '1 hour', 'test')
            """,
            id, caching.World.Organisation, scope.ToString(), capNanoUsd, kind);
        await Eventually.HoldsAsync(async () => await caching.Gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the change");
        await caching.OpenedAsync();
        return id;
    }
}
