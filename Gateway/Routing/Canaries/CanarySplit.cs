using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// Which requests of a model go to its canary. Whoever is in it at a share stays in it at every higher one. The canary's requests fall back to the model's deployments;
/// the others never see a canary that is none of them, and see one that is as the last resort.
/// </summary>
internal static class CanarySplit
{
    /// <summary>Why a candidate was dropped.</summary>
    public const string Dropped = "canary";

    private static readonly Chance PerRequest = new();

    /// <summary>The canary of a model that runs and broke no guard; null = none.</summary>
    public static CanarySnapshot? Of(OrganisationSnapshot organisation, string model) =>
        organisation.Steering.Canaries.TryGetValue(model, out var canary) && canary.State.BrokenGuard is null ? canary : null;

    /// <summary>Orders the candidates of <see cref="CanarySnapshot.Deployments"/> and tells the arm in which the request counts; null = it says nothing about the canary.</summary>
    public static CanaryArm? Order(CanarySnapshot canary, Caller caller, RequestFacts? facts, ModelSnapshot model, Span<Candidate> candidates)
    {
        var place = PlaceOf(candidates, canary.Deployment.Id);
        if (candidates[place].Dropped is not null)
        {
            StrategyList.Order(model, facts, candidates);
            return null;
        }
        if (IsIn(canary, caller, facts))
        {
            StrategyList.Order(model, facts, candidates);
            place = PlaceOf(candidates, canary.Deployment.Id);
            // The strategy found that it lacks what this request needs.
            if (candidates[place].Dropped is not null) return null;
            var first = candidates[place];
            candidates[..place].CopyTo(candidates[1..]);
            candidates[0] = first;
            return canary.Canary;
        }

        var others = 0;
        foreach (var candidate in candidates)
            if (candidate.Dropped is null) others++;
        if (others > 1 && !canary.IsMember) candidates[place] = candidates[place] with { Dropped = Dropped };
        StrategyList.Order(model, facts, candidates);
        if (others == 1) return null;
        place = PlaceOf(candidates, canary.Deployment.Id);
        var last = candidates[place];
        candidates[(place + 1)..].CopyTo(candidates[place..]);
        candidates[^1] = last;
        return canary.Baseline;
    }

    private static bool IsIn(CanarySnapshot canary, Caller caller, RequestFacts? facts)
    {
        var share = canary.Share;
        if (share is 0 or StableHash.Places) return share > 0;
        if (canary.Sticky == CanaryStickiness.Request) return PerRequest.Next() * StableHash.Places < share;
        var who = canary.Sticky == CanaryStickiness.User ? facts?.UserId ?? caller.Key.IdText : caller.Key.IdText;
        return StableHash.PlaceOf(canary.IdText, who) < share;
    }

    private static int PlaceOf(ReadOnlySpan<Candidate> candidates, Guid deployment)
    {
        for (var i = 0; i < candidates.Length; i++)
            if (candidates[i].Deployment.Id == deployment) return i;
        throw new InvalidOperationException("The canary is among the candidates.");
    }
}
