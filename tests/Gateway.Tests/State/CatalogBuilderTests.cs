using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Tests.State;

public sealed class CatalogBuilderTests
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Organisation = Guid.CreateVersion7(), Provider = Guid.CreateVersion7(), First = Guid.CreateVersion7(), Second = Guid.CreateVersion7();

    [Theory]
    [InlineData("")]
    [InlineData("api.example.com/v1")]
    [InlineData("/v1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@example.com/v1")]
    [InlineData("https://example.com/v1?key=secret")]
    [InlineData("https://example.com/v1#part")]
    public void BaseUrl_Unusable_LeavesTheProviderOutWithoutQuotingIt(string baseUrl)
    {
        var faults = new List<ConfigurationFault>();

        var built = CatalogBuilder.Build(Catalog() with { Providers = [ProviderRow(baseUrl)], Deployments = [], Models = [] }, null, faults);

        Assert.Empty(built.DirectModels);
        var fault = Assert.Single(faults);
        Assert.Equal((ConfigurationKinds.Provider, Provider), (fault.Kind, fault.EntityId));
        Assert.DoesNotContain("secret", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"input": "free"}""")]
    [InlineData("""{"input": 0.5}""")]
    [InlineData("""{"input": -1}""")]
    [InlineData("""{"input": 1, "cache_read": -1}""")]
    [InlineData("""{"input": 99999999999999999999}""")]
    public void Price_Malformed_IsLeftOutAndTheOlderOneHolds(string components)
    {
        var faults = new List<ConfigurationFault>();
        var bad = new PriceRow(Guid.CreateVersion7(), First, Moment, components);

        var built = CatalogBuilder.Build(Catalog() with { Prices = [bad, .. Catalog().Prices] }, null, faults);

        Assert.Equal((ConfigurationKinds.Price, bad.Id), (faults.Single().Kind, faults.Single().EntityId));
        Assert.Equal(1, built.Models["fast"].Deployments[0].PriceAt(Moment.AddDays(1))?.Components.Input);
    }

    [Fact]
    public void PriceAt_SeveralVersions_IsTheLatestThatHasBegun()
    {
        var catalog = Catalog() with
        {
            Prices = [
                new PriceRow(Guid.CreateVersion7(), First, Moment.AddDays(2), """{"input": 3}"""),
                new PriceRow(Guid.CreateVersion7(), First, Moment, """{"input": 2}"""),
                new PriceRow(Guid.CreateVersion7(), First, Moment.AddDays(-2), """{"input": 1}"""),
            ],
        };

        var deployment = CatalogBuilder.Build(catalog, null, []).Models["fast"].Deployments[0];

        Assert.Equal(
            [null, 1L, 2L, 2L, 3L],
            new[] { -3, -2, 0, 1, 2 }.Select(days => deployment.PriceAt(Moment.AddDays(days))?.Components.Input));
    }

    [Theory]
    [InlineData("""{"input": 1, "output": 2, "steps": [{"above": 200000, "input": -3}]}""", "its steps[0].input is from 0 to 1000000000000000")]
    [InlineData("""{"input": -1}""", "its input is from 0 to 1000000000000000")]
    [InlineData("""{"input": 1, "steps": [null]}""", "its steps[0] must be an object")]
    public void Price_ThatCannotBe_IsLeftOutWithItsField(string components, string reason)
    {
        var faults = new List<ConfigurationFault>();
        var built = CatalogBuilder.Build(Catalog() with { Prices = [new PriceRow(Guid.CreateVersion7(), First, Moment, components)] }, null, faults);

        Assert.Equal(reason, faults.Single().Reason);
        Assert.Empty(built.Models["fast"].Deployments.Single(d => d.Name == "first").Prices);
    }

    [Fact]
    public void Price_WithStepsTiersAndFieldsOfALaterBuild_Serves()
    {
        var row = new PriceRow(Guid.CreateVersion7(), First, Moment, """
            {"input": 1, "output": 2, "steps": [{"above": 9, "input": 3, "output": 4}], "tiers": [{"name": "flex", "input": 5, "output": 6}], "images": [{"price": 7}], "later": true}
            """);
        var built = CatalogBuilder.Build(Catalog() with { Prices = [row] }, null, []);

        var price = built.Models["fast"].Deployments.Single(d => d.Name == "first").PriceAt(Moment)!.Components;
        Assert.Equal((9, 3, 5, 7), (price.Steps![0].Above, price.Steps[0].Input, price.Tiers![0].Input, price.Images![0].Price));
    }

    [Fact]
    public void DirectModels_TwoDeploymentsOfOneModel_AreTogetherInOrderOfCreation()
    {
        var built = CatalogBuilder.Build(Catalog(), null, []);

        var model = built.DirectModels["openai/gpt"];
        Assert.Equal(["second", "first"], model.Deployments.Select(deployment => deployment.Name));
        Assert.Equal(Moment.AddDays(-1), model.CreatedAt);
        Assert.Equal(RoutingStrategies.Priority, model.Strategy);
    }

    [Fact]
    public void Alias_NamedLikeAModel_LosesToTheModel()
    {
        var faults = new List<ConfigurationFault>();
        var other = new ModelRow(Guid.CreateVersion7(), "other", "priority", Moment, ["fast", "spare"], [Second]);

        var built = CatalogBuilder.Build(Catalog() with { Models = [.. Catalog().Models, other] }, null, faults);

        Assert.Equal("fast", built.Models["fast"].Name);
        Assert.Equal("other", built.Models["spare"].Name);
        Assert.Equal(other.Id, faults.Single().EntityId);
    }

    [Fact]
    public void Fault_Twice_KeepsTheGoodVersionOverBothReloads()
    {
        var good = CatalogBuilder.Build(Catalog(), null, []);
        var faults = new List<ConfigurationFault>();

        var once = CatalogBuilder.Build(Catalog() with { Providers = [ProviderRow("broken")] }, good, faults);
        var twice = CatalogBuilder.Build(Catalog() with { Providers = [ProviderRow("still broken")] }, once, faults);

        Assert.All(faults, fault => Assert.True(fault.KeptPrevious));
        Assert.Same(good.Models["fast"].Deployments[0].Provider, twice.Models["fast"].Deployments[0].Provider);
        Assert.Equal(1, twice.Faults);
    }

    private static ProviderRow ProviderRow(string baseUrl) => new(Provider, "openai", "openai", baseUrl, false, 1000, 1000, 1000);

    private static OrganisationCatalog Catalog() => new(
        new OrganisationRow(Organisation, "acme", "UTC", null, StorePolicies.Closed),
        [],
        [ProviderRow("https://api.example.com/v1")],
        [],
        [
            new DeploymentRow(First, "first", Provider, null, "gpt", null, null, null, IsEnabled: true, Moment),
            new DeploymentRow(Second, "second", Provider, null, "gpt", null, null, null, IsEnabled: true, Moment.AddDays(-1)),
        ],
        [new PriceRow(Guid.CreateVersion7(), First, Moment.AddDays(-1), """{"input": 1}""")],
        [new ModelRow(Guid.CreateVersion7(), "fast", "priority", Moment, [], [First, Second])]);
}
