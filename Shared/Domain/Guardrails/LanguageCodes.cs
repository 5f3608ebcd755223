namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>Languages that the gateway tells apart, by their codes of ISO 639-1.</summary>
public static class LanguageCodes
{
    /// <summary>All of them. <c>hr</c> stands for Serbo-Croatian in Latin letters, <c>id</c> for Malay as well, <c>no</c> for both written forms of Norwegian.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "sk", "sv", "da", "no", "fi", "hu", "ro", "tr", "hr", "sl", "vi", "id", "ca", "et", "lv", "lt", "sq", "af",
        "ru", "uk", "bg", "sr", "mk", "be", "kk", "hi", "mr", "ne", "ar", "fa", "ur",
        "el", "he", "th", "ko", "ja", "zh", "ka", "hy", "bn", "ta", "te", "gu", "pa", "kn", "ml", "si", "km", "lo", "my", "am",
    ];
}
