using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Guardrails;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using AspireGateway.Shared.Domain.Guardrails;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Answers from the cache at a real gateway: what is one, what it costs, what callers may ask, what ends it.</summary>
public sealed class CachingTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private static readonly CacheSettings Exact = new() { Mode = CacheModes.Exact };

    private readonly CachingWorld caching = fixture.Caching;

    private GatewayWorld World => caching.World;

    [Fact]
    public async Task NoPolicy_NothingIsKeptAndNothingSaid()
    {
        foreach (var _ in (int[])[1, 2])
        {
            using var response = await caching.PostAsync(World.Key, "/v1/chat/completions", CachingWorld.Body("without a policy"));
            Assert.Null(CachingWorld.CacheOf(response));
        }
        Assert.Equal(2, caching.AskedFor("without a policy"));
        using var only = await caching.PostAsync(World.Key, "/v1/chat/completions", CachingWorld.Body("without a policy"), ("x-gateway-cache", "only-if-cached"));
        Assert.Equal((HttpStatusCode.GatewayTimeout, "not_cached"), (only.StatusCode, (await Ask.ErrorAsync(only)).Code));
    }

    [Fact]
    public async Task ReplyThatIsCheckedAgainstItsContext_IsMadeAnewForEachContext()
    {
        var key = await PolicyKeys.AddAsync(World, new() { Groundedness = new() { Level = GuardrailLevels.Standard, ReplyAction = GuardrailActions.Flag } });
        var id = Assert.Single(await World.Configuration.IdsAsync("select scope_id::uuid from guardrail_policies where scope_kind = 'key' and settings ? 'groundedness'"));
        await caching.SetAsync("key", id.ToString(), Exact);
        await PolicyKeys.AppliedAsync(World, caching.Gateway);
        foreach (var context in (string[])["Riga is the capital of Latvia.", "Vilnius is the capital of Lithuania."])
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("which one is it", $",\"gateway\":{{\"context\":[\"{context}\"]}}"));
            Assert.Equal((HttpStatusCode.OK, "bypass"), (response.StatusCode, CachingWorld.CacheOf(response)));
        }
        Assert.Equal(2, caching.AskedFor("which one is it"));
    }

    [Fact]
    public async Task SecondTime_IsAHit_CostsNothingAndSaysWhatItSaved()
    {
        var key = await caching.KeyAsync(Exact);
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("the capital of Latvia"));
        var made = await first.Content.ReadAsStringAsync();
        Assert.Equal("miss", CachingWorld.CacheOf(first));

        // Another spelling of the same request.
        using var second = await caching.PostAsync(key, "/v1/chat/completions",
            """{ "messages": [ {"content":"the capital of \u004catvia", "role":"user"} ], "user":"ada", "n":1, "max_tokens": 200, "model":"gpt-4o-mini" }""");
        Assert.Equal(made, await second.Content.ReadAsStringAsync());
        Assert.Equal(("hit", "0", "0", "sim-second"), (CachingWorld.CacheOf(second), Ask.Header(second, "x-gateway-cost-usd"), Ask.Header(second, "x-gateway-output-tokens"), Ask.Header(second, "x-gateway-deployment")));
        Assert.InRange(long.Parse(Ask.Header(second, "x-gateway-cache-age"), System.Globalization.CultureInfo.InvariantCulture), 0, 60);
        Assert.Equal(1, caching.AskedFor("the capital of Latvia"));

        var paid = await World.RecordAsync(Ask.Header(first, "x-request-id"));
        var hit = await World.RecordAsync(Ask.Header(second, "x-request-id"));
        Assert.Equal((UsageStatuses.Ok, 200, 0L, 0L, 0L, "small"), (hit.Status, hit.StatusCode, hit.CostNanoUsd, hit.InputTokens, hit.OutputTokens, hit.Model));
        Assert.True(paid.CostNanoUsd > 0);
        var saved = await caching.SavedAsync(Ask.Header(second, "x-request-id"));
        Assert.Equal(("exact", paid.CostNanoUsd), (saved.Hit, saved.SavedNanoUsd));
        Assert.True(saved.SavedUs >= 0);
        Assert.Equal((null, null, null), await caching.SavedAsync(Ask.Header(first, "x-request-id")));
        Assert.True(await caching.MetricAsync("llm_cache_hits_total{model=\"small\"}") >= 1);
        Assert.InRange(await caching.MetricAsync("llm_cache_hit_ratio{model=\"small\"}"), 0.01, 1);
    }

    [Fact]
    public async Task AnotherGateway_FindsItInRedis()
    {
        var key = await caching.KeyAsync(Exact);
        var other = await caching.StartAnotherAsync("another");
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("asked at one, known at the other"));
        await Eventually.HoldsAsync(
            async () =>
            {
                using var second = await CachingWorld.PostAsync(other, key, "/v1/chat/completions", CachingWorld.Body("asked at one, known at the other"), ("x-gateway-cache", "only-if-cached"));
                return second.IsSuccessStatusCode && CachingWorld.CacheOf(second) == "hit"
                    && await second.Content.ReadAsStringAsync() == await first.Content.ReadAsStringAsync();
            },
            TimeSpan.FromSeconds(30), "the entry is in Redis");
        await other.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/chat/completions", "messages", "choices")]
    [InlineData("/v1/messages", "messages", "content")]
    [InlineData("/v1/responses", "input", "output")]
    public async Task Stream_AndWholeReply_AnswerForEachOther(string path, string field, string part)
    {
        var key = await caching.KeyAsync(Exact);
        const string Text = "It has seven letters and a snowman \u2603, and it goes on for quite a while so that there are pieces.";
        foreach (var streamFirst in (bool[])[false, true])
        {
            var prompt = $"{path} {streamFirst}";
            World.Simulator.Script($"text=\"{Text}\"");
            using var made = await caching.PostAsync(key, path, BodyOf(field, prompt, streamFirst));
            var madeText = await made.Content.ReadAsStringAsync();
            Assert.True(made.IsSuccessStatusCode, madeText);
            Assert.Equal("miss", CachingWorld.CacheOf(made));

            using var whole = await caching.PostAsync(key, path, BodyOf(field, prompt, stream: false));
            var body = await whole.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("hit", CachingWorld.CacheOf(whole));
            Assert.Equal(WordsOfReply(body), WordsOfReply(streamFirst ? body : JsonDocument.Parse(madeText).RootElement));
            Assert.True(body.TryGetProperty(part, out _) && body.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object);

            using var stream = await caching.PostAsync(key, path, BodyOf(field, prompt, stream: true));
            var events = await stream.Content.ReadAsStringAsync();
            Assert.Equal("hit", CachingWorld.CacheOf(stream));
            Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.MediaType);
            Assert.Equal(WordsOfReply(body), WordsOfStream(events, out var pieces));
            Assert.InRange(pieces, 3, 40);
            Assert.Contains(": gateway {\"cost_usd\":0,", events, StringComparison.Ordinal);
            if (streamFirst) Assert.Equal(TypesOf(madeText), TypesOf(events));
            Assert.Equal(1, caching.AskedFor(prompt));
        }
    }

    [Fact]
    public async Task ToolCalls_AreKeptWherePolicyLetsThem()
    {
        const string Tools = ""","tools":[{"type":"function","function":{"name":"look_up","parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}]""";
        var without = await caching.KeyAsync(Exact);
        using var first = await caching.PostAsync(without, "/v1/chat/completions", CachingWorld.Body("with tools", Tools));
        Assert.Equal("bypass", CachingWorld.CacheOf(first));

        var with = await caching.KeyAsync(Exact with { Tools = true });
        foreach (var status in (string[])["miss", "hit"])
        {
            using var response = await caching.PostAsync(with, "/v1/chat/completions", CachingWorld.Body("with tools", Tools));
            Assert.Equal(status, CachingWorld.CacheOf(response));
        }
    }

    [Fact]
    public async Task Temperature_OnlyZero_IsKeptWherePolicySaysSo()
    {
        var key = await caching.KeyAsync(Exact with { Temperature = CacheTemperatures.Zero });
        using var warm = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("how warm", ",\"temperature\":0.5"));
        using var silent = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("how warm"));
        using var cold = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("how warm", ",\"temperature\":0.0"));
        using var again = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("how warm", ",\"temperature\":0"));

        Assert.Equal(["bypass", "bypass", "miss", "hit"], new[] { warm, silent, cold, again }.Select(CachingWorld.CacheOf));
    }

    [Fact]
    public async Task Embeddings_AreKeptInEitherForm()
    {
        var key = await caching.KeyAsync(Exact);
        using var first = await caching.PostAsync(key, "/v1/embeddings", """{"model":"embed","input":"some text of mine"}""");
        using var base64 = await caching.PostAsync(key, "/v1/embeddings", """{"model":"embed","input":"some text of mine","encoding_format":"base64"}""");
        using var again = await caching.PostAsync(key, "/v1/embeddings", """{"input":"some text of mine","model":"embed","encoding_format":"float"}""");

        Assert.Equal(["miss", "hit", "hit"], new[] { first, base64, again }.Select(CachingWorld.CacheOf));
        Assert.Equal(JsonValueKind.String, (await base64.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")[0].GetProperty("embedding").ValueKind);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("text=\"\"", 200)]
    [InlineData("status=500", 502)]
    [InlineData("status=400", 400)]
    public async Task Bad_Replies_AreNeverKept(string script, int status)
    {
        var key = await caching.KeyAsync(Exact);
        World.Simulator.Script(script);
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("bad: " + status));
        using var second = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("bad: " + status));

        Assert.Equal((status, "miss"), ((int)first.StatusCode, CachingWorld.CacheOf(first)));
        Assert.Equal((HttpStatusCode.OK, "miss"), (second.StatusCode, CachingWorld.CacheOf(second)));
    }

    [Fact]
    public async Task CutReply_IsNeverKept()
    {
        var key = await caching.KeyAsync(Exact);
        foreach (var stream in (string[])["", ",\"stream\":true"])
        {
            foreach (var _ in (int[])[1, 2])
            {
                World.Simulator.Script("text=\"one two three four five six seven eight nine ten\"");
                using var response = await caching.PostAsync(key, "/v1/chat/completions",
                    $$"""{"model":"small","max_tokens":2,"messages":[{"role":"user","content":"cut short"}]{{stream}}}""");
                var text = await response.Content.ReadAsStringAsync();
                Assert.Contains("\"length\"", text, StringComparison.Ordinal);
                Assert.Equal("miss", CachingWorld.CacheOf(response));
            }
        }
    }

    [Fact]
    public async Task TooLarge_IsNotKept()
    {
        var key = await caching.KeyAsync(Exact with { MaxEntryBytes = 1_024 });
        foreach (var stream in (string[])["", ",\"stream\":true"])
        {
            foreach (var _ in (int[])[1, 2])
            {
                World.Simulator.Script($"text=\"{new string('x', 2_000)}\"");
                using var response = await caching.PostAsync(key, "/v1/chat/completions",
                    $$"""{"model":"small","max_tokens":4000,"messages":[{"role":"user","content":"so long"}]{{stream}}}""");
                Assert.Equal("miss", CachingWorld.CacheOf(response));
            }
        }
    }

    [Fact]
    public async Task Directives_DoWhatTheySay()
    {
        var key = await caching.KeyAsync(Exact);
        async Task<(HttpStatusCode, string?)> AskAsync(string prompt, string? directive)
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt), directive is null ? [] : [("x-gateway-cache", directive)]);
            return (response.StatusCode, CachingWorld.CacheOf(response));
        }

        Assert.Equal((HttpStatusCode.GatewayTimeout, "miss"), await AskAsync("directives", "only-if-cached"));
        Assert.Equal((HttpStatusCode.OK, "miss"), await AskAsync("directives", "no-store"));
        Assert.Equal((HttpStatusCode.OK, "miss"), await AskAsync("directives", null));
        Assert.Equal((HttpStatusCode.OK, "hit"), await AskAsync("directives", "only-if-cached"));
        Assert.Equal((HttpStatusCode.OK, "hit"), await AskAsync("directives", "no-store"));
        Assert.Equal((HttpStatusCode.OK, "bypass"), await AskAsync("directives", "no-cache"));
        Assert.Equal(3, caching.AskedFor("\"directives\""));
        Assert.Equal((HttpStatusCode.OK, "hit"), await AskAsync("directives", "ttl=3600"));
        // An age of whole seconds: whoever takes nothing that is a second old gets it anew in time.
        await Eventually.HoldsAsync(async () => (await AskAsync("directives", "no-store, ttl=1")).Item2 == "miss", TimeSpan.FromSeconds(30), "it is a second old");
        Assert.Equal((HttpStatusCode.OK, "hit"), await AskAsync("directives", null));
        foreach (var bad in (string[])["maybe", "ttl=0", "ttl=-1", "ttl=2592001", "ttl=", "no-cache, only-if-cached", ""])
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("directives"), ("x-gateway-cache", bad));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("x-gateway-cache", (await Ask.ErrorAsync(response)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("all")]
    [InlineData("model")]
    [InlineData("team")]
    [InlineData("route")]
    [InlineData("tag")]
    public async Task Purge_EndsWhatDependsOnIt(string what)
    {
        var key = await caching.KeyAsync(Exact);
        var field = what switch
        {
            "all" => CachePurge.All, "model" => CachePurge.OfModel("small"), "team" => CachePurge.OfTeam(World.Team), "route" => CachePurge.OfRoute("chat_completions"),
            _ => CachePurge.OfTag("stage", "a=b"),
        };
        async Task<string?> AskAsync(string? directive = null)
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("purge " + what), [("x-gateway-tags", "stage=a=b"), .. directive is null ? ((string, string)[])[] : [("x-gateway-cache", directive)]]);
            return CachingWorld.CacheOf(response);
        }

        Assert.Equal("miss", await AskAsync());
        Assert.Equal("hit", await AskAsync());
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString);
        var database = redis.GetDatabase();
        await database.HashIncrementAsync(new CacheKeys(World.Organisation).Epochs, field);
        await database.StringIncrementAsync(CacheKeys.PurgeNumber);
        await Eventually.HoldsAsync(async () => await AskAsync("only-if-cached") == "miss", TimeSpan.FromSeconds(30), "the purge is heard of");
        Assert.Equal("miss", await AskAsync());
        Assert.Equal("hit", await AskAsync());
    }

    [Fact]
    public async Task GuardrailsAndPins_MakeOtherKeys()
    {
        var key = await caching.KeyAsync(Exact);
        async Task<string?> AskAsync()
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("under which rules"));
            return CachingWorld.CacheOf(response);
        }

        Assert.Equal("miss", await AskAsync());
        Assert.Equal("hit", await AskAsync());
        var policy = Guid.CreateVersion7();
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Guardrail, policy, World.Organisation)],
            "insert into guardrail_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, 'team', gen_random_uuid()::text, '{\"secrets\":{\"level\":\"off\"}}', now(), 'test')",
            policy, World.Organisation);
        await Eventually.HoldsAsync(async () => await AskAsync() == "miss", TimeSpan.FromSeconds(30), "the guardrail policy is known");
        Assert.Equal("hit", await AskAsync());

        var deployment = Assert.Single(await World.Configuration.IdsAsync("select id from deployments where name = 'sim-second' and organisation_id = $1", World.Organisation));
        await World.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, deployment, World.Organisation)], "update deployments set upstream_model = 'sim-small-2' where id = $1", deployment);
        await Eventually.HoldsAsync(async () => await AskAsync() == "miss", TimeSpan.FromSeconds(30), "the new version is known");
        Assert.Equal("hit", await AskAsync());
        await World.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, deployment, World.Organisation)], "update deployments set upstream_model = 'sim-small' where id = $1", deployment);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("under which rules"), ("x-gateway-cache", "no-cache"));
                return (await response.Content.ReadAsStringAsync()).Contains("sim-small\"", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30), "the old version is back");
    }

    private static string BodyOf(string field, string prompt, bool stream) => field == "input"
        ? $$"""{"model":"small","stream":{{(stream ? "true" : "false")}},"input":"{{prompt}}"}"""
        : $$"""{"model":"small","stream":{{(stream ? "true" : "false")}},"max_tokens":200,"messages":[{"role":"user","content":"{{prompt}}"}]}""";

    private static string WordsOfReply(JsonElement body) =>
        body.TryGetProperty("choices", out var choices) ? choices[0].GetProperty("message").GetProperty("content").GetString()!
        : body.TryGetProperty("content", out var content) ? content[0].GetProperty("text").GetString()!
        : body.GetProperty("output").EnumerateArray().First(item => item.GetProperty("type").GetString() == "message").GetProperty("content")[0].GetProperty("text").GetString()!;

    private static string WordsOfStream(string events, out int pieces)
    {
        var words = new List<string>();
        foreach (var line in events.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var data = JsonDocument.Parse(line["data: ".Length..]).RootElement;
            if (data.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } word) words.Add(word);
            else if (data.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object && delta.TryGetProperty("text", out var text)) words.Add(text.GetString()!);
            else if (delta.ValueKind == JsonValueKind.String && data.GetProperty("type").GetString() == "response.output_text.delta") words.Add(delta.GetString()!);
        }
        pieces = words.Count;
        return string.Concat(words);
    }

    // What kinds of events there are, in order, however many pieces the words came in.
    private static List<string> TypesOf(string events)
    {
        var types = new List<string>();
        foreach (var line in events.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)))
        {
            var type = line == "data: [DONE]" ? "done"
                : JsonDocument.Parse(line["data: ".Length..]).RootElement is var data && data.TryGetProperty("type", out var named) ? named.GetString()!
                : data.GetProperty("choices") is var choices && choices.GetArrayLength() == 0 ? "usage" : choices[0].GetProperty("finish_reason").ValueKind == JsonValueKind.Null ? "chunk" : "finish";
            if (types.Count == 0 || types[^1] != type) types.Add(type);
        }
        return types;
    }
}
