using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>OpenAI's operations beside chats and embeddings, and reranking as Cohere, Jina and vLLM have it: where they go and who passes them on.</summary>
internal static class OpenAiOperations
{
    private static readonly (Operation Operation, UpstreamTarget Target, IDirectOperation Direct)[] All =
    [
        (Operation.Moderations, new("/moderations"), new JsonOperation("results"u8)),
        (Operation.ImageGenerations, new("/images/generations"), new ImageOperation()),
        (Operation.Speech, new("/audio/speech"), new SpeechOperation()),
        (Operation.Transcriptions, new("/audio/transcriptions"), new TranscriptionOperation()),
        (Operation.Rerank, new("/rerank"), new JsonOperation("results"u8, "data"u8)),
    ];

    /// <summary>Who passes an operation on; null = it is none of these, or the vendor does not have it.</summary>
    public static IDirectOperation? Find(Operation operation, OpenAiVendor vendor)
    {
        foreach (var entry in All)
            if (ReferenceEquals(entry.Operation, operation)) return vendor.Operations is null || Array.IndexOf(vendor.Operations, operation.Name) >= 0 ? entry.Direct : null;
        return null;
    }

    /// <summary>Where an operation goes; null = it is none of these.</summary>
    public static UpstreamTarget? TargetOf(Operation operation)
    {
        foreach (var entry in All)
            if (ReferenceEquals(entry.Operation, operation)) return entry.Target;
        return null;
    }
}
