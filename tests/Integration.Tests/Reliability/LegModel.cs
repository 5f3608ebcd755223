using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>Models with deployments of their own, so that no script of another test meets them: <c>name-a</c>, <c>name-b</c> and so on.</summary>
internal static class LegModel
{
    /// <summary>Input tokens cost 150 nano-USD at the first deployment, output 600; each further one is ten times as dear.</summary>
    public const long Input = 150, Output = 600;

    /// <summary>A hedge that comes at once.</summary>
    public const string Hedged = """{"retries":0,"hedge":{"after_at_least_ms":1,"after_at_most_ms":30,"most_percent":50}}""";

    /// <summary>Adds one.</summary>
    /// <param name="world">Where.</param>
    /// <param name="deployments">How many deployments.</param>
    /// <param name="cascade">Settings of a cascade; null = it is none.</param>
    /// <param name="reliability">Its reliability settings.</param>
    /// <returns>Its name, and its deployments' ids in their order.</returns>
    public static async Task<(string Name, Guid[] Deployments)> AddAsync(SpendingWorld world, int deployments, string? cascade = null, string reliability = """{"retries":0}""")
    {
        var name = "l" + Guid.NewGuid().ToString("N")[..10];
        var (configuration, organisation) = (world.World.Configuration, world.World.Organisation);
        var provider = Assert.Single(await configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await configuration.IdsAsync("select id from credentials where organisation_id = $1", organisation));
        var ids = new Guid[deployments];
        var price = 1L;
        for (var i = 0; i < deployments; i++, price *= 10)
        {
            var each = $"{name}-{(char)('a' + i)}";
            ids[i] = await configuration.AddDeploymentAsync(organisation, each, provider, each, credential);
            await configuration.AddPriceAsync(organisation, ids[i], $$"""{"input":{{Input * price}}000000,"output":{{Output * price}}000000}""", DateTimeOffset.UnixEpoch);
        }
        var model = await configuration.AddModelAsync(organisation, name, ids);
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Model, model, organisation)],
            "update models set strategy = case when $2::jsonb is null then strategy else 'cascade' end, cascade = $2::jsonb, reliability = $3::jsonb where id = $1", model, cascade, reliability);
        return (name, ids);
    }

    /// <summary>Changes a deployment; <paramref name="set"/> is SQL of a test, never input.</summary>
    public static Task<long> ChangeAsync(SpendingWorld world, Guid deployment, string set) =>
        world.World.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, deployment, world.World.Organisation)], $"update deployments set {set} where id = $1", deployment);

    /// <summary>What an answer costs at a step, from 0.</summary>
    public static long CostOf(int step, long input, long output) => (long)Math.Pow(10, step) * (input * Input + output * Output);
}
