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
    public SeederTests(PostgresFixture postgres, RedisFixture redis) => portal = new(postgres, redis);

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
        Assert.Equal(
            [
                ("sim-anthropic", "http://127.0.0.1:8089/v1", true, "anthropic"), ("sim-bedrock", "http://127.0.0.1:8089", true, "bedrock"),
                ("sim-gemini", "http://127.0.0.1:8089/v1beta", true, "gemini"), ("simulator", "http://127.0.0.1:8089/v1", true, "openai"),
            ],
            (await db.Providers.OrderBy(p => p.Slug).ToListAsync()).Select(p => (p.Slug, p.BaseUrl, p.IsPrivate, p.Protocol)));
        Assert.Equal(
            ["""{"access_key_id":"AKIDEXAMPLE","secret_access_key":"wJalrXUtnFEMI/K7MDENG\u002BbPxRfiCYEXAMPLEKEY"}""", "simulator", "simulator", "simulator"],
            (await db.Credentials.ToListAsync()).Select(c => portal.Get<SecretBox>().Open(c.SecretEnvelope, c.Id)!).OrderDescending(StringComparer.Ordinal));
        Assert.Equal("us-east-1", (await db.Deployments.SingleAsync(d => d.Name == "sim-bedrock")).Region);
        Assert.Equal(
            ["demo-bedrock:", "demo-claude:", "demo-embed:text-embedding-3-small", "demo-gemini:", "demo-large:gpt-4o", "demo-reasoning:", "demo-small:gpt-4o-mini"],
            (await db.Models.Include(m => m.Aliases).ToListAsync()).Select(m => $"{m.Name}:{m.Aliases.FirstOrDefault()?.Name}").Order(StringComparer.Ordinal));
        Assert.Equal(await db.Deployments.CountAsync(), await db.PriceVersions.CountAsync());
        Assert.All(await db.AuditEntries.ToListAsync(), a => Assert.Equal(("seed", 1L, organisation.Id), (a.Actor, a.Revision, a.OrganisationId)));
        Assert.Equal(1, await portal.RevisionAsync());
        Assert.Equal("standard mask", (await db.GuardrailPolicies.SingleAsync(p => p.ScopeKind == "organisation")).Settings.Secrets is { } secrets ? $"{secrets.Level} {secrets.Action}" : "none");
        // Gateways are told of every row that they load.
        Assert.Equal(
            7 + 7 + 7 + 4 + 4 + 4 + 2 + 1 + 1 + 1, await db.ConfigurationChanges.CountAsync());
    }

    [Fact]
    public async Task Seed_WithProviderKeys_UsesTheirModelsAndSealsTheKeys()
    {
        await SeedAsync(new()
        {
            ["OPENAI_API_KEY"] = "sk-openai-0123456789", ["ANTHROPIC_API_KEY"] = "sk-ant-0123456789abc", ["GEMINI_API_KEY"] = "AIza-0123456789abcdef",
            ["AWS_ACCESS_KEY_ID"] = "AKIA-0123456789", ["AWS_SECRET_ACCESS_KEY"] = "aws-0123456789", ["AWS_SESSION_TOKEN"] = "token-0123456789", ["AWS_REGION"] = "eu-central-1",
            ["AZURE_OPENAI_API_KEY"] = "azure-0123456789", ["AZURE_OPENAI_ENDPOINT"] = "https://acme.openai.azure.com/", ["AZURE_OPENAI_DEPLOYMENTS"] = "chat=gpt-4o, ours = gpt-unheard",
            ["Seed:SimulatorUrl"] = "http://127.0.0.1:8089",
        });
        await using var db = portal.Db();
        Assert.Equal(
            [
                "anthropic anthropic https://api.anthropic.com/v1", "azure azure-openai https://acme.openai.azure.com",
                "bedrock bedrock https://bedrock-runtime.eu-central-1.amazonaws.com", "gemini gemini https://generativelanguage.googleapis.com/v1beta",
                "openai openai https://api.openai.com/v1",
            ],
            await db.Providers.OrderBy(p => p.Slug).Select(p => $"{p.Slug} {p.Protocol} {p.BaseUrl}").ToListAsync());
        Assert.All(await db.Providers.ToListAsync(), p => Assert.False(p.IsPrivate));
        foreach (var credential in await db.Credentials.ToListAsync())
            Assert.Contains("0123456789", portal.Get<SecretBox>().Open(credential.SecretEnvelope, credential.Id), StringComparison.Ordinal);
        Assert.Equal("fast", (await db.Organisations.SingleAsync()).DefaultModel);
        var fast = await db.Models.Include(m => m.Deployments).SingleAsync(m => m.Name == "fast");
        Assert.Equal([0, 1, 2, 3], fast.Deployments.Select(d => d.Position).Order());
        Assert.True(await db.Models.AnyAsync(m => m.Name == "gpt-4o-mini"));
        // Two providers of one model stand behind one name.
        Assert.Equal(2, (await db.Models.Include(m => m.Deployments).SingleAsync(m => m.Name == "gpt-4o")).Deployments.Count);

        // Prices, limits and abilities are the price book's; a model that it does not know has none.
        var unpriced = await db.Deployments.Where(d => !db.PriceVersions.Any(p => p.DeploymentId == d.Id)).Select(d => d.Name).ToListAsync();
        Assert.Equal(["azure-ours"], unpriced);
        Assert.All(await db.PriceVersions.ToListAsync(), p => Assert.Equal(PriceSources.Book, p.Source));
        Assert.All(await db.Deployments.Where(d => d.Name != "azure-ours").ToListAsync(), d =>
        {
            Assert.NotNull(d.ContextTokens);
            Assert.NotNull(d.Abilities);
        });
        var sonnet = await db.Deployments.SingleAsync(d => d.Name == "bedrock-eu.anthropic.claude-sonnet-5-5");
        Assert.Equal("eu-central-1", sonnet.Region);
        // Regional endpoints cost a tenth more.
        Assert.Equal(2_200_000_000, (await db.PriceVersions.SingleAsync(p => p.DeploymentId == sonnet.Id)).Components.Input);
        Assert.Empty(await db.VirtualKeys.ToListAsync());
        Assert.DoesNotContain("0123456789", portal.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY is missing")]
    [InlineData("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT is missing")]
    [InlineData("AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY", "AWS_REGION is missing")]
    [InlineData("AZURE_OPENAI_API_KEY,AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_DEPLOYMENTS (deployment=model, ...) names none")]
    public async Task Seed_WithHalfOfWhatAProviderNeeds_SaysWhatIsMissing(string variables, string says)
    {
        var settings = variables.Split(',').ToDictionary(v => v, v => (string?)(v.EndsWith("ENDPOINT", StringComparison.Ordinal) ? "https://acme.openai.azure.com" : "0123456789abcdef"));
        await SeedAsync(settings);
        await using var db = portal.Db();
        Assert.Empty(await db.Deployments.ToListAsync());
        Assert.Contains(says, portal.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_REGION", "eu-central-1.evil.example/", "AWS_REGION")]
    [InlineData("AZURE_OPENAI_ENDPOINT", "http://169.254.169.254", "AZURE_OPENAI_ENDPOINT")]
    [InlineData("AZURE_OPENAI_DEPLOYMENTS", "chat", "AZURE_OPENAI_DEPLOYMENTS")]
    public async Task Seed_WithAWrongVariable_StopsAndNamesIt(string variable, string value, string says)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = "a", ["AWS_SECRET_ACCESS_KEY"] = "b", ["AWS_REGION"] = "us-east-1", ["AZURE_OPENAI_API_KEY"] = "c", ["AZURE_OPENAI_ENDPOINT"] = "https://acme.openai.azure.com",
            [variable] = value,
        };
        var fault = await Assert.ThrowsAsync<AspireGateway.Portal.Migration.SettingFault>(() => SeedAsync(settings));
        Assert.StartsWith(says, fault.Message, StringComparison.Ordinal);
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
