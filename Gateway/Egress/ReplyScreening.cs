using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Egress;

/// <summary>May it come back? Shows replies to the guardrails on their way out.</summary>
internal static class ReplyScreening
{
    /// <summary>Whether this request's reply has to be read: guardrails look at replies, or something was masked that the caller shall see again.</summary>
    public static bool Reads(Exchange exchange) => exchange.Screened is { ReadsReplies: true } && exchange.Operation.Kind != OperationKind.Embeddings && exchange.Operation.ReplyForm == ReplyForm.Json;

    /// <summary>Reads a whole reply; see <see cref="WholeReply.Read"/>.</summary>
    /// <returns>Why nothing of it may go out; null = it may.</returns>
    public static Refusal? Whole(Exchange exchange, ReadOnlySpan<byte> body, GuardrailMetrics metrics, TimeProvider time, PooledBufferWriter output) =>
        WholeReply.Read(body, exchange.Screened!, metrics, time, output) is { } verdict ? RefusalOf(verdict, metrics) : null;

    /// <summary>Opens a stream's reading; null = it is not read.</summary>
    public static StreamScreen? Open(Exchange exchange, GuardrailMetrics metrics) =>
        exchange.Screened is { ReadsReplies: true } screened ? new(screened, exchange.Operation.Dialect, metrics) : null;

    /// <summary>What the caller is told of a reply that may not go out, and counts it.</summary>
    public static Refusal RefusalOf(ScreenVerdict verdict, GuardrailMetrics metrics)
    {
        var name = verdict.Rule.Guardrail.Name;
        metrics.Blocked(name);
        return Refusal.GuardrailBlocked(verdict.HasFailed
            ? $"Guardrail '{name}' could not look at the model's reply to its end, and its policy lets nothing pass unseen."
            : $"Guardrail '{name}' does not let the model's reply pass: it holds {verdict.Found}. Ask otherwise, or ask your administrator to change the policy.");
    }
}
