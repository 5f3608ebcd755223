using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Integration.Tests.Steering;

/// <summary>Arms of A/B tests in the usage records, beside the caller's tags, whichever word the route has.</summary>
public sealed class ArmTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Arm_IsInTheRecord_AndNobodyPutsHimselfIntoOne()
    {
        var world = fixture.World;
        var deployments = await world.Configuration.IdsAsync("select id from deployments where name in ('sim-first', 'sim-second') order by name");
        await world.Configuration.AddModelAsync(world.Organisation, "halves", deployments);
        var model = Assert.Single(await world.Configuration.IdsAsync("select id from models where name = 'halves'"));
        // Requests that name no model get there by a rule, whose word stands in the reason.
        await world.Configuration.ExecuteAsync(
            $$"""
            insert into routing_rules (id, organisation_id, position, name, is_enabled, conditions, action, created_at, created_by)
            values ('{{Guid.CreateVersion7()}}', '{{world.Organisation}}', 0, 'halves', true, '{"features":["halves"]}', '{"model":"halves"}', now(), 'test')
            """);
        var revision = await world.Configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "update models set strategy = 'ab' where id = $1", model);
        await Eventually.HoldsAsync(async () => await fixture.Gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the model");

        for (var i = 0; i < 16; i++)
        {
            using var response = await fixture.Gateway.ChatAsync(
                world.Key, Ask.Body(model: i % 2 == 0 ? "halves" : "small"), headers: [("x-gateway-user", $"user-{i}"), ("x-gateway-feature", "halves"), ("x-gateway-tags", "stage=test")]);
            Assert.Equal(200, (int)response.StatusCode);
        }
        Assert.Equal((400, "invalid_request_error"), await Ask.StatusAsync(fixture.Gateway, world.Key, null, ("x-gateway-tags", "gateway.arm=ab:sim-first")));

        await using var source = NpgsqlDataSource.Create(world.Database);
        List<(string Arm, string Deployment, string Stage)> rows = [];
        await Eventually.HoldsAsync(async () => (rows = await RowsAsync(source)).Count == 16, TimeSpan.FromSeconds(20), "the records");
        Assert.All(rows, row => Assert.Equal(("ab:" + row.Deployment, "test"), (row.Arm, row.Stage)));
        Assert.Equal(2, rows.Select(row => row.Arm).Distinct().Count());
    }

    private static async Task<List<(string Arm, string Deployment, string Stage)>> RowsAsync(NpgsqlDataSource source)
    {
        var rows = new List<(string, string, string)>();
        await using var command = source.CreateCommand("select tags ->> 'gateway.arm', deployment, tags ->> 'stage' from usage_records where model = 'halves'");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return rows;
    }
}
