namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>Takes the endings off a word that change nothing of what is asked: plurals, -ing, -ed. Light on purpose: a stem that says too little makes everything alike.</summary>
internal static class WordStem
{
    private const int Shortest = 3;

    /// <summary>The part of a folded word that it is compared by.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> word)
    {
        if (word.Length > Shortest + 2 && word.EndsWith("ies")) word = word[..^2];
        else if (word.Length > Shortest && word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i')) word = word[..^1];
        if (word.Length > Shortest + 3 && word.EndsWith("ing")) word = Undoubled(word[..^3]);
        else if (word.Length > Shortest + 2 && word.EndsWith("ed")) word = Undoubled(word[..^2]);
        return word.Length > Shortest && word[^1] is 'e' or 'y' or 'i' ? word[..^1] : word;
    }

    // "running" is "run". Words that end in these have two of them without the ending as well: "calling", "passing", "buzzing".
    private static ReadOnlySpan<char> Undoubled(ReadOnlySpan<char> word) => word.Length > Shortest && word[^1] == word[^2] && word[^1] is not ('l' or 's' or 'z') ? word[..^1] : word;
}
