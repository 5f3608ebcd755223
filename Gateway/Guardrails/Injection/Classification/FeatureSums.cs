namespace AspireGateway.Gateway.Guardrails.Injection.Classification;

/// <summary>Weights summed over the features of some words.</summary>
internal ref struct FeatureSums(ReadOnlySpan<sbyte> weights) : IFeatureSink
{
    private readonly ReadOnlySpan<sbyte> weights = weights;
    private int letterSum, letterCount, wordSum, wordCount, conceptSum, conceptCount;

    /// <inheritdoc/>
    public void Letters(int bucket)
    {
        letterSum += weights[bucket];
        letterCount++;
    }

    /// <inheritdoc/>
    public void Words(int bucket)
    {
        wordSum += weights[bucket];
        wordCount++;
    }

    /// <inheritdoc/>
    public void Concepts(int bucket)
    {
        conceptSum += weights[bucket];
        conceptCount++;
    }

    /// <summary>Adds the letters and words of a neighbour; its concepts are counted for the window as a whole.</summary>
    public void Add(in FeatureSums other)
    {
        letterSum += other.letterSum;
        letterCount += other.letterCount;
        wordSum += other.wordSum;
        wordCount += other.wordCount;
    }

    /// <summary>The sum with each group divided by the root of its size, so that a short and a long window weigh alike.</summary>
    public readonly float Scaled => Part(letterSum, letterCount) + Part(wordSum, wordCount) + Part(conceptSum, conceptCount);

    private static float Part(int sum, int count) => count == 0 ? 0 : sum / MathF.Sqrt(count);
}
