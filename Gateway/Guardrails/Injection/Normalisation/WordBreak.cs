namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>What stands between a word and the one before.</summary>
internal enum WordBreak : byte
{
    /// <summary>White space, or nothing.</summary>
    Space,

    /// <summary>One sign and no white space: <c>role-play</c>, <c>i.g.n</c>.</summary>
    Glued,

    /// <summary>A comma, a quotation mark or another sign.</summary>
    Sign,

    /// <summary>The end of a line.</summary>
    Line,

    /// <summary>The end of a sentence, or an empty line.</summary>
    Sentence,
}
