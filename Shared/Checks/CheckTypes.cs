namespace AspireGateway.Shared.Checks;

/// <summary>Types of findings from words of other services.</summary>
internal static class CheckTypes
{
    /// <summary>A type that says no more than that something was found.</summary>
    public const string Other = "OTHER";

    // A placeholder has to stay within Placeholders.MaxLength.
    private const int MaxLength = 36;

    /// <summary>The word in upper snake case: <c>self-harm/intent</c> is <c>SELF_HARM_INTENT</c>.</summary>
    public static string Of(string? word)
    {
        if (string.IsNullOrWhiteSpace(word) || word.Length > MaxLength || !char.IsAsciiLetter(word[0])) return Other;
        return string.Create(word.Length, word, static (type, from) =>
        {
            for (var i = 0; i < from.Length; i++) type[i] = char.IsAsciiLetterOrDigit(from[i]) ? char.ToUpperInvariant(from[i]) : '_';
        });
    }

    /// <summary>The gateway's own type of an entity of Presidio's, so that placeholders are the same whoever found it.</summary>
    public static string OfEntity(string? entity) => entity switch
    {
        "EMAIL_ADDRESS" => "EMAIL",
        "PHONE_NUMBER" => "PHONE",
        "IBAN_CODE" => "IBAN",
        "CRYPTO" => "CRYPTO_ADDRESS",
        "ORGANIZATION" or "ORG" => "ORGANISATION",
        "US_DRIVER_LICENSE" or "UK_DRIVING_LICENCE" => "DRIVING_LICENCE",
        "US_PASSPORT" or "UK_PASSPORT" => "PASSPORT",
        "IT_FISCAL_CODE" => "IT_CODICE_FISCALE",
        "ES_NIF" => "ES_DNI",
        "SG_NRIC_FIN" => "SG_NRIC",
        _ => Of(entity),
    };
}
