using System.Text;
using AspireGateway.Gateway.Routing.Tasks;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Tasks;

/// <summary>How well the task of a prompt is told, on prompts that the weights were not fitted to.</summary>
public sealed class TaskClassifierTests
{
    [Fact]
    public void HeldOutPrompts_AreTold()
    {
        var prompts = LabelledPrompts.Read("heldout");
        Assert.True(prompts.Count >= 80);

        var (accuracy, confusions) = LabelledPrompts.Measure(TaskClassifier.Default, prompts);

        TestContext.Current.TestOutputHelper?.WriteLine($"{accuracy:0.000}\n{confusions}");
        Assert.True(accuracy >= 0.85, $"{accuracy:0.000} of the held-out prompts were told:\n{confusions}");
    }

    [Fact]
    public void LabelledPrompts_AreEnoughAndAllDifferent()
    {
        var (training, heldOut) = (LabelledPrompts.Read("training"), LabelledPrompts.Read("heldout"));

        Assert.All(TaskLabels.All, task => Assert.True(training.Count(prompt => prompt.Task == task) >= 25));
        var texts = training.Concat(heldOut).Select(prompt => Encoding.UTF8.GetString(prompt.Prompt)).ToList();
        Assert.Equal(texts.Count, texts.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Weights_AreThoseOfTheLabelledPrompts()
    {
        var source = SourceFolder();
        var lexicon = Lexicon.Parse(File.ReadAllText(Path.Combine(source, "lexicon.txt")));
        var file = Path.Combine(source, "weights.txt");

        var fitted = WeightFitting.Fit(lexicon, LabelledPrompts.Read("training"));

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, fitted);
        // Processors add up in different order, so the last digit may differ.
        var (expected, actual) = (Numbers(File.ReadAllText(file)), Numbers(fitted));
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i], actual[i], 0.005);
    }

    [Fact]
    public void Confidence_IsHigherWhereItIsRight()
    {
        var results = LabelledPrompts.Read("heldout").Select(prompt => (prompt.Task, Found: TaskClassifier.Default.Classify(prompt.Prompt, [], 1, out _))).ToList();
        var sure = results.Where(r => r.Found.Confidence >= 0.7).ToList();

        Assert.All(results, r => Assert.InRange(r.Found.Confidence, 1f / TaskLabels.All.Count, 1f));
        Assert.True(sure.Count >= results.Count / 2, $"{sure.Count} of {results.Count} are sure.");
        Assert.True(sure.Count(r => r.Found.Task == r.Task) >= 0.93 * sure.Count, "Those that are sure are not right more often.");
    }

    [Fact]
    public void LongPrompt_IsToldByItsBeginningAndItsEnd()
    {
        var article = string.Concat(Enumerable.Repeat("The council met on Tuesday and spoke of the bridge, the school and the market square. ", 300));

        Assert.Equal(TaskLabels.Summarisation, Classify("Summarise the following article in three bullet points.\n\n" + article));
        Assert.Equal(TaskLabels.Summarisation, Classify(article + "\n\nSummarise the article above in three sentences, key points only."));
    }

    [Fact]
    public void SystemPrompt_Helps()
    {
        var user = Encoding.UTF8.GetBytes("The delivery came two weeks late and nobody answered my calls.");
        var system = Encoding.UTF8.GetBytes("Classify the sentiment of each review as positive, negative or neutral. Answer with one word.");

        Assert.Equal(TaskLabels.Classification, TaskClassifier.Default.Classify(user, system, 1, out _).Task);
    }

    [Fact]
    public void NothingAndNoise_AreToldWithoutAnError()
    {
        Assert.Contains(Classify(""), TaskLabels.All);
        Assert.Contains(Classify("\u0000\u0001 \uD7FF ...!!! 🙂"), TaskLabels.All);
        // Cut in the middle of characters.
        var cut = Encoding.UTF8.GetBytes("größer 你好 🙂");
        for (var length = 0; length <= cut.Length; length++) Assert.Contains(TaskClassifier.Default.Classify(cut.AsSpan(0, length), [], 1, out _).Task, TaskLabels.All);
    }

    [Fact]
    public void Classify_AllocatesNothing()
    {
        var prompt = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Please extract all the dates from this report, and sort them. ", 32)));
        var classifier = TaskClassifier.Default;
        classifier.Classify(prompt, [], 1, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) classifier.Classify(prompt, [], 1, out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Classify(string prompt) => TaskClassifier.Default.Classify(Encoding.UTF8.GetBytes(prompt), [], 1, out _).Task;

    private static List<double> Numbers(string file) =>
    [
        .. file.Split('\n').Where(line => line.Length > 0 && line[0] != '#').SelectMany(line => line.Split(' ').Skip(1))
            .Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private static string SourceFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AspireGateway.sln"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return Path.Combine(folder, "Gateway", "Routing", "Tasks");
    }
}
