using System.Text;

namespace AspireGateway.Gateway.Ingress;

/// <summary>The dialect in which a caller speaks and wants to be answered.</summary>
internal enum Dialect
{
    /// <summary>OpenAI's chat completions, embeddings and the rest of its API.</summary>
    OpenAi,

    /// <summary>OpenAI's Responses API.</summary>
    OpenAiResponses,

    /// <summary>Anthropic's Messages API.</summary>
    Anthropic,
}

/// <summary>What is asked for, whatever the dialect.</summary>
internal enum OperationKind
{
    /// <summary>An answer to a conversation.</summary>
    Chat,

    /// <summary>How many tokens a conversation has.</summary>
    CountTokens,

    /// <summary>Vectors of texts.</summary>
    Embeddings,

    /// <summary>Everything else that has one shape only and goes to providers that have it.</summary>
    Other,

    /// <summary>A provider's own API, passed through as it is.</summary>
    PassThrough,
}

/// <summary>What a request's body is.</summary>
internal enum BodyForm
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>A form with a file (<c>multipart/form-data</c>).</summary>
    Form,

    /// <summary>Whatever the provider takes, or nothing.</summary>
    Any,
}

/// <summary>What a reply that is no stream of events is.</summary>
internal enum ReplyForm
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>One JSON object or a text, as the caller asked.</summary>
    Text,

    /// <summary>Bytes that are passed on as they come.</summary>
    Bytes,
}

/// <summary>Something that callers can ask for: its route here, its name in records, and how its body is read.</summary>
/// <param name="Name">Name in records and metrics, e.g. <c>chat_completions</c>.</param>
/// <param name="Path">Route on the gateway.</param>
/// <param name="Dialect">The caller's dialect.</param>
/// <param name="Kind">What it is.</param>
/// <param name="PromptField">The top-level field that must hold the prompt.</param>
/// <param name="PromptMayBeText">Whether that field may also be a string.</param>
/// <param name="CanStream">Whether <c>stream</c> means anything here.</param>
internal sealed record Operation(string Name, string Path, Dialect Dialect, OperationKind Kind, string PromptField, bool PromptMayBeText, bool CanStream)
{
    /// <summary>OpenAI chat completions.</summary>
    public static readonly Operation ChatCompletions =
        new("chat_completions", "/v1/chat/completions", Dialect.OpenAi, OperationKind.Chat, "messages", PromptMayBeText: false, CanStream: true);

    /// <summary>A chat completion that is only looked at: where would it go, what would it cost?</summary>
    public static readonly Operation RoutePreview = ChatCompletions with { Name = "route_preview", Path = "/v1/route/preview", CanStream = true };

    /// <summary>OpenAI Responses.</summary>
    public static readonly Operation Responses =
        new("responses", "/v1/responses", Dialect.OpenAiResponses, OperationKind.Chat, "input", PromptMayBeText: true, CanStream: true)
        {
            MaxTokensFields = ["max_output_tokens"], HasStreamUsage = false,
        };

    /// <summary>Anthropic messages.</summary>
    public static readonly Operation Messages =
        new("messages", "/v1/messages", Dialect.Anthropic, OperationKind.Chat, "messages", PromptMayBeText: false, CanStream: true)
        {
            MaxTokensFields = ["max_tokens"], HasStreamUsage = false, UserIsInMetadata = true,
        };

    /// <summary>Anthropic token counting.</summary>
    public static readonly Operation CountTokens =
        new("count_tokens", "/v1/messages/count_tokens", Dialect.Anthropic, OperationKind.CountTokens, "messages", PromptMayBeText: false, CanStream: false)
        {
            MaxTokensFields = [], UserIsInMetadata = true,
        };

    /// <summary>OpenAI embeddings.</summary>
    public static readonly Operation Embeddings =
        new("embeddings", "/v1/embeddings", Dialect.OpenAi, OperationKind.Embeddings, "input", PromptMayBeText: true, CanStream: false);

    /// <summary>OpenAI moderations.</summary>
    public static readonly Operation Moderations =
        new("moderations", "/v1/moderations", Dialect.OpenAi, OperationKind.Other, "input", PromptMayBeText: true, CanStream: false) { MaxTokensFields = [] };

    /// <summary>OpenAI image generation.</summary>
    public static readonly Operation ImageGenerations =
        new("images_generations", "/v1/images/generations", Dialect.OpenAi, OperationKind.Other, "prompt", PromptMayBeText: true, CanStream: true)
        {
            PromptMayBeArray = false, MaxTokensFields = [], HasStreamUsage = false, EndsWithMarker = false,
        };

    /// <summary>OpenAI speech.</summary>
    public static readonly Operation Speech =
        new("audio_speech", "/v1/audio/speech", Dialect.OpenAi, OperationKind.Other, "input", PromptMayBeText: true, CanStream: true)
        {
            PromptMayBeArray = false, MaxTokensFields = [], HasStreamUsage = false, EndsWithMarker = false, StreamsByFormat = true, ReplyForm = ReplyForm.Bytes,
        };

    /// <summary>OpenAI transcription.</summary>
    public static readonly Operation Transcriptions =
        new("audio_transcriptions", "/v1/audio/transcriptions", Dialect.OpenAi, OperationKind.Other, "file", PromptMayBeText: false, CanStream: true)
        {
            MaxTokensFields = [], HasStreamUsage = false, EndsWithMarker = false, BodyForm = BodyForm.Form, ReplyForm = ReplyForm.Text,
        };

    /// <summary>Reranking, in the shape that Cohere, Jina and vLLM share.</summary>
    public static readonly Operation Rerank =
        new("rerank", "/v1/rerank", Dialect.OpenAi, OperationKind.Other, "documents", PromptMayBeText: false, CanStream: false) { MaxTokensFields = [] };

    /// <summary>A provider's own API, for callers who want errors in OpenAI's shape.</summary>
    public static readonly Operation PassThrough =
        new("pass_through", "/providers/", Dialect.OpenAi, OperationKind.PassThrough, "body", PromptMayBeText: true, CanStream: true)
        {
            HasStreamUsage = false, EndsWithMarker = false, BodyForm = BodyForm.Any,
        };

    /// <summary>The same for callers who want errors in Anthropic's shape.</summary>
    public static readonly Operation AnthropicPassThrough = PassThrough with { Dialect = Dialect.Anthropic };

    /// <summary>Whether the body is a conversation: a chat, or the question how long one is.</summary>
    public bool HasConversation => Kind is OperationKind.Chat or OperationKind.CountTokens;

    /// <summary>What rules call it; of <see cref="Shared.Domain.Routing.RuleOperations"/>. Chats of all dialects are one.</summary>
    public string RuleName => Kind == OperationKind.Chat ? Shared.Domain.Routing.RuleOperations.Chat : Name;

    /// <summary>The name of the prompt's field in UTF-8.</summary>
    public byte[] PromptFieldUtf8 { get; } = Encoding.UTF8.GetBytes(PromptField);

    /// <summary>The caller's caps on output tokens; the smallest counts.</summary>
    public string[] MaxTokensFields { get; init; } = ["max_tokens", "max_completion_tokens"];

    /// <summary>The same in UTF-8.</summary>
    public byte[][] MaxTokensFieldsUtf8 => field ??= [.. MaxTokensFields.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether streams carry usage only on request (<c>stream_options.include_usage</c>).</summary>
    public bool HasStreamUsage { get; init; } = true;

    /// <summary>Whether the end user stands in <c>metadata.user_id</c> instead of <c>user</c>.</summary>
    public bool UserIsInMetadata { get; init; }

    /// <summary>Whether the prompt may be an array.</summary>
    public bool PromptMayBeArray { get; init; } = true;

    /// <summary>Whether a stream is asked for with <c>stream_format: "sse"</c> instead of <c>stream: true</c>.</summary>
    public bool StreamsByFormat { get; init; }

    /// <summary>Whether streams end with the dialect's end event; else they just end.</summary>
    public bool EndsWithMarker { get; init; } = true;

    /// <summary>What the body is.</summary>
    public BodyForm BodyForm { get; init; }

    /// <summary>What a reply that is no stream of events is.</summary>
    public ReplyForm ReplyForm { get; init; }
}
