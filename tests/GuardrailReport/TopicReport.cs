using AspireGateway.Gateway.Guardrails.Topics;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.GuardrailReport;

/// <summary>Measures how often a short question's topic is found at each level, and how often one is found where there is none or another.</summary>
internal static class TopicReport
{
    private const string None = "-";

    /// <summary>Prints the table.</summary>
    public static void Write(TextWriter output)
    {
        var questions = Read();
        output.WriteLine("| topic | questions | found at standard | at strict | other questions taken for it at standard | at strict |\n| --- | --- | --- | --- | --- | --- |");
        var totals = new int[5];
        for (var topic = 0; topic < TopicNames.BuiltIn.Count; topic++)
        {
            int[] counts = [questions.Count(q => q.Topic == TopicNames.BuiltIn[topic]), 0, 0, 0, 0];
            foreach (var (about, text) in questions)
            {
                var score = Scores(text)[topic];
                var isOther = about == TopicNames.BuiltIn[topic] ? 0 : 2;
                if (score >= TopicLexicon.Found) counts[1 + isOther]++;
                if (score >= TopicLexicon.Possible) counts[2 + isOther]++;
            }
            output.WriteLine($"| {TopicNames.BuiltIn[topic]} | {string.Join(" | ", counts)} |");
            for (var i = 0; i < totals.Length; i++) totals[i] += counts[i];
        }
        output.WriteLine($"| all | {totals[0]} | {100.0 * totals[1] / totals[0]:0.0} % | {100.0 * totals[2] / totals[0]:0.0} % | {totals[3]} | {totals[4]} |");
        var neutral = questions.Where(q => q.Topic == None).Select(q => Scores(q.Text).Max()).ToList();
        output.WriteLine($"\nOf {neutral.Count} questions about none of them {neutral.Count(s => s >= TopicLexicon.Found)} are taken for one at standard, {neutral.Count(s => s >= TopicLexicon.Possible)} at strict.");
    }

    /// <summary>Prints the questions whose topic is not found at standard, and those that are taken for another.</summary>
    public static void WriteMisses(TextWriter output)
    {
        foreach (var (about, text) in Read())
        {
            var scores = Scores(text);
            var found = TopicNames.BuiltIn.Where((_, i) => scores[i] >= TopicLexicon.Found).ToList();
            if (found.Count == 0 && about == None || found.Count == 1 && found[0] == about) continue;
            output.WriteLine($"{about}\t{string.Join(",", found)}\t{text}");
        }
    }

    private static double[] Scores(string text)
    {
        var scores = new double[TopicNames.BuiltIn.Count];
        TopicLexicon.BuiltIn.Score(text, scores);
        return scores;
    }

    private static List<(string Topic, string Text)> Read()
    {
        using var stream = typeof(TopicReport).Assembly.GetManifestResourceStream("Topics/questions.txt") ?? throw new InvalidOperationException("The questions are missing.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split('\t')).Select(cells => (cells[0], cells[1]))];
    }
}
