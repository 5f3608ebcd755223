using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Guardrails.Masking;

/// <summary>A stretch of all texts of a body and what comes in its place.</summary>
/// <param name="Start">First character.</param>
/// <param name="Length">Characters.</param>
/// <param name="Text">What comes there.</param>
internal readonly record struct Replacement(int Start, int Length, string Text);

/// <summary>Writes a body with stretches of its texts replaced; all other bytes stay as they came.</summary>
internal static class BodyMask
{
    /// <summary>Writes the body.</summary>
    /// <param name="body">The body that the texts were read from.</param>
    /// <param name="texts">Its texts.</param>
    /// <param name="replacements">By place, not overlapping. One that reaches over several parts stands in its first; the others lose their share.</param>
    /// <param name="output">Takes the body.</param>
    public static void Write(ReadOnlySpan<byte> body, BodyTexts texts, IReadOnlyList<Replacement> replacements, IBufferWriter<byte> output)
    {
        var (written, next) = (0, 0);
        foreach (ref readonly var part in texts.Parts)
        {
            while (next < replacements.Count && replacements[next].Start + replacements[next].Length <= part.Start) next++;
            if (next == replacements.Count) break;
            if (replacements[next].Start >= part.End) continue;
            output.Write(body[written..part.ValueStart]);
            WriteText(texts.All, part, replacements, next, output);
            written = part.ValueEnd;
        }
        output.Write(body[written..]);
    }

    private static void WriteText(ReadOnlySpan<char> all, in TextPart part, IReadOnlyList<Replacement> replacements, int next, IBufferWriter<byte> output)
    {
        var text = new ArrayBufferWriter<char>(part.Length + 32);
        var at = part.Start;
        for (; next < replacements.Count && replacements[next].Start < part.End; next++)
        {
            var replacement = replacements[next];
            var end = Math.Min(replacement.Start + replacement.Length, part.End);
            if (replacement.Start >= part.Start)
            {
                text.Write(all[at..replacement.Start]);
                text.Write(replacement.Text);
            }
            at = end;
        }
        text.Write(all[at..part.End]);
        if (part.IsPlain)
        {
            Encoding.UTF8.GetBytes(text.WrittenSpan, output);
            return;
        }
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text.WrittenSpan, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        output.Write("\""u8);
    }
}
