using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Caching.Policies;

/// <summary>When another question is the same one.</summary>
/// <param name="Embedder">The logical model that makes vectors; null = the gateway itself.</param>
/// <param name="Similarity">How close they must lie.</param>
internal sealed record SemanticTerms(string? Embedder, float Similarity)
{
    /// <summary>Of settings. What is out of range is taken as the nearest that is in it.</summary>
    public static SemanticTerms Of(CacheSettings settings)
    {
        var embedder = string.IsNullOrEmpty(settings.Embedder) ? null : settings.Embedder;
        return new(embedder, (float)Math.Clamp(settings.Similarity ?? (embedder is null ? CacheSettings.LexicalSimilarity : CacheSettings.ModelSimilarity), CacheSettings.LeastSimilarity, 1));
    }

    /// <summary>What both allow; null = one of them allows nothing of the kind, or they measure by different embedders, whose similarities cannot be compared.</summary>
    public static SemanticTerms? Narrower(SemanticTerms? one, SemanticTerms? other) =>
        one is null || other is null || one.Embedder != other.Embedder ? null : one with { Similarity = Math.Max(one.Similarity, other.Similarity) };
}
