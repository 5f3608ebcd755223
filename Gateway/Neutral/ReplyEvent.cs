using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Neutral;

/// <summary>What happens in a reply.</summary>
internal enum ReplyEventKind
{
    /// <summary>Once, first: <see cref="ReplyEvent.Id"/> and <see cref="ReplyEvent.Name"/> (the served model) where known.</summary>
    Start,

    /// <summary>A part begins: <see cref="ReplyEvent.Part"/>, <see cref="ReplyEvent.PartKind"/>; of a tool call also its <see cref="ReplyEvent.Id"/> and <see cref="ReplyEvent.Name"/>.</summary>
    PartStart,

    /// <summary>More of the part's text: words, thoughts, arguments (pieces of a JSON object's text), refusal, ciphertext.</summary>
    Delta,

    /// <summary>The provider's proof of the part (thinking, or a tool call), whole or in pieces.</summary>
    Signature,

    /// <summary>A source of the part's words: <see cref="ReplyEvent.Text"/> = quoted words, <see cref="ReplyEvent.Id"/> = address, <see cref="ReplyEvent.Name"/> = title, <see cref="ReplyEvent.Place"/>; each may be empty.</summary>
    Citation,

    /// <summary>A part ended.</summary>
    PartStop,

    /// <summary>A choice ended: <see cref="ReplyEvent.FinishReason"/>, and in <see cref="ReplyEvent.Text"/> the stop sequence that was met, if known.</summary>
    Finish,

    /// <summary>The usage so far; the last one counts.</summary>
    Usage,

    /// <summary>OpenAI's <c>system_fingerprint</c> in <see cref="ReplyEvent.Id"/>, the service tier in <see cref="ReplyEvent.Name"/>.</summary>
    About,
}

/// <summary>What a part of a reply is.</summary>
internal enum PartKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>Thoughts or their summary.</summary>
    Thinking,

    /// <summary>Thoughts, encrypted by the provider.</summary>
    RedactedThinking,

    /// <summary>A tool call; its text is the JSON object of its arguments.</summary>
    ToolCall,

    /// <summary>The model's refusal.</summary>
    Refusal,
}

/// <summary>Why a choice ended.</summary>
internal enum FinishReason
{
    /// <summary>It was finished.</summary>
    Stop,

    /// <summary>It met a stop sequence.</summary>
    StopSequence,

    /// <summary>It reached the cap on tokens or the end of the context.</summary>
    Length,

    /// <summary>It calls tools.</summary>
    ToolCalls,

    /// <summary>A filter of the provider cut it off.</summary>
    ContentFilter,

    /// <summary>The model refused.</summary>
    Refusal,

    /// <summary>It paused and wants to go on (Anthropic's <c>pause_turn</c>).</summary>
    Pause,

    /// <summary>Something that has no word here.</summary>
    Other,
}

/// <summary>
/// One thing that happens in a reply. Texts are between the quotes of JSON strings, escaped, and valid only during the call that brings the event.
/// Readers keep this order: Start; then for each part PartStart, its Delta / Signature / Citation, PartStop; Finish for each choice; Usage wherever
/// it comes. Part numbers rise by one within a choice, and a part is stopped before the next begins, except for tool calls that the provider interleaves.
/// </summary>
internal readonly ref struct ReplyEvent
{
    /// <summary>What happens.</summary>
    public required ReplyEventKind Kind { get; init; }

    /// <summary>The choice, from 0.</summary>
    public int Choice { get; init; }

    /// <summary>The part within the choice, from 0.</summary>
    public int Part { get; init; }

    /// <summary>What the part is; set on every event of a part.</summary>
    public PartKind PartKind { get; init; }

    /// <summary>Text, escaped.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>
    /// With a <see cref="ReplyEventKind.Delta"/> of words or a refusal: log probabilities of its tokens as <see cref="TokenLogprobs"/> writes them; empty =
    /// none. A provider that tells them apart from the words sends a delta without text.
    /// </summary>
    public ReadOnlySpan<byte> Logprobs { get; init; }

    /// <summary>An id, escaped.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>A name, escaped.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>Where in the answer a source is used.</summary>
    public AnswerPlace Place { get; init; }

    /// <summary>Why the choice ended.</summary>
    public FinishReason FinishReason { get; init; }

    /// <summary>The tokens.</summary>
    public TokenUsage Usage { get; init; }
}

/// <summary>Takes the events of a reply, one after the other.</summary>
internal interface IReplySink
{
    /// <summary>Takes one event; copies what it wants to keep.</summary>
    void Take(in ReplyEvent replyEvent);
}
