using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>A content block of a reply, or the beginning of one in a stream. Texts are escaped slices of what is read.</summary>
internal ref struct AnthropicBlock
{
    /// <summary>What it is; null = a block that has no place outside of Anthropic's API: the calls and results of its server tools, which only its own callers can ask for.</summary>
    public PartKind? Kind;

    /// <summary>Id of a tool call.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>The tool.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>Words, thoughts, or ciphertext.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>Proof of thoughts.</summary>
    public ReadOnlySpan<byte> Signature;

    /// <summary>Arguments, a JSON value.</summary>
    public ReadOnlySpan<byte> Input;

    /// <summary>Sources, a JSON array.</summary>
    public ReadOnlySpan<byte> Citations;

    /// <summary>Reads the object that the reader stands at, whose bytes are in <paramref name="source"/>; the fields may come in any order.</summary>
    public void Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                Kind = KindOf(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                Text = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("signature"u8))
            {
                reader.Read();
                Signature = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                Id = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                Name = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("input"u8))
            {
                reader.Read();
                Input = Slice(ref reader, source, JsonTokenType.StartObject);
                continue;
            }
            else if (reader.ValueTextEquals("citations"u8))
            {
                reader.Read();
                Citations = Slice(ref reader, source, JsonTokenType.StartArray);
                continue;
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
    }

    private static ReadOnlySpan<byte> Slice(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> source, JsonTokenType wanted)
    {
        var isWanted = reader.TokenType == wanted;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return isWanted ? source[start..(int)reader.BytesConsumed] : default;
    }

    private static PartKind? KindOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return null;
        if (reader.ValueTextEquals("text"u8)) return PartKind.Text;
        if (reader.ValueTextEquals("tool_use"u8)) return PartKind.ToolCall;
        if (reader.ValueTextEquals("thinking"u8)) return PartKind.Thinking;
        return reader.ValueTextEquals("redacted_thinking"u8) ? PartKind.RedactedThinking : null;
    }
}
