using System.Buffers;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Pins;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Pins;

/// <summary>What a pin does to a plan.</summary>
public sealed class PinningTests
{
    private static readonly Guid Key = Guid.CreateVersion7(), Team = Guid.CreateVersion7();
    private static readonly Dictionary<string, Guid> Ids = new(StringComparer.Ordinal)
    {
        ["alias"] = Guid.CreateVersion7(), ["old"] = Guid.CreateVersion7(), ["twin"] = Guid.CreateVersion7(), ["aside"] = Guid.CreateVersion7(), ["broken"] = Guid.CreateVersion7(),
    };

    [Fact]
    public void NoPin_LeavesTheStrategy() => Assert.Equal(("priority", "alias old twin"), Plan(out _));

    [Fact]
    public void Pin_ThatFails_GoesFirstAndKeepsOnlyItsVersion()
    {
        Assert.Equal(("pin", "old -alias:pin twin"), Plan(out var plan, Pin("old", "v1")));
        Assert.Equal("v1", plan!.Candidates[0].Deployment.UpstreamModel);
    }

    [Fact]
    public void Pin_ThatAllows_KeepsTheOthersBehind() => Assert.Equal(("pin", "twin alias old"), Plan(out _, Pin("twin", "v1", PinPolicies.Allow)));

    [Fact]
    public void Version_OtherThanTheDeploymentsOwn_IsAskedForInItsPlace()
    {
        Assert.Equal(("pin", "alias -old:pin -twin:pin"), Plan(out var plan, Pin("alias", "v9")));
        Assert.Equal(("v9", "\"v9\"", "alias"), (plan!.Candidates[0].Deployment.UpstreamModel, System.Text.Encoding.UTF8.GetString(plan.Candidates[0].Deployment.UpstreamModelJson), plan.Candidates[0].Deployment.Name));
        // The deployment itself is what it was.
        Plan(out plan);
        Assert.Equal("latest", plan!.Candidates[0].Deployment.UpstreamModel);
    }

    [Fact]
    public void Deployment_OutsideTheModel_IsAdded() => Assert.Equal(("pin", "aside -alias:pin -old:pin -twin:pin"), Plan(out _, Pin("aside", "v3")));

    [Fact]
    public void Narrowest_OfSeveralPins_Holds()
    {
        var all = new List<PinRow> { Pin("old", "v1", kind: PinScopes.Model, id: null) };
        Assert.Equal("old", First(all));
        all.Add(Pin("alias", "latest", kind: PinScopes.Team, id: Team.ToString()));
        Assert.Equal("alias", First(all));
        all.Add(Pin("twin", "v1", kind: PinScopes.Feature, id: "search"));
        Assert.Equal("twin", First(all));
        all.Add(Pin("aside", "v3", kind: PinScopes.Key, id: Key.ToString()));
        Assert.Equal("aside", First(all));
        // Those of others do not.
        Assert.Equal(("priority", "alias old twin"), Plan(out _, Pin("old", "v1", kind: PinScopes.Feature, id: "other"), Pin("old", "v1", kind: PinScopes.Team, id: Key.ToString())));

        static string First(List<PinRow> pins) => Plan(out _, [.. pins]).Order.Split(' ')[0];
    }

    [Fact]
    public void Strategy_ThatFindsThePinnedOneUnfit_DoesNotDropIt() =>
        Assert.Equal(("pin", "old -alias:pin twin"), Plan(out _, RoutingStrategies.Cheapest, context: 1, Pin("old", "v1")));

    [Fact]
    public void Pinned_Disabled_FailsOrLeaves()
    {
        Assert.Equal(("pin_unavailable", "Model 'm' is pinned to version 'v8' for this key, and its deployment cannot be used (disabled). A platform engineer can change the pin in the portal under Pins, or let it fall back."),
            Plan(out _, Pin("broken", "v8")));
        Assert.Equal(("pin", "-broken:disabled alias old twin"), Plan(out _, Pin("broken", "v8", PinPolicies.Allow)));
        // Another deployment of the same version serves.
        Assert.Equal(("pin", "-broken:disabled -alias:pin old twin"), Plan(out _, Pin("broken", "v1")));
    }

    [Fact]
    public void Pinned_LeftOutOfTheSnapshot_FailsOrLeaves()
    {
        var gone = Pin("old", "v1") with { Deployment = Guid.CreateVersion7() };
        Assert.Equal("-alias:pin old twin", Plan(out _, gone).Order);
        Assert.Equal("pin_unavailable", Plan(out _, gone with { Version = "v7" }).Reason);
        Assert.Equal(("pin", "alias old twin"), Plan(out _, gone with { OnUnavailable = PinPolicies.Allow }));
    }

    [Theory]
    [InlineData(500, PinPolicies.Fail, "pin_unavailable")]
    [InlineData(429, PinPolicies.Fail, "pin_unavailable")]
    [InlineData(400, PinPolicies.Fail, "other")]
    [InlineData(500, PinPolicies.Allow, "other")]
    public void Failure_OfAllThatThePinAllows_IsThePins_WhenItWasTheProvidersFault(int status, string policy, string code)
    {
        Plan(out var plan, Pin("old", "v1", policy));
        var refusal = Pinning.Failed(plan!, Refusal.RejectedByProvider(status, "other", "It broke.", null).RetryAfter(7));
        Assert.Equal((code, code == "other" ? status : 503, 7), (refusal.Code, refusal.Status, refusal.RetryAfterSeconds));
    }

    private static PinRow Pin(string deployment, string version, string policy = PinPolicies.Fail, string kind = PinScopes.Key, string? id = "") =>
        new(Guid.CreateVersion7(), kind, id is "" ? Key.ToString() : id, "m", Ids[deployment], version, null, policy);

    private static (string Reason, string Order) Plan(out RoutePlan? plan, params PinRow[] pins) => Plan(out plan, RoutingStrategies.Priority, null, pins);

    private static (string Reason, string Order) Plan(out RoutePlan? plan, string strategy, int? context, params PinRow[] pins)
    {
        var (organisation, provider) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        DeploymentRow Row(string name, string upstream) => new(Ids[name], name, provider, null, upstream, null, name == "old" ? context : null, null, name != "broken", DateTimeOffset.UnixEpoch);
        var team = new TeamRow(Team, "blue", [], null, IsArchived: false);
        var built = CatalogBuilder.Build(
            new OrganisationCatalog(
                new OrganisationRow(organisation, "acme", "UTC", null, "closed"), [team], [new ProviderRow(provider, "p", Protocols.OpenAi, "https://api.example.com/v1", false, 1, 2, 3)], [],
                [Row("alias", "latest"), Row("old", "v1"), Row("twin", "v1"), Row("aside", "v3"), Row("broken", "v0")], [],
                [new ModelRow(Guid.CreateVersion7(), "m", strategy, DateTimeOffset.UnixEpoch, [], [Ids["alias"], Ids["old"], Ids["twin"]])], Steering: new SteeringRows(Pins: pins)),
            null, []);
        var caller = new Caller(
            new VirtualKeySnapshot { Id = Key, OrganisationId = organisation, TeamId = Team, Name = "k", Prefix = "agw-x", SecretHash = new byte[32], AllowedModels = [] }, built.Teams[Team], built);
        using var facts = new RequestFacts(ArrayPool<byte>.Shared.Rent(100), 100) { Feature = "search" };
        var refusal = PlanRoute.Plan(caller, "m", facts, DateTimeOffset.UnixEpoch, out plan);
        return refusal is null
            ? (plan!.Reason, string.Join(' ', plan.Candidates.Select(c => c.Dropped is null ? c.Deployment.Name : $"-{c.Deployment.Name}:{c.Dropped}")))
            : (refusal.Code, refusal.Message);
    }
}
