using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>What was said, as JSON, text, subtitles or events.</summary>
internal sealed class TranscriptionAnswer : IAnswer
{
    private readonly TranscriptionRequest request;
    private readonly Directives directives;
    private readonly Turn turn;
    private readonly TokenCounts usage;

    public TranscriptionAnswer(TranscriptionRequest request, Directives directives)
    {
        (this.request, this.directives) = (request, directives);
        turn = Turn.Compose(request, directives, 0, 0);
        usage = TokenCounts.Of(request, directives, [turn], 0);
    }

    public int Chunks => turn.Chunks;

    public string PlainContentType => request.Format is "json" or "verbose_json" ? "application/json" : "text/plain; charset=utf-8";

    private TimeSpan Length => TimeSpan.FromSeconds(request.Seconds);

    public void WritePlain(IBufferWriter<byte> into)
    {
        switch (request.Format)
        {
            case "json" or "verbose_json": WireJson.WriteObject(into, WriteJson); break;
            case "srt": into.Write(Encoding.UTF8.GetBytes($"1\n00:00:00,000 --> {Length:hh\\:mm\\:ss\\,fff}\n{turn.Text}\n\n")); break;
            case "vtt": into.Write(Encoding.UTF8.GetBytes($"WEBVTT\n\n00:00:00.000 --> {Length:hh\\:mm\\:ss\\.fff}\n{turn.Text}\n\n")); break;
            default: into.Write(Encoding.UTF8.GetBytes(turn.Text + "\n")); break;
        }
    }

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        into.Write("data: "u8);
        OpenAiJson.WriteError(into, refusal);
        into.Write("\n\n"u8);
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        foreach (var piece in turn.Pieces)
        {
            WireJson.WriteEvent(into, null, writer =>
            {
                writer.WriteString("type", "transcript.text.delta");
                writer.WriteString("delta", piece);
            });
            yield return FrameKind.Output;
        }

        WireJson.WriteEvent(into, null, writer =>
        {
            writer.WriteString("type", "transcript.text.done");
            writer.WriteString("text", turn.Text);
            WriteUsage(writer);
        });
        yield return FrameKind.Done;
    }

    private void WriteJson(Utf8JsonWriter writer)
    {
        if (request.Format == "verbose_json")
        {
            writer.WriteString("task", "transcribe");
            writer.WriteString("language", request.Language);
            writer.WriteNumber("duration", request.Seconds);
        }

        writer.WriteString("text", turn.Text);
        if (request.Format == "verbose_json")
        {
            writer.WriteStartArray("segments");
            writer.WriteStartObject();
            writer.WriteNumber("id", 0);
            writer.WriteNumber("start", 0);
            writer.WriteNumber("end", request.Seconds);
            writer.WriteString("text", turn.Text);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        WriteUsage(writer);
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        if (directives.NoUsage) return;
        writer.WriteStartObject("usage");
        if (request.BillsSeconds)
        {
            writer.WriteString("type", "duration");
            writer.WriteNumber("seconds", Math.Ceiling(request.Seconds));
        }
        else
        {
            writer.WriteString("type", "tokens");
            writer.WriteNumber("input_tokens", usage.Prompt);
            writer.WriteStartObject("input_token_details");
            writer.WriteNumber("text_tokens", Math.Max(0, usage.Prompt - PromptTally.MediaTokens));
            writer.WriteNumber("audio_tokens", Math.Min(usage.Prompt, PromptTally.MediaTokens));
            writer.WriteEndObject();
            writer.WriteNumber("output_tokens", usage.Completion);
            writer.WriteNumber("total_tokens", usage.Total);
        }

        writer.WriteEndObject();
    }
}
