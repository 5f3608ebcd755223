using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Simulator.Composing;

/// <summary>Remembers which marked beginnings of prompts were seen, as a provider's prompt cache does. Safe for concurrent use.</summary>
internal sealed class PromptMemory
{
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, byte> seen = new(StringComparer.Ordinal);

    public bool Knows(string prefix) => seen.ContainsKey(prefix);

    public void Remember(string prefix)
    {
        if (seen.Count >= Most) seen.Clear();
        seen.TryAdd(prefix, 0);
    }
}

/// <summary>Follows a prompt from its beginning and notes where the caller marked it for the cache.</summary>
internal sealed class CacheMarks
{
    private readonly StringBuilder prefix = new();
    private readonly List<(string Prefix, int Tokens)> marks = [];
    private int tokens;

    public int Count => marks.Count;

    /// <summary>True when a mark asks for the longer life.</summary>
    public bool LongLived { get; private set; }

    /// <summary>The prompt goes on with this block.</summary>
    public void Add(string block, bool isMedia = false)
    {
        prefix.Append(block).Append('\u001f');
        tokens += isMedia ? PromptTally.MediaTokens : SimText.Tokens(block);
    }

    /// <summary>The prompt is marked here.</summary>
    public void Mark(string? timeToLive)
    {
        LongLived |= timeToLive == "1h";
        marks.Add((Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prefix.ToString()))), tokens));
    }

    /// <summary>Tokens read from and written to the cache; the marks are remembered.</summary>
    public (int Read, int Written) Settle(PromptMemory memory, string model)
    {
        var read = 0;
        foreach (var mark in marks)
            if (memory.Knows(model + mark.Prefix)) read = Math.Max(read, mark.Tokens);
        foreach (var mark in marks) memory.Remember(model + mark.Prefix);
        return (read, marks.Count == 0 ? 0 : Math.Max(0, marks[^1].Tokens - read));
    }
}
