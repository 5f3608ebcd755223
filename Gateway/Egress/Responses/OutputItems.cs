using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>What an output item is.</summary>
internal enum OutputItemKind
{
    /// <summary>Words and refusals.</summary>
    Message,

    /// <summary>Thoughts, or their ciphertext.</summary>
    Reasoning,

    /// <summary>A tool call.</summary>
    FunctionCall,

    /// <summary>The proof of the thought behind the tool call before it, which has no field of its own: a reasoning item without words.</summary>
    CallProof,
}

/// <summary>An output item, made of one part, or of several that are words.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutputItem(OutputItemKind Kind, int FirstPart, int Parts);

/// <summary>Cuts an answer into output items, and writes them.</summary>
internal static class OutputItems
{
    /// <summary>The items of an answer.</summary>
    public static List<OutputItem> Of(ReplyChoice choice)
    {
        var items = new List<OutputItem>(choice.Parts.Count);
        for (var i = 0; i < choice.Parts.Count; i++)
        {
            var part = choice.Parts[i];
            var kind = KindOf(part.Kind);
            if (kind == OutputItemKind.Message && items is [.., { Kind: OutputItemKind.Message } last] && last.FirstPart + last.Parts == i)
                items[^1] = last with { Parts = last.Parts + 1 };
            else items.Add(new OutputItem(kind, i, 1));
            if (kind == OutputItemKind.FunctionCall && !part.Signature.IsEmpty) items.Add(new OutputItem(OutputItemKind.CallProof, i, 1));
        }
        return items;
    }

    /// <summary>The kind of item that a part goes into.</summary>
    public static OutputItemKind KindOf(PartKind part) => part switch
    {
        PartKind.Thinking or PartKind.RedactedThinking => OutputItemKind.Reasoning,
        PartKind.ToolCall => OutputItemKind.FunctionCall,
        _ => OutputItemKind.Message,
    };

    /// <summary>The item's id, the same whenever it is told.</summary>
    public static string IdOf(Guid response, OutputItemKind kind, int index) => kind switch
    {
        OutputItemKind.Message => $"msg_{response:N}{index:x2}",
        OutputItemKind.FunctionCall => $"fc_{response:N}{index:x2}",
        _ => $"rs_{response:N}{index:x2}",
    };

    /// <summary>Writes an item.</summary>
    public static void Write(Utf8JsonWriter writer, ReplyChoice choice, OutputItem item, string id, ReadOnlySpan<byte> status)
    {
        var part = choice.Parts[item.FirstPart];
        writer.WriteStartObject();
        writer.WriteString("id"u8, id);
        switch (item.Kind)
        {
            case OutputItemKind.Message:
                writer.WriteString("type"u8, "message"u8);
                writer.WriteString("status"u8, status);
                writer.WriteString("role"u8, "assistant"u8);
                writer.WriteStartArray("content"u8);
                for (var i = 0; i < item.Parts; i++) WriteContent(writer, choice, item.FirstPart + i);
                writer.WriteEndArray();
                break;
            case OutputItemKind.FunctionCall:
                WriteCall(writer, part.Id, part.Name, part.Text.IsEmpty ? JsonText.Of("{}") : part.Text, status);
                break;
            default:
                WriteReasoning(writer, item.Kind, part);
                break;
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes what a function call holds.</summary>
    public static void WriteCall(Utf8JsonWriter writer, JsonText callId, JsonText name, JsonText arguments, ReadOnlySpan<byte> status)
    {
        writer.WriteString("type"u8, "function_call"u8);
        writer.WriteString("status"u8, status);
        writer.WriteText("arguments"u8, arguments);
        writer.WriteText("call_id"u8, callId);
        writer.WriteText("name"u8, name);
    }

    /// <summary>Writes a part of a message.</summary>
    public static void WriteContent(Utf8JsonWriter writer, ReplyChoice choice, int index)
    {
        var part = choice.Parts[index];
        writer.WriteStartObject();
        if (part.Kind == PartKind.Refusal)
        {
            writer.WriteString("type"u8, "refusal"u8);
            writer.WriteText("refusal"u8, part.Text);
        }
        else
        {
            writer.WriteString("type"u8, "output_text"u8);
            writer.WriteStartArray("annotations"u8);
            foreach (var citation in part.Citations)
                if (!citation.Url.IsEmpty) WriteAnnotation(writer, citation, choice, index);
            writer.WriteEndArray();
            LogprobList.WriteArray(writer, "logprobs"u8, part.Logprobs);
            writer.WriteText("text"u8, part.Text);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes a source; places are counted within its part here.</summary>
    public static void WriteAnnotation(Utf8JsonWriter writer, ReplyCitation citation, ReplyChoice choice, int part)
    {
        var place = citation.Place == default ? default : citation.Place.From(choice.CharactersBefore(part));
        writer.WriteStartObject();
        writer.WriteString("type"u8, "url_citation"u8);
        writer.WriteText("url"u8, citation.Url);
        writer.WriteText("title"u8, citation.Title);
        writer.WriteNumber("start_index"u8, place.Start);
        writer.WriteNumber("end_index"u8, place.End);
        writer.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, OutputItemKind kind, ReplyPart part)
    {
        writer.WriteString("type"u8, "reasoning"u8);
        writer.WriteStartArray("summary"u8);
        if (kind == OutputItemKind.Reasoning && part.Kind == PartKind.Thinking && !part.Text.IsEmpty)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "summary_text"u8);
            writer.WriteText("text"u8, part.Text);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        var (thought, proof) = (kind, part.Kind) switch
        {
            (OutputItemKind.CallProof, _) => (ThoughtKind.ToolCall, part.Signature),
            (_, PartKind.RedactedThinking) => (ThoughtKind.Redacted, part.Text),
            _ => (ThoughtKind.Signed, part.Signature),
        };
        if (proof.IsEmpty) return;
        var envelope = new System.Buffers.ArrayBufferWriter<byte>(proof.Escaped.Length + 16);
        ThoughtEnvelope.Write(envelope, thought, proof);
        writer.WritePropertyName("encrypted_content"u8);
        writer.WriteRawValue(envelope.WrittenSpan, skipInputValidation: true);
    }
}
