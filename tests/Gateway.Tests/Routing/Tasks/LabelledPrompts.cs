using System.Text;
using AspireGateway.Gateway.Routing.Tasks;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Tasks;

/// <summary>Prompts with the task that a person gave them: one a line, label and text with a tab between them, line breaks as <c>\n</c>.</summary>
internal static class LabelledPrompts
{
    public static IReadOnlyList<(string Task, byte[] Prompt)> Read(string name) =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Tasks", name + ".tsv"))
            .Select(line => line.Split('\t'))
            .Select(cells => (cells[0], Encoding.UTF8.GetBytes(cells[1].Replace("\\n", "\n", StringComparison.Ordinal)))),
    ];

    /// <summary>Share of prompts that get their label, and how often which label stood in for which.</summary>
    public static (double Accuracy, string Confusions) Measure(TaskClassifier classifier, IReadOnlyList<(string Task, byte[] Prompt)> prompts)
    {
        var right = 0;
        var wrong = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (task, prompt) in prompts)
        {
            var (found, confidence) = classifier.Classify(prompt, [], 1, out _);
            if (found == task) right++;
            else wrong[$"{task} as {found} ({confidence:0.00}): {Encoding.UTF8.GetString(prompt).Split('\n')[0]}"] = 1;
        }
        return ((double)right / prompts.Count, string.Join("\n", wrong.Keys));
    }

    public static int LabelOf(string task) => Enumerable.Range(0, TaskLabels.All.Count).First(i => TaskLabels.All[i] == task);
}
