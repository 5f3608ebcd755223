using System.Text.Json;
using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Responses;

/// <summary>
/// Reads requests of OpenAI's Responses API (API reference, "Create a model response") for providers that do not have it. What only OpenAI can do, because it
/// keeps earlier responses or runs tools itself, is refused. Nothing is stored.
/// </summary>
internal sealed class ResponsesRequestDialect : IRequestDialect
{
    /// <inheritdoc />
    public Refusal? Read(ReadOnlyMemory<byte> body, ChatRequest request)
    {
        try
        {
            var at = new BodyCursor(body);
            var draft = new Draft();
            at.EnterObject();
            while (at.NextField()) ReadField(ref at, request, draft);
            if (at.Fault is not null) return at.Fault;
            ToolReader.Narrow(request, draft.Allowed);
            if (!draft.Instructions.IsEmpty) request.Messages.Insert(0, new ChatMessage(ChatRole.System, [new TextPart(draft.Instructions)]));
            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return Refusal.InvalidRequest("The body is not valid JSON, or holds a text that is not valid Unicode. Send one JSON object, UTF-8.");
        }
    }

    /// <summary>
    /// The words and the form that a request asks for, as far as they can be told where the rest is for OpenAI alone (what it keeps, tools that it runs). Never to be sent to anybody.
    /// </summary>
    public static ChatRequest Glimpse(ReadOnlyMemory<byte> body)
    {
        var request = new ChatRequest();
        // One after the other: what makes no sense in the one must not hide the other.
        GlimpseAt(body, request, static (ref at, asked) =>
        {
            if (at.Is("text"u8)) ReadText(ref at, asked);
        });
        GlimpseAt(body, request, static (ref at, asked) =>
        {
            if (at.Is("input"u8)) ResponsesInputReader.Read(ref at, asked);
        });
        return request;
    }

    private static void GlimpseAt(ReadOnlyMemory<byte> body, ChatRequest request, FieldReader read)
    {
        try
        {
            var at = new BodyCursor(body);
            at.EnterObject();
            while (at.NextField()) read(ref at, request);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // The provider says what is wrong with it.
        }
    }

    private delegate void FieldReader(ref BodyCursor at, ChatRequest request);

    private static void ReadField(ref BodyCursor at, ChatRequest request, Draft draft)
    {
        if (at.Is("model"u8) || at.Is("stream_options"u8) || at.Is("metadata"u8)) return;
        if (at.Is("input"u8)) ResponsesInputReader.Read(ref at, request);
        else if (at.Is("instructions"u8)) ReadInstructions(ref at, request, draft);
        else if (at.Is("tools"u8)) ToolReader.ReadAll(ref at, request);
        else if (at.Is("tool_choice"u8)) ReadChoice(ref at, request, draft);
        else if (at.Is("parallel_tool_calls"u8)) request.ParallelToolCalls = at.Flag();
        else if (at.Is("text"u8)) ReadText(ref at, request);
        else if (at.Is("reasoning"u8)) ReasoningReader.ReadObject(ref at, request);
        else if (at.Is("max_output_tokens"u8)) request.MaxOutputTokens = at.Integer(1);
        else if (at.Is("temperature"u8)) request.Temperature = at.Number();
        else if (at.Is("top_p"u8)) request.TopP = at.Number();
        else if (at.Is("stream"u8)) request.Stream = at.Flag() == true;
        else ReadRest(ref at, request);
    }

    private static void ReadRest(ref BodyCursor at, ChatRequest request)
    {
        if (at.Is("service_tier"u8)) request.ServiceTier = at.Word();
        else if (at.Is("user"u8)) request.UserId = at.Text() is { IsEmpty: false } user ? user : request.UserId;
        else if (at.Is("safety_identifier"u8)) request.UserId = request.UserId.IsEmpty ? at.Text() : request.UserId;
        else if (at.Is("include"u8)) ReadInclude(ref at, request);
        else if (at.Is("previous_response_id"u8) || at.Is("conversation"u8) || at.Is("prompt"u8)) RefuseState(ref at);
        else if (at.Is("background"u8)) RefuseBackground(ref at);
        else if (at.Is("truncation"u8)) ReadTruncation(ref at, request);
        else if (at.Is("top_logprobs"u8)) request.TopLogprobs = at.Count(0);
        // The answer says "store": false, whatever was asked; only who asked for it needs to be told.
        else if (!at.Is("store"u8) || at.Flag() == true) at.Unmapped(request);
    }

    private static void RefuseState(ref BodyCursor at)
    {
        if (!at.IsNull) at.Refuse("works only where the upstream is OpenAI, which keeps it. Send the whole conversation as 'input', or choose a model of OpenAI.");
    }

    private static void RefuseBackground(ref BodyCursor at)
    {
        if (at.Flag() == true) at.Refuse("works only where the upstream is OpenAI, which keeps the response. Leave it out and wait for the answer, or choose a model of OpenAI.");
    }

    private static void ReadInstructions(ref BodyCursor at, ChatRequest request, Draft draft)
    {
        if (at.IsArray) ResponsesInputReader.Read(ref at, request);
        else draft.Instructions = at.Text();
    }

    private static void ReadChoice(ref BodyCursor at, ChatRequest request, Draft draft)
    {
        var allowed = draft.Allowed;
        ToolReader.ReadChoice(ref at, request, ref allowed);
        draft.Allowed = allowed;
    }

    private static void ReadText(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject()) return;
        while (at.NextField())
        {
            if (at.Is("format"u8)) FormatReader.Read(ref at, request);
            else at.Unmapped(request);
        }
    }

    private static void ReadInclude(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterArray()) return;
        while (at.NextItem())
        {
            var word = at.Word();
            if (word == "message.output_text.logprobs") request.Logprobs = true;
            // Thoughts always come with their proof here: nothing is kept that could be looked up instead.
            else if (word is not (null or "reasoning.encrypted_content")) request.Unmapped.Add($"include.{word}");
        }
    }

    private static void ReadTruncation(ref BodyCursor at, ChatRequest request)
    {
        if (at.Word() is not (null or "disabled")) at.Unmapped(request);
    }

    private sealed class Draft
    {
        public JsonText Instructions { get; set; }

        public List<JsonText>? Allowed { get; set; }
    }
}
