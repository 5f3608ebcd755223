using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Caching.Semantic.Index;

/// <summary>A question that was answered, and under which digest its reply is kept. It holds no reply: one that was purged or has ended is not found there any more.</summary>
/// <param name="digest">The reply's digest.</param>
/// <param name="vector">The question's vector, of unit length.</param>
/// <param name="words">The question's words.</param>
/// <param name="endsAtMs">When the reply is gone at the latest, in milliseconds since 1970.</param>
internal sealed class SemanticRow(CacheDigest digest, float[] vector, QuestionWord[] words, long endsAtMs)
{
    private const int Overhead = 240;

    private int uses;

    /// <summary>The reply's digest.</summary>
    public CacheDigest Digest { get; } = digest;

    /// <summary>The question's vector.</summary>
    public float[] Vector { get; } = vector;

    /// <summary>The question's words.</summary>
    public QuestionWord[] Words { get; } = words;

    /// <summary>When the reply is gone at the latest.</summary>
    public long EndsAtMs { get; } = endsAtMs;

    /// <summary>How often it answered here.</summary>
    public int Uses => Volatile.Read(ref uses);

    /// <summary>When it was put here, as a number that grows.</summary>
    public long Place { get; set; }

    /// <summary>What it takes in memory, about, in bytes.</summary>
    public int Bytes => Overhead + Vector.Length * sizeof(float) + Words.Length * QuestionWord.Bytes;

    /// <summary>It answered.</summary>
    public void Use() => Interlocked.Increment(ref uses);
}
