namespace AspireGateway.Portal.Content.Reading;

/// <summary>What is looked for: words that must all stand in a request's texts, in whatever order and case; what stands in double quotes is one.</summary>
internal sealed class SearchWords
{
    private const int Around = 80;

    private readonly string[] words;

    private SearchWords(string[] words) => this.words = words;

    /// <summary>Reads them; null = there is none.</summary>
    public static SearchWords? Read(string text)
    {
        var found = new List<string>();
        var parts = text.Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            // Every second part stood between quotes; the last of an odd quote did not.
            if (i % 2 == 1 && i < parts.Length - 1) found.Add(parts[i].Trim());
            else found.AddRange(parts[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        found.RemoveAll(word => word.Length == 0);
        return found.Count == 0 ? null : new([.. found]);
    }

    /// <summary>Where the first of them stands, with what is around it; null = one of them is missing.</summary>
    public (string In, string Excerpt)? Find(KeptContent row)
    {
        foreach (var word in words)
            if (!Holds(row.Prompt, word) && !Holds(row.Reply, word)) return null;
        return Excerpt(row.Prompt) is { } asked ? ("prompt", asked) : Excerpt(row.Reply) is { } answered ? ("reply", answered) : null;
    }

    private string? Excerpt(string? text)
    {
        if (text is null) return null;
        foreach (var word in words)
        {
            var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at < 0) continue;
            var (start, end) = (Math.Max(0, at - Around), Math.Min(text.Length, at + word.Length + Around));
            return (start > 0 ? "…" : "") + text[start..end].ReplaceLineEndings(" ") + (end < text.Length ? "…" : "");
        }
        return null;
    }

    private static bool Holds(string? text, string word) => text is not null && text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
