using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>What will its reply be checked for? Before anything is held, because a check may cost further calls.</summary>
internal sealed class PlanChecks : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var policies = caller.Organisation.Guardrails;
        if (!policies.HasChecks || exchange.Operation.Kind != OperationKind.Chat) return Decision.Continue;
        var rules = policies.ChecksFor(caller.Team.IdText, exchange.Request!.KeyId ?? caller.Key.Id.ToString(), exchange.Plan?.Model.Name ?? exchange.Request.Model ?? "", caller.GuardrailFloor);
        if (rules.Length == 0) return Decision.Continue;
        var checks = new ReplyChecks();
        foreach (var rule in rules)
            if (rule.Check.Prepare(exchange, rule, checks) is { } refusal) return Decision.Refuse(refusal);
        if (!checks.IsEmpty) exchange.Checks = checks;
        return Decision.Continue;
    }
}
