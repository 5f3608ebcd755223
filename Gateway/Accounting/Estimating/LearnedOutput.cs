using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>
/// How long the answers to a key from a model nearly always are: what the hold policy <c>learned</c> reserves. Only the last answers count, and only pairs that
/// were busy of late are remembered.
/// </summary>
internal sealed class LearnedOutput(int maxPairs = LearnedOutput.DefaultMaxPairs)
{
    /// <summary>Pairs of a key and a model that are remembered at once: some 12 MB.</summary>
    public const int DefaultMaxPairs = 20_000;

    /// <summary>Answers that count.</summary>
    public const int Window = 128;

    /// <summary>Answers before anything is said.</summary>
    public const int Enough = 20;

    private readonly ConcurrentDictionary<Pair, Answers> pairs = new();
    // In the order in which they go, except that who was busy meanwhile goes round once more.
    private readonly ConcurrentQueue<Pair> order = new();
    private int count;

    /// <summary>Pairs that are remembered.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Learns from an answer.</summary>
    /// <param name="key">The virtual key.</param>
    /// <param name="model">The resolved model.</param>
    /// <param name="tokens">Output tokens as reported.</param>
    public void Learn(Guid key, string model, long tokens)
    {
        var pair = new Pair(key, model);
        if (!pairs.TryGetValue(pair, out var answers))
        {
            answers = new Answers();
            if (pairs.TryAdd(pair, answers))
            {
                order.Enqueue(pair);
                if (Interlocked.Increment(ref count) > maxPairs) ForgetOne();
            }
            else if (!pairs.TryGetValue(pair, out answers))
            {
                // Forgotten again already: so is this answer.
                return;
            }
        }
        answers.Add((int)Math.Clamp(tokens, 0, int.MaxValue));
    }

    /// <summary>The length that 95 of 100 answers do not exceed, in tokens; null = too few are known.</summary>
    public long? P95(Guid key, string model) => pairs.TryGetValue(new Pair(key, model), out var answers) ? answers.P95() : null;

    private void ForgetOne()
    {
        // Whoever is busy is spared once; when all are, the first goes after one round.
        for (var round = 0; round <= maxPairs && order.TryDequeue(out var oldest); round++)
        {
            if (round < maxPairs && pairs.TryGetValue(oldest, out var answers) && answers.TakeBusy())
            {
                order.Enqueue(oldest);
                continue;
            }
            if (pairs.TryRemove(oldest, out _)) Interlocked.Decrement(ref count);
            return;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pair(Guid Key, string Model);

    private sealed class Answers
    {
        private readonly int[] last = new int[Window];
        private readonly Lock gate = new();
        private int added;
        private long known = -1;
        private bool isBusy;

        public void Add(int tokens)
        {
            lock (gate)
            {
                isBusy = added > 0;
                last[added % Window] = tokens;
                // Goes on counting round and round, never back below a full window.
                added = added + 1 < Window * 2 ? added + 1 : Window;
                known = -1;
            }
        }

        public bool TakeBusy()
        {
            lock (gate)
            {
                var was = isBusy;
                isBusy = false;
                return was;
            }
        }

        public long? P95()
        {
            lock (gate)
            {
                var n = Math.Min(added, Window);
                if (n < Enough) return null;
                if (known >= 0) return known;
                Span<int> sorted = stackalloc int[Window];
                last.AsSpan(0, n).CopyTo(sorted);
                sorted[..n].Sort();
                return known = sorted[(n * 95 + 99) / 100 - 1];
            }
        }
    }
}
