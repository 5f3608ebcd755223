namespace AspireGateway.Gateway.Guardrails.PromptLimits.Languages;

/// <summary>What a text's language is.</summary>
/// <param name="Language">Its code; null = the text is too short, or too much like several.</param>
/// <param name="Possible">The languages that it can be; null = nothing can be ruled out.</param>
internal readonly record struct LanguageGuess(string? Language, IReadOnlyList<string>? Possible)
{
    /// <summary>Nothing can be said.</summary>
    public static readonly LanguageGuess Unknown = new(null, null);
}
