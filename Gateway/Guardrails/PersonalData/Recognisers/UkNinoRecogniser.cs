namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// British national insurance numbers: two letters, six digits, and A to D. Which letters are never given out comes from HM Revenue and Customs' manual NIM39110; there is no check digit.
/// </summary>
internal static class UkNinoRecogniser
{
    private static readonly ContextWords Context = new("nino", "national insurance", "ni number", "ni no", "n.i.", "nationalinsurance", "insurance number");

    /// <summary>Reports the number that begins at a letter.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        var (first, second) = (char.ToUpperInvariant(scan.At(start)), char.ToUpperInvariant(scan.At(start + 1)));
        if (!char.IsAsciiLetter(first) || !char.IsAsciiLetter(second) || !scan.StartsClean(start)) return;
        if (first is 'D' or 'F' or 'I' or 'Q' or 'U' or 'V' || second is 'D' or 'F' or 'I' or 'O' or 'Q' or 'U' or 'V') return;
        if ((first, second) is ('B', 'G') or ('G', 'B') or ('N', 'K') or ('K', 'N') or ('T', 'N') or ('N', 'T') or ('Z', 'Z')) return;
        var at = start + 2;
        for (var digit = 0; digit < 6; digit++, at++)
        {
            if (digit % 2 == 0 && scan.At(at) is ' ' or '-') at++;
            if (!char.IsAsciiDigit(scan.At(at))) return;
        }
        if (scan.At(at) is ' ' or '-') at++;
        if (char.ToUpperInvariant(scan.At(at)) is < 'A' or > 'D' || !scan.EndsClean(at + 1)) return;
        var nearness = scan.Nearness(Context, start, at + 1);
        var upper = char.IsAsciiLetterUpper(scan.At(start)) && char.IsAsciiLetterUpper(scan.At(at));
        scan.Report(PersonalDataKinds.UkNino, start, at + 1, nearness > 0 ? 0.8 + 0.2 * nearness : upper ? 0.75 : 0.35);
    }
}
