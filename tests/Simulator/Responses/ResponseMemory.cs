using System.Collections.Concurrent;

namespace AspireGateway.Simulator.Responses;

/// <summary>A response that was given: its JSON, the tokens of the conversation so far, and the calls that may be answered.</summary>
internal sealed record GivenResponse(byte[] Json, int Tokens, IReadOnlySet<string> CallIds);

/// <summary>The responses that later requests may continue or fetch. Safe for concurrent use.</summary>
internal sealed class ResponseMemory
{
    private const int Most = 1_000;
    private readonly ConcurrentDictionary<string, GivenResponse> given = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> order = new();

    public GivenResponse? Find(string id) => given.GetValueOrDefault(id);

    public void Keep(string id, GivenResponse response)
    {
        if (given.TryAdd(id, response)) order.Enqueue(id);
        while (given.Count > Most && order.TryDequeue(out var oldest)) given.TryRemove(oldest, out _);
    }

    public bool Forget(string id) => given.TryRemove(id, out _);
}
