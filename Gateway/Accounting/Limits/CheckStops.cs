using System.Globalization;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Was anything stopped that this request belongs to? Kill switches, and what policies do about keys that run away, are configuration: live on every gateway within a second.</summary>
internal sealed class CheckStops : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        if (!exchange.Snapshot!.Spending.HasStops) return Decision.Continue;
        return Refuse(exchange) is { } refusal ? Decision.Refuse(refusal) : Decision.Continue;
    }

    private static Refusal? Refuse(Exchange exchange)
    {
        var spending = exchange.Snapshot!.Spending;
        var caller = exchange.Caller!;
        var facts = exchange.Request!;
        var plan = exchange.Plan!;
        var organisation = caller.Organisation.Id;
        var refusal = Stopped(Guid.Empty, ScopeKinds.Global, null, "This gateway") ?? Stopped(Guid.Empty, ScopeKinds.Model, plan.Model.Name, $"Model '{plan.Model.Name}'")
            ?? Stopped(organisation, ScopeKinds.Organisation, null, $"Organisation '{caller.Organisation.Slug}'")
            ?? Stopped(organisation, ScopeKinds.Team, caller.Team.IdText, $"Team '{caller.Team.Slug}'")
            ?? Stopped(organisation, ScopeKinds.Key, caller.Key.IdText, $"Key '{caller.Key.Name}'")
            ?? Stopped(organisation, ScopeKinds.User, facts.UserId, $"User '{facts.UserId}'")
            ?? Stopped(organisation, ScopeKinds.Feature, facts.Feature, $"Feature '{facts.Feature}'")
            ?? Stopped(organisation, ScopeKinds.Agent, facts.Agent, $"Agent '{facts.Agent}'")
            ?? Stopped(organisation, ScopeKinds.Model, plan.Model.Name, $"Model '{plan.Model.Name}'");
        if (refusal is not null) return refusal;

        var left = 0;
        var candidates = plan.Candidates;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Dropped is null && spending.StopOf(organisation, ScopeKinds.Deployment, candidates[i].Deployment.IdText, exchange.ArrivedAt) is not null)
                candidates[i] = candidates[i] with { Dropped = "stopped" };
            if (candidates[i].Dropped is null) left++;
        }
        return left > 0 ? null : Refusal.ScopeStopped($"Every deployment of model '{plan.Model.Name}' is stopped. Whoever threw the switch can release it in the portal under Kill switches.", ScopeKinds.Deployment, null);

        Refusal? Stopped(Guid of, string kind, string? id, string what)
        {
            if (id is null && kind is not (ScopeKinds.Global or ScopeKinds.Organisation)) return null;
            return spending.StopOf(of, kind, id, exchange.ArrivedAt) is { } stop ? Refusal.ScopeStopped($"{what} is stopped: {stop.Reason.TrimEnd('.')}. {Then(stop)}", kind, id, stop.IsAnomaly) : null;
        }
    }

    private static string Then(StopRow stop) => stop switch
    {
        { IsAnomaly: true, Until: { } until } =>
            $"It goes again at {until.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, or when the team's lead or an administrator lifts it in the portal under Keys; retrying does not help before.",
        { IsAnomaly: true } => "It goes again when the team's lead or an administrator lifts it in the portal under Keys; retrying does not help before.",
        _ => "Whoever threw the switch can release it in the portal under Kill switches; retrying does not help before.",
    };
}
