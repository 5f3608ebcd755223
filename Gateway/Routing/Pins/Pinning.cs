using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Pins;

/// <summary>
/// Holds requests to an exact version: it goes before strategy and canary, and unless the pin allows it nothing of another version is tried. Other deployments of
/// the same version stay behind it. Residency goes before a pin: it is a law, a pin a wish.
/// </summary>
internal static class Pinning
{
    /// <summary>Why a candidate was dropped.</summary>
    public const string Dropped = "pin";

    /// <summary>The reason of the plan.</summary>
    public const string Reason = "pin";

    /// <summary>The pin that a request is held to: that of the rule which decided, else its key's, feature's, team's, or the model's own. Null = none.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="facts">What they ask.</param>
    /// <param name="model">The logical model that it goes to.</param>
    /// <param name="rule">Id of the rule that decided; null = none did.</param>
    public static PinSnapshot? Of(Caller caller, RequestFacts? facts, string model, string? rule)
    {
        var pins = caller.Organisation.Steering.Pins;
        if (pins.Count == 0) return null;
        if (rule is not null && pins.TryGetValue(new PinKey(model, PinScopes.Rule, rule), out var ofRule)) return ofRule;
        if (pins.TryGetValue(new PinKey(model, PinScopes.Key, caller.Key.IdText), out var pin)) return pin;
        if (facts?.Feature is { } feature && pins.TryGetValue(new PinKey(model, PinScopes.Feature, feature), out pin)) return pin;
        if (pins.TryGetValue(new PinKey(model, PinScopes.Team, caller.Team.IdText), out pin)) return pin;
        return pins.GetValueOrDefault(new PinKey(model, PinScopes.Model, null));
    }

    /// <summary>Puts the pinned deployment first and drops what the pin does not allow; the rest stands as the strategy says.</summary>
    /// <param name="pin">The pin.</param>
    /// <param name="model">Its model.</param>
    /// <param name="facts">The request.</param>
    /// <param name="candidates">The model's deployments, the pinned one among them.</param>
    /// <param name="strategy">A rule's strategy; null = the model's.</param>
    public static void Order(PinSnapshot pin, ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates, string? strategy)
    {
        // The strategy may find it unfit: not for a strategy to say.
        Candidate? pinned = pin.Deployment is { } deployment ? candidates[PlaceOf(candidates, deployment.Id)] : null;
        StrategyList.Order(model, facts, candidates, strategy);
        if (pinned is { } first)
        {
            var place = PlaceOf(candidates, first.Deployment.Id);
            candidates[..place].CopyTo(candidates[1..]);
            candidates[0] = first;
        }
        if (pin.MayLeave) return;
        foreach (ref var candidate in candidates)
            if (candidate.Dropped is null && candidate.Deployment.UpstreamModel != pin.Version) candidate = candidate with { Dropped = Dropped };
    }

    /// <summary>The refusal of a request whose pin leaves it nothing to go to; null = something is left.</summary>
    public static Refusal? Unavailable(PinSnapshot pin, string model, ReadOnlySpan<Candidate> candidates)
    {
        foreach (var candidate in candidates)
            if (candidate.Dropped is null) return null;
        var why = pin.Deployment is not { } deployment ? "cannot be used: its provider or credential is missing"
            : candidates[PlaceOf(candidates, deployment.Id)].Dropped is { } dropped ? $"cannot be used ({dropped})" : "cannot be used";
        return Refusal.PinUnavailable(
            $"Model '{model}' is pinned to version '{pin.Version}' for this {Whose(pin)}, and its deployment {why}. A platform engineer can change the pin in the portal under Pins, or let it fall back.");
    }

    /// <summary>What a request that failed everywhere is answered: under a pin that allows nothing else, that the version is not available, where a provider's fault is why.</summary>
    public static Refusal Failed(RoutePlan plan, Refusal last) =>
        plan.Pin is { MayLeave: false } pin && last.Status is 429 or >= 500
            ? Refusal.PinUnavailable($"Model '{plan.Model.Name}' is pinned to version '{pin.Version}' for this {Whose(pin)}, which did not serve: {last.Message}").RetryAfter(last.RetryAfterSeconds)
            : last;

    private static string Whose(PinSnapshot pin) => pin.ScopeKind == PinScopes.Model ? "model" : pin.ScopeKind;

    private static int PlaceOf(ReadOnlySpan<Candidate> candidates, Guid deployment)
    {
        for (var i = 0; i < candidates.Length; i++)
            if (candidates[i].Deployment.Id == deployment) return i;
        throw new InvalidOperationException("The pinned deployment is among the candidates.");
    }
}
