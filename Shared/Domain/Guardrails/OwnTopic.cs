namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>A topic that a tenant describes: <c>name: word, two words, stem*, !enough by itself</c>.</summary>
/// <param name="Name">Lower case letters, digits and _; at most <see cref="MaxName"/> characters.</param>
/// <param name="Entries">Words, rows of at most <see cref="MaxRow"/> words and beginnings of words.</param>
public sealed record OwnTopic(string Name, IReadOnlyList<string> Entries)
{
    /// <summary>Most topics of a rule, and of the rules of two scopes together.</summary>
    public const int Most = 10, MostMerged = 20;

    /// <summary>Longest name, in characters; most entries; most words of an entry; longest line, in characters.</summary>
    public const int MaxName = 40, MaxEntries = 200, MaxRow = 4, MaxLength = 4_000;

    /// <summary>Shortest and longest beginning of words, in letters.</summary>
    public const int MinStem = 2, MaxStem = 16;

    /// <summary>Reads a line; null = it is none, see <see cref="Fault"/>.</summary>
    public static OwnTopic? Read(string line) => Fault(line) is null ? Split(line) : null;

    /// <summary>What is wrong with a line, to be said behind its field's name; null = nothing.</summary>
    public static string? Fault(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var (name, entries) = Split(line) ?? new("", []);
        if (name.Length is 0 or > MaxName || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')) return "must begin with a name of lower case letters, digits and _, and a colon.";
        if (TopicNames.BuiltIn.Contains(name, StringComparer.Ordinal)) return $"has the name of a topic that the gateway knows already: {name}.";
        if (entries.Count is 0 or > MaxEntries) return $"needs 1 to {MaxEntries} words, separated by commas.";
        return entries.FirstOrDefault(entry => !IsEntry(entry)) is { } wrong ? $"holds '{wrong}': an entry has one to {MaxRow} words, or {MinStem} to {MaxStem} letters of one and a *." : null;
    }

    private static OwnTopic? Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new(line[..colon].Trim(), line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsEntry(string entry)
    {
        var plain = entry.TrimStart('!').Trim();
        if (plain.EndsWith('*')) return plain.Length - 1 is >= MinStem and <= MaxStem && plain[..^1].All(char.IsLetterOrDigit);
        var words = plain.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length is > 0 and <= MaxRow && words.All(word => word.Any(char.IsLetterOrDigit) && !word.Contains('*', StringComparison.Ordinal));
    }
}
