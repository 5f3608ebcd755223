namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// French social security numbers: sex, year, month, department, commune, order, and the key 97 less the remainder of the rest by 97. Corsica's 2A and 2B count as 19 and
/// 18. Without the key it is reported only beside a word that names it.
/// </summary>
internal static class FrNirRecogniser
{
    private const int WithKey = 15, WithoutKey = 13;

    private static readonly ContextWords Context = new(
        "sécurité sociale", "securite sociale", "sécu", "secu", "nir", "insee", "numéro de sécu", "n° ss", "assuré", "assurance maladie", "carte vitale", "social security", "immatriculation");

    /// <summary>Reports the number that begins at a place.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        if (scan.At(start) is not ('1' or '2' or '3' or '4' or '7' or '8') || !scan.StartsClean(start)) return;
        Span<char> code = stackalloc char[WithKey];
        var (count, gaps, endWithoutKey) = (0, 0, 0);
        var at = start;
        while (count < WithKey)
        {
            var c = scan.At(at);
            if (char.IsAsciiDigit(c) || (count == 6 && c is 'A' or 'B' or 'a' or 'b')) code[count++] = char.ToUpperInvariant(c);
            else if (count > 0 && c is ' ' or '.' or '-' or '\u00A0' or '\u202F' && (char.IsAsciiDigit(scan.At(at + 1)) || scan.At(at + 1) is 'A' or 'B') && gaps < 8) gaps++;
            else break;
            at++;
            if (count == WithoutKey) endWithoutKey = at;
        }
        if (count < WithoutKey || !HasShape(code)) return;
        var end = count == WithKey ? at : endWithoutKey;
        if (!scan.EndsClean(end)) return;
        var nearness = scan.Nearness(Context, start, end);
        if (count == WithKey)
        {
            if (KeyOf(code) == (code[13] - '0') * 10 + code[14] - '0') scan.Report(PersonalDataKinds.FrNir, start, end, nearness > 0 ? 0.9 + 0.1 * nearness : gaps > 0 ? 0.85 : 0.75);
            return;
        }
        if (nearness > 0) scan.Report(PersonalDataKinds.FrNir, start, end, 0.5 + 0.3 * nearness);
    }

    private static bool HasShape(ReadOnlySpan<char> code)
    {
        var month = (code[3] - '0') * 10 + code[4] - '0';
        if (month is 0 or (> 12 and < 20) or (> 42 and < 50)) return false;
        return char.IsAsciiDigit(code[6]) ? code[5] != '0' || code[6] != '0' : code[5] == '2';
    }

    private static int KeyOf(ReadOnlySpan<char> code)
    {
        var number = 0L;
        for (var i = 0; i < WithoutKey; i++)
        {
            var digit = i switch
            {
                5 when code[6] is 'A' or 'B' => 1,
                6 when code[6] == 'A' => 9,
                6 when code[6] == 'B' => 8,
                _ => code[i] - '0',
            };
            number = number * 10 + digit;
        }
        return 97 - (int)(number % 97);
    }
}
