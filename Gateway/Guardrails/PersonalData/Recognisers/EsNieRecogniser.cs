namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Spanish numbers of foreigners: X, Y or Z, seven digits and the letter of a national number whose first digit is 0, 1 or 2.</summary>
internal static class EsNieRecogniser
{
    private static readonly ContextWords Context = new("nie", "nif", "extranjero", "residencia", "n.i.e", "identidad");

    /// <summary>Reports the number that begins at a letter.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        var first = char.ToUpperInvariant(scan.At(start)) - 'X';
        if (first is < 0 or > 2 || !scan.StartsClean(start)) return;
        var at = start + 1;
        if (scan.At(at) is '-' or ' ') at++;
        var number = first;
        for (var i = 0; i < 7; i++, at++)
        {
            if (!char.IsAsciiDigit(scan.At(at))) return;
            number = number * 10 + scan.At(at) - '0';
        }
        if (scan.At(at) is '-' or ' ') at++;
        if (EsDniRecogniser.Letters[number % 23] != char.ToUpperInvariant(scan.At(at)) || !scan.EndsClean(at + 1)) return;
        var nearness = scan.Nearness(Context, start, at + 1);
        var alone = char.IsAsciiLetterLower(scan.At(start)) ? 0.4 : 0.8;
        scan.Report(PersonalDataKinds.EsNie, start, at + 1, nearness > 0 ? 0.85 + 0.15 * nearness : alone);
    }
}
