using System.Text.Json;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// An error as providers of this protocol write it: <c>{"error":{"message","code","type","param"}}</c>, <c>{"error":"..."}</c>, the same fields without a
/// wrapper (Mistral, older vLLM), FastAPI's <c>{"detail":"..."}</c> or <c>{"detail":[{"loc","msg"}]}</c>, or one of these in an array or in <c>message</c>.
/// </summary>
internal readonly record struct OpenAiError(string? Message, string? Code, string? Type, string? Param, int? Status)
{
    private const int MaxLevels = 4;

    /// <summary>The error in a body; empty when there is none that can be read.</summary>
    public static OpenAiError In(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return default;
            using (document) return In(document.RootElement, MaxLevels);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>Whether its code or type is this word.</summary>
    public bool Is(string word) => Code == word || Type == word;

    /// <summary>Whether its message holds one of these texts.</summary>
    public bool Says(string[] texts)
    {
        foreach (var text in texts)
            if (Message?.Contains(text, StringComparison.OrdinalIgnoreCase) == true) return true;
        return false;
    }

    private static OpenAiError In(JsonElement element, int levels)
    {
        if (levels == 0) return default;
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return new(element.GetString(), null, null, null, null);
            case JsonValueKind.Array:
                return element.GetArrayLength() > 0 ? In(element[0], levels - 1) : default;
            case JsonValueKind.Object:
                break;
            default:
                return default;
        }
        if (element.TryGetProperty("error"u8, out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False or JsonValueKind.True))
            return In(error, levels - 1);
        // Responses: {"type":"response.failed","response":{"error":{...}}}.
        if (element.TryGetProperty("response"u8, out var response)) return In(response, levels - 1);
        if (element.TryGetProperty("detail"u8, out var detail)) return In(detail, levels - 1);
        if (element.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.Object) return In(message, levels - 1);
        return new(
            Text(element, "message"u8) ?? Text(element, "msg"u8), Text(element, "code"u8), Text(element, "type"u8), Text(element, "param"u8) ?? Location(element), StatusIn(element));
    }

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>FastAPI's place of the fault: <c>["body","temperature"]</c>.</summary>
    private static string? Location(JsonElement element)
    {
        if (!element.TryGetProperty("loc"u8, out var location) || location.ValueKind != JsonValueKind.Array) return null;
        var path = location.EnumerateArray().Take(8).Select(step => step.ToString()).Where(step => step != "body");
        return string.Join('.', path) is { Length: > 0 and <= 200 } text ? text : null;
    }

    private static int? StatusIn(JsonElement element)
    {
        foreach (var name in (ReadOnlySpan<string>)["code", "status_code", "status"])
            if (element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var status) && status is >= 400 and <= 599) return status;
        return null;
    }
}
