namespace AspireGateway.Gateway.Ingress;

/// <summary>The data plane's routes.</summary>
internal static class Routes
{
    /// <summary>Operations that walk the journey.</summary>
    public static readonly IReadOnlyList<Operation> Journey =
    [
        Operation.ChatCompletions, Operation.Responses, Operation.Messages, Operation.CountTokens, Operation.Embeddings,
        Operation.Moderations, Operation.ImageGenerations, Operation.Speech, Operation.Transcriptions, Operation.Rerank,
    ];
}
