using System.Collections.Frozen;
using System.Reflection;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>Words that carry no fact, and words that turn a sentence around, in the languages of the locales.</summary>
internal static class FunctionWords
{
    private static readonly Lazy<(FrozenSet<string> All, FrozenSet<string> Negations)> Lists = new(Read);

    /// <summary>Whether a folded word carries no fact. What turns a sentence around carries none by itself.</summary>
    public static bool Has(ReadOnlySpan<char> word) => Lists.Value.All.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    /// <summary>Whether a folded word turns its sentence around.</summary>
    public static bool Negates(ReadOnlySpan<char> word) => Lists.Value.Negations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static (FrozenSet<string>, FrozenSet<string>) Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Groundedness/function-words.txt") ?? throw new InvalidOperationException("The list of function words is missing.");
        using var reader = new StreamReader(stream);
        var (all, negations) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon)) continue;
            var words = line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            all.UnionWith(words);
            if (line.StartsWith("not:", StringComparison.Ordinal)) negations.UnionWith(words);
        }
        return (all.ToFrozenSet(StringComparer.Ordinal), negations.ToFrozenSet(StringComparer.Ordinal));
    }
}
