using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Pins;
using AspireGateway.Gateway.Tests.Routing.Rules;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Pins;

/// <summary>What pins say of models that the pass-through names by their providers' own names.</summary>
public sealed class NamedVersionTests
{
    [Theory]
    // "old" is pinned to; "new" is the other deployment of the model, "aside" one of another model.
    [InlineData("v-pinned", "passes")]
    [InlineData("old-upstream", "refused")]
    [InlineData("new-upstream", "refused")]
    [InlineData("pair", "refused")]
    [InlineData("pair-alias", "refused")]
    [InlineData("aside-upstream", "free")]
    [InlineData("anything", "free")]
    public void Name_OfAPinnedModel_MustBeThePinnedVersion(string name, string expected) => Assert.Equal(expected, Of(name, World()));

    [Fact]
    public void Pin_ThatAllows_LetsOthersThrough()
    {
        var world = World(PinPolicies.Allow);
        Assert.Equal(("passes", "free"), (Of("v-pinned", world), Of("new-upstream", world)));
    }

    [Fact]
    public void SeveralPins_OneOfThemSuffices_AndTheNarrowestIsNamed()
    {
        var world = World();
        // For other models that have the same deployments behind them.
        world.ModelOver("twin", "old", "new");
        world.Pin(PinScopes.Model, null, "twin", "new", "v-twin");
        Assert.Equal(("passes", "passes"), (Of("v-pinned", world), Of("v-twin", world)));
        Assert.Contains("feature 'search'", Verdict("new-upstream", world).Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_SaysWhichVersionAndWhosePin()
    {
        var refusal = Verdict("new-upstream", World()).Refusal!;
        Assert.Equal((403, "model_not_allowed", "model"), (refusal.Status, refusal.Code, refusal.Param));
        Assert.Equal(
            "Requests of feature 'search' for model 'pair' are pinned to version 'v-pinned' (deployment 'old' of provider 'sim'), and this request names 'new-upstream'. "
            + "Name the pinned version, or have a platform engineer change the pin in the portal under Pins, or let it fall back.", refusal.Message);
    }

    [Fact]
    public void Pins_OfOthersAndOfRules_BindNobodyHere()
    {
        var world = new RuleWorld();
        world.Model("pair", "old", "new");
        var rule = world.Rule("all", new(), new() { Model = "pair" });
        world.Pin(PinScopes.Rule, rule.ToString(), "pair", "old", "v1");
        world.Pin(PinScopes.Feature, "other", "pair", "old", "v2");
        Assert.Equal(("free", "free"), (Of("new-upstream", world), Of("v1", world)));
    }

    [Theory]
    [InlineData("sim/new-upstream", "search", "model_not_allowed")]
    [InlineData("sim/old-upstream", "search", "model_not_allowed")]
    [InlineData("sim/aside-upstream", "search", "sim/aside-upstream direct")]
    [InlineData("pair", "search", "pair pin")]
    [InlineData("other", "search", "other priority")]
    [InlineData("sim/new-upstream", "elsewhere", "sim/new-upstream direct")]
    public void Chat_ThatNamesAProvidersModel_DoesNotGoPastThePin(string model, string feature, string expected) =>
        Assert.Equal(expected, World().Plan(Named(model), h => h["x-gateway-feature"] = feature));

    [Fact]
    public void Chat_ThatNamesAProvidersModel_GoesOnUnderAPinThatAllows_OrAtItsOwnVersion()
    {
        Assert.Equal("sim/new-upstream direct", World(PinPolicies.Allow).Plan(Named("sim/new-upstream"), h => h["x-gateway-feature"] = "search"));
        var world = new RuleWorld();
        world.Model("pair", "old", "new");
        world.Pin(PinScopes.Model, null, "pair", "old", "old-upstream");
        Assert.Equal(("sim/old-upstream direct", "model_not_allowed"), (world.Plan(Named("sim/old-upstream")), world.Plan(Named("sim/new-upstream"))));
    }

    [Fact]
    public void Chat_ThatIsHeldToThePin_IsToldTheModelToAskFor()
    {
        var exchange = World().Exchange(Named("sim/new-upstream"), h => h["x-gateway-feature"] = "search");
        var refusal = AspireGateway.Gateway.Routing.PlanRoute.Plan(exchange.Caller!, "sim/new-upstream", exchange.Request, exchange.ArrivedAt, out _)!;
        Assert.Equal(
            "Requests of feature 'search' for model 'pair' are pinned to version 'v-pinned' (deployment 'old' of provider 'sim'), and this request names 'sim/new-upstream', which stands for the same model. "
            + "Ask for 'pair', or have a platform engineer change the pin in the portal under Pins, or let it fall back.", refusal.Message);
        Assert.Equal((403, "model"), (refusal.Status, refusal.Param));
    }

    private static string Named(string model) => RuleWorld.Body("x", $",\"model\":\"{model}\"");

    private static RuleWorld World(string policy = PinPolicies.Fail)
    {
        var world = new RuleWorld();
        world.Model("pair", "old", "new");
        world.Model("other", "aside");
        world.Pin(PinScopes.Feature, "search", "pair", "old", "v-pinned", policy);
        return world;
    }

    private static string Of(string name, RuleWorld world) => Verdict(name, world) switch { { Refusal: not null } => "refused", { Held: true } => "passes", _ => "free" };

    private static (bool Held, Refusal? Refusal) Verdict(string name, RuleWorld world)
    {
        var exchange = world.Exchange(RuleWorld.Body("x"), h => h["x-gateway-feature"] = "search");
        var verdict = NamedVersion.Of(exchange.Caller!, exchange.Request!, "sim", name);
        Assert.Equal(default, NamedVersion.Of(exchange.Caller!, exchange.Request!, "elsewhere", "new-upstream"));
        return (verdict.Held is not null, verdict.Refuse(exchange.Caller!, name));
    }
}
