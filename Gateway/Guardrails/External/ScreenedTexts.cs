using System.Text;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>The texts of a body as checks get them, a line end between them, and the way back to their places.</summary>
internal sealed class ScreenedTexts
{
    private readonly TextPart[] parts;

    private ScreenedTexts(string text, TextPart[] parts) => (Text, this.parts) = (text, parts);

    /// <summary>The texts.</summary>
    public string Text { get; }

    /// <summary>Of a body's texts.</summary>
    public static ScreenedTexts Of(BodyTexts texts)
    {
        var text = new StringBuilder(texts.All.Length + texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0) text.Append('\n');
            text.Append(texts.TextOf(texts.Parts[i]));
        }
        return new(text.ToString(), texts.Parts.ToArray());
    }

    /// <summary>Of a text that has no places in a body.</summary>
    public static ScreenedTexts Of(string text) => new(text, []);

    /// <summary>The place among all texts without anything between them.</summary>
    public (int Start, int Length) PlaceOf(int start, int length)
    {
        var (from, to) = (OriginalOf(start), OriginalOf(start + length));
        return (from, to - from);
    }

    // One line end stands before each part but the first.
    private int OriginalOf(int place)
    {
        var last = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Start + i > place) break;
            last = i;
        }
        return parts.Length == 0 ? place : Math.Min(place - last, parts[last].End);
    }
}
