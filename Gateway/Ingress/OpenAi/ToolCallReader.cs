using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads tool calls that the model made earlier and the client sends back.</summary>
internal static class ToolCallReader
{
    private static readonly byte[] NoArguments = "{}"u8.ToArray();

    /// <summary>Reads <c>tool_calls</c>.</summary>
    public static void ReadAll(ref BodyCursor at, ChatRequest request, List<ContentPart> calls)
    {
        if (!at.EnterArray()) return;
        while (at.NextItem()) ReadCall(ref at, request, calls);
    }

    /// <summary>Reads the legacy <c>function_call</c>, which has no id.</summary>
    public static void ReadLegacy(ref BodyCursor at, ChatRequest request, JsonText id, List<ContentPart> calls)
    {
        var (name, arguments) = ReadFunction(ref at, request);
        if (name.IsEmpty) at.Refuse("needs 'name'.");
        if (at.Fault is null) calls.Add(new ToolCallPart(id, name, arguments));
    }

    /// <summary>
    /// Arguments are a text that holds JSON. The neutral model wants the object itself, and so do most providers: what is no object cannot go on.
    /// Nothing at all is what clients send for a tool without parameters.
    /// </summary>
    public static JsonRaw ReadArguments(ref BodyCursor at)
    {
        var text = at.Text();
        if (at.Fault is not null) return default;
        var json = text.Decoded();
        if (json.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0) return new(NoArguments);
        if (IsObject(json.Span)) return new(json);
        at.Refuse("must be a text that holds one JSON object, e.g. \"{}\".");
        return default;
    }

    private static void ReadCall(ref BodyCursor at, ChatRequest request, List<ContentPart> calls)
    {
        if (!at.EnterObject())
        {
            at.Refuse("must be a tool call: an object with 'id' and 'function'.");
            return;
        }
        JsonText id = default, name = default, signature = default;
        var arguments = new JsonRaw(NoArguments);
        string? type = null;
        while (at.NextField())
        {
            if (at.Is("id"u8)) id = at.Text();
            else if (at.Is("type"u8)) type = at.Word();
            else if (at.Is("function"u8)) (name, arguments) = ReadFunction(ref at, request);
            else if (at.Is("extra_content"u8)) signature = ReadSignature(ref at);
            // Clients that collect a stream send its counter back.
            else if (!at.Is("index"u8)) at.Unmapped(request);
        }
        if (at.Fault is not null) return;
        if (type is not (null or "function")) at.Refuse($"is a tool call of type '{type}', which the provider of this model cannot be sent.");
        else if (id.IsEmpty || name.IsEmpty) at.Refuse("needs 'id' and 'function.name'.");
        else calls.Add(new ToolCallPart(id, name, arguments) { Signature = signature });
    }

    private static (JsonText Name, JsonRaw Arguments) ReadFunction(ref BodyCursor at, ChatRequest request)
    {
        JsonText name = default;
        var arguments = new JsonRaw(NoArguments);
        if (!at.EnterObject()) return (name, arguments);
        while (at.NextField())
        {
            if (at.Is("name"u8)) name = at.Text();
            else if (at.Is("arguments"u8)) arguments = ReadArguments(ref at);
            else at.Unmapped(request);
        }
        return (name, arguments);
    }

    /// <summary>Google's place for its proof of thought in this dialect: <c>extra_content.google.thought_signature</c>.</summary>
    private static JsonText ReadSignature(ref BodyCursor at)
    {
        JsonText signature = default;
        if (!at.EnterObject()) return signature;
        while (at.NextField())
        {
            if (!at.Is("google"u8) || !at.EnterObject()) continue;
            while (at.NextField())
                if (at.Is("thought_signature"u8)) signature = at.Text();
        }
        return signature;
    }

    private static bool IsObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
