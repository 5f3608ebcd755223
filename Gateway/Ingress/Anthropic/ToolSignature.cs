using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>
/// The proof that some providers give with a tool call and want back with it (Gemini's thought signature). Anthropic's tool_use block has no field for it,
/// but its clients give redacted thoughts back as they came: the proof travels in one, which names the call.
/// </summary>
internal static class ToolSignature
{
    /// <summary>How the data of such a block begins: this, the call's id, a colon, the proof.</summary>
    public static ReadOnlySpan<byte> Prefix => "gateway-tool-signature:"u8;

    /// <summary>Gives the calls of a message the proofs that came with them, and takes the blocks out.</summary>
    public static void Attach(List<ContentPart> parts)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i] is not RedactedThinkingPart { Data: var data } || !data.Escaped.StartsWith(Prefix)) continue;
            parts.RemoveAt(i);
            var rest = data.Escaped[Prefix.Length..];
            for (var call = 0; call < parts.Count; call++)
            {
                if (parts[call] is not ToolCallPart { Id: var id } made || !rest.StartsWith(id.Escaped) || rest.Length == id.Escaped.Length || rest[id.Escaped.Length] != ':') continue;
                parts[call] = made with { Signature = JsonText.CopyOfEscaped(rest[(id.Escaped.Length + 1)..]) };
                break;
            }
        }
    }
}
