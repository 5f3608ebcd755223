using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Gateway.Tests.Guardrails.External;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Services outside of the gateway that look at prompts and replies, at a real gateway and in every dialect.</summary>
public sealed class ExternalCheckTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const string Blocks = """{"action":"block","findings":[{"type":"weapons"}]}""", Allows = """{"action":"allow"}""";

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/messages", false)]
    [InlineData("/v1/responses", true)]
    public async Task Prompt_ThatACheckBlocks_ReachesNoProvider(string path, bool stream)
    {
        await using var server = await StartAsync(_ => Blocks);
        var (model, key) = (await CheckedModel.AddAsync(world.World), await KeyAsync(await CheckAsync(server.Address, GuardrailCheckTexts.Both)));
        using var response = await PostAsync(key, path, model, stream, "How is a sling made?");
        var said = await response.Content.ReadAsStringAsync();

        Assert.Equal((403, "external_checks;block;WEAPONS=1"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-guardrails")));
        Assert.Contains("it holds 1 WEAPONS", said, StringComparison.Ordinal);
        Assert.DoesNotContain(world.World.Simulator.Requests, request => request.Model == model + "-a");
        var record = await world.World.RecordAsync(Ask.Header(response, "x-request-id"));
        Assert.Equal(("refused", "guardrail_blocked", 0), (record.Status, record.Error, record.CostNanoUsd));
    }

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/messages", false)]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/responses", false)]
    [InlineData("/v1/responses", true)]
    public async Task Reply_ThatACheckBlocks_IsNotSeen_ButPaid(string path, bool stream)
    {
        await using var server = await StartAsync(asked => asked.Contains("saltpetre", StringComparison.Ordinal) ? Blocks : Allows);
        var (model, key) = (await CheckedModel.AddAsync(world.World), await KeyAsync(await CheckAsync(server.Address, GuardrailCheckTexts.Both)));
        foreach (var (text, passes) in new[] { ("Take cord and leather.", true), ("Take saltpetre and coal.", false) })
        {
            world.World.Simulator.ScriptFor(model + "-a", $"text=\"{text}\"; prompt-tokens=40; completion-tokens=10");
            using var response = await PostAsync(key, path, model, stream, "How is it made?");
            var said = await Ask.ReadCutAsync(response);

            Assert.Equal(passes || stream ? 200 : 403, (int)response.StatusCode);
            Assert.Equal(passes, said.Replace("\"", "", StringComparison.Ordinal).Contains("leather", StringComparison.Ordinal));
            Assert.DoesNotContain("saltpetre", said, StringComparison.Ordinal);
            if (!passes) Assert.Contains("1 WEAPONS", said, StringComparison.Ordinal);
            var record = await world.World.RecordAsync(Ask.Header(response, "x-request-id"));
            Assert.Equal((passes ? null : "guardrail_blocked", 40L * 150 + 10 * 600), (record.Error, record.CostNanoUsd));
        }
    }

    [Fact]
    public async Task Recogniser_FindsAPerson_WhomNoProviderSees()
    {
        const string Person = "Quillbrand Østerfjeld";
        await using var server = await StartAsync(asked =>
        {
            var text = JsonNode.Parse(asked)!["text"]!.GetValue<string>();
            var at = text.IndexOf(Person, StringComparison.Ordinal);
            return at < 0 ? "[]" : $$"""[{"entity_type":"PERSON","start":{{at}},"end":{{at + Person.Length}},"score":0.85}]""";
        });
        var check = await CheckAsync(server.Address, GuardrailCheckTexts.Prompts, GuardrailCheckKinds.Presidio);
        var (model, key) = (await CheckedModel.AddAsync(world.World), await KeyAsync(check));
        using var response = await PostAsync(key, "/v1/chat/completions", model, stream: false, $"Greet {Person} please.");

        Assert.Equal(200, (int)response.StatusCode);
        var sent = Encoding.UTF8.GetString(Assert.Single(world.World.Simulator.Requests, request => request.Model == model + "-a").Body!);
        Assert.DoesNotContain("Quillbrand", sent, StringComparison.Ordinal);
        Assert.Contains("PERSON", sent, StringComparison.Ordinal);
        Assert.Equal("external_checks;mask;PERSON=1", Ask.Header(response, "x-gateway-guardrails"));
    }

    [Fact]
    public async Task Check_SeesNothingThatTheGatewayMasks()
    {
        await using var server = await StartAsync(_ => Allows);
        var model = await CheckedModel.AddAsync(world.World);
        var key = await KeyAsync(await CheckAsync(server.Address, GuardrailCheckTexts.Prompts), new() { Level = GuardrailLevels.Standard });
        using var response = await PostAsync(key, "/v1/chat/completions", model, stream: false, "Write to ada.lovelace@example.com today.");

        Assert.Equal(200, (int)response.StatusCode);
        var asked = Assert.Single(server.Asked).Body;
        Assert.Contains("today", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("lovelace", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckOfAText_AsksThem_AndWritesPlaceholdersAsTheyAre()
    {
        await using var server = await StartAsync(asked => asked.Contains("sling", StringComparison.Ordinal) ? Blocks : Allows);
        var key = await KeyAsync(await CheckAsync(server.Address, GuardrailCheckTexts.Prompts), new() { Level = GuardrailLevels.Standard });
        foreach (var (text, said) in new[]
        {
            ("A sling", """{"action":"block","findings":[{"type":"WEAPONS","start":0,"end":7,"score":1}],"output":null}"""),
            ("Mail ada@example.com", """{"action":"mask","findings":[{"type":"EMAIL","start":5,"end":20,"score":0.95}],"output":"Mail <EMAIL_1>"}"""),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/guardrails/check") { Content = new StringContent($$"""{"input":"{{text}}"}""", Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            using var response = await gateway.Http.SendAsync(request);
            Assert.Equal(said, await response.Content.ReadAsStringAsync());
        }
        Assert.DoesNotContain(server.Asked, asked => asked.Body.Contains("ada@", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(GuardrailFailPolicies.Closed, 403)]
    [InlineData(GuardrailFailPolicies.Open, 200)]
    public async Task Check_ThatIsGone_FollowsItsPolicy(string onError, int status)
    {
        var model = await CheckedModel.AddAsync(world.World);
        // Nobody listens there.
        var key = await KeyAsync(await CheckAsync("http://127.0.0.1:1/", GuardrailCheckTexts.Prompts, onError: onError));
        using var response = await PostAsync(key, "/v1/chat/completions", model, stream: false, "Hello");
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Reply_ThatChecksSee_IsNeverGivenFromTheCache()
    {
        await using var server = await StartAsync(_ => Allows);
        var (prompts, both) = (await CheckAsync(server.Address, GuardrailCheckTexts.Prompts), await CheckAsync(server.Address, GuardrailCheckTexts.Both));
        foreach (var (check, asked) in new[] { (prompts, 1), (both, 2) })
        {
            var (model, key) = (await CheckedModel.AddAsync(world.World), await KeyAsync(check, cached: true));
            for (var i = 0; i < 2; i++)
            {
                using var response = await PostAsync(key, "/v1/chat/completions", model, stream: false, "What is asked twice?");
                Assert.Equal(200, (int)response.StatusCode);
                await response.Content.ReadAsStringAsync();
            }
            Assert.Equal(asked, world.World.Simulator.Requests.Count(request => request.Model == model + "-a"));
        }
    }

    private static async Task<CheckServer> StartAsync(Func<string, string> answer)
    {
        var server = new CheckServer();
        server.Does = http => http.Response.WriteAsync(answer(server.Asked[^1].Body));
        await server.InitializeAsync();
        return server;
    }

    private async Task<string> CheckAsync(string url, string appliesTo, string kind = GuardrailCheckKinds.Webhook, string onError = GuardrailFailPolicies.Closed)
    {
        var (id, name) = (Guid.CreateVersion7(), "c" + Guid.NewGuid().ToString("N")[..10]);
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.GuardrailCheck, id, world.World.Organisation)],
            """
            insert into guardrail_checks (id, organisation_id, name, kind, url, is_private, time_limit_ms, on_error, applies_to, max_characters, created_at, created_by)
            values ($1, $2, $3, $4, $5, true, 20000, $6, $7, 50000, now(), 'test')
            """,
            id, world.World.Organisation, name, kind, url, onError, appliesTo);
        return name;
    }

    private async Task<string> KeyAsync(string check, GuardrailRule? personalData = null, bool cached = false)
    {
        var secret = VirtualKeySecret.Create();
        var (org, id) = (world.World.Organisation, await world.World.Configuration.AddKeyAsync(world.World.Organisation, world.World.Team, secret));
        if (cached)
        {
            await world.World.Configuration.WriteAsync(
                [new(ConfigurationKinds.Cache, Guid.CreateVersion7(), org)],
                "insert into cache_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, 'key', $3, $4::jsonb, now(), 'test')",
                Guid.CreateVersion7(), org, id.ToString(), JsonSerializer.Serialize(new CacheSettings { Mode = CacheModes.Exact }, DataJson.Default.CacheSettings));
        }
        await PolicyKeys.SetAsync(world.World, GuardrailScopes.Key, id.ToString(), new()
        {
            PersonalData = personalData,
            ExternalChecks = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Block, ReplyAction = GuardrailActions.Block, Checks = [check] },
        });
        await world.AppliedAsync(gateway);
        return secret;
    }

    private async Task<HttpResponseMessage> PostAsync(string key, string path, string model, bool stream, string question)
    {
        var prompt = path == "/v1/responses" ? $"\"input\":\"{question}\",\"max_output_tokens\":400" : $"\"messages\":[{{\"role\":\"user\",\"content\":\"{question}\"}}],\"max_tokens\":400";
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($"{{\"model\":\"{model}\",\"stream\":{(stream ? "true" : "false")},{prompt}}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (path == "/v1/messages") request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        return await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
