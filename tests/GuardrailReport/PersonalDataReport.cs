using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.PersonalData;

namespace AspireGateway.GuardrailReport;

/// <summary>Precision and recall of the personal data detector on the set that <see cref="PersonalDataCorpus"/> makes.</summary>
internal static class PersonalDataReport
{
    /// <summary>Prints the tables.</summary>
    public static void Write(TextWriter output)
    {
        var types = new SortedDictionary<string, Score>(StringComparer.Ordinal);
        var locales = new Dictionary<string, Score>(StringComparer.Ordinal);
        var all = new Score();
        var set = PersonalDataCorpus.Make();
        foreach (var text in set)
            Compare(text, (label, finding) =>
            {
                foreach (var score in new[] { Of(types, label?.Type ?? finding!.Value.Type), Of(locales, text.Locale), all })
                {
                    if (label is not null) score.Positives++;
                    if (label is not null && finding is not null) score.Found++;
                    if (label is null) score.Wrong++;
                }
            });
        output.WriteLine($"{set.Count} texts, {all.Positives} labels. A label counts as found when a finding of its type overlaps at least half of both together.\n");
        output.WriteLine("| type | positives | precision | recall | F1 |\n| --- | --- | --- | --- | --- |");
        foreach (var (type, score) in types) output.WriteLine(score.Row(type));
        output.WriteLine(all.Row("all"));
        output.WriteLine("\n| locale | positives | precision | recall | F1 |\n| --- | --- | --- | --- | --- |");
        foreach (var (locale, score) in locales) output.WriteLine(score.Row(locale));
        var clean = set.Where(text => text.Labels.Count == 0).ToList();
        output.WriteLine($"\n{clean.Count} of the texts hold no personal data; {clean.Count(text => Find(text.Text).Length > 0)} of them have a finding.");
    }

    /// <summary>Prints what was missed and what was wrong.</summary>
    public static void WriteMisses(TextWriter output, string[] types)
    {
        foreach (var text in PersonalDataCorpus.Make())
            Compare(text, (label, finding) =>
            {
                if (label is not null && finding is not null) return;
                var (type, start, length) = label is not null ? (label.Type, label.Start, label.Length) : (finding!.Value.Type, finding.Value.Start, finding.Value.Length);
                if (types.Length > 0 && !types.Contains(type)) return;
                var from = Math.Max(0, start - 30);
                output.WriteLine($"{(label is null ? "wrong " : "missed")} {type} [{text.Text.Substring(start, length)}] in ...{text.Text[from..Math.Min(text.Text.Length, start + length + 20)].Replace('\n', '/')}");
            });
    }

    private static void Compare(LabelledText text, Action<Label?, Finding?> each)
    {
        var findings = Find(text.Text);
        var used = new bool[findings.Length];
        foreach (var label in text.Labels)
        {
            var match = Array.FindIndex(findings, finding => finding.Type == label.Type && Overlaps(label, finding));
            if (match >= 0) used[match] = true;
            each(label, match >= 0 ? findings[match] : null);
        }
        for (var i = 0; i < findings.Length; i++)
            if (!used[i]) each(null, findings[i]);
    }

    private static bool Overlaps(Label label, Finding finding)
    {
        var common = Math.Min(label.Start + label.Length, finding.End) - Math.Max(label.Start, finding.Start);
        return common * 2 >= label.Length + finding.Length - common;
    }

    private static Finding[] Find(string text)
    {
        var findings = new FindingList();
        new PersonalDataDetector().Find(text, PersonalDataKinds.All, PersonalDataDetector.DefaultThreshold, findings);
        return findings.All.ToArray();
    }

    private static Score Of(IDictionary<string, Score> scores, string name)
    {
        if (!scores.TryGetValue(name, out var score)) scores[name] = score = new();
        return score;
    }
}
