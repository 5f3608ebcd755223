namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>What is unusual about a word's letters.</summary>
[Flags]
internal enum WordTraits : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Letters of two alphabets that look alike were mixed.</summary>
    MixedAlphabets = 1,

    /// <summary>It was put together from parts: spaced out, hyphenated within, or written with digits for letters.</summary>
    Repaired = 2,

    /// <summary>It holds both letters and digits, or a sign that stands for a letter.</summary>
    DigitsWithin = 4,
}
