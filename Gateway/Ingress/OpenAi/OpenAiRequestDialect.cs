using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads chat completion requests (OpenAI API reference, "Create chat completion") with the extensions that clients of many vendors send.</summary>
internal sealed class OpenAiRequestDialect : IRequestDialect
{
    /// <inheritdoc />
    public Refusal? Read(ReadOnlyMemory<byte> body, ChatRequest request)
    {
        try
        {
            var at = new BodyCursor(body);
            List<JsonText>? allowed = null;
            at.EnterObject();
            while (at.NextField()) ReadField(ref at, request, ref allowed);
            if (at.Fault is null) ToolReader.Narrow(request, allowed);
            return at.Fault;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return Refusal.InvalidRequest("The body is not valid JSON, or holds a text that is not valid Unicode. Send one JSON object, UTF-8.");
        }
    }

    private static void ReadField(ref BodyCursor at, ChatRequest request, ref List<JsonText>? allowed)
    {
        if (at.Is("messages"u8)) ChatMessageReader.ReadAll(ref at, request);
        else if (at.Is("tools"u8)) ToolReader.ReadAll(ref at, request);
        else if (at.Is("functions"u8)) ToolReader.ReadLegacy(ref at, request);
        else if (at.Is("tool_choice"u8) || at.Is("function_call"u8)) ToolReader.ReadChoice(ref at, request, ref allowed);
        else if (at.Is("parallel_tool_calls"u8)) request.ParallelToolCalls = at.Flag();
        else if (at.Is("response_format"u8)) FormatReader.Read(ref at, request);
        else if (at.Is("max_tokens"u8) || at.Is("max_completion_tokens"u8)) request.MaxOutputTokens = Smaller(request.MaxOutputTokens, at.Integer(1));
        else if (at.Is("stop"u8)) ReadStop(ref at, request);
        else if (!ReadSampling(ref at, request)) ReadRest(ref at, request);
    }

    private static bool ReadSampling(ref BodyCursor at, ChatRequest request)
    {
        if (at.Is("temperature"u8)) request.Temperature = at.Number();
        else if (at.Is("top_p"u8)) request.TopP = at.Number();
        else if (at.Is("top_k"u8)) request.TopK = at.Count(-1) is > 0 and var k ? k : null;
        else if (at.Is("seed"u8)) request.Seed = at.Integer(long.MinValue);
        else if (at.Is("frequency_penalty"u8)) request.FrequencyPenalty = at.Number();
        else if (at.Is("presence_penalty"u8)) request.PresencePenalty = at.Number();
        else if (at.Is("logit_bias"u8)) request.LogitBias = at.RawObject();
        else if (at.Is("n"u8)) request.Choices = at.Count(1);
        else if (at.Is("logprobs"u8)) request.Logprobs = at.Flag();
        else if (at.Is("top_logprobs"u8)) request.TopLogprobs = at.Count(0);
        else return false;
        return true;
    }

    private static void ReadRest(ref BodyCursor at, ChatRequest request)
    {
        if (at.Is("model"u8) || at.Is("stream_options"u8)) return;
        if (at.Is("stream"u8)) request.Stream = at.Flag() == true;
        else if (at.Is("reasoning_effort"u8)) ReasoningReader.ReadEffort(ref at, request);
        else if (at.Is("reasoning"u8)) ReasoningReader.ReadObject(ref at, request);
        else if (at.Is("thinking"u8)) ReasoningReader.ReadThinking(ref at, request);
        else if (at.Is("service_tier"u8)) request.ServiceTier = at.Word();
        else if (at.Is("user"u8)) request.UserId = at.Text() is { IsEmpty: false } user ? user : request.UserId;
        else if (at.Is("safety_identifier"u8)) request.UserId = request.UserId.IsEmpty ? at.Text() : request.UserId;
        else if (at.Is("modalities"u8)) ReadModalities(ref at, request);
        // Nothing is stored on the way through another protocol: "false" is what happens.
        else if (!at.Is("store"u8) || at.Flag() == true) at.Unmapped(request);
    }

    private static void ReadStop(ref BodyCursor at, ChatRequest request)
    {
        request.Stop.Clear();
        if (at.IsNull) return;
        if (at.IsString)
        {
            request.Stop.Add(at.Text());
            return;
        }
        if (!at.IsArray) at.Refuse("must be a string or an array of strings.");
        if (!at.EnterArray()) return;
        while (at.NextItem()) request.Stop.Add(at.Text());
    }

    private static void ReadModalities(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterArray()) return;
        var isMore = false;
        while (at.NextItem()) isMore |= at.Word() != "text";
        if (isMore && at.Fault is null) request.Unmapped.Add("modalities");
    }

    private static long? Smaller(long? one, long? other) => one is null || other is null ? one ?? other : Math.Min(one.Value, other.Value);
}
