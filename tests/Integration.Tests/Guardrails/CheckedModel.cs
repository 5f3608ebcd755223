using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Models of their own, so that no script or rule of another test meets them.</summary>
internal static class CheckedModel
{
    /// <summary>A model, with a policy where settings are given, and its two deployments, its name with -a and -b; a token costs 150 nano-USD in and 600 out, ten times that at the second.</summary>
    public static async Task<string> AddAsync(GatewayWorld world, GuardrailSettings? settings = null)
    {
        var name = "f" + Guid.NewGuid().ToString("N")[..10];
        var configuration = world.Configuration;
        var provider = Assert.Single(await configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = (await configuration.IdsAsync("select id from credentials where organisation_id = $1 and provider_id = $2 order by id", world.Organisation, provider))[0];
        var ids = new List<Guid>();
        foreach (var (each, price) in new[] { (name + "-a", """{"input":150000000,"output":600000000}"""), (name + "-b", """{"input":1500000000,"output":6000000000}""") })
        {
            var deployment = await configuration.AddDeploymentAsync(world.Organisation, each, provider, each, credential);
            await configuration.AddPriceAsync(world.Organisation, deployment, price, DateTimeOffset.UnixEpoch);
            ids.Add(deployment);
        }
        var model = await configuration.AddModelAsync(world.Organisation, name, ids);
        await configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], """update models set reliability = '{"retries":0}' where id = $1""", model);
        if (settings is null) return name;
        var policy = Guid.CreateVersion7();
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Guardrail, policy, world.Organisation)],
            "insert into guardrail_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, 'model', $3, $4::jsonb, now(), 'test')",
            policy, world.Organisation, name, JsonSerializer.Serialize(settings, DataJson.Default.GuardrailSettings));
        return name;
    }
}
