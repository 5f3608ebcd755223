using System.Text.Json;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// Finds in a chat's body, of any dialect, what says the task: the user's last message that holds text, the system prompt, how many turns there are. One pass over JSON
/// that was found to be valid before; strings that do not matter are stepped over, nothing is allocated.
/// </summary>
internal static class PromptReader
{
    /// <summary>Reads a request; an empty view where it is no conversation.</summary>
    public static PromptView Read(RequestFacts facts)
    {
        var view = PromptView.Fresh();
        if (facts.Operation is not { HasConversation: true } || facts.Body.IsEmpty) return view;
        var body = facts.Body.Span;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPrompt = reader.ValueTextEquals(facts.Operation.PromptFieldUtf8);
            var isSystem = !isPrompt && (reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("instructions"u8));
            var isFormat = !isPrompt && !isSystem && IsFormat(ref reader);
            reader.Read();
            if (isPrompt) ReadPrompt(ref reader, body, view);
            else if (isSystem) ReadContent(ref reader, view, isUser: false);
            else if (isFormat) ReadFormat(ref reader, view);
            else reader.Skip();
        }
        return view;
    }

    private static bool IsFormat(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("response_format"u8) || reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("output_format"u8) || reader.ValueTextEquals("output_config"u8);

    private static void ReadFormat(ref Utf8JsonReader reader, PromptView view)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var isType = reader.ValueTextEquals("type"u8);
            // The schema itself may have a field of that name.
            var isSchema = reader.ValueTextEquals("schema"u8) || reader.ValueTextEquals("json_schema"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String) view.HasJsonSchema |= reader.ValueTextEquals("json_schema"u8);
            else if (isSchema) reader.Skip();
        }
    }

    private static void ReadPrompt(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, PromptView view)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            view.Turns = 1;
            view.AddUser(reader.ValueSpan);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        var last = default(Range);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            var (role, content) = ReadMessage(ref reader);
            if (content.End.Value == 0) continue;
            if (role == Speaker.System)
            {
                var system = new Utf8JsonReader(body[content]);
                system.Read();
                ReadContent(ref system, view, isUser: false);
            }
            else if (role == Speaker.User && HasText(body[content], view))
            {
                view.Turns++;
                last = content;
            }
        }
        if (view.Turns == 0) return;
        var user = new Utf8JsonReader(body[last]);
        user.Read();
        ReadContent(ref user, view, isUser: true);
    }

    private static (Speaker Role, Range Content) ReadMessage(ref Utf8JsonReader reader)
    {
        var (role, content) = (Speaker.Other, default(Range));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            var isContent = !isRole && reader.ValueTextEquals("content"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String)
            {
                role = reader.ValueTextEquals("user"u8) ? Speaker.User
                    : reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8) ? Speaker.System : Speaker.Other;
                continue;
            }
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isContent) content = start..(int)reader.BytesConsumed;
        }
        return (role, content);
    }

    // Results of tools stand in messages of the user too and are no words of theirs; documents are counted on the way.
    private static bool HasText(ReadOnlySpan<byte> content, PromptView view)
    {
        var reader = new Utf8JsonReader(content);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return !reader.ValueSpan.IsEmpty;
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        var hasText = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var part = ReadPart(ref reader);
            hasText |= part.IsText;
            if (part.IsDocument) view.Documents++;
        }
        return hasText;
    }

    private static void ReadContent(ref Utf8JsonReader reader, PromptView view, bool isUser)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Add(view, reader.ValueSpan, isUser);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            ReadOnlySpan<byte> text = default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isText = reader.ValueTextEquals("text"u8);
                reader.Read();
                if (isText && reader.TokenType == JsonTokenType.String) text = reader.ValueSpan;
                else reader.Skip();
            }
            if (!text.IsEmpty) Add(view, text, isUser);
        }
    }

    private static (bool IsText, bool IsDocument) ReadPart(ref Utf8JsonReader reader)
    {
        var (hasText, isDocument) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            var isType = !isText && reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isText) hasText = reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty;
            else if (isType && reader.TokenType == JsonTokenType.String)
                isDocument = reader.ValueTextEquals("document"u8) || reader.ValueTextEquals("file"u8) || reader.ValueTextEquals("input_file"u8);
            reader.Skip();
        }
        return (hasText, isDocument);
    }

    private static void Add(PromptView view, ReadOnlySpan<byte> escaped, bool isUser)
    {
        if (isUser) view.AddUser(escaped);
        else view.AddSystem(escaped);
    }

    private enum Speaker
    {
        Other,
        User,
        System,
    }
}
