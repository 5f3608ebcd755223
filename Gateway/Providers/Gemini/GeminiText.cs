using System.Buffers;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Texts of a conversation, where more is needed than passing them on.</summary>
internal static class GeminiText
{
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
