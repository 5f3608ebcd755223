using System.Text.Json;
using AspireGateway.Gateway.Ingress.Multipart;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>
/// Finds the model that a body of a provider's own API names, if it names one. The body passes unchanged, so what cannot be read for certain is refused: the
/// provider could see another model in it than the one whose permission and price were looked up.
/// </summary>
internal static class AnyFacts
{
    /// <summary>Fills the facts; null = the body is acceptable.</summary>
    public static Refusal? Read(RequestFacts facts, string? contentType, int maxDepth)
    {
        facts.Operation = Operation.PassThrough;
        var body = facts.Body.Span;
        if (body.IsEmpty) return null;
        if (contentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true) return ReadForm(facts, contentType);
        var first = body.TrimStart(" \t\r\n"u8);
        var isJson = contentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true || first is [(byte)'{', ..];
        return isJson ? ReadJson(facts, maxDepth) : null;
    }

    private static Refusal? ReadForm(RequestFacts facts, string contentType)
    {
        if (FormReader.Read(facts.Body.Span, contentType, out var form) is { } broken) return broken;
        foreach (var part in form!.Parts)
        {
            if (part.Name != "model") continue;
            if (facts.HasModelField) return Refusal.InvalidRequest("Field 'model' stands twice in the form. Send it once.", "model");
            if (FormFacts.ReadModel(facts, part, facts.Body.Span[part.Value]) is { } refusal) return refusal;
        }
        return null;
    }

    private static Refusal? ReadJson(RequestFacts facts, int maxDepth)
    {
        var reader = new Utf8JsonReader(facts.Body.Span, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                reader.Read();
                return null;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isModel = reader.ValueTextEquals("model"u8);
                var isStream = reader.ValueTextEquals("stream"u8);
                reader.Read();
                if (isModel)
                {
                    if (facts.HasModelField) return Refusal.InvalidRequest("Field 'model' stands twice in the body. Send it once.", "model");
                    if (reader.TokenType == JsonTokenType.String) facts.Model = reader.GetString();
                    facts.HasModelField = true;
                }
                if (isStream) facts.Stream = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            reader.Read();
            return null;
        }
        catch (JsonException fault)
        {
            return Refusal.InvalidRequest(
                $"The body is not valid JSON, or nested deeper than {maxDepth} levels: it breaks off at line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1} of that line.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name or a text that the gateway must read.
            return Refusal.InvalidRequest("The body holds a text that is not valid Unicode. Send one JSON object, UTF-8.");
        }
    }
}
