using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Pins;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>
/// May they, and with whose credential? A model that the request names must be a deployment of the provider, or a version that one is pinned to, since only those have a price; it
/// lends its credential. One that a pin stands against is refused. A request that names none, or one whose path we cannot read for certain, needs the whole provider (<c>provider/*</c>) and takes the
/// credential of its first enabled deployment.
/// </summary>
internal sealed class PlanForward(CredentialVault vault, TimeProvider time) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var path = exchange.Forwarding!.Path;
        var names = NamedModels.In(path, exchange.Request!.Model, out var isInference);
        NamedVersion[] versions = [.. names.Select(name => NamedVersion.Of(caller, exchange.Request, path.Provider, name))];
        if (Admit(caller, path.Provider, names, versions, isInference) is { } refusal) return Decision.Refuse(refusal);
        for (var i = 0; i < versions.Length; i++)
            if (versions[i].Refuse(caller, Shown(names[i])) is { } other) return Decision.Refuse(other);

        var pin = versions is [{ Held: { } held }, ..] ? held : null;
        var model = names.Count > 0 ? ModelOf(caller.Organisation, $"{path.Provider}/{names[0]}", pin) : AnyOf(caller.Organisation, path.Provider)!;
        Candidate[] candidates = [.. model.Deployments.Select(deployment => new Candidate(deployment, deployment.PriceAt(exchange.ArrivedAt), deployment.IsEnabled ? null : "disabled"))];
        if (RegionFilter.Apply(caller, exchange.Request, model.Name, candidates) is { } outside) return Decision.Refuse(outside);
        if (Array.Find(candidates, candidate => candidate.Dropped is null) is not { Deployment: { } chosen } first)
            return Decision.Refuse(Refusal.NoHealthyDeployment($"Model '{model.Name}' has no enabled deployment. A platform engineer can enable or add one in the portal under Models."));
        exchange.Plan = new RoutePlan(names.Count > 0 ? names[0] : null, model, pin is null ? "pass_through" : Pinning.Reason, [first]) { Pin = pin };
        if (isInference) exchange.Request.PromptBytes = exchange.Request.Body.Length;
        // Nothing is written by a model: no output to expect.
        else exchange.Request.MaxOutputTokens = 0;
        return Aim(exchange, chosen, isInference);
    }

    private Decision Aim(Exchange exchange, DeploymentSnapshot chosen, bool isInference)
    {
        var provider = chosen.Provider;
        if (ProviderModules.Find(provider.Protocol) is not { } module) return CallFailures.ProtocolUnknown(provider).Refusal;
        var place = exchange.Call.CredentialPlace = CredentialSpread.Choose(chosen, time);
        if (!vault.TryAuthorize(chosen, place, module, out var authorization)) return CallFailures.CredentialUnreadable(chosen).Refusal;
        if (exchange.Forwarding!.Path.AddressAt(provider.BaseUrl) is not { } address)
            return Refusal.InvalidRequest("This path cannot be passed on: it would not stay below the provider's base URL as it is written. Escape only what must be escaped.", "path");
        exchange.Forwarding = exchange.Forwarding with { Address = address, Module = module, Authorization = authorization, IsInference = isInference };
        return Decision.Continue;
    }

    // The pinned deployment goes first; the others of its version stay behind it.
    private static ModelSnapshot ModelOf(OrganisationSnapshot organisation, string name, PinSnapshot? pin)
    {
        var direct = organisation.DirectModels.GetValueOrDefault(name);
        if (pin?.Deployment is not { } pinned || $"{pinned.Provider.Slug}/{pinned.UpstreamModel}" != name) return direct!;
        return new ModelSnapshot
        {
            Name = name, CreatedAt = default, Strategy = RoutingStrategies.Priority,
            Deployments = [pinned, .. (direct?.Deployments ?? []).Where(deployment => deployment.Id != pinned.Id)],
        };
    }

    private static Refusal? Admit(Caller caller, string provider, List<string> names, NamedVersion[] versions, bool isInference)
    {
        var mayAll = ModelAccess.Allows(caller, provider + "/*");
        // Who may not use anything of a provider does not learn whether it exists.
        var exists = AnyOf(caller.Organisation, provider) is not null;
        if (!exists || !(mayAll || caller.Organisation.DirectModels.Any(entry => IsOf(entry.Value, provider) && ModelAccess.Allows(caller, entry.Key))))
            return Refusal.ModelNotFound($"There is no provider '{provider}' for this key. GET /v1/models lists what it may use.");
        for (var i = 0; i < names.Count; i++)
        {
            var full = $"{provider}/{names[i]}";
            // A pinned version is the deployment that is asked for it, by another name.
            var pinned = versions[i].Held is { Deployment: { } deployment } pin && deployment.Provider.Slug == provider ? pin : null;
            if (!mayAll && !ModelAccess.Allows(caller, full) && (pinned is null || !ModelAccess.Allows(caller, $"{provider}/{pinned.OwnModel}")))
                return Refusal.ModelNotAllowed($"Key '{caller.Key.Name}' of team '{caller.Team.Slug}' may not use model '{Shown(full)}'. GET /v1/models lists what it may use; the team's lead can change that in the portal.");
            if (pinned is null && !caller.Organisation.DirectModels.ContainsKey(full))
                return Refusal.ModelNotFound($"Provider '{provider}' has no deployment of '{Shown(names[i])}' here, so its use could not be priced. A platform engineer can add one in the portal under Models.");
        }
        return mayAll || (isInference && names.Count > 0)
            ? null
            : Refusal.ModelNotAllowed($"Key '{caller.Key.Name}' of team '{caller.Team.Slug}' may use some models of provider '{provider}', but this path is not the work of one of them. It needs '{provider}/*'; the team's lead can change that in the portal.");
    }

    /// <summary>All of a provider as one model: its enabled deployments, in the order of their names. Null = the provider has none at all.</summary>
    private static ModelSnapshot? AnyOf(OrganisationSnapshot organisation, string provider)
    {
        DeploymentSnapshot[] all = [.. organisation.DirectModels.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Where(entry => IsOf(entry.Value, provider)).SelectMany(entry => entry.Value.Deployments)];
        return all.Length == 0 ? null : new ModelSnapshot { Name = provider + "/*", CreatedAt = default, Strategy = RoutingStrategies.Priority, Deployments = all };
    }

    private static bool IsOf(ModelSnapshot model, string provider) => model.Deployments is [var first, ..] && first.Provider.Slug == provider;

    private static string Shown(string name) => name.Length > 100 ? name[..100] + "..." : name;
}
