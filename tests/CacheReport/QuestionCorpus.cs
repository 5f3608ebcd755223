using System.Reflection;

namespace AspireGateway.CacheReport;

/// <summary>Makes pairs of questions of <c>questions.txt</c>: each family with several values for its slots, the same ones each time.</summary>
internal static class QuestionCorpus
{
    private const int TimesAFamily = 6;

    /// <summary>All pairs.</summary>
    public static List<QuestionPair> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("questions.txt") ?? throw new InvalidOperationException("questions.txt is missing.");
        using var reader = new StreamReader(stream);
        var slots = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (pairs, question, isHeldOut) = (new List<QuestionPair>(), "", false);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line == "held out")
            {
                isHeldOut = true;
                continue;
            }
            if (line.StartsWith("slot ", StringComparison.Ordinal))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                slots[line[5..colon]] = line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries);
                continue;
            }
            if (line[0] == '?')
            {
                question = line[2..];
                for (var i = 0; i < TimesAFamily; i++)
                {
                    var kept = Fill(question, slots, i);
                    // What nobody needs to write down: in small letters without signs, and with a greeting around it.
                    Add(pairs, kept, kept.ToLowerInvariant().TrimEnd('?', '.', ' '), QuestionBond.SameWords, isHeldOut);
                    Add(pairs, kept, $"Hello! {kept} Thanks", QuestionBond.SameWords, isHeldOut);
                }
                continue;
            }
            var bond = line[0] switch { '=' => QuestionBond.SameWords, '~' => QuestionBond.OtherWords, '!' => QuestionBond.NearMiss, _ => throw new InvalidOperationException($"questions.txt: '{line}' begins with no known sign.") };
            for (var i = 0; i < TimesAFamily; i++) Add(pairs, Fill(question, slots, i), Fill(line[2..], slots, i), bond, isHeldOut);
        }
        return pairs;
    }

    private static void Add(List<QuestionPair> pairs, string kept, string asked, QuestionBond bond, bool isHeldOut) => pairs.Add(new(kept, asked, bond, isHeldOut));

    private static string Fill(string text, Dictionary<string, string[]> slots, int time)
    {
        foreach (var (slot, values) in slots)
        {
            text = text.Replace($"{{{slot}}}", values[time % values.Length], StringComparison.Ordinal);
            text = text.Replace($"{{{slot}2}}", values[(time * 3 + 2) % values.Length == time % values.Length ? (time + 1) % values.Length : (time * 3 + 2) % values.Length], StringComparison.Ordinal);
        }
        return text;
    }
}
