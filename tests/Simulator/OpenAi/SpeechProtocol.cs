using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>OpenAI's speech: a file of sound, or with <c>stream_format=sse</c> its pieces as events.</summary>
internal sealed class SpeechProtocol : OpenAiProtocol
{
    private const int LongestInput = 4096;

    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        foreach (var name in (ReadOnlySpan<string>)["model", "input", "voice"])
            if (!body.Has(name)) return Refuse(out refusal, $"Missing required parameter: '{name}'.", name, "missing_required_parameter");
        var input = body.TextOf("input") ?? "";
        if (input.Length is 0 or > LongestInput) return Refuse(out refusal, $"Invalid 'input': expected 1 to {LongestInput} characters.", "input", "string_above_max_length");
        var format = body.TextOf("response_format") ?? "mp3";
        if (format is not ("mp3" or "opus" or "aac" or "flac" or "wav" or "pcm"))
            return Refuse(out refusal, "Invalid value for 'response_format'. Supported values are: 'mp3', 'opus', 'aac', 'flac', 'wav', and 'pcm'.", "response_format", "invalid_value");
        return new SpeechRequest(body.TextOf("model") ?? "", input, format, body.TextOf("stream_format") == "sse");
    }
}

/// <summary>A text to speak.</summary>
internal sealed record SpeechRequest(string Model, string Prompt, string Format, bool Streams) : ISimulatedRequest
{
    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new SpeechAnswer(this, directives);
}

/// <summary>The sound, whole or in pieces.</summary>
internal sealed class SpeechAnswer(SpeechRequest request, Directives directives) : IAnswer
{
    private const int UsualChunks = 5;
    private readonly byte[] audio = SimMedia.Audio(DirectiveReader.WithoutMarkers(request.Prompt), request.Format, directives.BodyBytes);

    public int Chunks => directives.Chunks ?? Math.Max(UsualChunks, (directives.LastFaultAfter ?? 0) + 1);

    public string PlainContentType => request.Format switch
    {
        "mp3" => "audio/mpeg",
        var format => "audio/" + format,
    };

    public void WritePlain(IBufferWriter<byte> into) => into.Write(audio);

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        into.Write("data: "u8);
        OpenAiJson.WriteError(into, refusal);
        into.Write("\n\n"u8);
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        for (var i = 0; i < Chunks; i++)
        {
            var piece = audio[(int)((long)i * audio.Length / Chunks)..(int)((long)(i + 1) * audio.Length / Chunks)];
            WireJson.WriteEvent(into, null, writer =>
            {
                writer.WriteString("type", "speech.audio.delta");
                writer.WriteBase64String("audio", piece);
            });
            yield return FrameKind.Output;
        }

        WireJson.WriteEvent(into, null, writer =>
        {
            writer.WriteString("type", "speech.audio.done");
            if (directives.NoUsage) return;
            var input = directives.PromptTokens ?? SimText.Tokens(request.Prompt);
            var output = directives.CompletionTokens ?? audio.Length / PromptTally.MediaTokens;
            writer.WriteStartObject("usage");
            writer.WriteNumber("input_tokens", input);
            writer.WriteNumber("output_tokens", output);
            writer.WriteNumber("total_tokens", (long)input + output);
            writer.WriteEndObject();
        });
        yield return FrameKind.Done;
    }
}
