using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.Gateway.Guardrails.Prompts;

/// <summary>What a field of a body holds.</summary>
internal enum FieldKind
{
    /// <summary>Text, or something that nobody here knows.</summary>
    Text,

    /// <summary>A name or a mark that only programs read.</summary>
    Mark,

    /// <summary>Who speaks.</summary>
    Role,

    /// <summary>What an object is.</summary>
    Type,

    /// <summary>The conversation.</summary>
    Messages,

    /// <summary>The application's own words.</summary>
    System,

    /// <summary>What a tool is called with, or at the top the conversation of some dialects.</summary>
    Input,

    /// <summary>What a tool is called with: an object, or its text.</summary>
    Arguments,

    /// <summary>Text, or a file's bytes as its object says.</summary>
    Data,

    /// <summary>An address, or a file's bytes in one.</summary>
    Address,

    /// <summary>A file's bytes.</summary>
    File,
}

/// <summary>Tells fields by their names, of all dialects: OpenAI's chat and responses, Anthropic's messages, Gemini's contents.</summary>
internal static class FieldKinds
{
    private const int MaxEscapedName = 200;

    /// <summary>The kind of the field whose name a reader stands at; escapes resolved, because readers differ on nothing but the bytes.</summary>
    public static FieldKind Of(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return Of(reader.ValueSpan);
        if (reader.ValueSpan.Length > MaxEscapedName) return FieldKind.Text;
        Span<byte> name = stackalloc byte[MaxEscapedName];
        try
        {
            return Of(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            return FieldKind.Text;
        }
    }

    /// <summary>Who wrote the texts of an object of a role or type; null = it does not say.</summary>
    public static TextSource? SourceOf(ref Utf8JsonReader reader, FieldKind field)
    {
        if (field == FieldKind.Role)
        {
            return reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8) ? TextSource.System
                : reader.ValueTextEquals("assistant"u8) || reader.ValueTextEquals("model"u8) ? TextSource.Assistant
                : reader.ValueTextEquals("tool"u8) || reader.ValueTextEquals("function"u8) ? TextSource.ToolResult
                : TextSource.User;
        }
        return reader.ValueTextEquals("tool_result"u8) || reader.ValueTextEquals("function_call_output"u8) || reader.ValueTextEquals("mcp_tool_result"u8) ? TextSource.ToolResult
            : reader.ValueTextEquals("document"u8) || reader.ValueTextEquals("search_result"u8) || reader.ValueTextEquals("file"u8) ? TextSource.Document
            : null;
    }

    private static FieldKind Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => FieldKind.Mark,
        3 when name.SequenceEqual("url"u8) || name.SequenceEqual("uri"u8) => FieldKind.Address,
        3 when name.SequenceEqual("ttl"u8) => FieldKind.Mark,
        4 when name.SequenceEqual("role"u8) => FieldKind.Role,
        4 when name.SequenceEqual("type"u8) => FieldKind.Type,
        4 when name.SequenceEqual("data"u8) => FieldKind.Data,
        4 when name.SequenceEqual("name"u8) || name.SequenceEqual("user"u8) => FieldKind.Mark,
        5 when name.SequenceEqual("model"u8) || name.SequenceEqual("voice"u8) => FieldKind.Mark,
        5 when name.SequenceEqual("input"u8) => FieldKind.Input,
        5 when name.SequenceEqual("tools"u8) => FieldKind.System,
        6 when name.SequenceEqual("system"u8) => FieldKind.System,
        6 when name.SequenceEqual("detail"u8) || name.SequenceEqual("format"u8) || name.SequenceEqual("status"u8) || name.SequenceEqual("object"u8) => FieldKind.Mark,
        7 when name.SequenceEqual("call_id"u8) || name.SequenceEqual("item_id"u8) || name.SequenceEqual("file_id"u8) || name.SequenceEqual("user_id"u8) => FieldKind.Mark,
        7 when name.SequenceEqual("fileUri"u8) => FieldKind.Address,
        8 when name.SequenceEqual("messages"u8) || name.SequenceEqual("contents"u8) => FieldKind.Messages,
        8 when name.SequenceEqual("file_uri"u8) => FieldKind.Address,
        8 when name.SequenceEqual("mimeType"u8) => FieldKind.Mark,
        9 when name.SequenceEqual("functions"u8) => FieldKind.System,
        9 when name.SequenceEqual("arguments"u8) => FieldKind.Arguments,
        9 when name.SequenceEqual("signature"u8) || name.SequenceEqual("mime_type"u8) => FieldKind.Mark,
        9 when name.SequenceEqual("file_data"u8) => FieldKind.File,
        9 when name.SequenceEqual("image_url"u8) => FieldKind.Address,
        10 when name.SequenceEqual("media_type"u8) => FieldKind.Mark,
        11 when name.SequenceEqual("tool_use_id"u8) => FieldKind.Mark,
        11 when name.SequenceEqual("input_audio"u8) => FieldKind.File,
        12 when name.SequenceEqual("tool_call_id"u8) || name.SequenceEqual("service_tier"u8) => FieldKind.Mark,
        12 when name.SequenceEqual("instructions"u8) => FieldKind.System,
        13 when name.SequenceEqual("cache_control"u8) || name.SequenceEqual("finish_reason"u8) => FieldKind.Mark,
        15 when name.SequenceEqual("encoding_format"u8) => FieldKind.Mark,
        16 when name.SequenceEqual("prompt_cache_key"u8) || name.SequenceEqual("thoughtSignature"u8) => FieldKind.Mark,
        17 when name.SequenceEqual("encrypted_content"u8) || name.SequenceEqual("safety_identifier"u8) => FieldKind.Mark,
        17 when name.SequenceEqual("systemInstruction"u8) => FieldKind.System,
        18 when name.SequenceEqual("system_instruction"u8) => FieldKind.System,
        18 when name.SequenceEqual("system_fingerprint"u8) => FieldKind.Mark,
        20 when name.SequenceEqual("previous_response_id"u8) => FieldKind.Mark,
        _ => FieldKind.Text,
    };
}
