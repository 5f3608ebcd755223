using System.Diagnostics;
using System.Globalization;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.CacheReport;

/// <summary>Times what a look-up of a similar question takes inside the gateway, on one thread.</summary>
internal static class SpeedReport
{
    private const int Warm = 400, Runs = 2_000;

    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output)
    {
        output.WriteLine("| | p50 µs | p99 µs | allocated bytes |");
        output.WriteLine("|---|---|---|---|");
        var questions = QuestionCorpus.Read().ConvertAll(pair => pair.Asked);
        var at = 0;
        Time(output, "reading a question and making its vector", () => Vector(questions[at++ % questions.Count]));
        foreach (var (rows, dimensions) in ((int, int)[])[(1_000, 256), (10_000, 256), (10_000, 1_536)])
        {
            var (scope, random) = (new SemanticScope(), new Random(1));
            for (var i = 0; i < rows; i++) scope.Put(new(CacheDigest.Of(BitConverter.GetBytes(i)), Random(random, dimensions), [], long.MaxValue), long.MaxValue);
            var asked = Random(random, dimensions);
            var best = new SemanticMatch[8];
            Time(output, string.Create(CultureInfo.InvariantCulture, $"looking at {rows:N0} rows of {dimensions} dimensions"), () => scope.Find(asked, 0.9f, best));
        }
        using QuestionText one = new(), other = new();
        QuestionReader.TryRead(questions[0], 400, one);
        QuestionReader.TryRead(questions[1], 400, other);
        Time(output, "comparing the words of two questions", () => Veto.Of(one.Words, other.Words, allWords: true));
    }

    private static void Vector(string text)
    {
        using var words = new QuestionText();
        QuestionReader.TryRead(text, 400, words);
        LexicalEmbedder.TryEmbed(words, new float[LexicalEmbedder.Dimensions]);
    }

    private static float[] Random(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++) vector[i] = (float)(random.NextDouble() - 0.5);
        LexicalEmbedder.TryNormalise(vector);
        return vector;
    }

    private static void Time(TextWriter output, string name, Action run)
    {
        for (var i = 0; i < Warm; i++) run();
        var times = new double[Runs];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Runs;
        Array.Sort(times);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[Runs / 2]:0.0} | {times[Runs * 99 / 100]:0.0} | {allocated} |"));
    }
}
