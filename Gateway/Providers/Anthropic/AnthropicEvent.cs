using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>What an event says.</summary>
internal ref struct AnthropicEvent
{
    /// <summary>Its type.</summary>
    public EventType Type;

    /// <summary>The block's index; -1 = none that is one.</summary>
    public int Index;

    /// <summary>Whether it tells usage, and whether it holds a delta.</summary>
    public bool HasUsage, HasDelta;

    /// <summary>Why the answer ended.</summary>
    public FinishReason? FinishReason;

    /// <summary>The message or the block that begins, a JSON value; the source of words, a JSON value.</summary>
    public ReadOnlySpan<byte> Inner, Citation;

    /// <summary>Texts of the delta, escaped.</summary>
    public ReadOnlySpan<byte> Text, Signature, StopSequence;

    /// <summary>Reads the event; false when it is no object. What it tells of the usage is added to what is known.</summary>
    public bool TryRead(ReadOnlySpan<byte> data, ref TokenUsage? usage)
    {
        var reader = new Utf8JsonReader(data, AnthropicJson.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                Type = EventTypes.Of(ref reader);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index : -1;
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                ReadDelta(ref reader, data);
                continue;
            }
            else if (reader.ValueTextEquals("content_block"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                // The type may come behind it, and says how to read it.
                reader.Skip();
                Inner = data[start..(int)reader.BytesConsumed];
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                HasUsage = reader.TokenType == JsonTokenType.StartObject;
                usage = AnthropicUsage.Read(ref reader, usage);
                continue;
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
        // Anything behind the object is an error that this read finds.
        reader.Read();
        return true;
    }

    /// <summary>Reads the delta that the reader stands at, of a block or of the message.</summary>
    private void ReadDelta(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        HasDelta = reader.TokenType == JsonTokenType.StartObject;
        if (!HasDelta)
        {
            reader.Skip();
            return;
        }
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("partial_json"u8) || reader.ValueTextEquals("thinking"u8))
            {
                reader.Read();
                Text = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                reader.Read();
                Signature = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                reader.Read();
                FinishReason = AnthropicWords.FinishReasonOf(ref reader);
            }
            else if (reader.ValueTextEquals("stop_sequence"u8))
            {
                reader.Read();
                StopSequence = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("citation"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Citation = data[start..(int)reader.BytesConsumed];
                continue;
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
    }
}
