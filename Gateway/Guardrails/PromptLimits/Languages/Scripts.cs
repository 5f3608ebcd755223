namespace AspireGateway.Gateway.Guardrails.PromptLimits.Languages;

/// <summary>The script of a letter, by Unicode's blocks, and the language of scripts that one language writes.</summary>
internal static class Scripts
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)Script.Ethiopic + 1;

    private static readonly (char First, char Last, Script Script)[] Blocks =
    [
        ('\u0041', '\u024F', Script.Latin), ('\u0250', '\u02AF', Script.Latin), ('\u0370', '\u03FF', Script.Greek), ('\u0400', '\u052F', Script.Cyrillic), ('\u0530', '\u058F', Script.Armenian),
        ('\u0590', '\u05FF', Script.Hebrew), ('\u0600', '\u06FF', Script.Arabic), ('\u0750', '\u077F', Script.Arabic), ('\u0900', '\u097F', Script.Devanagari), ('\u0980', '\u09FF', Script.Bengali),
        ('\u0A00', '\u0A7F', Script.Gurmukhi), ('\u0A80', '\u0AFF', Script.Gujarati), ('\u0B80', '\u0BFF', Script.Tamil), ('\u0C00', '\u0C7F', Script.Telugu), ('\u0C80', '\u0CFF', Script.Kannada),
        ('\u0D00', '\u0D7F', Script.Malayalam), ('\u0D80', '\u0DFF', Script.Sinhala), ('\u0E00', '\u0E7F', Script.Thai), ('\u0E80', '\u0EFF', Script.Lao), ('\u1000', '\u109F', Script.Burmese),
        ('\u10A0', '\u10FF', Script.Georgian), ('\u1100', '\u11FF', Script.Hangul), ('\u1200', '\u139F', Script.Ethiopic), ('\u1780', '\u17FF', Script.Khmer), ('\u1C90', '\u1CBF', Script.Georgian),
        ('\u1E00', '\u1EFF', Script.Latin), ('\u1F00', '\u1FFF', Script.Greek), ('\u3040', '\u30FF', Script.Kana), ('\u3130', '\u318F', Script.Hangul), ('\u31F0', '\u31FF', Script.Kana),
        ('\u3400', '\u4DBF', Script.Han), ('\u4E00', '\u9FFF', Script.Han), ('\uAC00', '\uD7AF', Script.Hangul), ('\uF900', '\uFAFF', Script.Han), ('\uFB50', '\uFDFF', Script.Arabic),
        ('\uFE70', '\uFEFC', Script.Arabic), ('\uFF21', '\uFF5A', Script.Latin), ('\uFF66', '\uFF9D', Script.Kana),
    ];

    /// <summary>The script of a letter.</summary>
    public static Script Of(char letter)
    {
        var (low, high) = (0, Blocks.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (letter < Blocks[middle].First) high = middle - 1;
            else if (letter > Blocks[middle].Last) low = middle + 1;
            else return Blocks[middle].Script;
        }
        return Script.Other;
    }

    /// <summary>The language that alone is written so, as far as the gateway tells; null = there are several, or none is known.</summary>
    public static string? OnlyLanguageOf(Script script) => script switch
    {
        Script.Han => "zh",
        Script.Kana => "ja",
        Script.Hangul => "ko",
        Script.Greek => "el",
        Script.Hebrew => "he",
        Script.Thai => "th",
        Script.Georgian => "ka",
        Script.Armenian => "hy",
        Script.Bengali => "bn",
        Script.Tamil => "ta",
        Script.Telugu => "te",
        Script.Gujarati => "gu",
        Script.Gurmukhi => "pa",
        Script.Kannada => "kn",
        Script.Malayalam => "ml",
        Script.Sinhala => "si",
        Script.Khmer => "km",
        Script.Lao => "lo",
        Script.Burmese => "my",
        Script.Ethiopic => "am",
        _ => null,
    };

    /// <summary>The languages that are written so.</summary>
    public static IReadOnlyList<string> LanguagesOf(Script script) => script switch
    {
        Script.Latin => ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "sk", "sv", "da", "no", "fi", "hu", "ro", "tr", "hr", "sl", "vi", "id", "ca", "et", "lv", "lt", "sq", "af"],
        Script.Cyrillic => ["ru", "uk", "bg", "sr", "mk", "be", "kk"],
        Script.Devanagari => ["hi", "mr", "ne"],
        Script.Arabic => ["ar", "fa", "ur"],
        _ => OnlyLanguageOf(script) is { } only ? [only] : [],
    };
}
