using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>
/// Asks an organisation's rules about a request, in their order; the first that holds decides. A rule whose target the caller may not use is passed over: rules choose among
/// what key and team may use and widen nothing. Allocates nothing but the task's slot.
/// </summary>
internal sealed class RouteRules(IBudgetShares budgets, IOptions<RulesOptions> options)
{
    private readonly bool recordsTasks = options.Value.RecordTasks;

    /// <summary>What the rules say of a request; fills its task where a rule wanted to know it, or where tasks are recorded.</summary>
    public RuleOutcome Apply(Exchange exchange)
    {
        var request = exchange.Request!;
        var rules = exchange.Caller!.Organisation.Rules;
        // Tasks are those of chats.
        var wantsTask = request.Operation?.Kind == OperationKind.Chat && (recordsTasks || exchange.Caller.Organisation.NeedsTasks);
        if (exchange.Snapshot is null || (rules.Rules.Length == 0 && !wantsTask)) return default;
        var facts = new RuleFacts(exchange.Caller, request, exchange.Snapshot, exchange.ArrivedAt, budgets);
        var outcome = default(RuleOutcome);
        foreach (var rule in rules.Rules)
        {
            if (Failing(rule, ref facts) is not null) continue;
            outcome = rule.Deny is { } message ? new(Refusal.RouteDenied($"{message} (rule '{rule.Name}')"), null, null, rule.Reason, rule.Id) : new(null, rule.Target, rule.Strategy, rule.Reason, rule.Id);
            break;
        }
        if (wantsTask || facts.KnownTask is { Label: not null } || (outcome.Strategy == RoutingStrategies.Quality && facts.HasConversation))
        {
            exchange.Task = facts.Task;
            request.FindTask(facts.Task.Label);
        }
        return outcome;
    }

    /// <summary>What the rules would say of a request, one by one.</summary>
    /// <returns>Each rule with what keeps it from holding; null = nothing does.</returns>
    public IReadOnlyList<(CompiledRule Rule, string? Failing)> Explain(Exchange exchange)
    {
        if (exchange.Snapshot is null) return [];
        var facts = new RuleFacts(exchange.Caller!, exchange.Request!, exchange.Snapshot, exchange.ArrivedAt, budgets);
        var explained = new List<(CompiledRule, string?)>();
        foreach (var rule in exchange.Caller!.Organisation.Rules.Rules) explained.Add((rule, Failing(rule, ref facts)));
        exchange.Task = facts.Task;
        return explained;
    }

    private static string? Failing(CompiledRule rule, ref RuleFacts facts)
    {
        if (rule.Fault is { } fault) return fault;
        // Conditions first, although this costs less: the preview names what a person can change in the request.
        foreach (var condition in rule.Conditions)
            if (!condition.Holds(ref facts)) return condition.Name;
        return rule.Target is { } target && !ModelAccess.Allows(facts.Caller, target.Name) ? "model_not_allowed" : null;
    }
}

/// <summary>What the rules say of a request; a default value = none holds.</summary>
/// <param name="Refusal">Why it is refused; null = it is not.</param>
/// <param name="Target">The model that it goes to; null = as without rules.</param>
/// <param name="Strategy">The strategy that orders its deployments; null = the model's.</param>
/// <param name="Reason">The reason to show; null = no rule holds.</param>
/// <param name="Rule">Id of the rule that holds, as pins name it; null = none.</param>
internal readonly record struct RuleOutcome(Refusal? Refusal, ModelSnapshot? Target, string? Strategy, string? Reason, string? Rule);
