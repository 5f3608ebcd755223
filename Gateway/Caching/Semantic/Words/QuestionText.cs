using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>The words of a question while it is looked at: digests to be kept, and the folded words for whoever makes a vector of them. To be disposed: the words are wiped.</summary>
internal sealed class QuestionText : IDisposable
{
    private readonly List<QuestionWord> words = [];
    private readonly List<(int Start, int Length)> places = [];
    private readonly List<char> folded = [];

    /// <summary>How many words it has.</summary>
    public int Count => words.Count;

    /// <summary>The words, in their order.</summary>
    public ReadOnlySpan<QuestionWord> Words => CollectionsMarshal.AsSpan(words);

    /// <summary>A word as text, folded; empty where only its digest is known.</summary>
    public ReadOnlySpan<char> TextOf(int word) => CollectionsMarshal.AsSpan(folded).Slice(places[word].Start, places[word].Length);

    /// <summary>Adds a word.</summary>
    public void Add(in QuestionWord word, ReadOnlySpan<char> text)
    {
        words.Add(word);
        places.Add((folded.Count, text.Length));
        folded.AddRange(text);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        CollectionsMarshal.AsSpan(folded).Clear();
        folded.Clear();
    }
}
