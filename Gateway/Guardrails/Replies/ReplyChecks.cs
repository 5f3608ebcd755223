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

    /// <summary>The words of a stream that is looked at when it has ended; null = none are wanted.</summary>
    public ReplyWords? Words { get; set; }

    /// <summary>The share of the reply's statements that its context supports, 0 to 1; null = nobody has looked.</summary>
    public double? Share { get; set; }

    /// <summary>Whether anything is checked.</summary>
    public bool IsEmpty => Format is null && Grounding is null && Leak is null;
}
