using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>What a request gives its model to answer from: results of tools, documents, and what stands in <c>gateway.context</c>.</summary>
internal static class GroundingContext
{
    // A context that is longer is read as far as that; what is beyond could not be looked up in time.
    private const int MostCharacters = 2 * 1024 * 1024;

    private const int MaxDepth = 256;

    /// <summary>Shows each text of it.</summary>
    public static void Read(RequestFacts facts, Action<ReadOnlySpan<char>> take)
    {
        var left = MostCharacters;
        foreach (var text in facts.Context ?? [])
        {
            if (left <= 0) return;
            var part = text.AsSpan(0, Math.Min(text.Length, left));
            take(part);
            left -= part.Length;
        }
        using var texts = new BodyTexts();
        BodyTextReader.TryRead(facts.Body.Span, MaxDepth, texts);
        foreach (ref readonly var part in texts.Parts)
        {
            if (left <= 0) return;
            if (part.Source is not (TextSource.ToolResult or TextSource.Document)) continue;
            var text = texts.TextOf(part);
            text = text[..Math.Min(text.Length, left)];
            take(text);
            left -= text.Length;
        }
    }
}
