namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>
/// Tells by words alone which sentences of a reply its context supports. A sentence is supported by one of the context, or by two neighbours, that have most of its words, all its numbers and names,
/// and say it the same way round. Of two neighbours together, each number must stand beside the name that it stands beside in the reply.
/// </summary>
/// <param name="isStrict">Whether almost all words must be there.</param>
internal sealed class GroundednessScorer(bool isStrict)
{
    private const double Coverage = 0.6, StrictCoverage = 0.8;

    // The best places are looked at closely; more of them would find no other verdict.
    private const int MostPlaces = 8;

    private readonly List<FactSentence> context = [];
    private readonly Dictionary<string, List<int>> places = new(StringComparer.Ordinal);

    /// <summary>Whether there is no context.</summary>
    public bool IsEmpty => context.Count == 0;

    /// <summary>Adds a text of the context.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var sentence in SentenceReader.Read(text))
        {
            foreach (var stem in sentence.Stems)
            {
                if (!places.TryGetValue(stem, out var at)) places[stem] = at = [];
                at.Add(context.Count);
            }
            context.Add(sentence);
        }
    }

    /// <summary>Scores a reply.</summary>
    public GroundednessScore Score(ReadOnlySpan<char> reply)
    {
        var (claims, supported) = (0, 0);
        foreach (var sentence in SentenceReader.Read(reply))
        {
            if (!sentence.Claims) continue;
            claims++;
            if (IsSupported(sentence)) supported++;
        }
        return new(claims, supported);
    }

    private bool IsSupported(FactSentence sentence)
    {
        var shared = new Dictionary<int, int>();
        foreach (var stem in sentence.Stems)
        {
            if (!places.TryGetValue(stem, out var at)) continue;
            foreach (var place in at) shared[place] = shared.GetValueOrDefault(place) + 1;
        }
        foreach (var (place, _) in shared.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key).Take(MostPlaces))
        {
            if (Supports(sentence, context[place], null)) return true;
            if (place + 1 < context.Count && Supports(sentence, context[place], context[place + 1])) return true;
            if (place > 0 && Supports(sentence, context[place - 1], context[place])) return true;
        }
        return false;
    }

    private bool Supports(FactSentence claim, FactSentence one, FactSentence? other)
    {
        if (one.IsQuestion || other is { IsQuestion: true }) return false;
        var (found, ofOne, ofOther) = (0, 0, 0);
        foreach (var stem in claim.Stems)
        {
            var (inOne, inOther) = (one.Stems.Contains(stem), other?.Stems.Contains(stem) == true);
            if (inOne || inOther) found++;
            if (inOne) ofOne++;
            if (inOther) ofOther++;
            // What the context speaks of elsewhere may be mixed up with what it speaks of here.
            if (isStrict && !inOne && !inOther && places.ContainsKey(stem)) return false;
        }
        // Of two, the one that says more of it says which way round.
        if (claim.IsNegated != (ofOther > ofOne ? other! : one).IsNegated) return false;
        if (found < (isStrict ? StrictCoverage : Coverage) * claim.Stems.Count) return false;
        string? name = null;
        foreach (var word in claim.Words)
        {
            if (word.Kind == FactKind.Content) continue;
            var (isInOne, isInOther) = (one.Stems.Contains(word.Stem), other?.Stems.Contains(word.Stem) == true);
            if (!isInOne && !isInOther) return false;
            if (word.Kind == FactKind.Name) name = word.Stem;
            else if (other is not null && name is not null && !(isInOne && one.Stems.Contains(name)) && !(isInOther && other.Stems.Contains(name))) return false;
        }
        return true;
    }
}
