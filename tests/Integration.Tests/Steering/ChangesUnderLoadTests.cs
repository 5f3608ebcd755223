using System.Collections.Concurrent;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Steering;

/// <summary>
/// The configuration goes back and forth between two states, each in one transaction: rule, pin, canary, who is enabled, breakers and fallbacks. Requests fit one of the two
/// wholly; a mixed one would find its deployment disabled, another version, or another model.
/// </summary>
public sealed class ChangesUnderLoadTests(StoresFixture stores)
{
    private const int Callers = 6, Changes = 40;

    [Fact]
    public async Task Steering_ChangedUnderLoad_NoRequestFails_AndNoneSeesAMixture()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var state = await SetUpAsync(world);
        await using var gateway = await world.StartGatewayAsync();
        var seen = new ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                // By the rule to a model that is pinned; straight to one with a canary.
                var isRuled = caller % 2 == 0;
                using var response = await gateway.ChatAsync(
                    world.Key, $$"""{"model":"{{(isRuled ? "small" : "split")}}","stream":{{(caller % 3 == 0 ? "true" : "false")}},"messages":[{"role":"user","content":"Hello"}]}""",
                    headers: ("x-gateway-feature", isRuled ? "ruled" : "plain"));
                var served = $"{(int)response.StatusCode} {Header(response, "x-gateway-model")} {Header(response, "x-gateway-route-reason")} {Header(response, "x-gateway-deployment")} {Header(response, "x-gateway-attempts")}";
                await response.Content.ReadAsStringAsync();
                seen.AddOrUpdate(served, 1, (_, count) => count + 1);
            }
        })).ToArray();
        for (var change = 0; change < Changes; change++)
        {
            var before = seen.Values.Sum();
            var revision = await ToAsync(world, state, isA: change % 2 == 1);
            await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(20), "the gateway has the change");
            await Eventually.HoldsAsync(() => seen.Values.Sum() > before + Callers, TimeSpan.FromSeconds(20), "requests ran under it");
        }
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Equal(
            ["200 split canary:load-a load-a 1", "200 split canary:load-b load-b 1", "200 under-a pin load-a 1", "200 under-b pin load-b 1"], seen.Keys.Order(StringComparer.Ordinal));
        // The version that was asked for is the pin's of the same state.
        Assert.Equal(["ver-a", "ver-b"], world.Simulator.Requests.Select(r => r.Model).Where(m => m.StartsWith("ver-", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    private static async Task<State> SetUpAsync(GatewayWorld world)
    {
        var configuration = world.Configuration;
        var provider = Assert.Single(await configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await configuration.IdsAsync("select id from credentials"));
        var a = await configuration.AddDeploymentAsync(world.Organisation, "load-a", provider, "load-a", credential);
        var b = await configuration.AddDeploymentAsync(world.Organisation, "load-b", provider, "load-b", credential);
        await configuration.AddModelAsync(world.Organisation, "under-a", [a]);
        await configuration.AddModelAsync(world.Organisation, "under-b", [b]);
        await configuration.AddModelAsync(world.Organisation, "split", [a, b]);
        var state = new State(a, b, Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await configuration.ExecuteAsync(
            $$"""
            insert into routing_rules (id, organisation_id, position, name, is_enabled, conditions, action, created_at, created_by)
            values ('{{state.Rule}}', '{{world.Organisation}}', 0, 'ruled', true, '{"features":["ruled"]}', '{"model":"under-a"}', now(), 'test');
            insert into pins (id, organisation_id, scope_kind, scope_id, model, deployment_id, version, on_unavailable, created_at, created_by)
            values ('{{state.Pin}}', '{{world.Organisation}}', 'model', null, 'under-a', '{{a}}', 'ver-a', 'fail', now(), 'test');
            insert into canaries (id, organisation_id, model, deployment_id, sticky, shares, dwell_seconds, min_requests, status, created_at, created_by)
            values ('{{state.Canary}}', '{{world.Organisation}}', 'split', '{{a}}', 'request', '{10000}', '{0}', 1000000, 'running', now(), 'test');
            """);
        await ToAsync(world, state, isA: true);
        return state;
    }

    // The ids are this test's own.
    private static Task<long> ToAsync(GatewayWorld world, State state, bool isA)
    {
        var (name, other, deployment) = isA ? ("a", "b", state.A) : ("b", "a", state.B);
        return world.Configuration.WriteAsync(
            [
                new(ConfigurationKinds.Rule, state.Rule, world.Organisation), new(ConfigurationKinds.Pin, state.Pin, world.Organisation), new(ConfigurationKinds.Canary, state.Canary, world.Organisation),
                new(ConfigurationKinds.Deployment, state.A, world.Organisation), new(ConfigurationKinds.Deployment, state.B, world.Organisation),
            ],
            $$"""
            update routing_rules set action = '{"model":"under-{{name}}"}' where id = '{{state.Rule}}';
            update pins set model = 'under-{{name}}', deployment_id = '{{deployment}}', version = 'ver-{{name}}' where id = '{{state.Pin}}';
            update canaries set deployment_id = '{{deployment}}' where id = '{{state.Canary}}';
            update deployments set is_enabled = id = '{{deployment}}', breaker = '{"failures":{{(isA ? 3 : 7)}},"window_seconds":{{(isA ? 30 : 60)}}}' where id in ('{{state.A}}', '{{state.B}}');
            update models set reliability = '{"retries":0,"fallbacks":[{"to":"under-{{other}}","all_failed":true}]}' where name = 'under-{{name}}';
            update models set reliability = null where name = 'under-{{other}}';
            update models set reliability = '{"retries":{{(isA ? 1 : 2)}},"fallbacks":[{"to":"under-{{name}}","status":[503]}]}' where name = 'split';
            """);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private sealed record State(Guid A, Guid B, Guid Rule, Guid Pin, Guid Canary);
}
