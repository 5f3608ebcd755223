using System.Buffers;
using System.Globalization;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Canaries;

/// <summary>Who goes to a canary and to the arm of an A/B test, and how many: 10,000 requests, within five standard deviations.</summary>
public sealed class CanarySplitTests
{
    private const int Requests = 10_000;

    private static readonly Guid Id = Guid.Parse("01943a70-0000-7000-8000-000000000001"), Key = Guid.CreateVersion7(), Team = Guid.CreateVersion7();
    private static readonly Dictionary<string, Guid> Ids = new(StringComparer.Ordinal) { ["a"] = Guid.CreateVersion7(), ["b"] = Guid.CreateVersion7(), ["new"] = Guid.CreateVersion7(), ["off"] = Guid.CreateVersion7() };

    [Theory]
    [InlineData(CanaryStickiness.User, 500)]
    [InlineData(CanaryStickiness.User, 5_000)]
    [InlineData(CanaryStickiness.Request, 1_000)]
    public void Split_OfTenThousand_IsTheShare(string sticky, int share)
    {
        var caller = CallerOf(Canary(sticky, share));
        AssertShare(Enumerable.Range(0, Requests).Count(i => Plan(caller, Name(i)).Arm is { IsCanary: true }), share / 10_000.0);
    }

    [Fact]
    public void User_KeepsTheArm_AndStaysInItAtEveryHigherShare()
    {
        var (small, large) = (CallerOf(Canary(CanaryStickiness.User, 1_000)), CallerOf(Canary(CanaryStickiness.User, 3_000)));
        var first = Enumerable.Range(0, 2_000).Where(i => IsIn(small, i)).ToList();
        Assert.Equal(first, Enumerable.Range(0, 2_000).Where(i => IsIn(small, i)));
        Assert.All(first, i => Assert.True(IsIn(large, i)));

        static bool IsIn(Caller caller, int user) => Plan(caller, Name(user)).Arm is { IsCanary: true };
    }

    [Fact]
    public void Key_OneForAll_IsInOneArm() =>
        Assert.Single(Enumerable.Range(0, 100).Select(i => Plan(CallerOf(Canary(CanaryStickiness.Key, 5_000)), Name(i)).Arm!.IsCanary).Distinct());

    [Fact]
    public void Arms_AreOrderedSoThatTheCanaryFallsBack_AndTheOthersNeverSeeIt()
    {
        Assert.Equal(("canary:new", "new a b"), Text(Plan(CallerOf(Canary(CanaryStickiness.User, 10_000)), "u")));
        Assert.Equal(("priority", "a b -new:canary"), Text(Plan(CallerOf(Canary(CanaryStickiness.User, 1)), UserOutside())));
        // One that is in the model anyway is its last resort.
        Assert.Equal(("priority", "b a"), Text(Plan(CallerOf(Canary(CanaryStickiness.User, 1) with { Deployment = Ids["a"] }), UserOutside())));
    }

    [Fact]
    public void Canary_Disabled_SaysNothing()
    {
        var plan = Plan(CallerOf(Canary(CanaryStickiness.User, 10_000) with { Deployment = Ids["off"] }), "u");
        Assert.Equal(("priority", "a b -off:disabled"), Text(plan));
        Assert.Null(plan.Arm);
    }

    [Fact]
    public void Canary_ThatBrokeAGuard_GetsNothing_AlsoInTheNextSnapshot()
    {
        var caller = CallerOf(Canary(CanaryStickiness.User, 10_000));
        caller.Organisation.Steering.Canaries["m"].State.Trip(CanaryReasons.ErrorRate);
        Assert.Equal(("priority", "a b"), Text(Plan(caller, "u")));
        Assert.Equal(("priority", "a b"), Text(Plan(CallerOf(Canary(CanaryStickiness.User, 10_000), caller.Organisation), "u")));
    }

    [Fact]
    public void Ramp_GoesByTheStage()
    {
        var caller = CallerOf(Canary(CanaryStickiness.User, 1_000) with { Shares = [100, 10_000], DwellSeconds = [1, 0] });
        Assert.Equal(100, caller.Organisation.Steering.Canaries["m"].Share);
        caller.Organisation.Steering.Canaries["m"].State.Stage = 1;
        Assert.Equal("canary:new", Plan(caller, "u").Reason);
    }

    [Fact]
    public void Pin_GoesBeforeACanary()
    {
        var caller = CallerOf(Canary(CanaryStickiness.User, 10_000), null, new PinRow(Guid.CreateVersion7(), PinScopes.Model, null, "m", Ids["b"], "b", null, PinPolicies.Fail));
        var plan = Plan(caller, "u");
        Assert.Equal("pin", plan.Reason);
        Assert.Null(plan.Arm);
    }

    [Fact]
    public void Ab_OfTenThousandUsers_IsSplitByTheWeights_AndStays()
    {
        var caller = CallerOf(null, strategy: RoutingStrategies.Ab, weights: [3, 1]);
        var arms = Enumerable.Range(0, Requests).Select(i => Plan(caller, Name(i))).ToList();
        AssertShare(arms.Count(plan => plan.Reason == "ab:a"), 0.75);
        AssertShare(arms.Count(plan => plan.Reason == "ab:b"), 0.25);
        Assert.All(arms, plan => Assert.Equal(plan.Reason["ab:".Length..], plan.Candidates[0].Deployment.Name));
        Assert.Equal(arms.Select(plan => plan.Reason), Enumerable.Range(0, Requests).Select(i => Plan(caller, Name(i)).Reason));
        // The other arm serves when the first one fails.
        Assert.All(arms, plan => Assert.Equal(2, plan.Candidates.Count(c => c.Dropped is null)));
        // Weight 0 is nobody's arm; without a user the key has one.
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal("ab:b", Plan(CallerOf(null, strategy: RoutingStrategies.Ab, weights: [0, 1]), Name(i)).Reason));
        Assert.Single(Enumerable.Range(0, 100).Select(_ => Plan(caller, null).Reason).Distinct());
    }

    private static void AssertShare(int count, double share)
    {
        var deviation = 5 * Math.Sqrt(Requests * share * (1 - share));
        Assert.InRange(count, Requests * share - deviation, Requests * share + deviation);
    }

    private static string Name(int i) => "user-" + i.ToString(CultureInfo.InvariantCulture);

    private static string UserOutside() =>
        Enumerable.Range(0, 100).Select(Name).First(user => Plan(CallerOf(Canary(CanaryStickiness.User, 1)), user).Arm is { IsCanary: false });

    private static CanaryRow Canary(string sticky, int share) => new(Id, "m", Ids["new"], sticky, [share], [0], 100, 0.02, 1.3, 1.15, null);

    private static (string Reason, string Order) Text(RoutePlan plan) =>
        (plan.Reason, string.Join(' ', plan.Candidates.Select(c => c.Dropped is null ? c.Deployment.Name : $"-{c.Deployment.Name}:{c.Dropped}")));

    private static RoutePlan Plan(Caller caller, string? user)
    {
        using var facts = new RequestFacts(ArrayPool<byte>.Shared.Rent(8), 2) { UserId = user, KeyId = caller.Key.IdText };
        Assert.Null(PlanRoute.Plan(caller, "m", facts, DateTimeOffset.UnixEpoch, out var plan));
        return plan!;
    }

    private static Caller CallerOf(CanaryRow? canary, OrganisationSnapshot? previous = null, PinRow? pin = null, string strategy = RoutingStrategies.Priority, int[]? weights = null)
    {
        var (organisation, provider) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var team = new TeamRow(Team, "blue", [], null, IsArchived: false);
        var built = CatalogBuilder.Build(
            new OrganisationCatalog(
                new OrganisationRow(organisation, "acme", "UTC", null, "closed"), [team], [new ProviderRow(provider, "p", Protocols.OpenAi, "https://api.example.com/v1", false, 1, 2, 3)], [],
                [.. Ids.Select(d => new DeploymentRow(d.Value, d.Key, provider, null, d.Key, null, null, null, d.Key != "off", DateTimeOffset.UnixEpoch))], [],
                [new ModelRow(Guid.CreateVersion7(), "m", strategy, DateTimeOffset.UnixEpoch, [], [Ids["a"], Ids["b"]], weights)],
                Steering: new SteeringRows(Pins: pin is null ? [] : [pin], Canaries: canary is null ? [] : [canary])),
            previous, []);
        return new Caller(
            new VirtualKeySnapshot { Id = Key, OrganisationId = organisation, TeamId = Team, Name = "k", Prefix = "agw-x", SecretHash = new byte[32], AllowedModels = [] }, built.Teams[Team], built);
    }
}
