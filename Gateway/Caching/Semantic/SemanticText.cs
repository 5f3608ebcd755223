using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Caching.Semantic;

/// <summary>The words of a request's last message, and where they stand in its body.</summary>
/// <param name="Text">The words, as guardrails have left them.</param>
/// <param name="Holes">Where they stand; see <see cref="LastTurn"/>.</param>
internal sealed record SemanticText(string Text, int[] Holes)
{
    /// <summary>Longest text, in bytes of UTF-8: what is longer differs in more than a vector shows.</summary>
    public const int MostBytes = 8 * 1024;

    /// <summary>Of a request that may be kept; null = its last message is no question in words, or too long.</summary>
    public static SemanticText? Of(Exchange exchange, int maxDepth)
    {
        if (exchange.Operation.Kind != OperationKind.Chat) return null;
        var body = exchange.Request!.Body.Span;
        Span<int> holes = stackalloc int[LastTurn.MostTexts];
        var count = LastTurn.Find(body, exchange.Operation, maxDepth, holes);
        if (count == 0) return null;
        var text = new StringBuilder();
        foreach (var hole in holes[..count])
        {
            var reader = new Utf8JsonReader(body[hole..]);
            reader.Read();
            if (text.Length + reader.ValueSpan.Length > MostBytes) return null;
            if (text.Length > 0) text.Append('\n');
            text.Append(reader.GetString());
        }
        return new(text.ToString(), holes[..count].ToArray());
    }
}
