using System.Globalization;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's transcriptions: a form with a file. What "was said" follows from the file's name; directives stand in the prompt.</summary>
internal sealed class TranscriptionsProtocol : OpenAiProtocol
{
    public override Task<JsonDocument?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken) =>
        RequestBody.ParseFormAsync(request.ContentType, body, cancellationToken);

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        if (body.TextOf("model") is not { Length: > 0 } model) return Refuse(out refusal, "you must provide a model parameter", "model");
        var file = body.Get("file");
        if (file.Get("content").ValueKind != JsonValueKind.String || !file.Get("content").TryGetBytesFromBase64(out var audio)) return Refuse(out refusal, "Missing required parameter: 'file'.", "file", "missing_required_parameter");
        if (audio.Length == 0) return Refuse(out refusal, "Audio file might be corrupted or unsupported", "file", "invalid_value");
        var format = body.TextOf("response_format") ?? "json";
        var isWhisper = model.StartsWith("whisper", StringComparison.Ordinal);
        if (format is not ("json" or "text" or "srt" or "verbose_json" or "vtt"))
            return Refuse(out refusal, $"response_format '{format}' is not compatible with model '{model}'.", "response_format", "unsupported_value");
        if (body.Has("temperature") && !double.TryParse(body.TextOf("temperature"), CultureInfo.InvariantCulture, out _))
            return Refuse(out refusal, "Invalid type for 'temperature': expected a decimal number.", "temperature", "invalid_type");
        return new TranscriptionRequest
        {
            Model = model,
            Prompt = $"{file.TextOf("name")} {body.TextOf("prompt")}".Trim(),
            PromptTokens = PromptTally.MediaTokens + SimText.Tokens(body.TextOf("prompt") ?? ""),
            // Whisper knows no streaming and ignores the wish.
            Streams = body.TextOf("stream") == "true" && !isWhisper,
            Format = format,
            Language = body.TextOf("language") ?? "english",
            Seconds = SimMedia.SecondsOf(audio),
            BillsSeconds = isWhisper || format == "verbose_json",
        };
    }
}

/// <summary>A sound to write down.</summary>
internal sealed record TranscriptionRequest : Question
{
    public required string Format { get; init; }
    public required string Language { get; init; }
    public required double Seconds { get; init; }

    /// <summary>True when the usage is a duration, not tokens.</summary>
    public bool BillsSeconds { get; init; }

    public override IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new TranscriptionAnswer(this, directives);
}
