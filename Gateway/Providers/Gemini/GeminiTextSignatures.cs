using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Proofs of thought behind words. The API hangs them on text parts, where no other dialect has a place for them, so callers get each as an encrypted thought
/// of its own, marked as Gemini's: an API that gets another's ciphertext refuses the request. On the way back they belong to the last words of their message.
/// </summary>
internal readonly struct GeminiTextSignatures
{
    private readonly int bearer;
    private readonly JsonText signature;

    /// <summary>Looks through the parts of an assistant's message.</summary>
    public GeminiTextSignatures(List<ContentPart> parts)
    {
        // Several proofs: the last one is of the last words.
        bearer = parts.FindLastIndex(static part => part is RedactedThinkingPart { Data: var data } && IsOurs(data));
        if (bearer < 0) return;
        signature = JsonText.CopyOfEscaped(((RedactedThinkingPart)parts[bearer]).Data.Escaped[Mark.Length..]);
        if (parts.FindLastIndex(static part => part is TextPart { Text.IsEmpty: false }) is >= 0 and var words) bearer = words;
    }

    /// <summary>What an encrypted thought of Gemini's begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "gemini."u8;

    /// <summary>Whether an encrypted thought came from Gemini through this gateway.</summary>
    public static bool IsOurs(JsonText data) => data.Escaped.StartsWith(Mark);

    /// <summary>The proof that a part of the message bears; empty = none.</summary>
    public JsonText Of(int part) => part == bearer ? signature : default;
}
