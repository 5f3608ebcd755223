using System.Text.Json;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>A chat model that judges the last message: its first line is <c>safe</c> or <c>unsafe</c>, its second names categories such as <c>S1,S10</c>.</summary>
internal sealed class ChatProtocol : ICheckProtocol
{
    private const int MaxTokens = 64, MaxCategories = 20;

    /// <inheritdoc />
    public bool IsSigned => false;

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, string? model, CheckQuestion question)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        // Such models want turns to alternate and judge the last one.
        if (question.IsReply) WriteMessage(json, "user"u8, "...");
        WriteMessage(json, question.IsReply ? "assistant"u8 : "user"u8, question.Text);
        json.WriteEndArray();
        json.WriteNumber("temperature"u8, 0);
        json.WriteNumber("max_tokens"u8, MaxTokens);
        json.WriteEndObject();
    }

    /// <inheritdoc />
    public CheckAnswer? Read(JsonElement answer, CheckQuestion question)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("choices"u8, out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0) return null;
        if (choices[0].ValueKind != JsonValueKind.Object || !choices[0].TryGetProperty("message"u8, out var message) || message.ValueKind != JsonValueKind.Object
            || !message.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.String) return null;
        var lines = content.GetString()!.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) return null;
        if (lines[0].Equals("safe", StringComparison.OrdinalIgnoreCase)) return CheckAnswer.Allow;
        // Anything else is no judgement, whatever words it uses.
        if (!lines[0].Equals("unsafe", StringComparison.OrdinalIgnoreCase)) return null;
        var types = lines.Length > 1 ? lines[1].Split(',', MaxCategories, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(CheckTypes.Of).Distinct(StringComparer.Ordinal).ToArray() : [];
        return new(null, [.. (types.Length == 0 ? [CheckTypes.Other] : types).Select(type => new CheckFinding(type, 0, question.Text.Length, 1))], HasPlaces: false);
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
    }
}
