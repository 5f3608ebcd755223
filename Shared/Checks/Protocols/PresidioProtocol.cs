using System.Text.Json;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>An entity recogniser like Presidio's analyzer: <c>{"text","language"}</c>, answered by a list of <c>{entity_type,start,end,score}</c>.</summary>
internal sealed class PresidioProtocol : ICheckProtocol
{
    /// <inheritdoc />
    public bool IsSigned => false;

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json, string? model, CheckQuestion question)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, question.Text);
        json.WriteString("language"u8, question.Language);
        json.WriteEndObject();
    }

    /// <inheritdoc />
    public CheckAnswer? Read(JsonElement answer, CheckQuestion question) =>
        CheckFindings.Read(answer, question.Text, "entity_type", CheckTypes.OfEntity, out var hasPlaces) is { } findings && hasPlaces ? new(null, findings, hasPlaces) : null;
}
