using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>What stands at the top level of a reply, or of an event, of an operation beside chats.</summary>
internal ref struct OperationFields
{
    private const int MaxNameLength = 40;

    /// <summary>Whether there is an error.</summary>
    public bool HasError;

    /// <summary>Whether one of the answer's fields is there.</summary>
    public bool HasAnswer;

    /// <summary>Elements of the answer, where it is an array.</summary>
    public int Answers;

    /// <summary>Bytes of the answer's JSON.</summary>
    public long AnswerBytes;

    /// <summary>The model that the provider says it used.</summary>
    public string? Model;

    /// <summary>The event's type.</summary>
    public string? Type;

    /// <summary>What was used.</summary>
    public OperationUsage Usage;

    /// <summary>Size of the images.</summary>
    public string? Size;

    /// <summary>Quality of the images.</summary>
    public string? Quality;

    /// <summary>Length of a recording, in milliseconds.</summary>
    public long Milliseconds;

    /// <summary>Reads a body; false when it is not one JSON object.</summary>
    /// <param name="body">The body.</param>
    /// <param name="answer">The answer's field.</param>
    /// <param name="otherAnswer">Its other name; empty = it has none.</param>
    public bool TryRead(ReadOnlySpan<byte> body, ReadOnlySpan<byte> answer, ReadOnlySpan<byte> otherAnswer = default)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals(answer) || (!otherAnswer.IsEmpty && reader.ValueTextEquals(otherAnswer))) ReadAnswer(ref reader);
                else ReadField(ref reader);
                reader.Skip();
            }
            // Whitespace may follow, anything else is an error that this read finds.
            reader.Read();
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void ReadAnswer(ref Utf8JsonReader reader)
    {
        reader.Read();
        HasAnswer = reader.TokenType != JsonTokenType.Null;
        var start = reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            var depth = reader.CurrentDepth;
            while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
            {
                Answers++;
                reader.Skip();
            }
        }
        AnswerBytes = reader.BytesConsumed - start;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            Usage.Read(ref reader);
        }
        else if (reader.ValueTextEquals("meta"u8))
        {
            reader.Read();
            Usage.ReadMeta(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            HasError = reader.TokenType != JsonTokenType.Null;
        }
        else if (reader.ValueTextEquals("duration"u8))
        {
            reader.Read();
            Milliseconds = OperationUsage.MillisecondsOf(ref reader);
        }
        else if (reader.ValueTextEquals("model"u8)) Model = TextOf(ref reader, 200);
        else if (reader.ValueTextEquals("type"u8)) Type = TextOf(ref reader, 100);
        else if (reader.ValueTextEquals("size"u8)) Size = TextOf(ref reader, MaxNameLength);
        else if (reader.ValueTextEquals("quality"u8)) Quality = TextOf(ref reader, MaxNameLength);
        else reader.Read();
    }

    private static string? TextOf(ref Utf8JsonReader reader, int maxLength)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text && text.Length <= maxLength ? text : null;
    }
}
