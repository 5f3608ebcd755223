using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>A word of a question as it is kept: digests of it, and what it is. The word itself is nowhere.</summary>
/// <param name="Exact">Digest of the word in lower case without accents; of codes and quotes as they stand.</param>
/// <param name="Stem">Digest of what is left without its ending.</param>
/// <param name="Group">Which negation, question word or pair of opposites it is; 0 = none.</param>
/// <param name="Kinds">What it is.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct QuestionWord(uint Exact, uint Stem, ushort Group, WordKinds Kinds)
{
    /// <summary>Bytes of a word in a row.</summary>
    public const int Bytes = 4 + 4 + 2 + 1;

    /// <summary>Whether it is any of some kinds.</summary>
    public bool Is(WordKinds kinds) => (Kinds & kinds) != WordKinds.Neutral;
}
