using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Caching.Semantic;

/// <summary>A question as it is compared with others: where it may be answered from, its vector and its words' digests.</summary>
/// <param name="Scope">A digest of everything that must be the same: who shares, the plan, the conversation before, all parameters, and whose vectors they are.</param>
/// <param name="Vector">Its vector, of unit length.</param>
/// <param name="Words">Its words.</param>
/// <param name="AllWords">Whether all words that carry meaning must be in both: the vector knows nothing but words.</param>
internal sealed record SemanticQuestion(CacheDigest Scope, float[] Vector, QuestionWord[] Words, bool AllWords);
