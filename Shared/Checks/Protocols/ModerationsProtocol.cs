using System.Text.Json;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>OpenAI's moderations: <c>{"input"}</c>, answered by <c>results[].flagged</c> and <c>categories</c>.</summary>
internal sealed class ModerationsProtocol : ICheckProtocol
{
    /// <inheritdoc />
    public bool IsSigned => false;

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, string? model, CheckQuestion question)
    {
        json.WriteStartObject();
        if (model is not null) json.WriteString("model"u8, model);
        json.WriteString("input"u8, question.Text);
        json.WriteEndObject();
    }

    /// <inheritdoc />
    public CheckAnswer? Read(JsonElement answer, CheckQuestion question)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("results"u8, out var results) || results.ValueKind != JsonValueKind.Array || results.GetArrayLength() == 0) return null;
        var findings = new List<CheckFinding>();
        foreach (var result in results.EnumerateArray())
        {
            if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("flagged"u8, out var flagged) || flagged.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return null;
            if (flagged.ValueKind == JsonValueKind.False) continue;
            var before = findings.Count;
            if (result.TryGetProperty("categories"u8, out var categories) && categories.ValueKind == JsonValueKind.Object)
                foreach (var category in categories.EnumerateObject())
                    if (category.Value.ValueKind == JsonValueKind.True) findings.Add(new(CheckTypes.Of(category.Name), 0, question.Text.Length, 1));
            if (findings.Count == before) findings.Add(new(CheckTypes.Other, 0, question.Text.Length, 1));
        }
        return findings.Count == 0 ? CheckAnswer.Allow : new(null, [.. findings], HasPlaces: false);
    }
}
