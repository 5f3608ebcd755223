using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Finds out whether a response with a good status says that there will be no answer.</summary>
internal static class GeminiRejection
{
    /// <summary>Why there is none; null = there is one, or the response is no response at all, which its reader tells.</summary>
    public static ProviderFailure? InWhole(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"blockReason\""u8) < 0 && body.IndexOf("\"error\""u8) < 0 && !GeminiFinish.MayBeBroken(body) ? null : Read(body);

    /// <summary>The same for the first event of a stream, which must be one.</summary>
    public static ProviderFailure? InEvent(ReadOnlySpan<byte> eventData)
    {
        var reader = new GeminiReplyReader();
        return reader.TryRead(eventData, Nowhere.Sink) ? null : reader.Failure ?? GeminiFailureReader.In(eventData);
    }

    private static ProviderFailure? Read(ReadOnlySpan<byte> body)
    {
        var reader = new GeminiReplyReader();
        return reader.TryRead(body, Nowhere.Sink) ? null : reader.Failure;
    }

    private sealed class Nowhere : IReplySink
    {
        public static readonly Nowhere Sink = new();

        public void Take(in ReplyEvent replyEvent)
        {
        }
    }
}
