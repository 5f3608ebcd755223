using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Fallbacks;
using AspireGateway.Gateway.Routing.Canaries;
using AspireGateway.Gateway.Routing.Pins;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.Routing.Rules;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing;

/// <summary>Which deployments may serve this request, in which order? Pure and in memory.</summary>
internal sealed class PlanRoute(RouteRules rules) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var ruled = rules.Apply(exchange);
        if (ruled.Refusal is { } denied) return Decision.Refuse(denied);
        var refusal = Plan(exchange.Caller!, exchange.Request!.Model, exchange.Request, exchange.ArrivedAt, out var plan, ruled);
        exchange.Plan = plan;
        if (ruled.Strategy is not (null or RoutingStrategies.Cascade) && plan is { Model.Strategy: RoutingStrategies.Cascade }) exchange.NoteLegs().IsPlain = true;
        return refusal is null ? Decision.Continue : Decision.Refuse(refusal);
    }

    /// <summary>Plans for a name; null = there is a plan. A rule may send it elsewhere, but a name that does not exist or may not be used stays refused.</summary>
    public static Refusal? Plan(Caller caller, string? requested, RequestFacts? facts, DateTimeOffset now, out RoutePlan? plan, RuleOutcome ruled = default)
    {
        plan = null;
        var isDefault = string.IsNullOrEmpty(requested) || requested == ModelAccess.Auto;
        var name = isDefault ? ruled.Target?.Name ?? ModelAccess.DefaultOf(caller) : requested;
        if (name is null)
        {
            return Refusal.InvalidRequest(
                $"No model was named and no default is set for this key, its team '{caller.Team.Slug}' or the organisation. Name one of GET /v1/models in 'model'.", "model");
        }
        if (ModelAccess.Find(caller.Organisation, name) is not { } model)
        {
            return Refusal.ModelNotFound(
                $"Model '{Shown(name)}' does not exist here{(isDefault ? " although it is set as the default" : "")}. GET /v1/models lists those that this key may use.");
        }
        if (!ModelAccess.Allows(caller, model.Name))
        {
            return Refusal.ModelNotAllowed(
                $"Key '{caller.Key.Name}' of team '{caller.Team.Slug}' may not use model '{model.Name}'. GET /v1/models lists what it may use; the team's lead can change that in the portal.");
        }

        model = ruled.Target ?? model;
        // A pin would be a wish if the provider's own name went past it.
        if (NamedVersion.RefuseDirect(caller, facts, model) is { } unpinned) return unpinned;
        var pin = Pinning.Of(caller, facts, model.Name, ruled.Rule);
        var canary = pin is null ? CanarySplit.Of(caller.Organisation, model.Name) : null;
        var deployments = pin?.Deployments ?? canary?.Deployments ?? model.Deployments;
        var candidates = new Candidate[deployments.Length];
        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var deployment = deployments[i];
            candidates[i] = new Candidate(deployment, deployment.PriceAt(now), deployment.IsEnabled ? null : "disabled");
            if (deployment.IsEnabled) kept++;
        }
        var outside = RegionFilter.Apply(caller, facts, model.Name, candidates);
        CanaryArm? arm = null;
        if (pin is not null) Pinning.Order(pin, model, facts, candidates, ruled.Strategy);
        else if (canary is not null) arm = CanarySplit.Order(canary, caller, facts, model, candidates);
        else StrategyList.Order(model, facts, candidates, ruled.Strategy);
        CircuitFilter.Apply(candidates, facts, model.Reliability?.LatencyBudgetMs, now);
        // A pin that allows nothing else has no fallbacks, which are other versions.
        if (pin is not { MayLeave: false }) candidates = FallbackLegs.Append(caller, model, candidates, facts, now);
        kept += CircuitFilter.RestoreUnlessServed(candidates);
        var ramp = pin is null && canary is null && StandIns.MayOrder(ruled.Strategy ?? model.Strategy) ? StandIns.Ease(candidates, facts, model.Reliability?.LatencyBudgetMs, now) : null;
        plan = new RoutePlan(requested, model, pin is not null ? Pinning.Reason : arm?.Reason ?? ruled.Reason ?? (isDefault ? "default_model" : ramp is { IsElsewhere: true } ? StandIns.Reason : ReasonOf(model, facts, candidates)), candidates) { Pin = pin, Arm = arm, Ramp = ramp, Strategy = ruled.Strategy ?? model.Strategy };
        ArmTag.Note(facts, arm is not null ? arm.IsCanary ? "canary" : "baseline" : pin is null && (ruled.Strategy ?? model.Strategy) == RoutingStrategies.Ab ? AbStrategy.ReasonOf(candidates) : null);
        if (outside is not null) return outside;
        if (pin is { MayLeave: false } && Pinning.Unavailable(pin, model.Name, candidates) is { } unavailable) return unavailable;
        return kept > 0
            ? null
            : Refusal.NoHealthyDeployment($"Model '{model.Name}' has no enabled deployment. A platform engineer can enable or add one in the portal under Models.");
    }

    private static string ReasonOf(ModelSnapshot model, RequestFacts? facts, Candidate[] candidates) => model.Name.Contains('/') ? "direct" : model.Strategy switch
    {
        RoutingStrategies.Ab => AbStrategy.ReasonOf(candidates),
        RoutingStrategies.Quality => Quality.QualityStrategy.ReasonOf(model, facts, candidates),
        var strategy => strategy,
    };

    private static string Shown(string name) => name.Length > 100 ? name[..100] + "..." : name;
}
