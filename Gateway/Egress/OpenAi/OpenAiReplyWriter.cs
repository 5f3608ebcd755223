using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.OpenAi;

/// <summary>Writes a whole reply as a chat completion object.</summary>
internal static class OpenAiReplyWriter
{
    /// <summary>Writes the reply.</summary>
    public static void Write(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteText("id"u8, OpenAiReplyWords.IdOf(reply.Id, context));
        writer.WriteString("object"u8, "chat.completion"u8);
        writer.WriteNumber("created"u8, context.CreatedAt.ToUnixTimeSeconds());
        writer.WriteText("model"u8, OpenAiReplyWords.ModelOf(reply.Model, context));
        writer.WriteStartArray("choices"u8);
        for (var i = 0; i < reply.Choices.Count; i++) WriteChoice(reply.Choices[i], i, writer);
        writer.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            writer.WritePropertyName("usage"u8);
            OpenAiReplyWords.WriteUsage(writer, usage);
        }
        writer.WriteTextIfAny("service_tier"u8, reply.ServiceTier);
        if (reply.SystemFingerprint.IsEmpty) writer.WriteNull("system_fingerprint"u8);
        else writer.WriteText("system_fingerprint"u8, reply.SystemFingerprint);
        writer.WriteEndObject();
    }

    private static void WriteChoice(ReplyChoice choice, int index, Utf8JsonWriter writer)
    {
        var parts = choice.Parts;
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, index);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        WriteJoined(parts, PartKind.Text, "content"u8, writer, orNull: true);
        WriteJoined(parts, PartKind.Refusal, "refusal"u8, writer, orNull: true);
        WriteJoined(parts, PartKind.Thinking, "reasoning_content"u8, writer, orNull: false);
        if (parts.Exists(IsProved))
        {
            writer.WriteStartArray("reasoning_details"u8);
            foreach (var part in parts)
                if (IsProved(part)) OpenAiReplyWords.WriteDetail(writer, part.Kind, part.Text, part.Signature);
            writer.WriteEndArray();
        }
        if (parts.Exists(part => part.Kind == PartKind.ToolCall)) WriteToolCalls(parts, writer);
        WriteAnnotations(parts, writer);
        writer.WriteEndObject();
        WriteLogprobs(parts, writer);
        writer.WriteString("finish_reason"u8, OpenAiReplyWords.FinishOf(choice.FinishReason, parts.Exists(part => part.Kind == PartKind.Refusal)));
        writer.WriteEndObject();
    }

    private static bool IsProved(ReplyPart part) =>
        part.Kind == PartKind.RedactedThinking || (part.Kind == PartKind.Thinking && !part.Signature.IsEmpty);

    private static void WriteToolCalls(List<ReplyPart> parts, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("tool_calls"u8);
        foreach (var part in parts)
        {
            if (part.Kind != PartKind.ToolCall) continue;
            writer.WriteStartObject();
            writer.WriteText("id"u8, part.Id);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteText("name"u8, part.Name);
            if (part.Text.IsEmpty) writer.WriteString("arguments"u8, "{}"u8);
            else writer.WriteText("arguments"u8, part.Text);
            writer.WriteEndObject();
            if (!part.Signature.IsEmpty) OpenAiReplyWords.WriteThoughtSignature(writer, part.Signature);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteLogprobs(List<ReplyPart> parts, Utf8JsonWriter writer)
    {
        if (!parts.Exists(part => part.Logprobs is not null))
        {
            writer.WriteNull("logprobs"u8);
            return;
        }
        writer.WriteStartObject("logprobs"u8);
        Write(PartKind.Text, "content"u8);
        Write(PartKind.Refusal, "refusal"u8);
        writer.WriteEndObject();

        void Write(PartKind kind, ReadOnlySpan<byte> name)
        {
            if (parts.Exists(part => part.Kind == kind && part.Logprobs is not null))
                LogprobList.WriteArray(writer, name, parts.Where(part => part.Kind == kind).Select(part => part.Logprobs));
            else writer.WriteNull(name);
        }
    }

    private static void WriteAnnotations(List<ReplyPart> parts, Utf8JsonWriter writer)
    {
        var isOpen = false;
        foreach (var part in parts)
        {
            foreach (var citation in part.Citations)
            {
                if (citation.Url.IsEmpty) continue;
                if (!isOpen) writer.WriteStartArray("annotations"u8);
                isOpen = true;
                OpenAiReplyWords.WriteAnnotation(writer, citation.Url, citation.Title, citation.Place);
            }
        }
        if (isOpen) writer.WriteEndArray();
    }

    private static void WriteJoined(List<ReplyPart> parts, PartKind kind, ReadOnlySpan<byte> name, Utf8JsonWriter writer, bool orNull)
    {
        ReplyPart? only = null;
        ArrayBufferWriter<byte>? joined = null;
        foreach (var part in parts)
        {
            if (part.Kind != kind) continue;
            if (only is null)
            {
                only = part;
                continue;
            }
            if (joined is null)
            {
                joined = new ArrayBufferWriter<byte>(only.Text.Escaped.Length + part.Text.Escaped.Length + 2);
                joined.Write(only.Text.Escaped);
            }
            joined.Write(part.Text.Escaped);
        }
        if (joined is not null) writer.WriteText(name, JsonText.CopyOfEscaped(joined.WrittenSpan));
        else if (only is not null) writer.WriteText(name, only.Text);
        else if (orNull) writer.WriteNull(name);
    }
}
