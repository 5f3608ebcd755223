using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.Gateway.Guardrails.ContentPolicy;

/// <summary>The concepts of one category, as bits of the lexicon.</summary>
/// <param name="Type">The category's name.</param>
/// <param name="Strong">What needs nothing beside it.</param>
/// <param name="Term">What may be meant or not: counts half.</param>
/// <param name="Act">One half of a pair.</param>
/// <param name="Target">The other half.</param>
/// <param name="Raise">What makes it likelier nearby.</param>
/// <param name="Lower">What makes it less likely nearby.</param>
/// <param name="Idiom">Ordinary phrases that hold such a word.</param>
internal sealed record CategoryConcepts(string Type, ulong Strong, ulong Term, ulong Act, ulong Target, ulong Raise, ulong Lower, ulong Idiom)
{
    /// <summary>The lines that a category's file may have.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["strong", "term", "act", "target", "raise", "lower", "idiom"];

    /// <summary>Finds a category's concepts in the lexicon.</summary>
    public static CategoryConcepts Of(string type, ConceptLexicon lexicon)
    {
        ulong Bit(string kind) => lexicon.Names.Contains(type + "." + kind) ? lexicon.BitOf(type + "." + kind) : 0;
        return new(type, Bit("strong"), Bit("term"), Bit("act"), Bit("target"), Bit("raise"), Bit("lower"), Bit("idiom"));
    }
}
