using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.AzureOpenAi;

/// <summary>
/// Finds out whether Azure's content management refused a prompt (Azure OpenAI, "Content filtering": <c>error.code</c> is <c>content_filter</c>,
/// <c>error.innererror.code</c> is <c>ResponsibleAIPolicyViolation</c>, and <c>innererror.content_filter_result</c> tells the categories).
/// </summary>
internal static class AzureContentFilter
{
    /// <summary>The failure if it did; null = the body says something else.</summary>
    public static ProviderFailure? Find(ReadOnlySpan<byte> body)
    {
        // Nearly all bodies that come here are answers.
        if (body.IndexOf("\"error\""u8) < 0) return null;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return null;
            using (document)
            {
                if (Member(document.RootElement, "error") is not { ValueKind: JsonValueKind.Object } error) return null;
                var inner = Member(error, "innererror") ?? Member(error, "inner_error");
                if (Text(error, "code") != "content_filter" && (inner is null || Text(inner.Value, "code") != "ResponsibleAIPolicyViolation")) return null;
                var words = ProviderMessage.Clean(Text(error, "message")) ?? "The prompt was refused by the provider's content filter.";
                return new("content_filter", TryNext: false, Refusal.RejectedByProvider(
                    400, "content_filter", "The provider rejected the request: " + words + CategoriesOf(inner), Text(error, "param")));
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A text that is not UTF-8.
            return null;
        }
    }

    private static string CategoriesOf(JsonElement? inner)
    {
        if (inner is null || Member(inner.Value, "content_filter_result") is not { ValueKind: JsonValueKind.Object } results) return "";
        var hit = results.EnumerateObject()
            .Where(category => Member(category.Value, "filtered") is { ValueKind: JsonValueKind.True } && category.Name.Length <= 40 && category.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            .Select(category => category.Name).Take(10).ToArray();
        return hit.Length == 0 ? "" : $" (filtered for: {string.Join(", ", hit)})";
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
