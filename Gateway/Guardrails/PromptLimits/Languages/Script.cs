namespace AspireGateway.Gateway.Guardrails.PromptLimits.Languages;

/// <summary>Scripts by which languages are told apart.</summary>
internal enum Script
{
    /// <summary>None of the others, or no letter.</summary>
    Other,

    /// <summary>Latin.</summary>
    Latin,

    /// <summary>Cyrillic.</summary>
    Cyrillic,

    /// <summary>Arabic.</summary>
    Arabic,

    /// <summary>Devanagari.</summary>
    Devanagari,

    /// <summary>Chinese characters.</summary>
    Han,

    /// <summary>Hiragana and katakana.</summary>
    Kana,

    /// <summary>Hangul.</summary>
    Hangul,

    /// <summary>Greek.</summary>
    Greek,

    /// <summary>Hebrew.</summary>
    Hebrew,

    /// <summary>Thai.</summary>
    Thai,

    /// <summary>Georgian.</summary>
    Georgian,

    /// <summary>Armenian.</summary>
    Armenian,

    /// <summary>Bengali.</summary>
    Bengali,

    /// <summary>Tamil.</summary>
    Tamil,

    /// <summary>Telugu.</summary>
    Telugu,

    /// <summary>Gujarati.</summary>
    Gujarati,

    /// <summary>Gurmukhi.</summary>
    Gurmukhi,

    /// <summary>Kannada.</summary>
    Kannada,

    /// <summary>Malayalam.</summary>
    Malayalam,

    /// <summary>Sinhala.</summary>
    Sinhala,

    /// <summary>Khmer.</summary>
    Khmer,

    /// <summary>Lao.</summary>
    Lao,

    /// <summary>Burmese.</summary>
    Burmese,

    /// <summary>Ethiopic.</summary>
    Ethiopic,
}
