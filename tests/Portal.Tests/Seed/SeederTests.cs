using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Seed;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Portal.Tests.Seed;

/// <summary>The first configuration: with the simulator, with real providers, with neither.</summary>
public sealed class SeederTests : IAsyncLifetime
{
    private readonly PortalHost portal;

    // A database for each test: the seed acts on an empty one only.
    public SeederTests(PostgresFixture postgres) => portal = new(postgres);

    public ValueTask InitializeAsync() => portal.InitializeAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Seed_WithTheSimulator_AnswersTheFirstRequest()
    {
        var settings = new Dictionary<string, string?> { ["Seed:SimulatorUrl"] = "http://127.0.0.1:8089/", ["Seed:DemoKey"] = "agw-demo-0123456789abcdef" };
        await SeedAsync(settings);
        await SeedAsync(settings);

        await using var db = portal.Db();
        var organisation = await db.Organisations.SingleAsync();
        Assert.Equal(("demo", "demo-small"), (organisation.Slug, organisation.DefaultModel));
        Assert.Equal(["product", "research"], await db.Teams.OrderBy(t => t.Id).Select(t => t.Slug).ToListAsync());
        var key = await db.VirtualKeys.SingleAsync();
        Assert.Equal(VirtualKeySecret.Hash("agw-demo-0123456789abcdef"), key.SecretHash);
        Assert.Equal("agw-demo-0", key.Prefix);
        var provider = await db.Providers.SingleAsync();
        Assert.Equal(("simulator", "http://127.0.0.1:8089/v1", true, "openai"), (provider.Slug, provider.BaseUrl, provider.IsPrivate, provider.Protocol));
        var credential = await db.Credentials.SingleAsync();
        Assert.NotNull(portal.Get<SecretBox>().Open(credential.SecretEnvelope, credential.Id));
        Assert.Equal(
            ["demo-embed:text-embedding-3-small", "demo-large:gpt-4o", "demo-reasoning:", "demo-small:gpt-4o-mini"],
            (await db.Models.Include(m => m.Aliases).ToListAsync()).Select(m => $"{m.Name}:{m.Aliases.FirstOrDefault()?.Name}").Order(StringComparer.Ordinal));
        Assert.Equal(await db.Deployments.CountAsync(), await db.PriceVersions.CountAsync());
        Assert.All(await db.AuditEntries.ToListAsync(), a => Assert.Equal(("seed", 1L, organisation.Id), (a.Actor, a.Revision, a.OrganisationId)));
        Assert.Equal(1, await portal.RevisionAsync());
        // Gateways are told of every row that they load.
        Assert.Equal(
            4 + 4 + 4 + 2 + 1 + 1 + 1 + 1, await db.ConfigurationChanges.CountAsync());
    }

    [Fact]
    public async Task Seed_WithProviderKeys_UsesTheirModelsAndSealsTheKeys()
    {
        await SeedAsync(new()
        {
            ["OPENAI_API_KEY"] = "sk-openai-0123456789", ["ANTHROPIC_API_KEY"] = "sk-ant-0123456789abc", ["GEMINI_API_KEY"] = "AIza-0123456789abcdef",
            ["AWS_ACCESS_KEY_ID"] = "AKIA", ["Seed:SimulatorUrl"] = "http://127.0.0.1:8089",
        });
        await using var db = portal.Db();
        Assert.Equal(["anthropic", "gemini", "openai"], await db.Providers.OrderBy(p => p.Slug).Select(p => p.Slug).ToListAsync());
        Assert.All(await db.Providers.ToListAsync(), p => Assert.False(p.IsPrivate));
        foreach (var credential in await db.Credentials.ToListAsync())
            Assert.Contains("0123456789", portal.Get<SecretBox>().Open(credential.SecretEnvelope, credential.Id), StringComparison.Ordinal);
        Assert.Equal("fast", (await db.Organisations.SingleAsync()).DefaultModel);
        var fast = await db.Models.Include(m => m.Deployments).SingleAsync(m => m.Name == "fast");
        Assert.Equal([0, 1, 2], fast.Deployments.Select(d => d.Position).Order());
        Assert.True(await db.Models.AnyAsync(m => m.Name == "gpt-4o-mini"));
        Assert.Empty(await db.VirtualKeys.ToListAsync());
        Assert.Contains("AWS_ACCESS_KEY_ID found, but not used", portal.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", portal.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_WithNeither_MakesAnOrganisationAndSaysWhatIsMissing()
    {
        await SeedAsync([]);
        await using var db = portal.Db();
        Assert.Null((await db.Organisations.SingleAsync()).DefaultModel);
        Assert.Empty(await db.Models.ToListAsync());
        Assert.Contains("Seed__SimulatorUrl", portal.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_WhereThereIsAnOrganisation_ChangesNothing()
    {
        await portal.AddOrganisationAsync();
        await SeedAsync(new() { ["Seed:SimulatorUrl"] = "http://127.0.0.1:8089" });
        Assert.Equal(0, await portal.RevisionAsync());
        await using var db = portal.Db();
        Assert.Empty(await db.Teams.ToListAsync());
    }

    private Task SeedAsync(Dictionary<string, string?> settings) => new Seeder(
        portal.Get<ConfigurationWriter>(), portal.Get<SecretBox>(), new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
        portal.Get<ILoggerFactory>().CreateLogger<Seeder>()).RunAsync(default);
}
