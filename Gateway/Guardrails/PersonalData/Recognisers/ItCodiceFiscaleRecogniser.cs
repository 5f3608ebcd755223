namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Italian fiscal codes of persons: surname, name, date and place of birth in sixteen characters, the last a check letter (decree of 23 December 1976). Two persons with
/// the same code are told apart by letters in place of digits, which are read too.
/// </summary>
internal static class ItCodiceFiscaleRecogniser
{
    private const int Length = 16;
    private const string Months = "ABCDEHLMPRST", SubstituteLetters = "LMNPQRSTUV";

    private static readonly ContextWords Context = new("codice fiscale", "cod. fisc", "cod fisc", "c.f.", "cf", "codicefiscale", "fiscal code", "tax code");

    // What a character in an odd place counts, by the value of the digit or letter.
    private static ReadOnlySpan<byte> OddValues => [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>Reports the code that begins at a letter.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        Span<char> code = stackalloc char[Length];
        var (count, lower) = (0, false);
        var at = start;
        while (count < Length)
        {
            var c = scan.At(at);
            if (c == ' ' && count is 3 or 6 or 11 && scan.At(at - 1) != ' ')
            {
                at++;
                continue;
            }
            if (!char.IsAsciiLetterOrDigit(c) || char.IsAsciiLetter(c) != WantsLetter(count) && !IsSubstitute(c, count)) return;
            lower |= char.IsAsciiLetterLower(c);
            code[count++] = char.ToUpperInvariant(c);
            at++;
        }
        if (!scan.StartsClean(start) || !scan.EndsClean(at) || !Months.Contains(code[8]) || CheckOf(code) != code[15]) return;
        var day = Digit(code[9]) * 10 + Digit(code[10]);
        if (day is < 1 or (> 31 and < 41) or > 71) return;
        var nearness = scan.Nearness(Context, start, at);
        scan.Report(PersonalDataKinds.ItCodiceFiscale, start, at, nearness > 0 ? 0.95 + 0.05 * nearness : lower ? 0.8 : 0.9);
    }

    private static bool WantsLetter(int place) => place is < 6 or 8 or 11 or 15;

    private static bool IsSubstitute(char c, int place) => !WantsLetter(place) && SubstituteLetters.Contains(char.ToUpperInvariant(c));

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : SubstituteLetters.IndexOf(c, StringComparison.Ordinal);

    private static char CheckOf(ReadOnlySpan<char> code)
    {
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
        {
            var value = char.IsAsciiDigit(code[i]) ? code[i] - '0' : code[i] - 'A';
            // The first place is the first odd one.
            sum += i % 2 == 0 ? OddValues[value] : value;
        }
        return (char)('A' + sum % 26);
    }
}
