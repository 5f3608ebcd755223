using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Simulator.Recording;
using Npgsql;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>A deployment with several credentials: they take turns, rest one by one, and are exchanged while requests run.</summary>
public sealed class CredentialTests(QuickRetries fixture) : IClassFixture<QuickRetries>
{
    private static readonly string[] Secrets = ["sk-several-one-000001", "sk-several-two-000002", "sk-several-three-0003"];

    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task Requests_AreSpreadEvenly()
    {
        var (model, _, _) = await AddAsync(Secrets);
        for (var i = 0; i < 12; i++) await AnsweredAsync(model);

        Assert.Equal([4, 4, 4], KeysOf(model).GroupBy(key => key).Select(group => group.Count()));
    }

    [Fact]
    public async Task Refused_AnotherAnswersAtOnce_AndTheRefusedOneIsNotAskedAgain()
    {
        var (model, deployment, _) = await AddAsync(Secrets);
        world.Simulator.ScriptFor(model, "status=401");
        Assert.Equal("2", await AnsweredAsync(model));
        for (var i = 0; i < 9; i++) Assert.Equal("1", await AnsweredAsync(model));

        var keys = KeysOf(model);
        Assert.Single(keys, keys[0]);
        // The circuit heard nothing of it: nothing is wrong with the deployment.
        Assert.Empty(await world.Configuration.IdsAsync("select id from circuit_events where deployment_id = $1", deployment));
        await using var source = NpgsqlDataSource.Create(world.Database);
        await Eventually.HoldsAsync(
            async () =>
            {
                await using var command = source.CreateCommand("select detail::text from steering_events where type = 'credential.refused' and detail ->> 'deployment' = $1");
                command.Parameters.AddWithValue(model);
                return await command.ExecuteScalarAsync() is string detail && detail.Contains("\"unauthorized\"", StringComparison.Ordinal) && !Secrets.Any(s => detail.Contains(s, StringComparison.Ordinal));
            },
            TimeSpan.FromSeconds(30), "the event of the refused credential");
        using var preview = await gateway.Http.SendAsync(Preview(model));
        var text = await preview.Content.ReadAsStringAsync();
        Assert.Equal((1, 2), (Count(text, "\"state\":\"refused\""), Count(text, "\"state\":\"ready\"")));
    }

    [Fact]
    public async Task AllLimited_TheDeploymentRests_AndAnotherOneServes()
    {
        var (model, _, _) = await AddAsync(Secrets[..2]);
        var second = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        var both = "both-" + model;
        await world.Configuration.AddModelAsync(world.Organisation, both, [Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = $1", model)), second]);
        await SeenAsync();
        world.Simulator.ScriptFor(model, "status=429; retry-after=60", "status=429; retry-after=60");

        using (var first = await gateway.ChatAsync(world.Key, Body(both)))
            Assert.Equal(("sim-second", "3"), (first.Headers.GetValues("x-gateway-deployment").Single(), first.Headers.GetValues("x-gateway-attempts").Single()));
        using (var next = await gateway.ChatAsync(world.Key, Body(both)))
            Assert.Equal(("sim-second", "1"), (next.Headers.GetValues("x-gateway-deployment").Single(), next.Headers.GetValues("x-gateway-attempts").Single()));
        Assert.Equal(2, KeysOf(model).Distinct().Count());
    }

    [Fact]
    public async Task Exchanged_WhileRequestsRun_NoneFails_AndTheOldOneIsLeftAlone()
    {
        var (model, deployment, credentials) = await AddAsync(Secrets[..1]);
        var fresh = await CredentialAsync("sk-several-fresh-0009");
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 6).Select(caller => Task.Run(async () =>
        {
            var answered = 0;
            while (!stop.IsCancellationRequested)
            {
                using var response = await gateway.ChatAsync(world.Key, $$"""{"model":"{{model}}","stream":{{(caller % 2 == 0 ? "true" : "false")}},"messages":[{"role":"user","content":"Hello [[sim: chunks=4; chunk-ms=20]]"}]}""");
                Assert.Equal(200, (int)response.StatusCode);
                Assert.EndsWith(caller % 2 == 0 ? "[DONE]" : "}", (await response.Content.ReadAsStringAsync()).TrimEnd(), StringComparison.Ordinal);
                answered++;
            }
            return answered;
        })).ToArray();
        Guid[][] states = [[credentials[0]], [credentials[0], fresh], [fresh]];
        for (var round = 0; round < 3; round++)
        {
            foreach (var ids in states)
            {
                await SetAsync(deployment, ids);
                await SeenAsync();
            }
        }
        // Those that began with the old one have ended; from here on it is never shown again.
        var marked = world.Simulator.Requests.Count;
        await Eventually.HoldsAsync(
            () => Task.FromResult(world.Simulator.Requests.Skip(marked).Count(r => r.Model == model && r.Finished) > 20), TimeSpan.FromSeconds(20), "requests with the new credential");
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(callers), answered => Assert.True(answered > 3));
        var keys = KeysOf(model);
        Assert.Contains(KeyMask.Of(Secrets[0]), keys);
        Assert.Equal(KeyMask.Of("sk-several-fresh-0009"), Assert.Single(keys.TakeLast(10).Distinct()));
    }

    // A deployment and model of its own, so that no script of another test meets it.
    private async Task<(string Model, Guid Deployment, Guid[] Credentials)> AddAsync(string[] secrets)
    {
        var name = "c" + Guid.NewGuid().ToString("N")[..10];
        var provider = Assert.Single(await world.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credentials = new List<Guid>();
        foreach (var secret in secrets) credentials.Add(await CredentialAsync(secret));
        var deployment = await world.Configuration.AddDeploymentAsync(world.Organisation, name, provider, name);
        await SetAsync(deployment, [.. credentials]);
        await world.Configuration.AddModelAsync(world.Organisation, name, [deployment]);
        await SeenAsync();
        return (name, deployment, [.. credentials]);
    }

    private async Task<Guid> CredentialAsync(string secret)
    {
        var provider = Assert.Single(await world.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var id = await world.Configuration.AddCredentialAsync(world.Organisation, provider, Guid.NewGuid().ToString("N"));
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, id, world.Organisation)], "update credentials set secret_envelope = $2 where id = $1", id, new SecretBox(world.MasterKey).Seal(secret, id));
        return id;
    }

    private Task<long> SetAsync(Guid deployment, Guid[] credentials) => world.Configuration.WriteAsync(
        [new(ConfigurationKinds.Deployment, deployment, world.Organisation)],
        "update deployments set credential_id = $2, more_credential_ids = $3 where id = $1", deployment, credentials[0], credentials[1..]);

    private async Task SeenAsync()
    {
        await using var source = NpgsqlDataSource.Create(world.Database);
        await using var command = source.CreateCommand("select revision from configuration_state");
        var revision = (long)(await command.ExecuteScalarAsync())!;
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the change");
    }

    private async Task<string> AnsweredAsync(string model)
    {
        using var response = await gateway.ChatAsync(world.Key, Body(model));
        Assert.Equal(200, (int)response.StatusCode);
        return response.Headers.GetValues("x-gateway-attempts").Single();
    }

    private List<string?> KeysOf(string model) => [.. world.Simulator.Requests.Where(r => r.Model == model).Select(r => r.Key)];

    private HttpRequestMessage Preview(string model)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/route/preview") { Content = new StringContent(Body(model), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + world.Key);
        return request;
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    private static string Body(string model) => $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""";
}
