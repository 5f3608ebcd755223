using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Texts of a conversation, where more is needed than passing them on.</summary>
internal static class GeminiText
{
    /// <summary>The text, decoded; false when its escapes make no valid Unicode (half a surrogate pair), which JSON's grammar lets through.</summary>
    public static bool TryDecode(JsonText text, [NotNullWhen(true)] out string? decoded)
    {
        try
        {
            decoded = text.ToString();
            return true;
        }
        catch (InvalidOperationException)
        {
            decoded = null;
            return false;
        }
    }

    /// <summary>What such a text is answered with.</summary>
    public static Refusal NotUnicode(string path) => Refusal.InvalidRequest("The text is not valid Unicode.", path);

    /// <summary>Whether a part is words, in a document or not.</summary>
    public static bool IsText(ContentPart part) => part is TextPart or DocumentPart { Source.Form: MediaForm.Text, Context.IsEmpty: true };

    /// <summary>The words among some parts, a line break between them.</summary>
    public static JsonText Joined(List<ContentPart> parts)
    {
        JsonText only = default;
        ArrayBufferWriter<byte>? joined = null;
        foreach (var part in parts)
        {
            if (!IsText(part)) continue;
            var text = part is TextPart words ? words.Text : ((DocumentPart)part).Source.Value;
            if (text.IsEmpty) continue;
            if (only.IsEmpty)
            {
                only = text;
                continue;
            }
            if (joined is null)
            {
                joined = new();
                joined.Write(only.Escaped);
            }
            joined.Write("\\n"u8);
            joined.Write(text.Escaped);
        }
        return joined is null ? only : JsonText.CopyOfEscaped(joined.WrittenSpan);
    }
}
