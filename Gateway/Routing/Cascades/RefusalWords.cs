namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>
/// Tells a refusal by how it begins. Models seldom use their protocol's word for it. Only the opening is looked at: further down the same words are part of an answer.
/// English here, others in <see cref="RefusalLanguages"/>; a judge reads the rest.
/// </summary>
internal static class RefusalWords
{
    private static readonly string[] Apologies = ["I'm sorry", "I am sorry", "Sorry", "I apologize", "Unfortunately", "As an AI", "As a language model", "I'm afraid"];

    private static readonly string[] Denials =
    [
        "I can't help", "I cannot help", "I can't assist", "I cannot assist", "I can't provide", "I cannot provide", "I can't answer", "I cannot answer", "I can't comply", "I cannot comply",
        "I can't fulfill", "I cannot fulfill", "I can't do that", "I cannot do that", "I'm unable to", "I am unable to", "I'm not able to", "I am not able to", "I won't be able to",
        "I can't create", "I cannot create", "I can't discuss", "I cannot discuss", "I must decline", "I have to decline", "I don't have the ability",
    ];

    /// <summary>Whether a text begins with a refusal: a denial at once, or within the sentence or two of an apology.</summary>
    public static bool Opens(string text)
    {
        const int Opening = 200;
        var opening = text.AsSpan().TrimStart();
        if (opening.Length > Opening) opening = opening[..Opening];
        // Typographic apostrophes are as common.
        var plain = opening.ToString().Replace('\u2019', '\'');
        foreach (var denial in Denials)
            if (plain.StartsWith(denial, StringComparison.OrdinalIgnoreCase)) return true;
        return (Array.Exists(Apologies, apology => plain.StartsWith(apology, StringComparison.OrdinalIgnoreCase))
                && Array.Exists(Denials, denial => plain.Contains(denial, StringComparison.OrdinalIgnoreCase)))
            || Array.Exists(RefusalLanguages.All, language => language.Opens(plain));
    }
}
