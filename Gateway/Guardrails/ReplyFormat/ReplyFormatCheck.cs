using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.ReplyFormat;

/// <summary>Is the reply in the form that the request, or the rule, promises?</summary>
internal sealed class ReplyFormatCheck : IReplyCheck
{
    /// <inheritdoc />
    public string Name => GuardrailNames.ReplyFormat;

    /// <inheritdoc />
    public Refusal? Prepare(Exchange exchange, ActiveCheck rule, ReplyChecks checks)
    {
        if (FormatPromise.Of(rule, AskedFormat.Of(exchange), out var promise) is { } refusal) return refusal;
        if (promise is null) return null;
        checks.Format = promise;
        if (rule.Action == GuardrailActions.Flag) return null;
        foreach (var step in rule.Steps)
        {
            if (step == InvalidReplySteps.Error) break;
            if (step != InvalidReplySteps.Repair) exchange.NoteLegs().Retakes++;
            else exchange.NoteLegs().AddRepair(RepairPrompt.MostBytes(promise.SchemaText));
        }
        return null;
    }
}
