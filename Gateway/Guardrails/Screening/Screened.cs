using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>What guardrails did with one request so far.</summary>
/// <param name="rules">What looks at it, in order.</param>
internal sealed class Screened(ActiveRule[] rules)
{
    /// <summary>What looks at it, in order.</summary>
    public ActiveRule[] Rules { get; } = rules;

    /// <summary>What stands for what.</summary>
    public Placeholders Placeholders { get; } = new();

    /// <summary>What was found.</summary>
    public ScreenTally Tally { get; } = new();

    /// <summary>What a stream has said, for checks outside of the gateway; null = none of them looks at it.</summary>
    public Replies.ReplyTranscript? Transcript { get; set; }

    /// <summary>Whether words are taken out of replies.</summary>
    public bool MasksReplies { get; } = Array.Exists(rules, rule => rule.ReplyAction == GuardrailActions.Mask);

    /// <summary>Whether replies have to be read before they go out.</summary>
    public bool ReadsReplies => !Placeholders.IsEmpty || Array.Exists(Rules, rule => rule.ReplyAction is not null);
}
