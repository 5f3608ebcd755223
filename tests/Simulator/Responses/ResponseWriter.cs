using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Responses;

/// <summary>Writes a response object and the items of its output.</summary>
internal sealed class ResponseWriter(ResponsesRequest request, Directives directives, Turn turn, TokenCounts usage, string id, long created)
{
    /// <summary>The settings that a response repeats, each with its default as JSON.</summary>
    private static readonly (string Name, string Default)[] Repeated =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"), ("previous_response_id", "null"),
        ("reasoning", """{"effort":null,"summary":null}"""), ("store", "true"), ("temperature", "1.0"), ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""), ("tools", "[]"), ("top_p", "1.0"), ("truncation", "\"disabled\""), ("user", "null"),
    ];

    private string ResponseId => "resp_sim" + id;

    public string ReasoningId => "rs_sim" + id;

    public string MessageId => "msg_sim" + id;

    public bool HasReasoning => request.Thinks;

    /// <summary>The status in which the response ends.</summary>
    public string EndStatus => directives.FinishReason is not null || turn.End == TurnEnd.Length ? "incomplete" : "completed";

    public string ItemId(int call) => $"fc_sim{id}{call}";

    /// <summary>Keeps the response for requests that continue or fetch it.</summary>
    public void Keep()
    {
        if (!request.Stores) return;
        var json = new ArrayBufferWriter<byte>(1024);
        WireJson.WriteObject(json, writer => Write(writer, EndStatus));
        var calls = new HashSet<string>(request.CallIds, StringComparer.Ordinal);
        for (var call = 0; call < turn.Calls.Count; call++) calls.Add(CallId(call));
        request.Memory.Keep(ResponseId, new GivenResponse(json.WrittenSpan.ToArray(), usage.Prompt + usage.Completion, calls));
    }

    /// <summary>Writes the members of the response; output and usage only when it has ended.</summary>
    public void Write(Utf8JsonWriter writer, string status, Refusal? error = null)
    {
        writer.WriteString("id", ResponseId);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", created);
        writer.WriteString("status", status);
        writer.WriteBoolean("background", false);
        if (error is { } fault)
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", fault.Code);
            writer.WriteString("message", fault.Message);
            writer.WriteEndObject();
        }
        else writer.WriteNull("error");

        if (status == "incomplete")
        {
            writer.WriteStartObject("incomplete_details");
            writer.WriteString("reason", directives.FinishReason ?? "max_output_tokens");
            writer.WriteEndObject();
        }
        else writer.WriteNull("incomplete_details");

        writer.WriteString("model", directives.ServedModel ?? request.Model);
        var hasEnded = status is "completed" or "incomplete";
        writer.WriteStartArray("output");
        if (hasEnded) WriteOutput(writer);
        writer.WriteEndArray();
        foreach (var (name, fallback) in Repeated)
        {
            writer.WritePropertyName(name);
            if (request.Body.Has(name)) request.Body.Get(name).WriteTo(writer);
            else writer.WriteRawValue(fallback);
        }

        writer.WriteString("service_tier", hasEnded ? "default" : "auto");
        if (hasEnded && !directives.NoUsage) WriteUsage(writer);
        else writer.WriteNull("usage");
    }

    public void WriteReasoning(Utf8JsonWriter writer, bool isDone)
    {
        writer.WriteStartObject();
        writer.WriteString("id", ReasoningId);
        writer.WriteString("type", "reasoning");
        if (request.WantsEncryptedReasoning) writer.WriteString("encrypted_content", SimText.Signature(turn.Thought));
        writer.WriteStartArray("summary");
        if (isDone && turn.Thoughts.Count > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "summary_text");
            writer.WriteString("text", turn.Thought);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public void WriteMessage(Utf8JsonWriter writer, bool isDone)
    {
        writer.WriteStartObject();
        writer.WriteString("id", MessageId);
        writer.WriteString("type", "message");
        writer.WriteString("status", !isDone ? "in_progress" : EndStatus);
        writer.WriteStartArray("content");
        if (isDone) WritePart(writer, turn.Text);
        writer.WriteEndArray();
        writer.WriteString("role", "assistant");
        writer.WriteEndObject();
    }

    public void WritePart(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        if (directives.Refusal is not null)
        {
            writer.WriteString("type", "refusal");
            writer.WriteString("refusal", text);
        }
        else
        {
            writer.WriteString("type", "output_text");
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
            writer.WriteStartArray("logprobs");
            writer.WriteEndArray();
            writer.WriteString("text", text);
        }

        writer.WriteEndObject();
    }

    public void WriteCall(Utf8JsonWriter writer, int call, bool isDone)
    {
        writer.WriteStartObject();
        writer.WriteString("id", ItemId(call));
        writer.WriteString("type", "function_call");
        writer.WriteString("status", isDone ? "completed" : "in_progress");
        writer.WriteString("arguments", isDone ? turn.Calls[call].Arguments : "");
        writer.WriteString("call_id", CallId(call));
        writer.WriteString("name", turn.Calls[call].Name);
        writer.WriteEndObject();
    }

    private string CallId(int call) => $"call_sim{id}{call}";

    private void WriteOutput(Utf8JsonWriter writer)
    {
        if (HasReasoning) WriteReasoning(writer, isDone: true);
        if (turn.Pieces.Count > 0) WriteMessage(writer, isDone: true);
        for (var call = 0; call < turn.Calls.Count; call++) WriteCall(writer, call, isDone: true);
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.Prompt);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CacheRead);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", usage.Completion);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", usage.Total);
        writer.WriteEndObject();
    }
}
