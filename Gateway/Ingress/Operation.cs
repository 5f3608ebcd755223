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
}
