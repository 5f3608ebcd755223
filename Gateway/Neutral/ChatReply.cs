using System.Buffers;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Neutral;

/// <summary>A whole reply in no provider's words.</summary>
internal sealed class ChatReply
{
    /// <summary>The provider's id of the reply.</summary>
    public JsonText Id { get; set; }

    /// <summary>The model that the provider says it used.</summary>
    public JsonText Model { get; set; }

    /// <summary>OpenAI's <c>system_fingerprint</c>.</summary>
    public JsonText SystemFingerprint { get; set; }

    /// <summary>The service tier that served.</summary>
    public JsonText ServiceTier { get; set; }

    /// <summary>The answers.</summary>
    public List<ReplyChoice> Choices { get; } = [];

    /// <summary>Tokens; null = not reported.</summary>
    public TokenUsage? Usage { get; set; }
}

/// <summary>One answer.</summary>
internal sealed class ReplyChoice
{
    private int countedParts, countedCharacters;

    /// <summary>Its parts in order.</summary>
    public List<ReplyPart> Parts { get; } = [];

    /// <summary>Why it ended; null = the provider did not say.</summary>
    public FinishReason? FinishReason { get; set; }

    /// <summary>The stop sequence that was met.</summary>
    public JsonText StopSequence { get; set; }

    /// <summary>Characters of the words before a part, which must have stopped. Whoever asks for one part after the other has each counted once.</summary>
    public int CharactersBefore(int part)
    {
        if (part < countedParts) (countedParts, countedCharacters) = (0, 0);
        for (; countedParts < part; countedParts++)
            if (Parts[countedParts].Kind == PartKind.Text) countedCharacters += EscapedCharacters.In(Parts[countedParts].Text.Escaped);
        return countedCharacters;
    }
}

/// <summary>A part of an answer.</summary>
internal sealed class ReplyPart
{
    /// <summary>What it is.</summary>
    public required PartKind Kind { get; init; }

    /// <summary>Id of a tool call.</summary>
    public JsonText Id { get; init; }

    /// <summary>The tool.</summary>
    public JsonText Name { get; init; }

    /// <summary>Words, thoughts, or the text of the arguments' JSON object (escaped, since it is a text here).</summary>
    public JsonText Text { get; set; }

    /// <summary>The provider's proof.</summary>
    public JsonText Signature { get; set; }

    /// <summary>Log probabilities of its tokens; null = none were told.</summary>
    public LogprobList? Logprobs { get; set; }

    /// <summary>Sources of the words.</summary>
    public List<ReplyCitation> Citations { get; } = [];
}

/// <summary>A source of an answer's words.</summary>
/// <param name="Quoted">The words quoted.</param>
/// <param name="Url">Its address.</param>
/// <param name="Title">Its title.</param>
/// <param name="Place">Where in the answer's words it is used.</param>
internal sealed record ReplyCitation(JsonText Quoted, JsonText Url, JsonText Title, AnswerPlace Place);

/// <summary>Collects the events of a reply into the whole. Used for plain replies, and for dialects whose streams end with the whole reply.</summary>
/// <param name="maxLogprobBytes">The most log probabilities that a part keeps; a part with more keeps none. A plain reply is bounded by its body already.</param>
internal sealed class ReplyBuilder(int maxLogprobBytes = int.MaxValue) : IReplySink
{
    private readonly Dictionary<(int Choice, int Part), ArrayBufferWriter<byte>> growing = [];

    /// <summary>The reply so far; texts of parts that have not stopped are missing until <see cref="Finish"/>.</summary>
    public ChatReply Reply { get; } = new();

    /// <summary>The whole reply.</summary>
    public ChatReply Finish()
    {
        foreach (var ((choice, part), text) in growing)
            Reply.Choices[choice].Parts[part].Text = JsonText.CopyOfEscaped(text.WrittenSpan);
        growing.Clear();
        return Reply;
    }

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.Start:
                Reply.Id = JsonText.CopyOfEscaped(replyEvent.Id);
                Reply.Model = JsonText.CopyOfEscaped(replyEvent.Name);
                break;
            case ReplyEventKind.About:
                if (!replyEvent.Id.IsEmpty) Reply.SystemFingerprint = JsonText.CopyOfEscaped(replyEvent.Id);
                if (!replyEvent.Name.IsEmpty) Reply.ServiceTier = JsonText.CopyOfEscaped(replyEvent.Name);
                break;
            case ReplyEventKind.PartStart:
                ChoiceAt(replyEvent.Choice).Parts.Add(new ReplyPart
                {
                    Kind = replyEvent.PartKind, Id = JsonText.CopyOfEscaped(replyEvent.Id), Name = JsonText.CopyOfEscaped(replyEvent.Name),
                });
                break;
            case ReplyEventKind.Delta:
                Append(replyEvent);
                break;
            case ReplyEventKind.Signature:
                var signed = ChoiceAt(replyEvent.Choice).Parts[replyEvent.Part];
                signed.Signature = signed.Signature.IsEmpty
                    ? JsonText.CopyOfEscaped(replyEvent.Text)
                    : JsonText.CopyOfEscaped([.. signed.Signature.Escaped, .. replyEvent.Text]);
                break;
            case ReplyEventKind.Citation:
                ChoiceAt(replyEvent.Choice).Parts[replyEvent.Part].Citations.Add(
                    new(JsonText.CopyOfEscaped(replyEvent.Text), JsonText.CopyOfEscaped(replyEvent.Id), JsonText.CopyOfEscaped(replyEvent.Name), replyEvent.Place));
                break;
            case ReplyEventKind.PartStop:
                Stop(replyEvent.Choice, replyEvent.Part);
                break;
            case ReplyEventKind.Finish:
                var ended = ChoiceAt(replyEvent.Choice);
                ended.FinishReason = replyEvent.FinishReason;
                ended.StopSequence = JsonText.CopyOfEscaped(replyEvent.Text);
                break;
            case ReplyEventKind.Usage:
                Reply.Usage = replyEvent.Usage;
                break;
        }
    }

    private void Append(in ReplyEvent replyEvent)
    {
        var at = (replyEvent.Choice, replyEvent.Part);
        var part = Reply.Choices[replyEvent.Choice].Parts[replyEvent.Part];
        if (!replyEvent.Logprobs.IsEmpty) (part.Logprobs ??= new LogprobList(maxLogprobBytes)).Add(replyEvent.Logprobs);
        if (replyEvent.Text.IsEmpty) return;
        // Most parts come in one piece, and then nothing has to grow.
        if (part.Text.IsEmpty && !growing.ContainsKey(at))
        {
            part.Text = JsonText.CopyOfEscaped(replyEvent.Text);
            return;
        }
        if (!growing.TryGetValue(at, out var text))
        {
            growing[at] = text = new ArrayBufferWriter<byte>(Math.Max(256, part.Text.Escaped.Length * 2));
            text.Write(part.Text.Escaped);
        }
        text.Write(replyEvent.Text);
    }

    private void Stop(int choice, int part)
    {
        if (growing.Remove((choice, part), out var text)) Reply.Choices[choice].Parts[part].Text = JsonText.CopyOfEscaped(text.WrittenSpan);
    }

    private ReplyChoice ChoiceAt(int index)
    {
        while (Reply.Choices.Count <= index) Reply.Choices.Add(new ReplyChoice());
        return Reply.Choices[index];
    }
}
