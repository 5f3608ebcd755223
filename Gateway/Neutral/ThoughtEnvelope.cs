using System.Buffers;

namespace AspireGateway.Gateway.Neutral;

/// <summary>What an envelope holds.</summary>
internal enum ThoughtKind
{
    /// <summary>Not one of ours.</summary>
    Foreign,

    /// <summary>The proof of thoughts whose words stand beside it.</summary>
    Signed,

    /// <summary>Thoughts, encrypted by the provider.</summary>
    Redacted,

    /// <summary>The proof of the thought behind the tool call before it.</summary>
    ToolCall,
}

/// <summary>
/// Responses have one field for what only the provider can read, <c>encrypted_content</c>. A mark in front says that it is ours and what it is: ciphertext of
/// OpenAI, from a conversation that began there, must not be taken for another provider's proof.
/// </summary>
internal static class ThoughtEnvelope
{
    private static ReadOnlySpan<byte> Signed => "agw1s."u8;

    private static ReadOnlySpan<byte> Redacted => "agw1r."u8;

    private static ReadOnlySpan<byte> ToolCall => "agw1t."u8;

    /// <summary>Writes a proof or ciphertext, quotes included.</summary>
    public static void Write(IBufferWriter<byte> output, ThoughtKind kind, JsonText text)
    {
        output.Write("\""u8);
        output.Write(kind switch
        {
            ThoughtKind.Redacted => Redacted,
            ThoughtKind.ToolCall => ToolCall,
            _ => Signed,
        });
        output.Write(text.Escaped);
        output.Write("\""u8);
    }

    /// <summary>What an envelope holds; empty when it is not ours.</summary>
    public static JsonText Open(JsonText envelope, out ThoughtKind kind)
    {
        var text = envelope.Escaped;
        kind = text.StartsWith(Signed) ? ThoughtKind.Signed
            : text.StartsWith(Redacted) ? ThoughtKind.Redacted
            : text.StartsWith(ToolCall) ? ThoughtKind.ToolCall
            : ThoughtKind.Foreign;
        return kind == ThoughtKind.Foreign ? default : JsonText.CopyOfEscaped(text[Signed.Length..]);
    }
}
