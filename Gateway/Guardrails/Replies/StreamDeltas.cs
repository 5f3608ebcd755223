using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>A string within an event's data that continues a text, or a whole text.</summary>
/// <param name="Start">First byte of the JSON string, its quote.</param>
/// <param name="End">Behind its closing quote.</param>
/// <param name="Channel">The text that it continues; null = it is whole.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventText(int Start, int End, ChannelKey? Channel)
{
    /// <summary>Whether it is the text of a JSON value.</summary>
    public bool IsJson { get; init; }
}

/// <summary>Finds the texts of one event of a stream, in one caller's dialect.</summary>
internal sealed class StreamDeltas(Dialect dialect)
{
    private readonly List<EventText> texts = [];

    /// <summary>The texts of the event that was read last, by place.</summary>
    public ReadOnlySpan<EventText> Texts => CollectionsMarshal.AsSpan(texts);

    /// <summary>Which choices ended with it; −1 among them = all texts did.</summary>
    public List<int> Ended { get; } = [];

    /// <summary>Where the event's number stands, of Responses; null = it has none.</summary>
    public Range? NumberAt { get; private set; }

    /// <summary>That number.</summary>
    public long Number { get; private set; }

    /// <summary>Reads an event's data; false when it is no JSON object.</summary>
    public bool TryRead(ReadOnlySpan<byte> data)
    {
        texts.Clear();
        Ended.Clear();
        NumberAt = null;
        try
        {
            var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = 256 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            switch (dialect)
            {
                case Dialect.Anthropic: ReadAnthropic(ref reader); break;
                case Dialect.OpenAiResponses: ReadResponses(ref reader); break;
                default: ReadChat(ref reader); break;
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>OpenAI API reference, "The chat completion chunk object"; also of older completions, whose choices have a text.</summary>
    private void ReadChat(ref Utf8JsonReader reader)
    {
        var hasChoices = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isChoices = reader.ValueTextEquals("choices"u8);
            reader.Read();
            if (!isChoices || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                hasChoices = true;
                ReadChoice(ref reader);
            }
        }
        // The last event has usage and no choice.
        if (!hasChoices) Ended.Add(-1);
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        var (index, first, ends) = (0, texts.Count, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isIndex, isFinish, isDelta, isText) =
                (reader.ValueTextEquals("index"u8), reader.ValueTextEquals("finish_reason"u8), reader.ValueTextEquals("delta"u8), reader.ValueTextEquals("text"u8));
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number) reader.TryGetInt32(out index);
            else if (isFinish) ends = reader.TokenType != JsonTokenType.Null;
            else if (isText && reader.TokenType == JsonTokenType.String) Add(ref reader, new(0, 0, DeltaField.Words));
            else if (isDelta && reader.TokenType == JsonTokenType.StartObject) ReadFields(ref reader, new(0, 0, DeltaField.Words));
            else reader.Skip();
        }
        // The index may stand behind the delta.
        for (var i = first; i < texts.Count; i++) texts[i] = texts[i] with { Channel = texts[i].Channel!.Value with { Choice = index } };
        if (ends) Ended.Add(index);
    }

    // The fields of a delta, of a message's and of a tool call's.
    private void ReadFields(ref Utf8JsonReader reader, ChannelKey channel)
    {
        var (first, part) = (texts.Count, channel.Part);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldAt(ref reader);
            var isIndex = reader.ValueTextEquals("index"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number) reader.TryGetInt32(out part);
            else if (field is { } known && reader.TokenType == JsonTokenType.String) Add(ref reader, channel with { Field = known });
            else if (reader.TokenType == JsonTokenType.StartObject) ReadFields(ref reader, channel);
            else if (reader.TokenType == JsonTokenType.StartArray) ReadList(ref reader, channel);
        }
        if (part != channel.Part)
            for (var i = first; i < texts.Count; i++) texts[i] = texts[i] with { Channel = texts[i].Channel!.Value with { Part = part } };
    }

    private void ReadList(ref Utf8JsonReader reader, ChannelKey channel)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) ReadFields(ref reader, channel);
            else reader.Skip();
        }
    }

    /// <summary>Anthropic, "Streaming messages": words come in <c>content_block_delta</c>, and a block ends with <c>content_block_stop</c>.</summary>
    private void ReadAnthropic(ref Utf8JsonReader reader)
    {
        var (index, isDelta, isPing) = (0, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isIndex) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("index"u8));
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                isDelta = reader.ValueTextEquals("content_block_delta"u8);
                isPing = reader.ValueTextEquals("ping"u8);
            }
            else if (isIndex && reader.TokenType == JsonTokenType.Number) reader.TryGetInt32(out index);
            else if (reader.TokenType == JsonTokenType.StartObject) ReadFields(ref reader, new(0, 0, DeltaField.Words));
            else reader.Skip();
        }
        for (var i = 0; i < texts.Count; i++) texts[i] = texts[i] with { Channel = isDelta ? texts[i].Channel!.Value with { Choice = index } : null };
        if (!isDelta && !isPing) Ended.Add(-1);
    }

    /// <summary>OpenAI API reference, "Streaming events" of responses: pieces come in events whose type ends in <c>.delta</c>; the others repeat what is whole.</summary>
    private void ReadResponses(ref Utf8JsonReader reader)
    {
        var (item, part, isDelta, isArguments, isThought) = (0, 0, false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isItem, isPart, isPiece) =
                (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("output_index"u8), reader.ValueTextEquals("content_index"u8), reader.ValueTextEquals("delta"u8));
            var (field, isNumber) = (FieldAt(ref reader), reader.ValueTextEquals("sequence_number"u8));
            reader.Read();
            if (isNumber && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)) (NumberAt, Number) = ((int)reader.TokenStartIndex..(int)reader.BytesConsumed, number);
            else if (isType && reader.TokenType == JsonTokenType.String)
            {
                isDelta = reader.ValueSpan.EndsWith(".delta"u8);
                isArguments = reader.ValueSpan.IndexOf("arguments"u8) >= 0;
                isThought = reader.ValueSpan.IndexOf("reasoning"u8) >= 0;
            }
            else if (isItem && reader.TokenType == JsonTokenType.Number) reader.TryGetInt32(out item);
            else if (isPart && reader.TokenType == JsonTokenType.Number) reader.TryGetInt32(out part);
            else if ((isPiece || field is not null) && reader.TokenType == JsonTokenType.String) Add(ref reader, new(0, 0, field ?? DeltaField.Words));
            else if (reader.TokenType == JsonTokenType.StartObject) ReadFields(ref reader, new(0, 0, DeltaField.Words));
            else reader.Skip();
        }
        var channel = new ChannelKey(item, part, isArguments ? DeltaField.Arguments : isThought ? DeltaField.Thoughts : DeltaField.Words);
        for (var i = 0; i < texts.Count; i++)
            texts[i] = texts[i] with { Channel = isDelta ? channel : null, IsJson = isDelta ? isArguments : texts[i].IsJson };
        if (!isDelta) Ended.Add(-1);
    }

    private void Add(ref Utf8JsonReader reader, ChannelKey channel) =>
        texts.Add(new((int)reader.TokenStartIndex, (int)reader.BytesConsumed, channel) { IsJson = channel.Field == DeltaField.Arguments });

    private static DeltaField? FieldAt(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("transcript"u8) || reader.ValueTextEquals("output_text"u8) ? DeltaField.Words
        : reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("partial_json"u8) ? DeltaField.Arguments
        : reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("thinking"u8) ? DeltaField.Thoughts
        : reader.ValueTextEquals("refusal"u8) ? DeltaField.Refusal
        : null;
}
