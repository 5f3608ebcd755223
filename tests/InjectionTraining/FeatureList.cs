using AspireGateway.Gateway.Guardrails.Injection.Classification;

namespace AspireGateway.InjectionTraining;

/// <summary>Collects the features of a window.</summary>
internal readonly struct FeatureList() : IFeatureSink
{
    /// <summary>Buckets of rows of letters.</summary>
    public List<ushort> LetterBuckets { get; } = [];

    /// <summary>Buckets of rows of words.</summary>
    public List<ushort> WordBuckets { get; } = [];

    /// <summary>Buckets of concepts.</summary>
    public List<ushort> ConceptBuckets { get; } = [];

    /// <inheritdoc/>
    public void Letters(int bucket) => LetterBuckets.Add((ushort)bucket);

    /// <inheritdoc/>
    public void Words(int bucket) => WordBuckets.Add((ushort)bucket);

    /// <inheritdoc/>
    public void Concepts(int bucket) => ConceptBuckets.Add((ushort)bucket);
}
