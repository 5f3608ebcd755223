using System.Buffers;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.Gateway.Guardrails.ContentPolicy;

/// <summary>
/// Finds words and phrases of unwanted content, weighed by the words around them. A strong phrase scores 0.85, an act beside its target 0.75, a term by itself
/// 0.5; a raising word within <see cref="ContextWords"/> words adds 0.2, a lowering one takes 0.3 and an ordinary phrase 0.6. Below <see cref="MinScore"/>
/// nothing is found. For several threads.
/// </summary>
internal sealed class ContentPolicyDetector
{
    /// <summary>The lowest score of a finding.</summary>
    public const double MinScore = 0.4;

    /// <summary>The score from which on a finding is meant rather than mentioned.</summary>
    public const double Standard = 0.5;

    /// <summary>Words to either side that count as context.</summary>
    public const int ContextWords = 12;

    private const int PairWords = 8, IdiomWords = 2;
    private const double StrongScore = 0.85, PairScore = 0.75, TermScore = 0.5, Raised = 0.2, Lowered = 0.3, Ordinary = 0.6;

    private static readonly Lazy<ContentPolicyDetector> BuiltIn = new(() => new(PolicyLexicon.BuiltIn()));

    private readonly ConceptLexicon lexicon;
    private readonly CategoryConcepts[] categories;
    private readonly ulong distance, content;

    /// <summary>A detector by a lexicon.</summary>
    public ContentPolicyDetector(ConceptLexicon lexicon)
    {
        this.lexicon = lexicon;
        categories = [.. ContentCategory.All.Select(type => CategoryConcepts.Of(type, lexicon))];
        distance = lexicon.BitOf(PolicyLexicon.Distance);
        foreach (var category in categories) content |= category.Strong | category.Term | category.Act | category.Target;
    }

    /// <summary>The one that the gateway was built with.</summary>
    public static ContentPolicyDetector Default => BuiltIn.Value;

    /// <summary>Adds what it finds in a text.</summary>
    public void Find(ReadOnlySpan<char> text, FindingList findings)
    {
        using var normal = new NormalText();
        TextNormaliser.Normalise(text, normal, lexicon, decode: false);
        var count = normal.WordCount;
        var concepts = ArrayPool<ulong>.Shared.Rent(count + 1);
        var rows = ArrayPool<byte>.Shared.Rent(count + 1);
        try
        {
            for (var i = 0; i < count; i++)
            {
                concepts[i] = lexicon.ConceptsOf(normal, i, out var rowWords);
                rows[i] = (byte)rowWords;
            }
            for (var i = 0; i < count; i++)
                if ((concepts[i] & content) != 0) FindAt(normal, concepts.AsSpan(0, count), rows, i, findings);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(concepts);
            ArrayPool<byte>.Shared.Return(rows);
        }
    }

    private void FindAt(NormalText text, ReadOnlySpan<ulong> concepts, ReadOnlySpan<byte> rows, int at, FindingList findings)
    {
        foreach (var category in categories)
        {
            var here = concepts[at];
            var (score, first) = (0.0, at - rows[at] + 1);
            if ((here & category.Strong) != 0) score = StrongScore;
            else if ((here & (category.Act | category.Target)) != 0 && PairBefore(text, concepts, category, at) is >= 0 and var partner) (score, first) = (PairScore, Math.Min(first, partner));
            else if ((here & category.Term) != 0) score = TermScore;
            if (score == 0) continue;

            var near = Around(concepts, first, at, ContextWords);
            if ((near & category.Raise) != 0) score += Raised;
            if ((near & (category.Lower | distance)) != 0) score -= Lowered;
            if ((Around(concepts, first, at, IdiomWords) & category.Idiom) != 0) score -= Ordinary;
            score = Math.Round(Math.Min(score, 1), 2);
            if (score < MinScore) continue;
            var (start, end) = (text.Words[first].RawStart, text.Words[at].RawEnd);
            if (end > start) findings.Add(new(category.Type, start, end - start, score));
        }
    }

    /// <summary>Where the other half of a pair stands before a word in the same sentence; -1 if nowhere near.</summary>
    private static int PairBefore(NormalText text, ReadOnlySpan<ulong> concepts, CategoryConcepts category, int at)
    {
        var wanted = ((concepts[at] & category.Act) != 0 ? category.Target : 0) | ((concepts[at] & category.Target) != 0 ? category.Act : 0);
        for (var i = at - 1; i >= 0 && at - i <= PairWords && text.Words[i + 1].Break < WordBreak.Sentence; i--)
            if ((concepts[i] & wanted) != 0) return i;
        return -1;
    }

    private static ulong Around(ReadOnlySpan<ulong> concepts, int first, int last, int words)
    {
        ulong near = 0;
        // Rows end up to three words behind the one that they begin with.
        for (var i = Math.Max(0, first - words); i <= Math.Min(concepts.Length - 1, last + words + 1); i++) near |= concepts[i];
        return near;
    }
}
