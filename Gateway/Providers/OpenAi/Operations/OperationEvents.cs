using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>What the events of all these operations share.</summary>
internal static class OperationEvents
{
    /// <summary>Whether an event is the end marker, which some servers send here too.</summary>
    public static bool IsDone(ReadOnlySpan<byte> eventData) => eventData.Trim(" \t"u8).SequenceEqual("[DONE]"u8);

    /// <summary>Two reports together; null = neither reports anything.</summary>
    public static TokenUsage? Sum(TokenUsage? one, TokenUsage? other)
    {
        if (one is not { } a) return other;
        if (other is not { } b) return one;
        return new TokenUsage(a.Input + b.Input, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite, a.Output + b.Output, a.Reasoning + b.Reasoning);
    }
}
