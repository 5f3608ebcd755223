using AspireGateway.Gateway.Guardrails.Groundedness;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Providers.Formats;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Providers.Groundedness;

/// <summary>Does the context support the reply? A stream is held to its end only where it may be blocked; else its words are collected as they pass, and looked at when it has ended.</summary>
internal sealed class CheckGroundedness(GroundednessCall check, RetakeCall retakes, GatewayMetrics metrics) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        if (exchange is not { Checks: { Grounding: { } rule } checks, Call.Standing: { } reply }) return Decision.Continue;
        if (reply.Events is null || rule.Rule.Action != GuardrailActions.Flag) return CheckAsync(exchange, rule, reply);
        var words = exchange.Screened!.Words = new ReplyWords();
        checks.AtEnd = async ended => await check.CheckAsync(ended, rule, words.Text.ToString());
        return Decision.Continue;
    }

    private async ValueTask<Decision> CheckAsync(Exchange exchange, GroundingRule rule, ProviderReply reply)
    {
        var facts = reply.Events is null ? reply.Facts : new ReplyFacts();
        try
        {
            var answer = await AnswerReader.ReadAsync(exchange, reply, facts);
            if (answer.Failure is { } broken)
            {
                retakes.PutAside(exchange, facts, broken.Outcome);
                return broken.Refusal;
            }
            Refusal? refusal = null;
            if (answer.Chat is { } chat) refusal = await check.CheckAsync(exchange, rule, string.Join("\n", chat.Choices.Select(QualityGate.TextOf)));
            else refusal = Unread(rule);
            if (refusal is null) return Decision.Continue;
            // It is paid for, and its provider did well.
            retakes.PutAside(exchange, facts, Refusal.GuardrailBlockedCode);
            return refusal;
        }
        catch (OperationCanceledException)
        {
            retakes.PutAside(exchange, facts, "caller_left");
            throw;
        }
    }

    private Refusal? Unread(GroundingRule rule)
    {
        metrics.Guardrails.Failed(GuardrailNames.Groundedness);
        if (rule.Rule.FailsOpen || rule.Rule.Action == GuardrailActions.Flag) return null;
        metrics.Guardrails.Blocked(GuardrailNames.Groundedness);
        return Refusal.GuardrailBlocked($"Guardrail '{GuardrailNames.Groundedness}' could not look at the model's reply to its end, and its policy lets nothing pass unseen.");
    }
}
