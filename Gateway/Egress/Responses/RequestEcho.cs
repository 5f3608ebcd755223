using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>The fields of a request that its response repeats, as SDKs expect it, with the values that OpenAI documents where the request is silent.</summary>
internal sealed class RequestEcho
{
    private static readonly (string Name, byte[] Default)[] Fields =
    [
        ("instructions", "null"u8.ToArray()),
        ("max_output_tokens", "null"u8.ToArray()),
        ("max_tool_calls", "null"u8.ToArray()),
        ("parallel_tool_calls", "true"u8.ToArray()),
        ("reasoning", """{"effort":null,"summary":null}"""u8.ToArray()),
        ("safety_identifier", "null"u8.ToArray()),
        ("temperature", "1.0"u8.ToArray()),
        ("text", """{"format":{"type":"text"}}"""u8.ToArray()),
        ("tool_choice", "\"auto\""u8.ToArray()),
        ("tools", "[]"u8.ToArray()),
        ("top_logprobs", "0"u8.ToArray()),
        ("top_p", "1.0"u8.ToArray()),
        ("truncation", "\"disabled\""u8.ToArray()),
        ("user", "null"u8.ToArray()),
        ("metadata", "{}"u8.ToArray()),
    ];

    private readonly JsonRaw[] values = new JsonRaw[Fields.Length];

    /// <summary>Finds the fields in a body that was read already.</summary>
    public RequestEcho(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return;
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = IndexOf(ref reader);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                var isNull = reader.TokenType == JsonTokenType.Null;
                reader.Skip();
                if (field >= 0 && !isNull) values[field] = new JsonRaw(body[start..(int)reader.BytesConsumed]);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The request was read before, so this cannot be; what was found so far is as good.
        }
    }

    /// <summary>Writes the fields.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            writer.WritePropertyName(Fields[i].Name);
            writer.WriteRawValue(values[i].IsPresent ? values[i].Bytes.Span : Fields[i].Default, skipInputValidation: true);
        }
    }

    private static int IndexOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < Fields.Length; i++)
            if (reader.ValueTextEquals(Fields[i].Name)) return i;
        return -1;
    }
}
