using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Who gets whose answers to similar questions: every pair of callers under every scope, and everything beside the last words that makes another question.</summary>
public sealed class SemanticIsolationTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private readonly CachingWorld caching = fixture.Caching;

    private GatewayWorld World => caching.World;

    [Fact]
    public async Task EveryPairOfCallers_SharesOnlyWithinTheScope()
    {
        var stranger = await StrangersAsync();
        var otherTeam = await World.Configuration.AddTeamAsync(World.Organisation, "semantic-green");
        foreach (var scope in CacheScopes.All)
        {
            var settings = new CacheSettings { Mode = CacheModes.Semantic, Scope = scope };
            var (one, two, three) = (await caching.KeyAsync(settings), await caching.KeyAsync(settings), await caching.KeyAsync(settings, otherTeam));
            var four = await caching.KeyAsync(settings, stranger.Team, stranger.Organisation);
            Who[] callers =
            [
                new("org/team/key1/ada", one, "1", "blue", "acme", "ada"), new("org/team/key1/bob", one, "1", "blue", "acme", "bob"), new("org/team/key2/ada", two, "2", "blue", "acme", "ada"),
                new("org/green/key3/ada", three, "3", "green", "acme", "ada"), new("stranger/key4/ada", four, "4", "blue", "strange", "ada"),
            ];
            foreach (var maker in callers)
            {
                // Another code each time, so that makers' questions are not each other's.
                var code = $"{scope}/{maker.Name}";
                Assert.Equal("miss", await AskAsync(maker, $"Tell me what is kept at {code}"));
                foreach (var other in callers)
                {
                    var isShared = other.Organisation == maker.Organisation && scope switch
                    {
                        CacheScopes.Organisation => true,
                        CacheScopes.Team => other.Team == maker.Team,
                        CacheScopes.Key => other.KeyName == maker.KeyName,
                        _ => other.KeyName == maker.KeyName && other.User == maker.User,
                    };
                    var said = await AskAsync(other, $"please, what is kept at {code}", ("x-gateway-cache", "only-if-cached, similarity=0"));
                    Assert.True((said == "semantic") == isShared, $"{scope}: {other.Name} got '{said}' of what {maker.Name} asked");
                }
            }
        }
    }

    [Fact]
    public async Task EverythingBesideTheLastWords_MakesAnotherScope()
    {
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Semantic, Tools = true });
        string[] variants =
        [
            "", ",\"temperature\":0", ",\"temperature\":1", ",\"top_p\":0.5", ",\"seed\":1", ",\"stop\":\"x\"", ",\"presence_penalty\":1", ",\"response_format\":{\"type\":\"json_object\"}",
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]", ",\"reasoning_effort\":\"low\"", ",\"max_tokens\":99",
        ];
        foreach (var variant in variants)
        {
            Assert.True(await CacheOfAsync(key, Body("user", "Say merlin facts as json", variant)) == "miss", $"'{variant}' was answered by another one's reply");
            Assert.True(await CacheOfAsync(key, Body("user", "please, say merlin facts as json", variant)) == "semantic", $"'{variant}' is not kept");
        }
        foreach (var messages in (string[])
        [
            """{"role":"system","content":"be brief"},{"role":"user","content":"Say merlin facts as json"}""",
            """{"role":"system","content":"be verbose"},{"role":"user","content":"Say merlin facts as json"}""",
            """{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"Say merlin facts as json"}""",
            """{"role":"user","content":"a"},{"role":"assistant","content":"c"},{"role":"user","content":"Say merlin facts as json"}""",
        ])
            Assert.True(await CacheOfAsync(key, $$"""{"model":"small","messages":[{{messages}}]}""") == "miss", messages);
        Assert.Equal("miss", await CacheOfAsync(key, Body("user", "Say merlin facts as json").Replace("small", "chain", StringComparison.Ordinal)));
        // The same digest in another dialect, with other headers, or held to more.
        Assert.Equal("miss", await CacheOfAsync(key, Body("user", "Say merlin facts as json, please"), path: "/v1/messages"));
        Assert.Equal("miss", await CacheOfAsync(key, Body("user", "Say merlin facts as json, please"), headers: ("x-gateway-strict", "true")));
    }

    [Fact]
    public async Task OtherRequests_AreNotCompared()
    {
        var plain = await caching.KeyAsync(new() { Mode = CacheModes.Semantic, Temperature = CacheTemperatures.Zero });
        Assert.Equal("bypass", await CacheOfAsync(plain, Body("user", "Say hobby facts", ",\"temperature\":1")));
        Assert.Equal("bypass", await CacheOfAsync(plain, Body("user", "Say hobby facts", ",\"temperature\":0,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")));
        Assert.Equal("miss", await CacheOfAsync(plain, Body("user", "Say hobby facts", ",\"temperature\":0")));
        Assert.Equal("semantic", await CacheOfAsync(plain, Body("user", "please say hobby facts", ",\"temperature\":0")));
        // A text that is no question any more is the same only letter by letter.
        var length = string.Join(' ', Enumerable.Range(0, 500).Select(i => "word" + (char)('a' + i % 26)));
        Assert.Equal("miss", await CacheOfAsync(plain, Body("user", length, ",\"temperature\":0")));
        Assert.Equal("miss", await CacheOfAsync(plain, Body("user", "please " + length, ",\"temperature\":0")));
        Assert.Equal("hit", await CacheOfAsync(plain, Body("user", length, ",\"temperature\":0")));
    }

    private async Task<string?> AskAsync(Who who, string prompt, params (string Name, string Value)[] headers)
    {
        using var response = await caching.PostAsync(who.Key, "/v1/chat/completions", CachingWorld.Body(prompt), [("x-gateway-user", who.User), .. headers]);
        return CachingWorld.CacheOf(response);
    }

    private async Task<string?> CacheOfAsync(string key, string body, string path = "/v1/chat/completions", params (string Name, string Value)[] headers)
    {
        using var response = await caching.PostAsync(key, path, body, headers);
        return CachingWorld.CacheOf(response);
    }

    private static string Body(string role, string text, string more = "") =>
        $$"""{"model":"small",{{(more.Contains("max_tokens", StringComparison.Ordinal) ? "" : "\"max_tokens\":200,")}}"messages":[{"role":"{{role}}","content":"{{text}}"}]{{more}}}""";

    // The same names of team, model and user as the first one has, so that only the ids differ.
    private async Task<(Guid Organisation, Guid Team)> StrangersAsync()
    {
        var configuration = World.Configuration;
        var organisation = await configuration.AddOrganisationAsync("semantic-strange", defaultModel: "small");
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
