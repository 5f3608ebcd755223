using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Pins;

/// <summary>
/// What pins say of a model that a request names by its provider's own name, as the pass-through has it and chats that name <c>provider/model</c>. Such a name stands for a pinned logical model where that model has it
/// among its deployments, or goes by it. It passes when it is the version of any pin that the request is held to; rules do not decide about such names, so neither do their pins.
/// </summary>
/// <param name="Held">The pin whose version it is, the narrowest; null = it is none's.</param>
/// <param name="Broken">The pin that allows no other version than its own, the narrowest; null = none is broken.</param>
internal readonly record struct NamedVersion(PinSnapshot? Held, PinSnapshot? Broken)
{
    /// <summary>Looks at the name of a model outside the pass-through; nothing holds one that names a logical model.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="facts">What they ask; null = only the name is known.</param>
    /// <param name="model">The model that it is to go to.</param>
    public static Refusal? RefuseDirect(Caller caller, RequestFacts? facts, ModelSnapshot model)
    {
        if (caller.Organisation.Steering.PinnedModels.Length == 0 || caller.Organisation.Models.ContainsKey(model.Name) || model.Deployments is not [var first, ..]) return null;
        // All deployments of such a name are the provider's and ask for the same.
        var verdict = Of(caller, facts, first.Provider.Slug, first.UpstreamModel);
        return verdict.Broken is not { } pin ? null : Refusal.ModelNotAllowed(
            $"{Whose(pin, caller)} for model '{pin.Model}' are pinned to version '{pin.Version}'{At(pin)}, and this request names '{model.Name}', which stands for the same model. "
            + $"Ask for '{pin.Model}', or have a platform engineer change the pin in the portal under Pins, or let it fall back.");
    }

    /// <summary>Looks at a name.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="facts">What they ask.</param>
    /// <param name="provider">The provider's slug.</param>
    /// <param name="name">The name of a model there.</param>
    public static NamedVersion Of(Caller caller, RequestFacts? facts, string provider, string name)
    {
        PinSnapshot? held = null, broken = null;
        foreach (var model in caller.Organisation.Steering.PinnedModels)
        {
            if (Pinning.Of(caller, facts, model, rule: null) is not { } pin) continue;
            if (pin.Version == name && Array.Exists(pin.Deployments, d => d.UpstreamModel == name && d.Provider.Slug == provider)) held = Narrower(held, pin);
            else if (!pin.MayLeave && StandsFor(caller, pin, provider, name)) broken = Narrower(broken, pin);
        }
        return new(held, held is null ? broken : null);
    }

    /// <summary>The refusal of a request that names another version than the pinned one; null = it may go on.</summary>
    public Refusal? Refuse(Caller caller, string name) => Broken is not { } pin ? null : Refusal.ModelNotAllowed(
        $"{Whose(pin, caller)} for model '{pin.Model}' are pinned to version '{pin.Version}'{At(pin)}, and this request names '{name}'. "
        + "Name the pinned version, or have a platform engineer change the pin in the portal under Pins, or let it fall back.");

    private static bool StandsFor(Caller caller, PinSnapshot pin, string provider, string name)
    {
        if (pin.Deployment is { } pinned && pinned.Provider.Slug == provider && pin.OwnModel == name) return true;
        if (!caller.Organisation.Models.TryGetValue(pin.Model, out var model)) return false;
        return Array.Exists(model.Deployments, d => d.UpstreamModel == name && d.Provider.Slug == provider)
            || (caller.Organisation.Models.TryGetValue(name, out var called) && called.Name == pin.Model);
    }

    private static PinSnapshot Narrower(PinSnapshot? one, PinSnapshot other) => one is not null && RankOf(one) <= RankOf(other) ? one : other;

    private static int RankOf(PinSnapshot pin)
    {
        for (var i = 0; i < PinScopes.All.Count; i++)
            if (PinScopes.All[i] == pin.ScopeKind) return i;
        return PinScopes.All.Count;
    }

    private static string Whose(PinSnapshot pin, Caller caller) => pin.ScopeKind switch
    {
        PinScopes.Key => $"Requests of key '{caller.Key.Name}'",
        PinScopes.Feature => $"Requests of feature '{pin.ScopeId}'",
        PinScopes.Team => $"Requests of team '{caller.Team.Slug}'",
        _ => "All requests",
    };

    private static string At(PinSnapshot pin) => pin.Deployment is { } deployment ? $" (deployment '{deployment.Name}' of provider '{deployment.Provider.Slug}')" : "";
}
