using System.Text.Json;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Portal.Benchmarks.Metrics;

/// <summary>Whether an answer is JSON that a schema allows. The whole answer has to be it; one Markdown fence around it is taken off.</summary>
public static class SchemaMatch
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>1 when it is, else 0.</summary>
    public static double Score(string answer, JsonSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        try
        {
            using var document = JsonDocument.Parse(Unfenced(answer), Strict);
            return schema.Allows(document.RootElement) ? 1 : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    /// <summary>A text without the fence <c>```json ... ```</c> around it, if it has one.</summary>
    internal static string Unfenced(string answer)
    {
        var text = answer.Trim();
        if (text.Length < 6 || !text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal)) return text;
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 || text[3..line].Trim() is not ("" or "json") ? text : text[(line + 1)..^3];
    }
}
