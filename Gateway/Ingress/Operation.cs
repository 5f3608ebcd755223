namespace AspireGateway.Gateway.Ingress;

/// <summary>Something that callers can ask for: its route here, its name in records, and how its body is read.</summary>
/// <param name="Name">Name in records and metrics, e.g. <c>chat_completions</c>.</param>
/// <param name="Path">Route on the gateway.</param>
/// <param name="UpstreamPath">Path after the provider's base URL, in the OpenAI protocol.</param>
/// <param name="PromptField">The top-level field that must hold the prompt.</param>
/// <param name="PromptMayBeText">Whether that field may also be a string.</param>
/// <param name="CanStream">Whether <c>stream</c> means anything here.</param>
internal sealed record Operation(string Name, string Path, string UpstreamPath, string PromptField, bool PromptMayBeText, bool CanStream)
{
    /// <summary>OpenAI chat completions.</summary>
    public static readonly Operation ChatCompletions = new("chat_completions", "/v1/chat/completions", "/chat/completions", "messages", PromptMayBeText: false, CanStream: true);

    /// <summary>OpenAI embeddings.</summary>
    public static readonly Operation Embeddings = new("embeddings", "/v1/embeddings", "/embeddings", "input", PromptMayBeText: true, CanStream: false);

    /// <summary>The name of the prompt's field in UTF-8.</summary>
    public byte[] PromptFieldUtf8 { get; } = System.Text.Encoding.UTF8.GetBytes(PromptField);
}
