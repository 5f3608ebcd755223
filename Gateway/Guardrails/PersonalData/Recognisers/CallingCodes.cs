namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Country calling codes (ITU-T E.164 list) with the least and most digits of the number behind them.</summary>
internal static class CallingCodes
{
    // Codes of one and two digits; all others have three.
    private static ReadOnlySpan<byte> TwoDigits =>
    [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ];

    /// <summary>The code that the digits begin with.</summary>
    /// <returns>How many digits the code has, 0 for none, and the least and most digits that follow it.</returns>
    public static (int Length, int Least, int Most) Find(ReadOnlySpan<byte> digits)
    {
        if (digits.Length < 7 || digits[0] == 0) return default;
        if (digits[0] == 1) return (1, 10, 10);
        if (digits[0] == 7) return (1, 10, 10);
        var two = digits[0] * 10 + digits[1];
        if (!TwoDigits.Contains((byte)two)) return (3, 6, 10);
        return two switch
        {
            33 or 34 or 48 or 31 or 61 or 32 or 41 or 27 => (2, 8, 10),
            44 => (2, 9, 11),
            49 => (2, 6, 12),
            39 => (2, 6, 11),
            55 => (2, 10, 11),
            91 => (2, 10, 11),
            65 => (2, 8, 8),
            _ => (2, 7, 11),
        };
    }
}
