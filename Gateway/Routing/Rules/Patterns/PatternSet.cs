using System.Buffers;
using System.Text.RegularExpressions;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Rules.Patterns;

/// <summary>All patterns of an organisation's rules and tasks, each once, with the texts that their matches must hold.</summary>
internal sealed class PatternSet
{
    /// <summary>None.</summary>
    public static readonly PatternSet Empty = new([]);

    private PatternSet(Pattern[] patterns)
    {
        Patterns = patterns;
        string[] anchors = [.. patterns.SelectMany(pattern => pattern.Anchor).Distinct(StringComparer.OrdinalIgnoreCase)];
        Anchors = anchors.Length == 0 ? null : SearchValues.Create(anchors, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The patterns.</summary>
    public Pattern[] Patterns { get; }

    /// <summary>One text at least of each pattern that has any; null = none has.</summary>
    public SearchValues<string>? Anchors { get; }

    /// <summary>Collects patterns while a snapshot is built.</summary>
    internal sealed class Builder
    {
        private readonly List<Pattern> patterns = [];
        private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

        /// <summary>The place of a pattern; null = it cannot be used.</summary>
        public int? Add(string text)
        {
            if (places.TryGetValue(text, out var known)) return known;
            if (RuleBounds.Compile(text) is not { } regex) return null;
            patterns.Add(new(regex, RequiredLiterals.Of(text)));
            return places[text] = patterns.Count - 1;
        }

        /// <summary>All that were added.</summary>
        public PatternSet Build() => patterns.Count == 0 ? Empty : new([.. patterns]);
    }
}

/// <summary>A pattern.</summary>
internal sealed class Pattern
{
    // A single character stands in nearly every text.
    private const int ShortestAnchor = 2;

    /// <summary>Of an expression and the texts that its matches must hold.</summary>
    public Pattern(Regex regex, string[][] required)
    {
        Regex = regex;
        var best = required.MaxBy(RequiredLiterals.WorthOf);
        Anchor = best is not null && best.All(text => text.Length >= ShortestAnchor) ? best : [];
        Others = [.. required.Where(set => set != Anchor)];
    }

    /// <summary>The expression.</summary>
    public Regex Regex { get; }

    /// <summary>Texts of which one stands in every match; empty = nothing useful is known.</summary>
    public string[] Anchor { get; }

    /// <summary>More such sets; of each one text stands in every match.</summary>
    public string[][] Others { get; }
}
