using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Ingress.Anthropic;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Anthropic;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>Writes a whole reply as a message ("Messages", response).</summary>
internal static class AnthropicReplyWriter
{
    private static readonly ReplyChoice NoChoice = new();

    /// <summary>Writes the message. The API knows one answer; of several the first is written, and a caller of this dialect cannot have asked for more.</summary>
    public static void Write(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer)
    {
        var choice = reply.Choices is [var first, ..] ? first : NoChoice;
        writer.WriteStartObject();
        writer.WritePropertyName("id"u8);
        JsonText.CopyOfEscaped(AnthropicIds.Message(reply.Id.Escaped, context.Id)).WriteTo(writer);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        if (reply.Model.IsEmpty) writer.WriteString("model"u8, context.Model);
        else writer.WriteText("model"u8, reply.Model);

        var hasCalls = false;
        var hasRefusal = false;
        writer.WriteStartArray("content"u8);
        for (var i = 0; i < choice.Parts.Count; i++)
        {
            WritePart(choice.Parts[i], i, context, writer);
            hasCalls |= choice.Parts[i].Kind == PartKind.ToolCall;
            hasRefusal |= choice.Parts[i].Kind == PartKind.Refusal;
        }
        writer.WriteEndArray();

        var reason = hasRefusal && (choice.FinishReason is null or FinishReason.Stop) ? FinishReason.Refusal : choice.FinishReason;
        writer.WriteString("stop_reason"u8, AnthropicWords.StopReasonOf(reason, hasCalls));
        if (choice.StopSequence.IsEmpty) writer.WriteNull("stop_sequence"u8);
        else writer.WriteText("stop_sequence"u8, choice.StopSequence);
        WriteUsage(reply, writer);
        writer.WriteEndObject();
    }

    private static void WritePart(ReplyPart part, int index, in ReplyContext context, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (part.Kind)
        {
            case PartKind.Thinking:
                writer.WriteString("type"u8, "thinking"u8);
                writer.WriteText("thinking"u8, part.Text);
                writer.WriteText("signature"u8, part.Signature);
                break;
            case PartKind.RedactedThinking:
                writer.WriteString("type"u8, "redacted_thinking"u8);
                writer.WriteText("data"u8, part.Text);
                break;
            case PartKind.ToolCall:
                var id = JsonText.CopyOfEscaped(AnthropicIds.Call(part.Id.Escaped, context.Id, index));
                writer.WriteString("type"u8, "tool_use"u8);
                writer.WriteText("id"u8, id);
                writer.WriteText("name"u8, part.Name);
                writer.WritePropertyName("input"u8);
                ToolInput.Write(part.Text, writer);
                if (part.Signature.IsEmpty) break;
                writer.WriteEndObject();
                writer.WriteStartObject();
                writer.WriteString("type"u8, "redacted_thinking"u8);
                writer.WriteText("data"u8, JsonText.CopyOfEscaped([.. ToolSignature.Prefix, .. id.Escaped, (byte)':', .. part.Signature.Escaped]));
                break;
            default:
                writer.WriteString("type"u8, "text"u8);
                writer.WriteText("text"u8, part.Text);
                WriteCitations(part, writer);
                break;
        }
        writer.WriteEndObject();
    }

    /// <summary>Only sources with an address have a form that does not speak of a document in the request.</summary>
    private static void WriteCitations(ReplyPart part, Utf8JsonWriter writer)
    {
        var isOpen = false;
        foreach (var citation in part.Citations)
        {
            if (citation.Url.IsEmpty) continue;
            if (!isOpen) writer.WriteStartArray("citations"u8);
            isOpen = true;
            writer.WriteStartObject();
            writer.WriteString("type"u8, "web_search_result_location"u8);
            writer.WriteText("cited_text"u8, citation.Quoted);
            writer.WriteString("encrypted_index"u8, ""u8);
            writer.WriteText("title"u8, citation.Title);
            writer.WriteText("url"u8, citation.Url);
            writer.WriteEndObject();
        }
        if (isOpen) writer.WriteEndArray();
    }

    private static void WriteUsage(ChatReply reply, Utf8JsonWriter writer)
    {
        var usage = reply.Usage ?? default(TokenUsage);
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, usage.Input);
        writer.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite);
        writer.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
        writer.WriteNumber("output_tokens"u8, usage.Output);
        if (usage.Reasoning > 0)
        {
            writer.WriteStartObject("output_tokens_details"u8);
            writer.WriteNumber("thinking_tokens"u8, usage.Reasoning);
            writer.WriteEndObject();
        }
        if (reply.ServiceTier.Is("default"u8)) writer.WriteString("service_tier"u8, "standard"u8);
        else if (reply.ServiceTier.Is("priority"u8)) writer.WriteString("service_tier"u8, "priority"u8);
        writer.WriteEndObject();
    }
}
