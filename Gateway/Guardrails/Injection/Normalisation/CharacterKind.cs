namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>What a folded character is to the word scanner.</summary>
internal enum CharacterKind : byte
{
    /// <summary>Between words.</summary>
    Gap,

    /// <summary>Part of a word: letter or digit of an alphabet other than the ones below.</summary>
    Letter,

    /// <summary>A Latin letter.</summary>
    Latin,

    /// <summary>A digit.</summary>
    Digit,

    /// <summary>A Greek or Cyrillic letter: may stand for a Latin one that looks alike.</summary>
    Lookalike,

    /// <summary>A word by itself: a Chinese character or a hiragana.</summary>
    Single,

    /// <summary>A katakana: a run of them is a word.</summary>
    Katakana,
}
