namespace AspireGateway.Gateway.Guardrails.PersonalData.CheckDigits;

/// <summary>ISO/IEC 7064 MOD 97-10: letters stand for 10 to 35, and the number that the characters make leaves 1 when divided by 97.</summary>
internal static class Mod97
{
    /// <summary>The remainder after one more character.</summary>
    /// <param name="remainder">That of the characters before; 0 at the beginning.</param>
    /// <param name="character">A digit or an upper-case letter.</param>
    public static int Next(int remainder, char character) =>
        char.IsAsciiDigit(character) ? (remainder * 10 + (character - '0')) % 97 : (remainder * 100 + (character - 'A' + 10)) % 97;
}
