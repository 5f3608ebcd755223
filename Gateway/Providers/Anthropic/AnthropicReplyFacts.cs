using System.Text.Json;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Reads a whole reply for its facts in one pass: that it is JSON to its end, the usage, the served model, and the size of the answer.</summary>
internal static class AnthropicReplyFacts
{
    /// <summary>Fills the facts; false when this is no message: not JSON, cut off, or an error with a good status.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        var reader = new Utf8JsonReader(body, AnthropicJson.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            var hasContent = false;
            while (AnthropicJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    facts.Usage = AnthropicUsage.Read(ref reader, null);
                    AnthropicUsage.NoteRest(body[start..(int)reader.BytesConsumed], facts);
                }
                else if (reader.ValueTextEquals("model"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String) facts.ServedModel = reader.GetString();
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("content"u8))
                {
                    reader.Read();
                    hasContent = reader.TokenType == JsonTokenType.StartArray;
                    var opens = reader.TokenStartIndex;
                    reader.Skip();
                    // The answer's JSON is a little longer than its text: an estimate is rather over than under.
                    facts.ContentBytes = reader.BytesConsumed - opens;
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            // Whitespace may follow, anything else is an error that this read finds.
            reader.Read();
            facts.IsFinished = true;
            return hasContent;
        }
        catch (Exception fault) when (AnthropicJson.IsBadInput(fault))
        {
            return false;
        }
    }
}
