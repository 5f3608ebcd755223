using System.Globalization;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>Reads content: a string, or an array of blocks ("Messages", content).</summary>
/// <param name="source">The body.</param>
/// <param name="request">Where unknown fields are named.</param>
/// <param name="field">The field that holds the content, or the messages.</param>
/// <param name="message">Index of the message; -1 when the field holds the content itself.</param>
internal readonly struct AnthropicBlocks(JsonSource source, ChatRequest request, string field, int message = -1)
{
    /// <summary>Adds the parts; null = they are acceptable.</summary>
    public Refusal? ReadAll(JsonElement content, List<ContentPart> parts)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            parts.Add(new TextPart(source.Text(content)));
            return null;
        }
        if (content.ValueKind != JsonValueKind.Array) return Refusal.InvalidRequest($"Field '{Path(-1, null)}' must be a string or an array of blocks.", Path(-1, null));
        var index = 0;
        foreach (var block in content.EnumerateArray())
        {
            if (ReadOne(block, index, out var part) is { } refusal) return refusal;
            parts.Add(part!);
            index++;
        }
        return null;
    }

    private Refusal? ReadOne(JsonElement block, int index, out ContentPart? part)
    {
        part = null;
        var fields = default(BlockFields);
        if (block.ValueKind != JsonValueKind.Object || !fields.TryRead(block, out var unknown))
            return Refusal.InvalidRequest($"Field '{Path(index, null)}' must be a block with a 'type'.", Path(index, null));
        foreach (var name in unknown ?? []) request.Unmapped.Add(Path(index, name));
        var cache = AnthropicParameters.CacheOf(fields.Cache);
        switch (fields.Type)
        {
            case "text":
                if (fields.Text.ValueKind != JsonValueKind.String) return Wrong(index, "text");
                part = new TextPart(source.Text(fields.Text)) { Cache = cache };
                return null;
            case "image":
                if (AnthropicMedia.ImageSource(fields.Source, source) is not { } image) return Wrong(index, "source");
                part = new ImagePart(image) { Cache = cache };
                return null;
            case "document":
                if (AnthropicMedia.DocumentSource(fields.Source, source) is not { } document) return Wrong(index, "source");
                part = new DocumentPart(document, source.Text(fields.Title))
                {
                    Cache = cache, Context = source.Text(fields.Context), Cite = AnthropicMedia.IsCited(fields.Citations),
                };
                return null;
            case "search_result":
                // A found text is a document with the address for its context.
                if (AnthropicMedia.TextOf(fields.Content, source) is not { } found) return Wrong(index, "content");
                part = new DocumentPart(new(MediaForm.Text, found, "text/plain"), source.Text(fields.Title))
                {
                    Cache = cache, Context = source.Text(fields.Source), Cite = AnthropicMedia.IsCited(fields.Citations),
                };
                return null;
            case "tool_use":
                return ReadCall(fields, index, cache, out part);
            case "tool_result":
                return ReadResult(fields, index, cache, out part);
            case "thinking":
                part = new ThinkingPart(source.Text(fields.Thinking), source.Text(fields.Signature));
                return null;
            case "redacted_thinking":
                part = new RedactedThinkingPart(source.Text(fields.Data));
                return null;
            default:
                return Refusal.UnsupportedParameter(
                    $"Block '{Shown(fields.Type!)}' at '{Path(index, null)}' cannot be served: it belongs to tools that only Anthropic's own API runs, and this model is not served by it. Begin a new conversation, or choose a model of Anthropic.",
                    Path(index, "type"));
        }
    }

    private Refusal? ReadCall(in BlockFields fields, int index, CacheMarker? cache, out ContentPart? part)
    {
        part = null;
        var id = source.Text(fields.Id);
        var name = source.Text(fields.Name);
        if (id.IsEmpty) return Wrong(index, "id");
        if (name.IsEmpty) return Wrong(index, "name");
        if (fields.Input.ValueKind != JsonValueKind.Object) return Wrong(index, "input");
        part = new ToolCallPart(id, name, source.Raw(fields.Input)) { Cache = cache };
        return null;
    }

    private Refusal? ReadResult(in BlockFields fields, int index, CacheMarker? cache, out ContentPart? part)
    {
        part = null;
        var id = source.Text(fields.ToolUseId);
        if (id.IsEmpty) return Wrong(index, "tool_use_id");
        var content = new List<ContentPart>();
        if (fields.Content.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            if (new AnthropicBlocks(source, request, Path(index, "content")).ReadAll(fields.Content, content) is { } refusal) return refusal;
            if (content.Exists(inner => inner is not (TextPart or ImagePart or DocumentPart))) return Wrong(index, "content");
        }
        part = new ToolResultPart(id, content) { Cache = cache, IsError = fields.IsError };
        return null;
    }

    private Refusal Wrong(int index, string name) =>
        Refusal.InvalidRequest($"Field '{Path(index, name)}' is missing or not what this block must hold.", Path(index, name));

    private static string Shown(string type) => type.Length <= 64 ? type : type[..64];

    private string Path(int index, string? name)
    {
        var content = message < 0 ? field : string.Create(CultureInfo.InvariantCulture, $"{field}[{message}].content");
        if (index < 0) return content;
        return string.Create(CultureInfo.InvariantCulture, $"{content}[{index}]{(name is null ? "" : ".")}{name}");
    }

    /// <summary>The fields of any block.</summary>
    private struct BlockFields
    {
        public string? Type;
        public JsonElement Text, Source, Title, Context, Content, Citations, Id, Name, Input, ToolUseId, Thinking, Signature, Data, Cache;
        public bool IsError;

        /// <summary>False when it has no type.</summary>
        public bool TryRead(JsonElement block, out List<string>? unknown)
        {
            unknown = null;
            string? type = null;
            foreach (var property in block.EnumerateObject())
            {
                var value = property.Value;
                if (value.ValueKind == JsonValueKind.Null) continue;
                if (property.NameEquals("type"u8)) type = value.ValueKind == JsonValueKind.String ? TypeOf(value) : null;
                else if (property.NameEquals("text"u8)) Text = value;
                else if (property.NameEquals("cache_control"u8)) Cache = value;
                else if (property.NameEquals("source"u8)) Source = value;
                else if (property.NameEquals("title"u8)) Title = value;
                else if (property.NameEquals("context"u8)) Context = value;
                else if (property.NameEquals("content"u8)) Content = value;
                else if (property.NameEquals("citations"u8)) Citations = value;
                else if (property.NameEquals("id"u8)) Id = value;
                else if (property.NameEquals("name"u8)) Name = value;
                else if (property.NameEquals("input"u8)) Input = value;
                else if (property.NameEquals("tool_use_id"u8)) ToolUseId = value;
                else if (property.NameEquals("is_error"u8)) IsError = value.ValueKind == JsonValueKind.True;
                else if (property.NameEquals("thinking"u8)) Thinking = value;
                else if (property.NameEquals("signature"u8)) Signature = value;
                else if (property.NameEquals("data"u8)) Data = value;
                // Who called a tool: the model itself, unless Anthropic's code execution did, whose blocks are refused anyway.
                else if (!property.NameEquals("caller"u8)) (unknown ??= []).Add(property.Name);
            }
            Type = type;
            return type is not null;
        }

        private static string? TypeOf(JsonElement value) =>
            value.ValueEquals("text"u8) ? "text"
            : value.ValueEquals("tool_use"u8) ? "tool_use"
            : value.ValueEquals("tool_result"u8) ? "tool_result"
            : value.GetString();
    }
}
