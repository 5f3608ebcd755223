using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing;

/// <summary>Where a request may go, in the order of preference, with the price it would have there.</summary>
/// <param name="RequestedModel">The name in the request, or null.</param>
/// <param name="Model">The model it resolved to.</param>
/// <param name="Reason">Why these candidates in this order, in a word or two, for headers and the journey.</param>
/// <param name="Candidates">Deployments to try, best first; never empty in a plan that is acted on.</param>
internal sealed record RoutePlan(string? RequestedModel, ModelSnapshot Model, string Reason, Candidate[] Candidates)
{
    /// <summary>The pin that it is held to; null = none.</summary>
    public State.Steering.PinSnapshot? Pin { get; init; }

    /// <summary>The arm of a canary in which it counts; null = none.</summary>
    public State.Steering.CanaryArm? Arm { get; init; }

    /// <summary>The ramp of the one that is next because another one is left alone; null = there is none.</summary>
    public Reliability.Circuits.StandInRamp? Ramp { get; init; }

    /// <summary>The strategy that ordered the candidates: the model's, or a rule's.</summary>
    public string Strategy { get; init; } = Model.Strategy;

    /// <summary>The candidate that is tried first.</summary>
    public Candidate First
    {
        get
        {
            foreach (var candidate in Candidates)
                if (candidate.Dropped is null) return candidate;
            return Candidates[0];
        }
    }
}

/// <summary>A deployment in a plan.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Price">Its price now; null = none is set, so its cost is recorded as 0.</param>
/// <param name="Dropped">Why it will not be tried; null = it will.</param>
internal readonly record struct Candidate(DeploymentSnapshot Deployment, PriceSnapshot? Price, string? Dropped)
{
    /// <summary>The fallback that it belongs to, to be tried only for its failures; null = it is one of the model's own.</summary>
    public Shared.Domain.Reliability.FallbackLeg? Leg { get; init; }
}
