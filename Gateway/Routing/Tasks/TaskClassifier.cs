using System.Globalization;
using System.Reflection;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// Tells the task of a prompt: multinomial logistic regression (softmax over a weighted sum) on <see cref="PromptFeatures"/>. Lexicon and weights are data beside this file;
/// how they were fitted and how well they do on prompts that they were not fitted to stands in the README there.
/// </summary>
internal sealed class TaskClassifier
{
    private static readonly Lazy<TaskClassifier> BuiltIn = new(() => new TaskClassifier(Lexicon.Parse(Text("Tasks/lexicon.txt")), Text("Tasks/weights.txt")));

    [ThreadStatic]
    private static float[]? room;

    // A row for each feature, in it a number for each task.
    private readonly float[] weights;

    /// <summary>Reads the weights.</summary>
    /// <exception cref="FormatException">A feature has no weights.</exception>
    public TaskClassifier(Lexicon lexicon, string weightsFile)
    {
        Lexicon = lexicon;
        var tasks = TaskLabels.All.Count;
        weights = new float[PromptFeatures.Count(lexicon) * tasks];
        var rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var line in weightsFile.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            rows[cells[0]] = cells;
        }
        var feature = 0;
        foreach (var name in PromptFeatures.Names(lexicon))
        {
            if (!rows.TryGetValue(name, out var cells) || cells.Length != tasks + 1) throw new FormatException($"Feature '{name}' has no weights: fit them anew.");
            for (var task = 0; task < tasks; task++) weights[feature * tasks + task] = float.Parse(cells[task + 1], NumberStyles.Float, CultureInfo.InvariantCulture);
            feature++;
        }
    }

    /// <summary>The one that the gateway was built with.</summary>
    public static TaskClassifier Default => BuiltIn.Value;

    /// <summary>The words that it knows.</summary>
    public Lexicon Lexicon { get; }

    /// <summary>The likeliest task of a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="hardWords">How many words of hard thinking it holds.</param>
    /// <returns>One of <see cref="TaskLabels"/> and how likely it is, 0 to 1.</returns>
    public (string Task, float Confidence) Classify(PromptView prompt, out int hardWords) => Classify(prompt.User, prompt.System, prompt.Turns, out hardWords);

    /// <summary>The likeliest task of a text.</summary>
    public (string Task, float Confidence) Classify(ReadOnlySpan<byte> user, ReadOnlySpan<byte> system, int turns, out int hardWords)
    {
        var tasks = TaskLabels.All.Count;
        var features = (room ??= new float[weights.Length / tasks]).AsSpan(0, weights.Length / tasks);
        PromptFeatures.Fill(Lexicon, user, system, turns, features, out hardWords);
        Span<float> sums = stackalloc float[tasks];
        sums.Clear();
        for (var feature = 0; feature < features.Length; feature++)
        {
            if (features[feature] is var value and not 0)
                for (var task = 0; task < sums.Length; task++) sums[task] += value * weights[feature * tasks + task];
        }
        var best = 0;
        for (var task = 1; task < tasks; task++)
            if (sums[task] > sums[best]) best = task;
        var all = 0f;
        foreach (var sum in sums) all += MathF.Exp(sum - sums[best]);
        return (TaskLabels.All[best], 1 / all);
    }

    private static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The resource {resource} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
