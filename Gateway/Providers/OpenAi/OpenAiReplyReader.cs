using System.Text.Json;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>Reads a whole reply in one pass: that it is JSON to its end, the usage, the served model, and the size of the answer.</summary>
internal static class OpenAiReplyReader
{
    /// <summary>Fills the facts; false when this is no reply: not JSON, cut off, or an error with a good status.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            var hasAnswer = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    facts.Usage = OpenAiUsage.Read(ref reader);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("service_tier"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String) facts.ServiceTier = ServiceTiers.Of(reader.ValueSpan);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("model"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String) facts.ServedModel = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("choices"u8) || reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("output"u8))
                {
                    hasAnswer = true;
                    reader.Read();
                    var start = reader.TokenStartIndex;
                    reader.Skip();
                    // The answer's JSON is a little longer than its text: an estimate is rather over than under.
                    facts.ContentBytes = reader.BytesConsumed - start;
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
            return hasAnswer;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
