using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>What guardrails did with one request so far.</summary>
/// <param name="rules">What looks at it, in order.</param>
internal sealed class Screened(ActiveRule[] rules)
{
    /// <summary>What looks at it, in order.</summary>
    public ActiveRule[] Rules { get; private set; } = rules;

    /// <summary>What stands for what.</summary>
    public Placeholders Placeholders { get; } = new();

    /// <summary>What was found.</summary>
    public ScreenTally Tally { get; } = new();

    /// <summary>What a stream has said, for checks outside of the gateway; null = none of them looks at it.</summary>
    public Replies.ReplyTranscript? Transcript { get; set; }

    /// <summary>Whether words are taken out of replies.</summary>
    public bool MasksReplies { get; private set; } = Array.Exists(rules, rule => rule.ReplyAction == GuardrailActions.Mask);

    /// <summary>Whether a fence is to be taken off the reply, which was looked at whole.</summary>
    public bool Unwraps { get; set; }

    /// <summary>Gets the words of a stream as they pass; null = nobody wants them.</summary>
    public ReplyWords? Words { get; set; }

    /// <summary>Whether replies have to be read before they go out.</summary>
    public bool ReadsReplies => Unwraps || Words is not null || !Placeholders.IsEmpty || Array.Exists(Rules, rule => rule.ReplyAction is not null);

    /// <summary>Adds a rule that looks at this request's reply only.</summary>
    public void Add(ActiveRule rule)
    {
        Rules = [.. Rules, rule];
        MasksReplies |= rule.ReplyAction == GuardrailActions.Mask;
    }

    /// <summary>Counts a placeholder in the reply that was never given out.</summary>
    public void NoteUnknown(string guardrail, GuardrailMetrics metrics)
    {
        Tally.Add(guardrail, isReply: true, GuardrailActions.Flag, Masking.Placeholders.Unknown);
        metrics.Found(guardrail, GuardrailActions.Flag, isReply: true, 1);
    }
}
