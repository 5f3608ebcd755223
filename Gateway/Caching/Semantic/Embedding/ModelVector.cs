namespace AspireGateway.Gateway.Caching.Semantic.Embedding;

/// <summary>A vector that a model made.</summary>
/// <param name="Vector">The vector, of unit length.</param>
/// <param name="Maker">Who made it, in words that change with everything that would make other vectors.</param>
internal sealed record ModelVector(float[] Vector, string Maker);
