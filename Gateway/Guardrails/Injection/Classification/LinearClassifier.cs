using System.Globalization;

namespace AspireGateway.Gateway.Guardrails.Injection.Classification;

/// <summary>
/// Logistic regression over hashed features. Its weights are a text: lines beginning with <c>#</c> are remarks, then a line <c>bias scale</c>, then the
/// weights, a signed byte for each of <see cref="FeatureHasher.Buckets"/>, in lines of base64. The log-odds are bias + scale × the scaled sum.
/// </summary>
internal sealed class LinearClassifier
{
    private readonly sbyte[] weights;
    private readonly float bias, scale;

    private LinearClassifier(float bias, float scale, sbyte[] weights) => (this.bias, this.scale, this.weights) = (bias, scale, weights);

    /// <summary>The weights, for the one who sums.</summary>
    public ReadOnlySpan<sbyte> Weights => weights;

    /// <summary>The log-odds of a window.</summary>
    public float LogOdds(in FeatureSums sums) => bias + scale * sums.Scaled;

    /// <summary>Reads the weights' text.</summary>
    /// <exception cref="FormatException">It does not hold as many weights as there are buckets.</exception>
    public static LinearClassifier Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToList();
        var head = lines[0].Split(' ');
        var bytes = Convert.FromBase64String(string.Concat(lines.Skip(1)));
        if (head.Length != 2 || bytes.Length != FeatureHasher.Buckets) throw new FormatException($"The classifier has {bytes.Length} weights and not {FeatureHasher.Buckets}: train it anew.");
        var signed = new sbyte[bytes.Length];
        Buffer.BlockCopy(bytes, 0, signed, 0, bytes.Length);
        return new(float.Parse(head[0], CultureInfo.InvariantCulture), float.Parse(head[1], CultureInfo.InvariantCulture), signed);
    }
}
