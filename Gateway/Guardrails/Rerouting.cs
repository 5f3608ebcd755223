using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>
/// Sends a request to the restricted model of a guardrail's rule. It is planned as if it had asked for that model, so what the caller may use and where it may be
/// processed still hold; then everything that was asked about the first model is asked about this one.
/// </summary>
internal sealed class Rerouting(CheckStops stops, ApproveSpend approval, ReserveSpend reserve)
{
    private const string Reason = "guardrail";

    /// <summary>Plans it; pure and in memory.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="verdict">The rule, and what it found.</param>
    /// <param name="isElsewhere">Whether it goes to another model now, so that <see cref="AdmitAsync"/> has to be asked.</param>
    /// <returns>Why it is refused; null = it is not.</returns>
    public static Refusal? Plan(Exchange exchange, ScreenVerdict verdict, out bool isElsewhere)
    {
        isElsewhere = false;
        var target = verdict.Rule.RestrictedModel;
        if (exchange.Forwarding is null && exchange.Plan!.Model.Name != target) isElsewhere = Downgrade.TryTo(exchange, target, Reason);
        if (!IsThere(exchange, target)) return CannotServe(verdict);
        // Where the restricted model itself fails, its fallbacks would lead to models that are not meant.
        var plan = exchange.Plan!;
        if (Array.Exists(plan.Candidates, static candidate => candidate.Leg is not null))
            exchange.Plan = plan with { Candidates = Array.FindAll(plan.Candidates, static candidate => candidate.Leg is null) };
        return Array.Exists(exchange.Plan!.Candidates, static candidate => candidate.Dropped is null) ? null : CannotServe(verdict);
    }

    /// <summary>Asks what the first model was asked about before: stops, approval, limits and budgets. What was held is given back first.</summary>
    public async ValueTask<Decision> AdmitAsync(Exchange exchange, ScreenVerdict verdict)
    {
        var stopped = await stops.DecideAsync(exchange);
        if (stopped.Refusal is not null) return stopped;
        // Who agreed to what the first model may cost has agreed to less.
        if (exchange.Reservation?.Approval is not { } agreed || ApproveSpend.WorstOf(exchange) > agreed.CeilingNanoUsd)
        {
            var asked = await approval.DecideAsync(exchange);
            if (asked.Refusal is not null) return asked;
        }
        var reserved = await reserve.AnewAsync(exchange);
        // A limit or budget may have sent it on to a cheaper model, which is not the one that is meant.
        return reserved.Refusal is not null || IsThere(exchange, verdict.Rule.RestrictedModel) ? reserved : CannotServe(verdict);
    }

    private static bool IsThere(Exchange exchange, string? target) => exchange.Forwarding is null && target is not null && exchange.Plan!.Model.Name == target;

    private static Refusal CannotServe(ScreenVerdict verdict) => Refusal.GuardrailBlocked(
        $"Guardrail '{verdict.Rule.Guardrail.Name}' lets this request go to model '{verdict.Rule.RestrictedModel}' only, because it holds {verdict.Found}, and that model cannot serve it. "
        + "Take that out, or ask your administrator to change the policy.");
}
