using System.Collections.Immutable;

namespace AspireGateway.Simulator.Scripting;

/// <summary>What one reply shall do other than usual. README.md of this project explains each by its wire name.</summary>
internal sealed record Directives
{
    public static Directives None { get; } = new();

    public int? Status { get; init; }
    public int? RetryAfter { get; init; }
    public ErrorBody ErrorBody { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }
    public FailureKind? Failure { get; init; }
    public bool ResponseFailed { get; init; }
    public bool Lenient { get; init; }
    public int? StrictFields { get; init; }

    public int? SlowHeadersMs { get; init; }
    public int? LatencyMs { get; init; }
    public int? FirstTokenMs { get; init; }
    public int? ChunkMs { get; init; }

    public bool StallBeforeFirst { get; init; }
    public bool StallAfterHeaders { get; init; }
    public int? StallAfter { get; init; }
    public bool CutBeforeFirst { get; init; }
    public int? CutAfter { get; init; }
    public int? EndAfter { get; init; }
    public int? ErrorAfter { get; init; }
    public int? MalformedAfter { get; init; }
    public bool NoDone { get; init; }
    public int? ChunkedSplit { get; init; }

    public int? Chunks { get; init; }
    public int? BodyBytes { get; init; }
    public string? Text { get; init; }
    public string? FinishReason { get; init; }
    public string? ServedModel { get; init; }
    public string? ContentType { get; init; }
    public ImmutableList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public bool NoUsage { get; init; }
    public int? PromptTokens { get; init; }
    public int? CachedTokens { get; init; }
    public int? CompletionTokens { get; init; }
    public int? ReasoningTokens { get; init; }
    public int? CacheWriteTokens { get; init; }

    public bool TalkFirst { get; init; }
    public string? Refusal { get; init; }
    public string? ReasoningField { get; init; }
    public string? BlockReason { get; init; }
    public bool FilterResults { get; init; }
    public bool NoBase64 { get; init; }
    public int? ExpiresIn { get; init; }

    /// <summary>True when the reply is an error instead of an answer.</summary>
    public bool Fails => Status is >= 300 || ErrorBody != ErrorBody.Unset || (Failure is not null && ErrorAfter is null);

    /// <summary>The highest chunk after which a fault is due; the answer is made long enough to reach it.</summary>
    public int? LastFaultAfter
    {
        get
        {
            int? last = null;
            foreach (var after in (ReadOnlySpan<int?>)[StallAfter, CutAfter, EndAfter, ErrorAfter, MalformedAfter])
                if (after is { } n && n > (last ?? -1)) last = n;
            return last;
        }
    }
}

/// <summary>A failure that every provider knows and that each words in its own way.</summary>
internal enum FailureKind
{
    /// <summary>The prompt is longer than the model's context.</summary>
    ContextLength,

    /// <summary>A content policy forbids prompt or answer.</summary>
    ContentPolicy,

    /// <summary>Too many requests or tokens in a minute.</summary>
    RateLimit,

    /// <summary>The credit is used up.</summary>
    Quota,

    /// <summary>The provider has no capacity.</summary>
    Overloaded,

    /// <summary>The credential is wrong.</summary>
    BadKey,

    /// <summary>There is no such model.</summary>
    NoModel,
}

/// <summary>The body of an error reply.</summary>
internal enum ErrorBody
{
    /// <summary>Not scripted; an error status then carries JSON.</summary>
    Unset,

    /// <summary>The protocol's own error shape.</summary>
    Json,

    /// <summary>An HTML page, as a load balancer in front of a provider sends.</summary>
    Html,

    /// <summary>No body at all.</summary>
    Empty,
}
