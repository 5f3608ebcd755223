using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Semantic;

/// <summary>A kept reply to another question that asks the same.</summary>
/// <param name="Reply">The reply.</param>
/// <param name="Similarity">How close the questions lie, up to 1.</param>
/// <param name="Entry">Under which digest the reply is kept.</param>
internal sealed record SemanticHit(CachedReply Reply, float Similarity, CacheDigest Entry);
