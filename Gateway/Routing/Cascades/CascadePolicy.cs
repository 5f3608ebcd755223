using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>Which requests run as a cascade, and what its steps are.</summary>
internal static class CascadePolicy
{
    private static readonly CascadeSettings Usual = new();

    /// <summary>The settings of a request that runs as a cascade; null = it does not.</summary>
    public static CascadeSettings? Of(Exchange exchange) =>
        exchange is { Plan: { Model: { Strategy: RoutingStrategies.Cascade } model, Pin: null, Arm: null }, Operation.Kind: OperationKind.Chat } && exchange.Call.Legs is not { IsPlain: true }
            ? model.Cascade ?? Usual
            : null;

    /// <summary>Whether a candidate is a step, and not one that stands behind the steps.</summary>
    public static bool IsStep(CascadeSettings cascade, in Candidate candidate) =>
        candidate is { Dropped: null, Leg: null } && (cascade.Steps.Count == 0 || cascade.Steps.Contains(candidate.Deployment.Id));

    /// <summary>How many steps a plan has.</summary>
    public static int StepsOf(CascadeSettings cascade, Candidate[] candidates)
    {
        var count = 0;
        foreach (ref readonly var candidate in candidates.AsSpan())
            if (IsStep(cascade, candidate)) count++;
        return count;
    }
}
