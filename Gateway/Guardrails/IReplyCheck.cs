using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>A check of whole replies against what their request asked for. Pure apart from what it notes in the request.</summary>
internal interface IReplyCheck
{
    /// <summary>Its name in policies, records and metrics; of <see cref="Shared.Domain.Guardrails.GuardrailNames"/>.</summary>
    string Name { get; }

    /// <summary>Before anything is paid: what will it look at, and may that cost further calls?</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="rule">What the policies say.</param>
    /// <param name="checks">Gets what is to be checked; nothing when this request gives no cause to.</param>
    /// <returns>Why the request cannot be served so; null = it can.</returns>
    Refusal? Prepare(Exchange exchange, ActiveCheck rule, ReplyChecks checks);
}
