namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>Folds characters beyond U+FFFF that stand for Latin letters: mathematical alphabets, squared and circled letters, regional indicators.</summary>
internal static class SupplementaryFold
{
    // The mathematical alphabets stand one after the other, each 26 capitals and 26 small letters; their digits follow the Greek ones.
    private const int MathFirst = 0x1D400, MathLast = 0x1D6A3, MathDigits = 0x1D7CE, MathDigitsLast = 0x1D7FF;

    /// <summary>Whether it is one of the tag characters U+E0020 to U+E007E, which show nothing and hold ASCII.</summary>
    public static bool IsTag(int codePoint) => codePoint is >= 0xE0020 and <= 0xE007E;

    /// <summary>The letter or digit that it stands for; a space for any other.</summary>
    public static char Fold(int codePoint) => codePoint switch
    {
        >= MathFirst and <= MathLast => (char)('a' + (codePoint - MathFirst) % 26),
        >= MathDigits and <= MathDigitsLast => (char)('0' + (codePoint - MathDigits) % 10),
        >= 0x1F110 and <= 0x1F129 => (char)('a' + codePoint - 0x1F110),
        >= 0x1F130 and <= 0x1F149 => (char)('a' + codePoint - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('a' + codePoint - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('a' + codePoint - 0x1F170),
        >= 0x1F1E6 and <= 0x1F1FF => (char)('a' + codePoint - 0x1F1E6),
        >= 0xE0000 and <= 0xE01EF => CharacterFold.Nothing,
        _ => ' ',
    };
}
