using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Reads the chunks of a chat completion stream (OpenAI API reference, "The chat completion chunk object") into events.</summary>
internal sealed class ChatStreamReader : IChatStreamReader
{
    private const int MaxChoices = 128;

    private readonly List<ChoiceParts> choices = [];
    private readonly DeltaTemplate template = new();
    private ChatLogprobs? logprobs;
    private bool hasStarted;

    /// <inheritdoc />
    public ProviderFailure? Failure { get; private set; }

    /// <inheritdoc />
    public StreamStep Read(ReadOnlySpan<byte> eventData, IReplySink sink)
    {
        if (template.TryMatch(eventData, out var text))
        {
            var choice = choices[template.Choice];
            if (template.Kind == PartKind.ToolCall) choice.Arguments(template.Tool, text, sink);
            else choice.Words(template.Kind, text, sink);
            return StreamStep.More;
        }
        if (eventData.Trim(" \t"u8).SequenceEqual("[DONE]"u8)) return Complete(sink, isMarked: true);
        try
        {
            return ReadChunk(eventData, sink) ? StreamStep.More : StreamStep.Failed;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return StreamStep.Failed;
        }
    }

    /// <inheritdoc />
    public StreamStep End(IReplySink sink) => Complete(sink, isMarked: false);

    private StreamStep Complete(IReplySink sink, bool isMarked)
    {
        if (choices.Count == 0) return StreamStep.Failed;
        foreach (var choice in choices)
        {
            if (choice.IsFinished) continue;
            if (!isMarked) return StreamStep.Failed;
            choice.Finish(FinishReason.Stop, sink);
        }
        return StreamStep.Done;
    }

    private bool ReadChunk(ReadOnlySpan<byte> data, IReplySink sink)
    {
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        var chunk = new Chunk();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartArray)
                {
                    chunk.Choices = reader;
                    chunk.HasChoices = true;
                }
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    chunk.Usage = reader;
                    chunk.HasUsage = true;
                }
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                chunk.HasError = reader.TokenType != JsonTokenType.Null;
            }
            else if (reader.ValueTextEquals("id"u8)) chunk.Id = NextText(ref reader);
            else if (reader.ValueTextEquals("model"u8)) chunk.Model = NextText(ref reader);
            else if (reader.ValueTextEquals("system_fingerprint"u8)) chunk.Fingerprint = NextText(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) chunk.Tier = NextText(ref reader);
            else if (reader.ValueTextEquals("obfuscation"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) chunk.PaddingStart = (int)reader.TokenStartIndex + 1;
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
        // Anything behind the object is an error that only this read finds.
        reader.Read();
        if (chunk.HasError)
        {
            Failure = OpenAiFailureReader.InStream(data);
            return false;
        }
        return Apply(data, ref chunk, sink);
    }

    private bool Apply(ReadOnlySpan<byte> data, ref Chunk chunk, IReplySink sink)
    {
        var isPlain = hasStarted && !chunk.HasUsage;
        if (!hasStarted)
        {
            hasStarted = true;
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Start, Id = chunk.Id, Name = chunk.Model });
            if (!chunk.Fingerprint.IsEmpty || !chunk.Tier.IsEmpty)
                sink.Take(new ReplyEvent { Kind = ReplyEventKind.About, Id = chunk.Fingerprint, Name = chunk.Tier });
        }
        if (chunk.HasChoices)
        {
            while (chunk.Choices.Read() && chunk.Choices.TokenType != JsonTokenType.EndArray)
                if (!ReadChoice(data, ref chunk, sink, isPlain)) return false;
        }
        if (chunk.HasUsage && OpenAiUsage.Read(ref chunk.Usage) is { } usage) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = usage });
        return true;
    }

    private bool ReadChoice(ReadOnlySpan<byte> data, ref Chunk chunk, IReplySink sink, bool isPlain)
    {
        ref var at = ref chunk.Choices;
        if (at.TokenType != JsonTokenType.StartObject)
        {
            at.Skip();
            return true;
        }
        var index = 0;
        ReadOnlySpan<byte> finish = default;
        Utf8JsonReader delta = default;
        var hasDelta = false;
        ChatLogprobs? told = null;
        while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
        {
            if (at.ValueTextEquals("index"u8))
            {
                at.Read();
                if (at.TokenType == JsonTokenType.Number && at.TryGetInt32(out var number)) index = number;
            }
            else if (at.ValueTextEquals("delta"u8) || at.ValueTextEquals("message"u8))
            {
                at.Read();
                delta = at;
                hasDelta = true;
            }
            else if (at.ValueTextEquals("logprobs"u8))
            {
                at.Read();
                if (at.TokenType == JsonTokenType.StartObject) (told = logprobs ??= new ChatLogprobs()).Read(ref at);
            }
            else if (at.ValueTextEquals("finish_reason"u8)) finish = NextText(ref at);
            else at.Read();
            at.Skip();
        }
        if (index is < 0 or >= MaxChoices) return false;
        while (choices.Count <= index) choices.Add(new ChoiceParts(choices.Count));
        var choice = choices[index];
        var message = default(MessageReader);
        if (hasDelta) message.Read(ref delta, choice, sink, told);
        if (finish.SequenceEqual("error"u8))
        {
            Failure = OpenAiFailureReader.InStream(data);
            return false;
        }
        if (!finish.IsEmpty) choice.Finish(ChoiceParts.ReasonOf(finish), sink);
        // What stands beside the words belongs to these words: nothing to compare the next event with.
        else if (isPlain && told is null && message.OnlyTextStart > 0 && chunk.ChoicesRead++ == 0)
            template.Remember(data, message.OnlyTextStart, chunk.PaddingStart, index, message.OnlyTextKind, message.OnlyTextTool);
        else template.Forget();
        return true;
    }

    private static ReadOnlySpan<byte> NextText(scoped ref Utf8JsonReader at)
    {
        at.Read();
        return at.TokenType == JsonTokenType.String ? at.ValueSpan : default;
    }

    private ref struct Chunk
    {
        public ReadOnlySpan<byte> Id, Model, Fingerprint, Tier;
        public Utf8JsonReader Choices, Usage;
        public bool HasChoices, HasUsage, HasError;
        public int PaddingStart, ChoicesRead;
    }
}
