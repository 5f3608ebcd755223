using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Checking;

/// <summary>What <c>POST /v1/guardrails/check</c> is asked.</summary>
/// <param name="Input">The text.</param>
/// <param name="Guardrails">Whose opinion is wanted; null = those of the key's policies.</param>
internal sealed record CheckRequest(string Input, string[]? Guardrails)
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    // Those that look at a text by itself.
    private static readonly string[] Known = [.. GuardrailNames.All.Where(name => !GuardrailNames.IsReplyCheck(name) && name != GuardrailNames.Media)];

    // Short words that callers know from other products.
    private const string Pii = "pii";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reads it; what is refused names the field and repeats nothing of the text.</summary>
    public static Refusal? Read(ReadOnlySequence<byte> body, out CheckRequest? request)
    {
        request = null;
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, out request) : NoObject();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return NoObject();
        }
    }

    private static Refusal? Read(JsonElement root, out CheckRequest? request)
    {
        request = null;
        string? input = null;
        string[]? guardrails = null;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name)
            {
                case "input":
                    if (field.Value.ValueKind != JsonValueKind.String) return Refusal.InvalidRequest("'input' must be the text to look at.", "input");
                    input = field.Value.GetString();
                    break;
                case "guardrails":
                    if (ReadNames(field.Value, out guardrails) is { } refusal) return refusal;
                    break;
                default:
                    return Refusal.InvalidRequest("Only 'input' and 'guardrails' are known here. Leave the other fields out.");
            }
        }
        if (string.IsNullOrEmpty(input)) return Refusal.InvalidRequest("""Field 'input' is missing or empty. Send e.g. {"input":"text","guardrails":["pii"]}.""", "input");
        request = new(input, guardrails);
        return null;
    }

    private static Refusal? ReadNames(JsonElement value, out string[]? names)
    {
        names = null;
        if (value.ValueKind == JsonValueKind.Null) return null;
        var known = $"'guardrails' must be a list of names: {Pii}, {string.Join(", ", Known)}.";
        if (value.ValueKind != JsonValueKind.Array) return Refusal.InvalidRequest(known, "guardrails");
        var read = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            var name = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (name == Pii) name = GuardrailNames.PersonalData;
            if (name is null || !Known.Contains(name, StringComparer.Ordinal)) return Refusal.InvalidRequest(known, "guardrails");
            if (!read.Contains(name)) read.Add(name);
        }
        names = [.. read];
        return null;
    }

    private static Refusal NoObject() => Refusal.InvalidRequest("""The body must be one JSON object, UTF-8, e.g. {"input":"text","guardrails":["pii"]}.""");
}
