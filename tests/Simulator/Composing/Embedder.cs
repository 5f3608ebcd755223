namespace AspireGateway.Simulator.Composing;

/// <summary>Vectors of unit length, each the sum of its words' signs, so that texts which share words lie close together.</summary>
internal static class Embedder
{
    private const int FeaturesPerWord = 8;

    public static float[] Embed(string text, int dimensions)
    {
        var vector = new float[dimensions];
        vector[0] = 0.01f;
        foreach (var word in text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var state = SimText.Hash(word.AsSpan().Trim(".,;:!?\"'()[]"));
            for (var i = 0; i < FeaturesPerWord; i++)
            {
                state = Scramble(state + (uint)i);
                vector[(int)(state % (uint)dimensions)] += (state & 0x8000_0000) == 0 ? 1 : -1;
            }
        }

        var length = MathF.Sqrt(vector.Sum(x => x * x));
        if (length == 0) (vector[0], length) = (1, 1);
        for (var i = 0; i < vector.Length; i++) vector[i] /= length;
        return vector;
    }

    /// <summary>How close two texts are, from -1 to 1.</summary>
    public static double Similarity(string one, string other)
    {
        const int dimensions = 256;
        var (a, b) = (Embed(one, dimensions), Embed(other, dimensions));
        var sum = 0d;
        for (var i = 0; i < dimensions; i++) sum += a[i] * b[i];
        return sum;
    }

    private static uint Scramble(uint x)
    {
        // The finaliser of MurmurHash3: every input bit reaches every output bit.
        x = (x ^ (x >> 16)) * 0x85eb_ca6b;
        x = (x ^ (x >> 13)) * 0xc2b2_ae35;
        return x ^ (x >> 16);
    }
}
