using System.Text.Json;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>The kinds of checks that read pictures or sounds.</summary>
internal static class MediaProtocols
{
    private static readonly OcrProtocol Ocr = new();
    private static readonly TranscriptionProtocol Transcription = new();

    /// <summary>That of a kind.</summary>
    public static IMediaProtocol Of(string kind) => kind == GuardrailCheckKinds.Transcription ? Transcription : Ocr;

    /// <summary>Whether a kind reads files of a media type.</summary>
    public static bool Reads(string kind, string type) => kind switch
    {
        GuardrailCheckKinds.Ocr => type == "application/pdf" || (type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml"),
        GuardrailCheckKinds.Transcription => type.StartsWith("audio/", StringComparison.Ordinal) || type.StartsWith("video/", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>What was read; null = the answer does not say.</summary>
    public static string? ReadText(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
