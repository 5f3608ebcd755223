using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Tests.Caching.Semantic.Index;

/// <summary>Rows with vectors that are the same each time.</summary>
internal static class Rows
{
    /// <summary>A digest for each number.</summary>
    public static CacheDigest Digest(int number) => CacheDigest.Of(BitConverter.GetBytes(number));

    /// <summary>A vector for each number, of unit length.</summary>
    public static float[] Vector(int number, int dimensions = 16)
    {
        var random = new Random(number);
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++) vector[i] = (float)(random.NextDouble() - 0.5);
        Assert.True(LexicalEmbedder.TryNormalise(vector));
        return vector;
    }

    /// <summary>A row for each number.</summary>
    public static SemanticRow Row(int number, int dimensions = 16) => new(Digest(number), Vector(number, dimensions), [new(1, 2, 3, WordKinds.Content), new((uint)number, 5, 6, WordKinds.Name)], 1_000 + number);
}
