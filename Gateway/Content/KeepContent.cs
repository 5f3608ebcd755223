using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Gateway.Content;

/// <summary>Hands a request's texts to whoever writes them, once the caller has been answered. Before the books are closed, because they let go of the request's body.</summary>
internal sealed class KeepContent(ContentQueue queue, ContentMetrics metrics, ContentSwitch traces) : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (exchange.Content is not { } capture) return ValueTask.CompletedTask;
        exchange.Content = null;
        capture.Copying?.StepAside(exchange.Http);
        Describe(exchange, capture);
        if (capture.IsLost)
        {
            metrics.Full.Add(1);
            capture.Dispose();
            return ValueTask.CompletedTask;
        }
        try
        {
            if (capture.Terms.Traces && traces.IsOn) exchange.TracedTexts = ContentAssembly.Of(capture, out _);
        }
        finally
        {
            queue.Add(capture);
        }
        return ValueTask.CompletedTask;
    }

    private static void Describe(Exchange exchange, ContentCapture capture)
    {
        var (caller, facts, response) = (exchange.Caller!, exchange.Request!, exchange.Http.Response);
        (capture.Id, capture.At, capture.Organisation, capture.Team, capture.Key) = (exchange.Id, exchange.ArrivedAt, caller.Organisation.Id, caller.Team.Id, caller.Key.Id);
        (capture.User, capture.Model, capture.Operation) = (facts.UserId, exchange.Plan?.Model.Name, exchange.Operation.Name);
        capture.State = StateOf(exchange);
        capture.Dialect = exchange.Operation.Dialect;
        // What was refused while guardrails looked is not masked, and so does not stand where texts are kept masked.
        if (capture.Terms is { Prompts: true, Masked: true } && (exchange.IsOpened || exchange.IsFromCache)) capture.Prompt.Append(facts.Body.Span);
        if (capture.Terms.Masked && exchange.Screened is { Placeholders: { HasAny: true } placeholders }) capture.Placeholders = placeholders;
        var type = response.ContentType ?? "";
        capture.IsStream = type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        capture.IsText = response.Headers.ContentEncoding.Count == 0 && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.Contains("json", StringComparison.OrdinalIgnoreCase));
    }

    private static string StateOf(Exchange exchange) =>
        exchange.Reply.IsKeptBack || exchange.Refusal?.Code is Refusal.GuardrailBlockedCode or Refusal.QuarantinedCode ? ContentStates.Blocked
        : exchange.Reply.CallerLeft ? ContentStates.Cancelled
        : exchange.Reply.BrokenBecause is not null ? ContentStates.Cut
        // Of what nobody was left to ask for, a caller may have got an old or a canned answer instead of the error.
        : exchange.Reply.StatusCode >= StatusCodes.Status400BadRequest ? ContentStates.Failed
        : ContentStates.Whole;
}
