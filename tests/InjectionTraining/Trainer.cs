using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Guardrails.Injection;
using AspireGateway.Gateway.Guardrails.Injection.Classification;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.InjectionTraining;

/// <summary>
/// Fits the classifier: logistic regression with AdaGrad (Duchi and others, 2011) and an L2 penalty, in one thread and in an order drawn from a fixed seed.
/// Half of what the rules say goes in as a fixed part of the log-odds, so the classifier learns what the rules do not know.
/// Each time a window is seen, three in ten of its features are left out (dropout), so that no few words decide.
/// </summary>
internal static class Trainer
{
    private const int Epochs = 8, LineLength = 120;
    private const float Rate = 0.25f, Penalty = 1e-5f, RulesKnown = 0.5f, Dropped = 0.3f;

    /// <summary>Fits and writes the text of the weights' file.</summary>
    public static string Train(RuleSet rules, IReadOnlyList<Sample> samples)
    {
        var reader = new WindowFeatures(rules);
        var windows = samples.SelectMany(reader.Of).ToArray();
        var attacks = windows.Count(window => window.IsAttack);
        // Both sides weigh the same, however many there are.
        var (attackWeight, ordinaryWeight) = (0.5f * windows.Length / attacks, 0.5f * windows.Length / (windows.Length - attacks));

        var weights = new float[FeatureHasher.Buckets];
        var squares = new float[weights.Length];
        var (bias, biasSquares) = (0f, 0f);
        var random = new SplitMix(1);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            for (var i = windows.Length - 1; i > 0; i--)
            {
                var other = random.Next(i + 1);
                (windows[i], windows[other]) = (windows[other], windows[i]);
            }
            foreach (var window in windows)
            {
                var salt = (uint)random.Next();
                var odds = bias + RulesKnown * Math.Clamp(window.RuleOdds, -WindowJudge.RuleBound, WindowJudge.RuleBound);
                foreach (var group in window.Groups)
                {
                    var sum = 0f;
                    foreach (var bucket in group)
                        if (IsKept(bucket, salt)) sum += weights[bucket];
                    if (group.Length > 0) odds += sum / MathF.Sqrt(group.Length);
                }
                var error = 1 / (1 + MathF.Exp(-odds)) - (window.IsAttack ? 1 : 0);
                error *= window.IsAttack ? attackWeight : ordinaryWeight;
                biasSquares += error * error;
                bias -= Rate * error / MathF.Sqrt(biasSquares + 1);
                foreach (var group in window.Groups)
                {
                    var share = error / MathF.Sqrt(Math.Max(1, group.Length));
                    foreach (var bucket in group)
                    {
                        if (!IsKept(bucket, salt)) continue;
                        var gradient = share + Penalty * weights[bucket];
                        squares[bucket] += gradient * gradient;
                        weights[bucket] -= Rate * gradient / MathF.Sqrt(squares[bucket] + 1e-2f);
                    }
                }
            }
        }
        return Written(weights, bias, samples.Count, windows.Length);
    }

    private static bool IsKept(ushort bucket, uint salt) => ((bucket * 2654435761u ^ salt) * 2246822519u >> 8) % 1000 >= Dropped * 1000;

    private static string Written(float[] weights, float bias, int samples, int windows)
    {
        // The few largest weights are cut rather than all the others made coarse.
        var sizes = weights.Select(Math.Abs).Order().ToArray();
        var scale = sizes[(int)(sizes.Length * 0.9995)] / sbyte.MaxValue;
        var bytes = weights.Select(weight => (byte)(sbyte)Math.Clamp(MathF.Round(weight / scale), -sbyte.MaxValue, sbyte.MaxValue)).ToArray();
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"# Fitted to {windows} windows of {samples} texts by tests/InjectionTraining; do not edit.\n")
            .Append(CultureInfo.InvariantCulture, $"{bias:0.####} {scale * (1 - Dropped):0.######}\n");
        var encoded = Convert.ToBase64String(bytes);
        for (var at = 0; at < encoded.Length; at += LineLength) text.Append(encoded.AsSpan(at, Math.Min(LineLength, encoded.Length - at))).Append('\n');
        return text.ToString();
    }
}
