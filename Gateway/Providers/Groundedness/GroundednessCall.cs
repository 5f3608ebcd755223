using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Guardrails.Groundedness;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Providers.Groundedness;

/// <summary>Scores a reply by its context: by words, or by a judge where the rule names one. Of the text only the score and counts are kept (decision 0163).</summary>
internal sealed class GroundednessCall(JudgeCall judges, GatewayMetrics metrics)
{
    private const string Guardrail = GuardrailNames.Groundedness;

    private const string Unsupported = "UNSUPPORTED";

    /// <summary>Looks at a reply.</summary>
    /// <returns>Why it may not go out; null = it may, or was only counted.</returns>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<Refusal?> CheckAsync(Exchange exchange, GroundingRule rule, string reply)
    {
        var scorer = new GroundednessScorer(rule.Rule.IsStrict);
        var (words, material) = (default(GroundednessScore), new System.Text.StringBuilder());
        try
        {
            GroundingContext.Read(exchange.Request!, text =>
            {
                scorer.Add(text);
                if (rule.Judge is not null && material.Length < GroundingRule.MostJudged) material.Append(text[..Math.Min(text.Length, GroundingRule.MostJudged)]).Append("\n\n");
            });
            // Nothing was supplied that could support anything.
            if (scorer.IsEmpty) return null;
            words = scorer.Score(reply);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The exception may hold the text; the rule says what becomes of the reply.
            return Fail(exchange, rule);
        }
        var share = words.Share;
        if (rule.Judge is { } judge && words.Claims > 0)
        {
            // The one that stands has its place behind those that do not.
            var standing = exchange.Call.Attempts[^1];
            var judged = IsCovered(exchange) ? await judges.ScoreAsync(exchange, judge, material.ToString(), reply, GroundingRule.MostJudged, LimitOf(exchange, rule)) : null;
            exchange.Call.PutLast(standing);
            if (judged is { } verdict) share = verdict.Score;
            else if (!rule.Rule.FailsOpen) return Fail(exchange, rule);
            else metrics.Guardrails.Failed(Guardrail);
        }
        exchange.Checks!.Share = share;
        if (share >= rule.MinShare) return null;
        var missing = Math.Max(1, (int)Math.Round(words.Claims * (1 - share)));
        Count(exchange, rule.Rule.Action, missing);
        if (rule.Rule.Action == GuardrailActions.Flag) return null;
        metrics.Guardrails.Blocked(Guardrail);
        return Refusal.GuardrailBlocked(
            $"Guardrail '{Guardrail}' does not let the model's reply pass: the context supports {share:0%} of its {words.Claims} statements, and the policy asks for {rule.MinShare:0%}. Supply more context, ask more narrowly, or ask your administrator to change the policy.");
    }

    private Refusal? Fail(Exchange exchange, GroundingRule rule)
    {
        metrics.Guardrails.Failed(Guardrail);
        if (rule.Rule.FailsOpen || rule.Rule.Action == GuardrailActions.Flag) return null;
        metrics.Guardrails.Blocked(Guardrail);
        return Refusal.GuardrailBlocked($"Guardrail '{Guardrail}' could not look at the model's reply to its end, and its policy lets nothing pass unseen.");
    }

    private void Count(Exchange exchange, string action, int count)
    {
        exchange.Screened?.Tally.Add(Guardrail, isReply: true, action, Unsupported, count);
        metrics.Guardrails.Found(Guardrail, action, isReply: true, count);
    }

    // A budget that had room for one answer only has none for a judge.
    private static bool IsCovered(Exchange exchange) =>
        exchange.Reservation?.BoundsSpend(exchange.Caller!.Key.HoldPolicy) != true || LegBounds.CountOf(exchange) == LegBounds.WantedBy(exchange);

    private static long LimitOf(Exchange exchange, GroundingRule rule)
    {
        var call = exchange.Call;
        var byUs = exchange.Request!.Stream ? call.EndByUs : call.StandByUs;
        return Math.Min((long)rule.JudgeLimit.TotalMicroseconds, byUs == long.MaxValue ? long.MaxValue : byUs - exchange.ElapsedUs);
    }
}
