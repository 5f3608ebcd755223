using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Injection.Rules;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Topics;

/// <summary>
/// Topics by the words that people use when they talk about them. A phrase (3), a word that is of little else (2) and a word that may be of it (1) weigh together where different ones
/// stand within <see cref="WindowWords"/> words. Three with a phrase or such a word among them make the topic; in a text of at most <see cref="ShortWords"/> words such a word alone does.
/// For several threads.
/// </summary>
internal sealed class TopicLexicon
{
    /// <summary>Words that count together.</summary>
    public const int WindowWords = 80;

    /// <summary>Longest text of which one word says what it is about.</summary>
    public const int ShortWords = 25;

    /// <summary>The score from which on a text is about a topic, is possibly about it, and touches it.</summary>
    public const double Found = 0.6, Possible = 0.5, Touched = 0.3;

    private const double ByPhrase = 0.85, ByWords = 0.75, ByOneWord = 0.65;
    private const int Different = 4, PhraseWeight = 3, KeyWeight = 2, TermWeight = 1, Enough = 3;

    // Votes, voters and voting are one word.
    private const int SameLetters = 4;

    private static readonly Lazy<TopicLexicon> FromFiles = new(() => new([.. TopicNames.BuiltIn], ConceptLexicon.Parse(string.Concat(TopicNames.BuiltIn.Select(File)))));

    private readonly ConceptLexicon lexicon;
    private readonly (ulong Strong, ulong Key, ulong Term)[] concepts;
    private readonly ulong any;

    private TopicLexicon(string[] names, ConceptLexicon lexicon)
    {
        (Names, this.lexicon) = (names, lexicon);
        concepts = Array.ConvertAll(names, name => (Bit(name, "strong"), Bit(name, "key"), Bit(name, "term")));
        foreach (var (strong, key, term) in concepts) any |= strong | key | term;
    }

    /// <summary>Topics that the gateway was built with.</summary>
    public static TopicLexicon BuiltIn => FromFiles.Value;

    /// <summary>Names, in the order of scores.</summary>
    public string[] Names { get; }

    /// <summary>Topics of a tenant's own, by lines of <c>name: word, two words, stem*</c>; an entry behind ! is enough by itself. Null = there is none. What cannot be read is left out: the portal has refused it.</summary>
    public static TopicLexicon? Of(IReadOnlyList<string>? lines)
    {
        var text = new StringBuilder();
        var names = new List<string>();
        foreach (var line in lines ?? [])
        {
            if (OwnTopic.Read(line) is not { } topic || (!names.Contains(topic.Name) && names.Count == OwnTopic.MostMerged)) continue;
            if (!names.Contains(topic.Name)) names.Add(topic.Name);
            foreach (var entry in topic.Entries)
            {
                var concept = $"{topic.Name}.{(entry[0] == '!' ? "strong" : "term")}: {entry.TrimStart('!')}\n";
                if (CanBeRead(concept)) text.Append(concept);
            }
        }
        return names.Count == 0 ? null : new([.. names], ConceptLexicon.Parse(text.ToString()));
    }

    /// <summary>How much a text is about each topic, 0 to 1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scores">Gets the scores, as many as there are names.</param>
    public void Score(ReadOnlySpan<char> text, Span<double> scores)
    {
        scores.Clear();
        using var normal = new NormalText();
        TextNormaliser.Normalise(text, normal, lexicon, decode: false);
        var isShort = normal.WordCount <= ShortWords;
        Span<Hit> hits = stackalloc Hit[Different * TopicNames.Most];
        hits.Clear();
        for (var i = 0; i < normal.WordCount; i++)
        {
            var found = lexicon.ConceptsOf(normal, i);
            if ((found & any) == 0) continue;
            for (var topic = 0; topic < concepts.Length; topic++)
            {
                var (strong, key, term) = concepts[topic];
                var weight = (found & strong) != 0 ? PhraseWeight : (found & key) != 0 ? KeyWeight : (found & term) != 0 ? TermWeight : 0;
                if (weight == 0) continue;
                var letters = normal.Letters(normal.Words[i]);
                var (sum, most) = Note(hits.Slice(topic * Different, Different), new(string.GetHashCode(letters[..Math.Min(letters.Length, SameLetters)], StringComparison.Ordinal), i, weight));
                scores[topic] = Math.Max(scores[topic], ScoreOf(sum, most, isShort));
            }
        }
    }

    private static double ScoreOf(int sum, int most, bool isShort) =>
        most == PhraseWeight ? ByPhrase : most == KeyWeight && sum >= Enough ? ByWords : most == KeyWeight && isShort ? ByOneWord : sum >= KeyWeight ? Possible : Touched;

    // The last few different words; what they weigh that are still near, and the heaviest.
    private static (int Sum, int Most) Note(Span<Hit> hits, Hit hit)
    {
        var place = 0;
        for (var i = 0; i < hits.Length; i++)
        {
            if (hits[i].Weight > 0 && hits[i].Word == hit.Word)
            {
                place = i;
                hit = hit with { Weight = Math.Max(hit.Weight, hits[i].Weight) };
                break;
            }
            if (hits[i].Weight == 0 || hits[i].At < hits[place].At) place = i;
            if (hits[i].Weight == 0) break;
        }
        hits[place] = hit;
        var (sum, most) = (0, 0);
        foreach (var near in hits)
        {
            if (near.Weight == 0 || hit.At - near.At > WindowWords) continue;
            sum += near.Weight;
            most = Math.Max(most, near.Weight);
        }
        return (sum, most);
    }

    private static bool CanBeRead(string concept)
    {
        try
        {
            ConceptLexicon.Parse(concept);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private ulong Bit(string topic, string kind) => lexicon.Names.Contains($"{topic}.{kind}") ? lexicon.BitOf($"{topic}.{kind}") : 0;

    private static string File(string topic)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Topics/{topic}.txt") ?? throw new InvalidOperationException($"The lexicon of {topic} is missing.");
        using var reader = new StreamReader(stream);
        return string.Concat(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{topic}.{line}\n"));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Hit(int Word, int At, int Weight);
}
