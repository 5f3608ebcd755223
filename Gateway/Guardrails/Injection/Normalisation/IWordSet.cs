namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>The words that a lexicon knows.</summary>
internal interface IWordSet
{
    /// <summary>Whether the word of this hash is one of them, or a beginning of words that is.</summary>
    bool Contains(ulong hash);

    /// <summary>Whether a word is one of them, or begins like one.</summary>
    bool Contains(ReadOnlySpan<char> letters, ulong hash);
}
