using System.Buffers;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
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
    public static bool Reads(Exchange exchange) => exchange.Screened is { ReadsReplies: true } && exchange.Operation.Kind != OperationKind.Embeddings && exchange.Operation.ReplyForm is ReplyForm.Json or ReplyForm.Text;

    /// <summary>Reads a whole reply; see <see cref="WholeReply.Read"/>.</summary>
    /// <returns>Why nothing of it may go out; null = it may.</returns>
    public static Refusal? Whole(Exchange exchange, ReadOnlySpan<byte> body, GuardrailMetrics metrics, TimeProvider time, PooledBufferWriter output, bool restores = true) =>
        WholeReply.Read(body, exchange.Screened!, metrics, time, output, restores) is { } verdict ? RefusalOf(verdict, metrics) : null;

    /// <summary>Shows a whole reply, which guardrails in the process have read without restoring it, to checks outside of the gateway.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="rule">By which they look.</param>
    /// <param name="external">Asks them.</param>
    /// <param name="body">The reply so far.</param>
    /// <param name="metrics">Counts.</param>
    /// <returns>Why nothing of it may go out, or the reply as it may; neither = it may as it is.</returns>
    public static async Task<(Refusal? Refusal, PooledBufferWriter? Body)> OutsideAsync(Exchange exchange, ActiveRule rule, ExternalScreen external, ReadOnlyMemory<byte> body, GuardrailMetrics metrics)
    {
        using var texts = new BodyTexts();
        ReplyBody.Read(body.Span, texts);
        var replacements = new List<Replacement>();
        if (await external.LookAsync(exchange, rule, texts, isReply: true, replacements) is { } verdict) return (RefusalOf(verdict, metrics), null);
        using var masked = new PooledBufferWriter(body.Length + 256);
        if (replacements.Count > 0) BodyMask.Write(body.Span, texts, replacements, masked);
        var restored = new PooledBufferWriter(body.Length + 256);
        WholeReply.Restore(masked.Length > 0 ? masked.Written.Span : body.Span, exchange.Screened!, metrics, restored);
        if (restored.Length == 0 && masked.Length > 0) restored.Write(masked.Written.Span);
        return (null, restored);
    }

    /// <summary>Opens a stream's reading; null = it is not read.</summary>
    public static StreamScreen? Open(Exchange exchange, GuardrailMetrics metrics) =>
        exchange.Screened is { ReadsReplies: true } screened ? new(screened, DialectOf(exchange.Operation), metrics) : null;

    // Events of transcriptions are built as those of Responses are: pieces in types that end in ".delta", and the whole once more at the end.
    private static Dialect DialectOf(Operation operation) => operation.Name == Operation.Transcriptions.Name ? Dialect.OpenAiResponses : operation.Dialect;

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
