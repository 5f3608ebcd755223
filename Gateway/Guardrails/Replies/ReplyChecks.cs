using AspireGateway.Gateway.Guardrails.Groundedness;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.ReplyFormat;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>What is checked of the reply to one request. Slot of <see cref="PlanChecks"/>.</summary>
internal sealed class ReplyChecks
{
    /// <summary>The form that was promised; null = none was.</summary>
    public FormatPromise? Format { get; set; }

    /// <summary>What its context must support; null = nothing.</summary>
    public GroundingRule? Grounding { get; set; }

    /// <summary>Who looks for the system prompt; null = nobody.</summary>
    public ActiveCheck? Leak { get; set; }

    /// <summary>Looks at a stream when it has ended and its caller has all of it; null = nobody does.</summary>
    public Func<Pipeline.Exchange, ValueTask>? AtEnd { get; set; }

    /// <summary>The share of the reply's statements that its context supports, 0 to 1; null = nobody has looked.</summary>
    public double? Share { get; set; }

    /// <summary>Whether anything is checked.</summary>
    public bool IsEmpty => Format is null && Grounding is null && Leak is null;
}
