using System.Globalization;
using System.Numerics;

namespace AspireGateway.Gateway.Guardrails.Injection.Rules;

/// <summary>
/// The rules, read from a text with a line for each: <c>name family weight window sources: concepts</c>. At most 64, so that a set of them is a number.
/// </summary>
internal sealed class RuleSet
{
    /// <summary>Most rules.</summary>
    public const int MaxRules = 64;

    // What a second rule of a family still counts.
    private const float SameFamily = 0.3f;

    private const string SourceLetters = "UTDS";

    private readonly List<InjectionRule> rules = [];
    private readonly List<int> familyOf = [];
    private readonly ulong[] rulesOf = new ulong[ConceptLexicon.MaxConcepts];
    private readonly ulong[] rulesFor = new ulong[SourceLetters.Length];

    private RuleSet(ConceptLexicon lexicon, string text)
    {
        Lexicon = lexicon;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var head = colon < 0 ? [] : line[..colon].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (head.Length != 5 || rules.Count == MaxRules) throw new FormatException($"The rule '{line[..Math.Min(line.Length, 30)]}' has not five words before its colon, or is one too many.");
            var elements = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(element => element.Split('|').Aggregate(0UL, (set, name) => set | lexicon.BitOf(name))).ToArray();
            var sources = head[4].Aggregate(0, (set, letter) => set | 1 << SourceLetters.IndexOf(letter, StringComparison.Ordinal));
            Add(new(head[0], head[1], float.Parse(head[2], CultureInfo.InvariantCulture), int.Parse(head[3], CultureInfo.InvariantCulture), sources, elements));
        }
    }

    /// <summary>The words that the rules are made of.</summary>
    public ConceptLexicon Lexicon { get; }

    /// <summary>All; a rule's place is its bit.</summary>
    public IReadOnlyList<InjectionRule> All => rules;

    /// <summary>Reads the rules' text.</summary>
    /// <exception cref="FormatException">A rule is not well formed, names an unknown concept, or there are too many.</exception>
    public static RuleSet Parse(ConceptLexicon lexicon, string text) => new(lexicon, text);

    /// <summary>The rules that any of some concepts may complete, for a source.</summary>
    public ulong RulesOf(ulong concepts, InjectionSource source)
    {
        ulong found = 0;
        for (; concepts != 0; concepts &= concepts - 1) found |= rulesOf[BitOperations.TrailingZeroCount(concepts)];
        return found & rulesFor[(int)source];
    }

    /// <summary>
    /// What a set of rules says together: of each family the largest weight and a part of the others, because rules of one family see the same words; and
    /// all that speaks for an ordinary text.
    /// </summary>
    public float WeightOf(ulong set)
    {
        Span<float> largest = stackalloc float[MaxRules];
        largest.Clear();
        var sum = 0f;
        for (; set != 0; set &= set - 1)
        {
            var index = BitOperations.TrailingZeroCount(set);
            var weight = rules[index].Weight;
            if (weight <= 0)
            {
                sum += weight;
                continue;
            }
            ref var most = ref largest[familyOf[index]];
            sum += weight > most ? weight - most + SameFamily * most : SameFamily * weight;
            most = Math.Max(most, weight);
        }
        return sum;
    }

    private void Add(InjectionRule rule)
    {
        var bit = 1UL << rules.Count;
        var family = rules.FindIndex(other => other.Family == rule.Family);
        familyOf.Add(family < 0 ? rules.Count : family);
        rules.Add(rule);
        foreach (var element in rule.Elements)
            for (var set = element; set != 0; set &= set - 1) rulesOf[BitOperations.TrailingZeroCount(set)] |= bit;
        for (var source = 0; source < rulesFor.Length; source++)
            if (rule.HoldsFor((InjectionSource)source)) rulesFor[source] |= bit;
    }
}
