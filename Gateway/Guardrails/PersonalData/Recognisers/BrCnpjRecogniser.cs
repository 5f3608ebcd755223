namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>
/// Brazilian taxpayer numbers of companies: twelve characters and two check digits by weights 2 to 9 from the right modulo 11. Since July 2026 the twelve may be letters,
/// whose value is that of their ASCII code less 48 (Receita Federal, normative instruction 2229 of 2024).
/// </summary>
internal static class BrCnpjRecogniser
{
    private const int Length = 14;

    private static readonly ContextWords Context = new("cnpj", "cadastro nacional", "empresa", "fornecedor", "inscri");

    /// <summary>Reports the number that begins at a place.</summary>
    public static void Find(in PersonalDataScan scan, int start)
    {
        if (!scan.StartsClean(start)) return;
        Span<char> code = stackalloc char[Length];
        var (count, punctuation) = (0, 0);
        var end = start;
        while (count < Length)
        {
            var c = scan.At(end);
            if (char.IsAsciiDigit(c) || (char.IsAsciiLetterUpper(c) && count < 12)) code[count++] = c;
            else if ((count, c) is (2, '.') or (5, '.') or (8, '/') or (12, '-')) punctuation++;
            else return;
            end++;
        }
        var bare = punctuation == 0;
        if ((!bare && punctuation != 4) || !scan.EndsClean(end)) return;
        if (code.IndexOfAnyExcept(code[0]) < 0 || CheckOf(code, 12) != code[12] - '0' || CheckOf(code, 13) != code[13] - '0') return;
        var nearness = scan.Nearness(Context, start, end);
        // Fourteen bare digits are often a time, a bare row of letters and digits often an article.
        var alone = !bare ? 0.9 : code.ContainsAnyExceptInRange('0', '9') || code is ['1' or '2', '9' or '0', ..] ? 0.4 : 0.5;
        scan.Report(PersonalDataKinds.BrCnpj, start, end, nearness > 0 ? 0.85 + 0.15 * nearness : alone);
    }

    private static int CheckOf(ReadOnlySpan<char> code, int length)
    {
        var sum = 0;
        for (var i = 0; i < length; i++) sum += (code[length - 1 - i] - '0') * (2 + i % 8);
        var rest = sum % 11;
        return rest < 2 ? 0 : 11 - rest;
    }
}
