namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Passport numbers. Their shapes (six to nine letters and digits) are those of everything, so only beside a word that names them.</summary>
internal static class PassportRecogniser
{
    private const int Least = 6, Most = 9, LeastDigits = 5;

    private static readonly ContextWords Context = new("passport", "reisepass", "passnummer", "passnr", "ausweis", "passeport", "pasaporte", "passaporto", "paszport", "paspoort", "passaporte", "travel document", "pass-nr");

    /// <summary>Reports the number that the whole word is.</summary>
    public static void Find(in PersonalDataScan scan, int start, int end)
    {
        var word = scan.Text[start..end];
        // Two or three letters may stand apart from the digits.
        if (word.Length is 2 or 3 && scan.At(end) == ' ' && char.IsAsciiLetterUpper(word[0]) && char.IsAsciiLetterUpper(word[^1]))
        {
            var at = end + 1;
            while (char.IsAsciiDigit(scan.At(at)) && at - end <= Most) at++;
            if (at - end - 1 is < LeastDigits or > Most) return;
            end = at;
            word = scan.Text[start..end];
        }
        if (word.Length is < Least or > Most + 3) return;
        var digits = 0;
        foreach (var c in word)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (!char.IsAsciiLetterUpper(c) && c != ' ') return;
        }
        if (digits < Math.Min(LeastDigits, word.Length - 4) || !scan.StartsClean(start) || !scan.EndsClean(end)) return;
        var nearness = scan.Nearness(Context, start, end);
        if (nearness > 0.7) scan.Report(PersonalDataKinds.Passport, start, end, 0.55 + 0.35 * nearness);
    }
}
