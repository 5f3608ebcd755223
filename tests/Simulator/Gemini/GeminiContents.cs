using System.Text.Json;
using AspireGateway.Simulator.Composing;

namespace AspireGateway.Simulator.Gemini;

/// <summary>Reads the contents of a conversation and the parts in them.</summary>
internal sealed class GeminiContents(PromptTally tally)
{
    private readonly List<string> calls = [];
    private string lastRole = "";

    /// <summary>The fault of the first field that Gemini does not know.</summary>
    public string? Stranger { get; private set; }

    /// <summary>The fault, or null.</summary>
    public string? Read(JsonElement contents)
    {
        var index = 0;
        foreach (var content in contents.Items())
            if (ReadContent(content, $"contents[{index++}]") is { } fault) return fault;
        return null;
    }

    private string? ReadContent(JsonElement content, string at)
    {
        Stranger ??= content.Unknown(GeminiFields.Content, at);
        var role = content.TextOf("role") ?? "user";
        if (role is not ("user" or "model" or "function")) return "Please use a valid role: user, model.";
        var parts = content.Field("parts").Items().ToList();
        if (parts.Count == 0) return $"* GenerateContentRequest.{at}.parts: contents.parts must not be empty.";
        var responses = parts.Where(p => p.HasField("functionResponse")).Select(p => p.Field("functionResponse").TextOf("name") ?? "").ToList();
        if (responses.Count > 0 && calls.Count == 0) return "Please ensure that function response turn comes immediately after a function call turn.";
        if (calls.Count > 0 && responses.Count != calls.Count)
            return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
        if (responses.Exists(name => !calls.Contains(name)))
            return "Please ensure that function response parts have the names of the function call parts of the function call turn.";

        calls.Clear();
        tally.Begin(role == "user");
        var number = 0;
        foreach (var part in parts)
            if (ReadPart(part, role, $"{at}.parts[{number++}]") is { } fault) return fault;
        tally.End();
        if (calls.Count > 0 && lastRole is ("" or "model"))
            return "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
        lastRole = role;
        return null;
    }

    private string? ReadPart(JsonElement part, string role, string at)
    {
        Stranger ??= part.Unknown(GeminiFields.Part, at) ?? part.Field("inlineData").Unknown(GeminiFields.Blob, at + ".inlineData")
            ?? part.Field("fileData").Unknown(GeminiFields.File, at + ".fileData")
            ?? part.Field("functionCall").Unknown(GeminiFields.FunctionCall, at + ".functionCall")
            ?? part.Field("functionResponse").Unknown(GeminiFields.FunctionResponse, at + ".functionResponse");
        if (part.Field("thoughtSignature") is { ValueKind: not JsonValueKind.Undefined } signature && !IsOwn(signature)) return "Thought signature is not valid.";
        if (part.TextOf("text") is { } text)
        {
            if (part.IsTrue("thought")) tally.AddTokens(SimText.Tokens(text));
            else tally.AddText(text);
            return null;
        }

        if (part.Field("functionCall") is { ValueKind: JsonValueKind.Object } call) return ReadCall(call, role, at);
        if (part.Field("functionResponse") is { ValueKind: JsonValueKind.Object } response) return ReadResponse(response, role, at);
        if (part.Field("inlineData") is { ValueKind: JsonValueKind.Object } blob)
        {
            if (!blob.Get("data").IsBase64()) return $"Invalid value at '{ProtoJson.Snake(at)}.inline_data.data' (TYPE_BYTES), Base64 decoding failed";
            if (!(blob.Field("mimeType").AsText() ?? "").Contains('/', StringComparison.Ordinal)) return $"Unable to process input: {ProtoJson.Snake(at)}.inline_data.mime_type is required";
            tally.AddMedia();
            return null;
        }

        if (part.Field("fileData") is { ValueKind: JsonValueKind.Object } file)
        {
            if (file.Field("fileUri").AsText() is not { Length: > 0 }) return $"* GenerateContentRequest.{ProtoJson.Snake(at)}.file_data.file_uri: required";
            tally.AddMedia();
            return null;
        }

        return part.HasField("executableCode") || part.HasField("codeExecutionResult") || part.HasField("toolCall") || part.HasField("toolResponse")
            ? null
            : $"* GenerateContentRequest.{ProtoJson.Snake(at)}.data: required oneof field 'data' must have one initialized field";
    }

    private string? ReadCall(JsonElement call, string role, string at)
    {
        if (role != "model") return "Please use role model for function call parts.";
        if (call.TextOf("name") is not { Length: > 0 } name) return $"* GenerateContentRequest.{ProtoJson.Snake(at)}.function_call.name: Name cannot be empty.";
        if (call.Has("args") && call.Get("args").ValueKind != JsonValueKind.Object) return $"Invalid value at '{ProtoJson.Snake(at)}.function_call.args' (type.googleapis.com/google.protobuf.Struct)";
        calls.Add(name);
        tally.AddTokens(SimText.Tokens(call.Get("args") is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : ""));
        return null;
    }

    private string? ReadResponse(JsonElement response, string role, string at)
    {
        if (role == "model") return "Please use role user for function response parts.";
        if (response.Get("response") is not { ValueKind: JsonValueKind.Object } value) return $"Invalid value at '{ProtoJson.Snake(at)}.function_response.response' (type.googleapis.com/google.protobuf.Struct)";
        tally.AddToolResult(value.GetRawText());
        foreach (var part in response.Field("parts").Items())
            if (part.HasField("inlineData") || part.HasField("fileData")) tally.AddMedia();
        return null;
    }

    /// <summary>True for a signature that this simulator gave, or the value with which Google lets a caller skip the check.</summary>
    private static bool IsOwn(JsonElement signature) =>
        signature.AsText() is { } text && (text is "skip_thought_signature_validator" or "context_engineering_is_the_way_to_go" || SimText.IsSignature(text));
}
