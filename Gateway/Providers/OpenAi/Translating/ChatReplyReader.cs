using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Reads a whole chat completion (OpenAI API reference, "The chat completion object") into events.</summary>
internal static class ChatReplyReader
{
    /// <summary>Gives the sink what the reply says; false when it is none, or an error with a good status.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, IReplySink sink)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && Read(ref reader, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Read(ref Utf8JsonReader reader, IReplySink sink)
    {
        ReadOnlySpan<byte> id = default, model = default, fingerprint = default, tier = default;
        Utf8JsonReader choices = default, usage = default;
        bool hasChoices = false, hasUsage = false, hasError = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartArray)
                {
                    choices = reader;
                    hasChoices = true;
                }
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    usage = reader;
                    hasUsage = true;
                }
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                hasError = reader.TokenType != JsonTokenType.Null;
            }
            else if (reader.ValueTextEquals("id"u8)) id = NextText(ref reader);
            else if (reader.ValueTextEquals("model"u8)) model = NextText(ref reader);
            else if (reader.ValueTextEquals("system_fingerprint"u8)) fingerprint = NextText(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) tier = NextText(ref reader);
            else reader.Read();
            reader.Skip();
        }
        reader.Read();
        if (!hasChoices || hasError) return false;

        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Start, Id = id, Name = model });
        if (!fingerprint.IsEmpty || !tier.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.About, Id = fingerprint, Name = tier });
        var count = 0;
        while (choices.Read() && choices.TokenType != JsonTokenType.EndArray)
        {
            if (choices.TokenType == JsonTokenType.StartObject) ReadChoice(ref choices, count++, sink);
            else choices.Skip();
        }
        if (hasUsage && OpenAiUsage.Read(ref usage) is { } tokens) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = tokens });
        return count > 0;
    }

    /// <summary>Choices are numbered as they come: a number that a provider gives could be any.</summary>
    private static void ReadChoice(ref Utf8JsonReader at, int index, IReplySink sink)
    {
        var choice = new ChoiceParts(index);
        var finish = "stop"u8;
        Utf8JsonReader message = default;
        var hasMessage = false;
        ChatLogprobs? logprobs = null;
        while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
        {
            if (at.ValueTextEquals("message"u8))
            {
                at.Read();
                // Its probabilities may stand behind it.
                message = at;
                hasMessage = true;
                at.Skip();
            }
            else if (at.ValueTextEquals("logprobs"u8))
            {
                at.Read();
                if (at.TokenType == JsonTokenType.StartObject) (logprobs = new ChatLogprobs()).Read(ref at);
                else at.Skip();
            }
            else if (at.ValueTextEquals("finish_reason"u8))
            {
                finish = NextText(ref at) is { IsEmpty: false } word ? word : finish;
                at.Skip();
            }
            else
            {
                at.Read();
                at.Skip();
            }
        }
        if (hasMessage) default(MessageReader).Read(ref message, choice, sink, logprobs);
        choice.Finish(ChoiceParts.ReasonOf(finish), sink);
    }

    private static ReadOnlySpan<byte> NextText(scoped ref Utf8JsonReader at)
    {
        at.Read();
        return at.TokenType == JsonTokenType.String ? at.ValueSpan : default;
    }
}
