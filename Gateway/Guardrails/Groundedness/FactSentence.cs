namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>A sentence as far as facts go.</summary>
/// <param name="Words">Its words that carry facts, in order.</param>
/// <param name="IsNegated">Whether a word turns it around.</param>
/// <param name="IsQuestion">Whether it asks.</param>
internal sealed record FactSentence(FactWord[] Words, bool IsNegated, bool IsQuestion)
{
    private HashSet<string>? stems;

    /// <summary>The stems of its words.</summary>
    public HashSet<string> Stems => stems ??= [.. Words.Select(static word => word.Stem)];

    /// <summary>Whether it says something that can be looked up: a number, a name, or at least three words.</summary>
    public bool Claims => !IsQuestion && (Words.Length >= 3 || Array.Exists(Words, static word => word.Kind != FactKind.Content));
}
