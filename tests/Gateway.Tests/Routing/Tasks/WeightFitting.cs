using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Routing.Tasks;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Tasks;

/// <summary>
/// Fits the classifier's weights: multinomial logistic regression with an L2 penalty, by plain gradient descent on all prompts at once. It begins at zero and draws nothing by
/// chance, so the same prompts give the same weights.
/// </summary>
internal static class WeightFitting
{
    private const int Steps = 1500;
    private const double Rate = 0.6, Penalty = 0.002;

    public static string Fit(Lexicon lexicon, IReadOnlyList<(string Task, byte[] Prompt)> prompts)
    {
        var (tasks, size) = (TaskLabels.All.Count, PromptFeatures.Count(lexicon));
        var rows = new List<(int Index, double Value)[]>();
        foreach (var (_, prompt) in prompts)
        {
            var features = new float[size];
            PromptFeatures.Fill(lexicon, prompt, [], 1, features, out _);
            rows.Add([.. features.Select((value, index) => (index, (double)value)).Where(pair => pair.Item2 != 0)]);
        }
        var labels = prompts.Select(prompt => LabelledPrompts.LabelOf(prompt.Task)).ToArray();
        var weights = new double[size * tasks];
        var gradient = new double[weights.Length];
        var sums = new double[tasks];
        for (var step = 0; step < Steps; step++)
        {
            for (var i = 0; i < weights.Length; i++) gradient[i] = Penalty * weights[i];
            for (var at = 0; at < rows.Count; at++)
            {
                Array.Clear(sums);
                foreach (var (index, value) in rows[at])
                    for (var task = 0; task < tasks; task++) sums[task] += value * weights[index * tasks + task];
                var most = sums.Max();
                var all = 0.0;
                for (var task = 0; task < tasks; task++) all += sums[task] = Math.Exp(sums[task] - most);
                foreach (var (index, value) in rows[at])
                    for (var task = 0; task < tasks; task++)
                        gradient[index * tasks + task] += value * (sums[task] / all - (task == labels[at] ? 1 : 0)) / rows.Count;
            }
            for (var i = 0; i < weights.Length; i++) weights[i] -= Rate * gradient[i];
        }
        return Written(lexicon, weights, prompts.Count);
    }

    // What stands in the system prompt counts half of what stands anywhere else: no prompt that the weights are fitted to has one.
    private static string Written(Lexicon lexicon, double[] weights, int prompts)
    {
        var tasks = TaskLabels.All.Count;
        var file = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"# Fitted to {prompts} labelled prompts by UPDATE_GOLDEN=1 and TaskClassifierTests; do not edit.\n")
            .Append("# feature ").AppendJoin(' ', TaskLabels.All).Append('\n');
        var feature = 0;
        foreach (var name in PromptFeatures.Names(lexicon))
        {
            file.Append(name);
            for (var task = 0; task < tasks; task++)
            {
                var weight = name.EndsWith(".system", StringComparison.Ordinal) ? 0.5 * weights[(feature - 1) * tasks + task] : weights[feature * tasks + task];
                file.Append(' ').Append(Math.Round(weight, 3).ToString("0.###", CultureInfo.InvariantCulture));
            }
            file.Append('\n');
            feature++;
        }
        return file.ToString();
    }
}
