using System.Text.Json;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>
/// Where the texts of the last message stand in a body, when that is its user's (API references of OpenAI and Anthropic): the only place in which two questions may differ and be
/// the same one. Pictures and results of tools beside them stay what must be equal.
/// </summary>
internal static class LastTurn
{
    /// <summary>Most texts of a message.</summary>
    public const int MostTexts = 16;

    /// <summary>Finds them.</summary>
    /// <param name="body">One JSON object, valid.</param>
    /// <param name="operation">What is asked for.</param>
    /// <param name="maxDepth">Deepest nesting.</param>
    /// <param name="holes">Gets where each text's opening quotation mark stands; <see cref="MostTexts"/> long.</param>
    /// <returns>How many there are; 0 = the last message is not a user's, or says nothing in words.</returns>
    public static int Find(ReadOnlySpan<byte> body, Operation operation, int maxDepth, Span<int> holes)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPrompt = reader.ValueTextEquals(operation.PromptField);
            reader.Read();
            if (!isPrompt)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.String)
            {
                holes[0] = (int)reader.TokenStartIndex;
                return 1;
            }
            return reader.TokenType == JsonTokenType.StartArray ? OfMessages(ref reader, body, maxDepth, holes) : 0;
        }
        return 0;
    }

    private static int OfMessages(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int maxDepth, Span<int> holes)
    {
        var last = -1;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            last = reader.TokenType == JsonTokenType.StartObject ? (int)reader.TokenStartIndex : -1;
            reader.Skip();
        }
        return last < 0 ? 0 : OfMessage(body, last, maxDepth, holes);
    }

    private static int OfMessage(ReadOnlySpan<byte> body, int start, int maxDepth, Span<int> holes)
    {
        var reader = new Utf8JsonReader(body[start..], new JsonReaderOptions { MaxDepth = maxDepth });
        var (roles, contents, count, isUsers) = (0, 0, 0, false);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                (roles, isUsers) = (roles + 1, reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("user"u8));
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                contents++;
                count = OfContent(ref reader, start, holes);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        // Readers differ on which of two counts.
        return isUsers && roles == 1 && contents == 1 ? count : 0;
    }

    private static int OfContent(ref Utf8JsonReader reader, int start, Span<int> holes)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            holes[0] = start + (int)reader.TokenStartIndex;
            return 1;
        }
        var count = 0;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            var text = OfPart(ref reader);
            if (text < 0) continue;
            // So many are no question any more.
            if (count == holes.Length) count = int.MinValue;
            if (count >= 0) holes[count++] = start + text;
        }
        return Math.Max(0, count);
    }

    private static int OfPart(ref Utf8JsonReader reader)
    {
        var (isText, texts, at) = (false, 0, -1);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isText = reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("input_text"u8));
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                (texts, at) = (texts + 1, reader.TokenType == JsonTokenType.String ? (int)reader.TokenStartIndex : -1);
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
        return isText && texts == 1 ? at : -1;
    }
}
