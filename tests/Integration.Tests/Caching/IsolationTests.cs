using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Who gets whose answers: every pair of callers under every scope, and every parameter that makes another question.</summary>
public sealed class IsolationTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private readonly CachingWorld caching = fixture.Caching;

    private GatewayWorld World => caching.World;

    [Fact]
    public async Task EveryPairOfCallers_SharesOnlyWithinTheScope()
    {
        var stranger = await AddOrganisationAsync();
        var otherTeam = await World.Configuration.AddTeamAsync(World.Organisation, "green");
        foreach (var scope in CacheScopes.All)
        {
            var settings = new CacheSettings { Mode = CacheModes.Exact, Scope = scope };
            var (one, two, three) = (await caching.KeyAsync(settings), await caching.KeyAsync(settings), await caching.KeyAsync(settings, otherTeam));
            var four = await caching.KeyAsync(settings, stranger.Team, stranger.Organisation);
            Who[] callers =
            [
                new("org/team/key1/ada", one, "1", "blue", "acme", "ada"), new("org/team/key1/bob", one, "1", "blue", "acme", "bob"), new("org/team/key2/ada", two, "2", "blue", "acme", "ada"),
                new("org/green/key3/ada", three, "3", "green", "acme", "ada"), new("stranger/key4/ada", four, "4", "blue", "strange", "ada"),
            ];
            foreach (var maker in callers)
            {
                var prompt = $"{scope} of {maker.Name}";
                Assert.Equal("miss", await AskAsync(maker, prompt));
                foreach (var other in callers)
                {
                    var isShared = other.Organisation == maker.Organisation && scope switch
                    {
                        CacheScopes.Organisation => true,
                        CacheScopes.Team => other.Team == maker.Team,
                        CacheScopes.Key => other.KeyName == maker.KeyName,
                        _ => other.KeyName == maker.KeyName && other.User == maker.User,
                    };
                    var said = await AskAsync(other, prompt, ("x-gateway-cache", "only-if-cached"));
                    Assert.True((said == "hit") == isShared, $"{scope}: {other.Name} got '{said}' of what {maker.Name} asked");
                }
            }
        }
    }

    [Fact]
    public async Task UserScope_WithoutAUser_KeepsNothing()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact, Scope = CacheScopes.User });
        foreach (var _ in (int[])[1, 2])
        {
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("who am I"));
            Assert.Equal("bypass", CachingWorld.CacheOf(response));
        }
    }

    [Fact]
    public async Task EveryParameter_MakesAnotherQuestion()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact, Tools = true });
        string[] variants =
        [
            "", ",\"temperature\":0", ",\"temperature\":1", ",\"top_p\":0.5", ",\"seed\":1", ",\"seed\":2", ",\"stop\":\"x\"", ",\"presence_penalty\":1", ",\"response_format\":{\"type\":\"json_object\"}",
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]", ",\"reasoning_effort\":\"low\"",
        ];
        foreach (var variant in variants)
        {
            using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("parameters as json", variant));
            Assert.True(CachingWorld.CacheOf(first) == "miss", $"'{variant}' was answered by another one's reply");
            using var second = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("parameters as json", variant));
            Assert.True(CachingWorld.CacheOf(second) == "hit", $"'{variant}' is not kept");
        }
        using var model = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("parameters as json", model: "chain"));
        Assert.Equal("miss", CachingWorld.CacheOf(model));
        using var dialect = await caching.PostAsync(key, "/v1/messages", CachingWorld.Body("parameters as json"));
        Assert.Equal("miss", CachingWorld.CacheOf(dialect));
        using var beta = await caching.PostAsync(key, "/v1/messages", CachingWorld.Body("parameters as json"), ("anthropic-beta", "context-1m-2025-08-07"));
        Assert.Equal("miss", CachingWorld.CacheOf(beta));
        using var strict = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("parameters as json"), ("x-gateway-strict", "true"));
        Assert.Equal("miss", CachingWorld.CacheOf(strict));
    }

    [Fact]
    public async Task Region_ThatForbidsTheMaker_IsNoHit()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact });
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("where", model: "chain"));
        Assert.Equal("sim-first", first.Headers.GetValues("x-gateway-deployment").Single());
        var (id, second) = (Guid.CreateVersion7(), Assert.Single(await World.Configuration.IdsAsync("select id from deployments where name = 'sim-second' and organisation_id = $1", World.Organisation)));
        await World.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, second, World.Organisation)], "update deployments set region = 'eu-west' where id = $1", second);
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Residency, id, World.Organisation)],
            "insert into residency_rules (id, organisation_id, scope_kind, scope_id, regions, created_at, created_by) values ($1, $2, 'data_class', 'health', array['eu-*'], now(), 'test')", id, World.Organisation);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var declared = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("where", model: "chain"), ("x-gateway-data-class", "health"), ("x-gateway-cache", "no-store"));
                return declared.IsSuccessStatusCode && CachingWorld.CacheOf(declared) == "miss" && declared.Headers.GetValues("x-gateway-deployment").Single() == "sim-second";
            },
            TimeSpan.FromSeconds(30), "what the region forbids is asked elsewhere");
        using var free = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("where", model: "chain"));
        Assert.Equal("hit", CachingWorld.CacheOf(free));
    }

    [Fact]
    public async Task MaskedPrompt_AnswersWithEachCallersOwnValues()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact });
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

        World.Simulator.Script("text=\"I wrote to <EMAIL_1>.\"");
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("Write to ada@example.com"));
        Assert.Contains("I wrote to ada@example.com.", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var stream in (string[])["", ",\"stream\":true"])
        {
            using var second = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("Write to bob@example.org", stream));
            var text = await second.Content.ReadAsStringAsync();
            Assert.Equal("hit", CachingWorld.CacheOf(second));
            Assert.Contains("bob@example.org", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ada@", text, StringComparison.Ordinal);
        }
    }

    private async Task<string?> AskAsync(Who who, string prompt, params (string Name, string Value)[] headers)
    {
        using var response = await caching.PostAsync(who.Key, "/v1/chat/completions", CachingWorld.Body(prompt), [("x-gateway-user", who.User), .. headers]);
        return CachingWorld.CacheOf(response);
    }

    // The same names of team, model and user as the first one has, so that only the ids differ.
    private async Task<(Guid Organisation, Guid Team)> AddOrganisationAsync()
    {
        var configuration = World.Configuration;
        var organisation = await configuration.AddOrganisationAsync("strange", defaultModel: "small");
        var team = await configuration.AddTeamAsync(organisation, "blue");
        var provider = await configuration.AddProviderAsync(organisation, "sim", new Uri(World.Simulator.BaseUrl, "v1").ToString());
        var credential = await configuration.AddCredentialAsync(organisation, provider);
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(World.MasterKey).Seal(GatewayWorld.ProviderSecret, credential));
        await configuration.WriteAsync([new(ConfigurationKinds.Provider, provider, organisation)], "update providers set is_private = true where id = $1", provider);
        var deployment = await configuration.AddDeploymentAsync(organisation, "sim-second", provider, "sim-small", credential);
        await configuration.AddModelAsync(organisation, "small", [deployment]);
        return (organisation, team);
    }

    private sealed record Who(string Name, string Key, string KeyName, string Team, string Organisation, string User);
}
