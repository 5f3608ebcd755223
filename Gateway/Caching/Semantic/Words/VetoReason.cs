namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>Why two questions that lie close together are not the same one.</summary>
internal enum VetoReason
{
    /// <summary>Nothing speaks against it.</summary>
    None,

    /// <summary>Another number, unit, currency or date, or in another order.</summary>
    Numbers,

    /// <summary>Another quotation.</summary>
    Quotes,

    /// <summary>One is turned around and the other one is not.</summary>
    Negations,

    /// <summary>Another question word: who, when, where, why, how.</summary>
    Questions,

    /// <summary>Another name or code, or in another order.</summary>
    Names,

    /// <summary>A word of the one has its opposite in the other.</summary>
    Opposites,

    /// <summary>Other words that carry meaning. Only where the vector comes of the words themselves and cannot know what they mean.</summary>
    Words,
}
