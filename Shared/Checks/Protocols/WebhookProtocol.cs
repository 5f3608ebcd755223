using System.Text.Json;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>A service of the tenant's own: the text and whose it is, signed as the portal's webhooks are; answered by <c>{"action","findings"}</c>.</summary>
internal sealed class WebhookProtocol : ICheckProtocol
{
    private const string AllowWord = "allow";

    /// <inheritdoc />
    public bool IsSigned => true;

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, string? model, CheckQuestion question)
    {
        json.WriteStartObject();
        json.WriteString("request_id"u8, question.RequestId);
        json.WriteString(question.IsReply ? "output"u8 : "input"u8, question.Text);
        json.WriteString("language"u8, question.Language);
        json.WriteString("organisation_id"u8, question.Organisation);
        json.WriteString("team_id"u8, question.Team);
        json.WriteString("key_id"u8, question.Key);
        json.WriteEndObject();
    }

    /// <inheritdoc />
    public CheckAnswer? Read(JsonElement answer, CheckQuestion question)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("action"u8, out var action) || action.ValueKind != JsonValueKind.String) return null;
        var word = action.GetString()!;
        if (word == AllowWord) return CheckAnswer.Allow;
        if (!GuardrailActions.OfReplies.Contains(word, StringComparer.Ordinal)) return null;
        if (!answer.TryGetProperty("findings"u8, out var list) || list.ValueKind == JsonValueKind.Null) return Whole(word, question);
        if (CheckFindings.Read(list, question.Text, "type", CheckTypes.Of, out var hasPlaces) is not { } findings) return null;
        return findings.Length == 0 ? Whole(word, question) : new(word, findings, hasPlaces);
    }

    private static CheckAnswer Whole(string word, CheckQuestion question) => new(word, [new(CheckTypes.Other, 0, question.Text.Length, 1)], HasPlaces: false);
}
