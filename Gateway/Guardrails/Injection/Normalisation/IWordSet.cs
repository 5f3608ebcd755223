namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>The words that a lexicon knows.</summary>
internal interface IWordSet
{
    /// <summary>Whether the word of this hash is one of them.</summary>
    bool Contains(ulong hash);
}
