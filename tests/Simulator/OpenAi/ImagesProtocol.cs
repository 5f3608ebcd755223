using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's image generation: always the same small picture.</summary>
internal sealed class ImagesProtocol : OpenAiProtocol
{
    private const int MostImages = 10;

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        if (body.TextOf("prompt") is not { Length: > 0 } prompt) return Refuse(out refusal, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter");
        var count = body.WholeOf("n") ?? 1;
        if (count is < 1 or > MostImages) return Refuse(out refusal, $"Invalid 'n': expected 1 to {MostImages}.", "n", "invalid_value");
        var model = body.TextOf("model") ?? "dall-e-2";
        if (body.Has("response_format") && model.StartsWith("gpt-image", StringComparison.Ordinal))
            return Refuse(out refusal, "Unknown parameter: 'response_format'.", "response_format", "unknown_parameter");
        if (body.Has("response_format") && body.TextOf("response_format") is not ("url" or "b64_json"))
            return Refuse(out refusal, "Invalid value for 'response_format'. Supported values are: 'url' and 'b64_json'.", "response_format", "invalid_value");
        var isOld = model.StartsWith("dall-e", StringComparison.Ordinal);
        var asLink = (body.TextOf("response_format") ?? (isOld ? "url" : "b64_json")) == "url";
        var link = asLink ? $"{request.Scheme}://{request.Host}/simulator/image.png" : null;
        return new OperationRequest(model, prompt, (directives, _, now) => new ImagesAnswer(prompt, count, link, hasUsage: !isOld, directives, now));
    }
}

/// <summary>Images as base64 or as links.</summary>
internal sealed class ImagesAnswer(string prompt, int count, string? link, bool hasUsage, Directives directives, DateTimeOffset now) : PlainAnswer
{
    private const int TokensPerImage = 272;

    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        writer.WriteNumber("created", now.ToUnixTimeSeconds());
        writer.WriteStartArray("data");
        for (var i = 0; i < count; i++)
        {
            writer.WriteStartObject();
            if (link is null) writer.WriteBase64String("b64_json", SimMedia.Png);
            else writer.WriteString("url", link);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!hasUsage || directives.NoUsage) return;
        var input = directives.PromptTokens ?? SimText.Tokens(DirectiveReader.WithoutMarkers(prompt));
        var output = directives.CompletionTokens ?? count * TokensPerImage;
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", input);
        writer.WriteNumber("output_tokens", output);
        writer.WriteNumber("total_tokens", (long)input + output);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("text_tokens", input);
        writer.WriteNumber("image_tokens", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
